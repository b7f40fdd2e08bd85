//===- MappingMetrics.h - how good a mapping is -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The numbers that reports and benchmarks give of a placed and routed problem.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_MAPPINGMETRICS_H
#define SPIKEFORMER_MAPPING_MAPPINGMETRICS_H

#include "spikeformer/Mapping/RoutingProblem.h"

namespace spikeformer {

/// Amounts per unit of time of Messages::packets.
struct MappingMetrics {
  /// Sum over messages of the links of its tree, alone and times its packets.
  uint64_t treeLinks = 0;
  double packetHops = 0;
  /// Packets on the busiest directed link, the first of equals; noIndex and 0
  /// if nothing uses a link.
  double maxLinkLoad = 0;
  LinkIndex busiestLink = noIndex;
  /// Sum over messages of packets times cores that it reaches, without its own;
  /// and the packets of those that reach any.
  double messages = 0;
  double cutPackets = 0;
  /// Sum over messages of packets times the links to each core that it reaches:
  /// what sending one packet for each core the same way would take.
  double unicastHops = 0;
  /// Packets that the busiest core sends and receives (a packet to its own core
  /// is both), and that core.
  double busiestCoreLoad = 0;
  CoreIndex busiestCore = noIndex;
  /// Links of the longest way from a source to a target.
  uint32_t latency = 0;
  /// Sum over messages of the energy of its links times its packets, in joules.
  double energy = 0;
  uint32_t coresUsed = 0, routersUsed = 0, chipsUsed = 0;

  /// Slices on each core and router.
  std::vector<uint32_t> slicesOfCore, slicesOfRouter;
  /// Packets that each core sends and receives, that pass each router (a branch
  /// is one pass), and that use each link.
  std::vector<double> sentByCore, receivedByCore, packetsOfRouter,
      packetsOfLink;
  /// Amount of each resource in use, a row for each core and router; 0 for
  /// those of the other scope.
  std::vector<int64_t> usageOfCore, usageOfRouter;
};

/// Measures an answer that verifies; `slices` are those that were placed.
MappingMetrics measure(const RoutingProblem &problem, const SliceList &slices,
                       const RoutingTrees &trees);

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_MAPPINGMETRICS_H
