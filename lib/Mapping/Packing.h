//===- Packing.h - legal parts, whatever they cost --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_PACKING_H
#define SPIKEFORMER_MAPPING_PACKING_H

#include "PartitionState.h"
#include <optional>

namespace spikeformer::partition {

/// Parts of the vertices, and how many there are.
struct Packed {
  std::vector<uint32_t> parts;
  uint32_t numParts = 0;
};

/// Parts within `limits`: limits.numParts of them, or, where `fewest` says so,
/// as few as it finds, of which each has the first row (then limits.numParts is
/// a number that cannot be beaten). Two ways are tried: first fit of vertices
/// by decreasing size (Johnson 1973; vectors by their largest share), and one
/// part after another, by what its nets share most. Only the second counts
/// fan-in. Nullopt: neither found any.
std::optional<Packed> packVertices(const Hypergraph &graph,
                                   const PartLimits &limits, bool fewest);

} // namespace spikeformer::partition

#endif // SPIKEFORMER_MAPPING_PACKING_H
