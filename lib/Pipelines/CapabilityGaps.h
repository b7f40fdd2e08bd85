//===- CapabilityGaps.h - what a target cannot run --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a converted network needs, beside what a target says that it has, in the
// words of both: alphabets, models, resets, readouts.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_CAPABILITYGAPS_H
#define LIB_PIPELINES_CAPABILITYGAPS_H

#include "spikeformer/Pipelines/ConversionScheme.h"
#include "spikeformer/PluginAPI/Target.h"

namespace spikeformer {

struct CapabilityGap {
  Location location;
  /// Such as: alphabet of "conv1".
  std::string rule;
  std::string need, have;
  /// Whose choice it follows from; none if every scheme has it.
  std::optional<SchemePart> part;
};

/// Everything of the networks of `module`, which a conversion by `scheme` made
/// as `report` says, that `target` does not state, in the order of the
/// operations. Delays are left to legalisation, which can change them.
std::vector<CapabilityGap> findCapabilityGaps(ModuleOp module,
                                              const Capabilities &target,
                                              const ConversionScheme &scheme,
                                              const ConversionReport &report);

} // namespace spikeformer

#endif // LIB_PIPELINES_CAPABILITYGAPS_H
