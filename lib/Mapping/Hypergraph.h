//===- Hypergraph.h - a partition problem to compute with -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vertices are bundles of grains, or clusters of them; nets are messages.
// Weights are integers, so that a gain is exact however it was summed up.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_HYPERGRAPH_H
#define SPIKEFORMER_MAPPING_HYPERGRAPH_H

#include "spikeformer/Mapping/PartitionProblem.h"

namespace spikeformer::partition {

/// Columns of vertices and nets. Fan-in is the last resource where it is
/// limited: what is in `usage` are the keys of nets that lie in one vertex; the
/// keys of all other nets depend on where their targets are.
struct Hypergraph {
  size_t numResources = 0;
  bool limitsFanIn = false;

  /// Rows of numResources amounts.
  std::vector<int64_t> usage;
  /// Part that a vertex is pinned to, or noIndex.
  std::vector<uint32_t> fixed;
  /// Nets of vertex v are [netOffsets[v], netOffsets[v + 1]) of `nets`.
  std::vector<uint64_t> netOffsets;
  std::vector<uint32_t> nets;

  /// Per net: cost of each part beyond the first.
  std::vector<int64_t> weights;
  /// Per net, where fan-in is limited: its keys, and the vertex that is a pin
  /// only as the source, or noIndex. Else empty.
  std::vector<int64_t> keys;
  std::vector<uint32_t> soloSources;
  /// Pins of net e are [pinOffsets[e], pinOffsets[e + 1]) of `pins`, ascending,
  /// at least two.
  std::vector<uint64_t> pinOffsets = {0};
  std::vector<uint32_t> pins;

  uint32_t getNumVertices() const { return fixed.size(); }
  uint32_t getNumNets() const { return weights.size(); }
  llvm::ArrayRef<uint32_t> pinsOf(uint32_t net) const {
    return llvm::ArrayRef(pins).slice(pinOffsets[net],
                                      pinOffsets[net + 1] - pinOffsets[net]);
  }
  llvm::ArrayRef<uint32_t> netsOf(uint32_t vertex) const {
    return llvm::ArrayRef(nets).slice(
        netOffsets[vertex], netOffsets[vertex + 1] - netOffsets[vertex]);
  }
  llvm::ArrayRef<int64_t> usageOf(uint32_t vertex) const {
    return llvm::ArrayRef(usage).slice(vertex * numResources, numResources);
  }
  bool isSoloSource(uint32_t net, uint32_t vertex) const {
    return limitsFanIn && soloSources[net] == vertex;
  }

  /// Makes netsOf from the pins.
  void connect();
};

/// The hypergraph of a problem; vertex of grain g is bundles[g].
Hypergraph makeHypergraph(const PartitionProblem &problem,
                          const std::vector<uint32_t> &bundles);

/// The hypergraph whose vertices are the clusters 0 .. numClusters - 1 of
/// `fine`. Nets with equal pins become one; nets within a cluster vanish.
Hypergraph contract(const Hypergraph &fine,
                    const std::vector<uint32_t> &clusterOf,
                    uint32_t numClusters);

/// The vertices `chosen` (ascending) alone, with what of their nets lies in
/// them; without fan-in.
Hypergraph extract(const Hypergraph &whole,
                   const std::vector<uint32_t> &chosen);

} // namespace spikeformer::partition

#endif // SPIKEFORMER_MAPPING_HYPERGRAPH_H
