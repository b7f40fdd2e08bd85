//===- MappingPhases.h - the passes of each phase ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a target adds whose machines are graphs and whose slices have costs: one
// call in its addPasses.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPINGPHASES_H
#define SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPINGPHASES_H

#include "spikeformer/PluginAPI/Target.h"

namespace spikeformer::pnr {

/// Keys as routers match them.
struct KeyFormat {
  unsigned bits = 32;
  /// Low bits of every key that the machine's software has for itself.
  unsigned reservedBits = 0;
};

/// Adds the pnr passes of `phase`: partition, place, route, allocate, compress
/// and, for the phase program, the check of all of it. `defaultMachine` is the
/// one without `--machine`.
void addMappingPasses(Phase phase, OpPassManager &passes,
                      const TargetOptions &options, StringRef defaultMachine,
                      KeyFormat keys = {});

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPINGPHASES_H
