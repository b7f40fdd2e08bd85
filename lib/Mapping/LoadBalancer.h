//===- LoadBalancer.h - less load on busy links -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Trees get no more links, but a way between two forks or targets goes
// elsewhere where links have less to carry, or is shorter.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_LOADBALANCER_H
#define SPIKEFORMER_LIB_MAPPING_LOADBALANCER_H

#include "TreeGrower.h"

namespace spikeformer {

/// A tree whose nodes may be in any order; removed ones have router noIndex.
using LooseTree = std::vector<TreeNode>;

/// Changes trees of one machine.
class LoadBalancer {
public:
  /// `loads` of wires follow each change; a packet is `scales[wire]` of load.
  LoadBalancer(const RouterDistances &distances,
               const std::vector<double> &scales, std::vector<double> &loads);

  /// Reroutes ways of `tree`, which reaches `targets` for `packets`, that use a
  /// wire with a load of at least `floor`; true if anything changed. Links of
  /// the tree never become more, and if not fewer, the sum of the fourth powers
  /// of loads becomes less.
  bool improve(LooseTree &tree, llvm::ArrayRef<RouterIndex> targets,
               double packets, double floor);

private:
  void open(const LooseTree &tree, llvm::ArrayRef<RouterIndex> targets);
  void close(const LooseTree &tree, llvm::ArrayRef<RouterIndex> targets);
  bool isBelow(const LooseTree &tree, uint32_t node, uint32_t top) const;
  bool isPassed(const LooseTree &tree, uint32_t node) const;
  double getCost(uint32_t wire, double packets) const;
  double removeWay(const LooseTree &tree, double packets);
  void addWay(LooseTree &tree, llvm::ArrayRef<uint32_t> wires, double packets);
  bool search(const LooseTree &tree, RouterIndex router, uint32_t numLinks,
              double packets, double &cost);
  bool reroute(LooseTree &tree, uint32_t node, double packets, double floor);

  const RouterDistances &distances;
  const std::vector<double> &scales;
  std::vector<double> &loads;
  /// Wires that end at each router.
  std::vector<uint32_t> arrivals, firstArrival;
  /// Of the tree at hand, by router.
  std::vector<uint32_t> nodeOf;
  std::vector<bool> isTarget;
  std::vector<uint32_t> numChildren;
  /// The way at hand from its end to its beginning, by nodes.
  std::vector<uint32_t> way;
  /// A router of a search, backwards from the end of the way.
  struct Step {
    RouterIndex router;
    uint32_t before, wire;
    double cost;
  };
  std::vector<Step> steps;
  /// The best way found, from its end to its beginning.
  std::vector<uint32_t> found;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_LOADBALANCER_H
