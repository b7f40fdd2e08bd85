//===- ExactPartition.h - the optimum of few vertices -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_EXACTPARTITION_H
#define SPIKEFORMER_MAPPING_EXACTPARTITION_H

#include "Packing.h"

namespace spikeformer::partition {

/// More vertices than these take too long.
inline constexpr uint32_t maxExactVertices = 12;

/// The legal parts of least connectivity, by branch and bound over vertices:
/// what the vertices so far cost, all others cost at least. limits.numParts
/// parts, or, where `fewest` says so, the fewest that are possible, of which
/// each has the first row. Nullopt: there are none.
std::optional<Packed> partitionExactly(const Hypergraph &graph,
                                       const PartLimits &limits, bool fewest);

} // namespace spikeformer::partition

#endif // SPIKEFORMER_MAPPING_EXACTPARTITION_H
