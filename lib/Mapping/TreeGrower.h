//===- TreeGrower.h - growing one multicast tree ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// A tree grows from its source, target by target, along shortest ways.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_TREEGROWER_H
#define SPIKEFORMER_LIB_MAPPING_TREEGROWER_H

#include "RouterDistances.h"

namespace spikeformer {

/// A router of a tree.
struct TreeNode {
  RouterIndex router;
  /// Index of the node before it and the wire from there; noIndex at the
  /// source.
  uint32_t parent, wire;
};

/// Grows one tree after the other.
class TreeGrower {
public:
  /// `loads` of wires break ties between equally short ways.
  TreeGrower(const MachineGraph &machine, const RouterDistances &distances,
             const std::vector<double> &loads);

  /// Begins a tree at `source`.
  void start(RouterIndex source);
  /// Adds a node after `parent`.
  void add(RouterIndex router, uint32_t parent, uint32_t wire);
  /// The node of `router`; noIndex if it is not in the tree.
  uint32_t find(RouterIndex router) const { return nodeOf[router]; }
  /// Parents are before their children.
  llvm::ArrayRef<TreeNode> getNodes() const { return nodes; }

  /// Each of these reaches all of `targets`; false if no live link does.
  bool growLongestDimension(llvm::ArrayRef<RouterIndex> targets);
  bool growInDimensionOrder(llvm::ArrayRef<RouterIndex> targets);
  bool growNeighbourExploring(llvm::ArrayRef<RouterIndex> targets);
  bool growNearestFirst(llvm::ArrayRef<RouterIndex> targets);

private:
  /// A target that the tree does not reach yet, the node that is nearest to it
  /// and its distance; between neighbours, the load of the link.
  struct Pending {
    RouterIndex router;
    uint32_t distance, node;
    double load;
  };

  uint32_t findNearest(RouterIndex target) const;
  /// The order of the axes of a way: that with most steps first, or that of
  /// their numbers.
  enum class AxisOrder { longestFirst, fixed };

  std::vector<uint32_t> walk(RouterIndex from, RouterIndex to,
                             AxisOrder order) const;
  bool attach(uint32_t node, RouterIndex target, AxisOrder order);
  bool attachBySearch(RouterIndex target);
  void makePending(llvm::ArrayRef<RouterIndex> targets);
  void updatePending(uint32_t firstNode);
  void update(Pending &target, uint32_t node) const;
  bool walkToPending(const Pending &target);
  void dropDeadEnds(llvm::ArrayRef<RouterIndex> targets);
  uint32_t chooseWire(RouterIndex from, const Pending &target) const;
  double getLoad(RouterIndex from, RouterIndex to) const;

  const MachineGraph &machine;
  const RouterDistances &distances;
  const std::vector<double> &loads;
  std::vector<TreeNode> nodes;
  std::vector<uint32_t> nodeOf;
  std::vector<Pending> pending;
  /// A walk was given up, so some nodes may lead nowhere.
  bool hasDeadEnds = false;
  /// Of searches: the wire that a router was found by.
  std::vector<uint32_t> foundBy;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_TREEGROWER_H
