//===- LinkChecks.h - what trees ask of links -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rules that all trees together keep or break: the same for whoever made them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_LINKCHECKS_H
#define SPIKEFORMER_LIB_MAPPING_LINKCHECKS_H

#include "spikeformer/Mapping/RoutingProblem.h"

namespace spikeformer {

/// "message 3", or with its name.
std::string describeMessage(const Messages &messages, size_t message);

/// Adds a violation for each link that carries more than it can, and if packets
/// wait on this machine, for links that may wait for each other. `trees` fit
/// the machine and the messages in their columns.
void checkLinks(const RoutingProblem &problem, const RoutingTrees &trees,
                Violations &violations);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_LINKCHECKS_H
