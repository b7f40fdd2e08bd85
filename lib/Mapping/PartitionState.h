//===- PartitionState.h - a partition that moves ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps, for each net, the parts that it touches and its pins in each, so that
// the gain of any move of a vertex is found by going over the parts of its
// nets.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_PARTITIONSTATE_H
#define SPIKEFORMER_MAPPING_PARTITIONSTATE_H

#include "Hypergraph.h"

namespace spikeformer::partition {

/// What parts may use: a row of Hypergraph::numResources amounts for each.
struct PartLimits {
  uint32_t numParts;
  std::vector<int64_t> rows;
};

/// Parts of the vertices of a hypergraph, which outlives it, like the limits.
class PartitionState {
public:
  PartitionState(const Hypergraph &graph, const PartLimits &limits,
                 std::vector<uint32_t> parts);

  const Hypergraph &getGraph() const { return graph; }
  uint32_t getNumParts() const { return limits.numParts; }
  const std::vector<uint32_t> &getParts() const { return parts; }
  uint32_t getPart(uint32_t vertex) const { return parts[vertex]; }
  const std::vector<uint32_t> &getMembers(uint32_t part) const {
    return members[part];
  }
  /// Sum over nets of weight x (parts touched - 1).
  int64_t getConnectivity() const { return connectivity; }

  /// Whether every part is within its limits.
  bool isLegal() const { return numOver == 0; }
  bool isOver(uint32_t part) const { return over[part]; }
  /// How far a part is above its limits, as the sum of shares of them.
  double getExcess(uint32_t part) const;
  double getExcess() const;
  /// What the excess of its part loses if `vertex` leaves.
  double getRelief(uint32_t vertex) const;
  /// The largest share of a limit that a part uses.
  double getFill(uint32_t part) const;
  /// Whether `to` is within its limits once `vertex` is in it too.
  bool fits(uint32_t vertex, uint32_t to) const;

  /// Whether a net of the vertex touches several parts.
  bool isBoundary(uint32_t vertex) const;
  /// Finds what moving `vertex` would save. The next two tell, until the next
  /// call or move.
  void weigh(uint32_t vertex);
  /// The parts that its nets touch, without its own, in a fixed order.
  llvm::ArrayRef<uint32_t> getNeighbours() const { return neighbours; }
  /// What moving it to `to` saves.
  int64_t getGain(uint32_t to) const { return gainOfLeaving + shared[to]; }
  /// Pins of `net` in `part`.
  uint32_t countPins(uint32_t net, uint32_t part) const;

  void move(uint32_t vertex, uint32_t to);

  /// Entries visited so far, the measure of work.
  uint64_t getWork() const { return work; }
  void addWork(uint64_t visits) { work += visits; }

private:
  /// Pins of a net in a part.
  struct Share {
    uint32_t part, pins;
  };

  void countNets();
  int64_t getLimit(uint32_t part, size_t resource) const {
    return limits.rows[part * graph.numResources + resource];
  }
  int64_t &amount(uint32_t part, size_t resource) {
    return used[part * graph.numResources + resource];
  }
  /// Pins of `net` in `part` that are targets, given all of them.
  uint32_t countTargets(uint32_t net, uint32_t part, uint32_t pins) const;
  int64_t getAddedFanIn(uint32_t vertex, uint32_t to) const;
  int64_t getRemovedFanIn(uint32_t vertex) const;
  void updateOver(uint32_t part);
  void moveInNet(uint32_t net, uint32_t vertex, uint32_t from, uint32_t to);
  void transfer(uint32_t vertex, uint32_t from, uint32_t to);

  const Hypergraph &graph;
  const PartLimits &limits;
  std::vector<uint32_t> parts;
  /// Vertices of each part, and where in its list each vertex is.
  std::vector<std::vector<uint32_t>> members;
  std::vector<uint32_t> positions;

  std::vector<int64_t> used;
  std::vector<bool> over;
  uint32_t numOver = 0;

  /// Shares of net e are the first numShares[e] from shareOffsets[e].
  std::vector<uint64_t> shareOffsets;
  std::vector<uint32_t> numShares;
  std::vector<Share> shares;
  int64_t connectivity = 0;

  int64_t gainOfLeaving = 0;
  std::vector<int64_t> shared;
  std::vector<uint32_t> neighbours;
  mutable uint64_t work = 0;
};

} // namespace spikeformer::partition

#endif // SPIKEFORMER_MAPPING_PARTITIONSTATE_H
