//===- TableBuilder.h - tables from trees and keys --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tables that are right and as long as can be: what CompressionProblem takes
// for the truth.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_TABLEBUILDER_H
#define SPIKEFORMER_MAPPING_TABLEBUILDER_H

#include "spikeformer/Mapping/KeyProblem.h"

namespace spikeformer {

/// One entry for every message and router of its tree, in the order of keys.
/// `trees` and `keys` are verified answers for `messages`.
RoutingTables makeTables(const MachineGraph &machine, const Messages &messages,
                         const RoutingTrees &trees, const KeyAllocation &keys);

/// Like makeTables, but entries of messages of one population that have equal
/// routes become one where their blocks are halves of a larger block.
RoutingTables makeMergedTables(const MachineGraph &machine,
                               const SliceList &slices,
                               const Messages &messages,
                               const RoutingTrees &trees,
                               const KeyAllocation &keys);

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_TABLEBUILDER_H
