//===- Coarsening.h - smaller hypergraphs of the same shape -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_COARSENING_H
#define SPIKEFORMER_MAPPING_COARSENING_H

#include "PartitionState.h"
#include "SearchRandom.h"

namespace spikeformer::partition {

/// The cluster of each vertex, from 0.
struct Clustering {
  std::vector<uint32_t> clusterOf;
  uint32_t numClusters = 0;
};

/// How far to coarsen.
struct CoarseningLimits {
  /// No further than to this many vertices.
  uint32_t minVertices;
  /// What a cluster may use, an amount for each resource.
  std::vector<int64_t> maxUsage;
};

/// Joins vertices with the neighbours that share the most weight with them:
/// each net counts weight / (pins - 1), divided by the sizes of both clusters,
/// so that they grow evenly (heavy edges, as rated by Karypis, Kumar 1999).
/// Vertices of different `blocks` (empty: all are of one) or pins stay apart.
Clustering findClusters(const Hypergraph &graph, const CoarseningLimits &limits,
                        const std::vector<uint32_t> &blocks,
                        SearchRandom &random);

} // namespace spikeformer::partition

#endif // SPIKEFORMER_MAPPING_COARSENING_H
