//===- ChooseProfiles.h - which profile holds where -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_NIR_CHOOSEPROFILES_H
#define LIB_IMPORT_NIR_CHOOSEPROFILES_H

#include "spikeformer/Import/NIR/ImportNIR.h"
#include "spikeformer/Import/NIR/Semantics.h"

namespace spikeformer::nir {

/// Reads the flags of `options`, or in their absence `semantics`, which the
/// file gave. None after diagnostics at `loc`: a profile or node that does not
/// exist, no profile for some neuron.
std::optional<ProfileChoice> chooseProfiles(const Graph &graph,
                                            const Semantics &semantics,
                                            const ImportNIROptions &options,
                                            Location loc);

/// Warns of what the software of the profiles does not write, where the graph
/// has such nodes, and of time constants below the step.
void warnOfLosses(const Graph &graph, const ProfileChoice &choice,
                  std::optional<double> dt, StringRef file,
                  MLIRContext &context);

} // namespace spikeformer::nir

#endif // LIB_IMPORT_NIR_CHOOSEPROFILES_H
