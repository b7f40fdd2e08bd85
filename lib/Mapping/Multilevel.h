//===- Multilevel.h - coarsen, partition, refine ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_MULTILEVEL_H
#define SPIKEFORMER_MAPPING_MULTILEVEL_H

#include "PartitionState.h"
#include "SearchRandom.h"

namespace spikeformer::partition {

/// Parts of vertices and what they are worth.
struct Candidate {
  std::vector<uint32_t> parts;
  int64_t connectivity = 0;
  /// 0: it is legal.
  double excess = 0;

  bool isBetterThan(const Candidate &other) const {
    return excess != other.excess ? excess < other.excess
                                  : connectivity < other.connectivity;
  }
};

/// What a start or a cycle has to go on.
struct MultilevelTask {
  const Hypergraph &graph;
  const PartLimits &limits;
  /// Work that moves may do on a level: this, and more for each pin of it.
  uint64_t leastWork;
  unsigned workPerPin;
  /// Whether the level is made legal at any price.
  bool isFinest = true;
};

/// Partitions from scratch. Adds what it did to `work`.
Candidate startMultilevel(const MultilevelTask &task, SearchRandom &random,
                          uint64_t &work);

/// Improves `parts`: coarsens only inside `blocks`, which must not cross parts,
/// and refines from there. Never worse.
Candidate cycleMultilevel(const MultilevelTask &task,
                          const std::vector<uint32_t> &parts,
                          const std::vector<uint32_t> &blocks,
                          SearchRandom &random, uint64_t &work);

/// Parts for the vertices of a coarse hypergraph, by recursive bisection; may
/// exceed limits.
std::vector<uint32_t> makeInitialPartition(const MultilevelTask &task,
                                           SearchRandom &random,
                                           uint64_t &work);

} // namespace spikeformer::partition

#endif // SPIKEFORMER_MAPPING_MULTILEVEL_H
