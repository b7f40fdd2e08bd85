//===- SharedTrees.h - one tree for many sources ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Messages from several routers to the same targets share an undirected tree
// over these. What a router does with a packet then depends only on the port
// that it comes in by, so that few entries of its table are enough for all of
// them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_SHAREDTREES_H
#define SPIKEFORMER_LIB_MAPPING_SHAREDTREES_H

#include "TreeGrower.h"
#include "TreeJobs.h"

namespace spikeformer {

/// Makes trees of jobs from shared ones.
class SharedTrees {
public:
  SharedTrees(const MachineGraph &machine, const RouterDistances &distances,
              const TreeJobs &jobs, const std::vector<double> &loads);

  /// True if other jobs have the targets of `job`.
  bool isFor(uint32_t job) const { return numJobs[jobs.jobs[job].group] > 1; }
  /// Jobs that share a tree have the same lane, which has that many packets.
  uint32_t getLane(uint32_t job) const { return laneOfJob[job]; }
  double getPackets(uint32_t lane) const { return packetsOfLane[lane]; }
  uint32_t getNumLanes() const { return lanes.size(); }
  /// Makes the tree of a lane of `job` again, from its target number `root`;
  /// the trees of its jobs change with it.
  void regrow(uint32_t job, uint32_t root);
  /// Makes the tree of `job`: the shared one, which its first job grows, seen
  /// from the source; false if links are dead in one direction.
  bool grow(uint32_t job);
  /// Of the job at hand, parents first.
  llvm::ArrayRef<TreeNode> getNodes() const { return nodes; }

private:
  /// A tree over the targets of a group, from any of them; empty before it is
  /// needed.
  using Lane = std::vector<TreeNode>;

  void makeLanes();
  bool attach(RouterIndex source, const Lane &lane);

  const RouterDistances &distances;
  const TreeJobs &jobs;
  TreeGrower grower;
  /// Jobs of each group.
  std::vector<uint32_t> numJobs;
  std::vector<uint32_t> laneOfJob;
  std::vector<Lane> lanes;
  std::vector<double> packetsOfLane;
  std::vector<TreeNode> nodes;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_SHAREDTREES_H
