//===- LoadBalancer.cpp - less load on busy links -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoadBalancer.h"
#include <algorithm>
#include <limits>

using namespace spikeformer;

LoadBalancer::LoadBalancer(const RouterDistances &distances,
                           const std::vector<double> &scales,
                           std::vector<double> &loads)
    : distances(distances), scales(scales), loads(loads),
      firstArrival(distances.getNumRouters() + 1),
      nodeOf(distances.getNumRouters(), noIndex),
      isTarget(distances.getNumRouters()) {
  for (uint32_t wire = 0; wire < distances.getNumWires(); ++wire)
    if (distances.getEnd(wire) != noIndex)
      ++firstArrival[distances.getEnd(wire) + 1];
  for (uint32_t router = 0; router < distances.getNumRouters(); ++router)
    firstArrival[router + 1] += firstArrival[router];
  arrivals.resize(firstArrival.back());
  std::vector<uint32_t> next(firstArrival.begin(), firstArrival.end() - 1);
  for (uint32_t wire = 0; wire < distances.getNumWires(); ++wire)
    if (distances.getEnd(wire) != noIndex)
      arrivals[next[distances.getEnd(wire)]++] = wire;
}

void LoadBalancer::open(const LooseTree &tree,
                        llvm::ArrayRef<RouterIndex> targets) {
  numChildren.assign(tree.size(), 0);
  for (uint32_t node = 0; node < tree.size(); ++node) {
    if (tree[node].router == noIndex)
      continue;
    nodeOf[tree[node].router] = node;
    if (tree[node].parent != noIndex)
      ++numChildren[tree[node].parent];
  }
  for (RouterIndex target : targets)
    isTarget[target] = true;
}

void LoadBalancer::close(const LooseTree &tree,
                         llvm::ArrayRef<RouterIndex> targets) {
  for (const TreeNode &node : tree)
    if (node.router != noIndex)
      nodeOf[node.router] = noIndex;
  for (RouterIndex target : targets)
    isTarget[target] = false;
}

/// True if `top` is on the way from `node` to the source.
bool LoadBalancer::isBelow(const LooseTree &tree, uint32_t node,
                           uint32_t top) const {
  while (node != noIndex && node != top)
    node = tree[node].parent;
  return node == top;
}

/// True if `node` is there only for its one child.
bool LoadBalancer::isPassed(const LooseTree &tree, uint32_t node) const {
  return tree[node].parent != noIndex && numChildren[node] == 1 &&
         !isTarget[tree[node].router];
}

/// What the packets add to the fourth power of the load of a wire.
double LoadBalancer::getCost(uint32_t wire, double packets) const {
  double before = loads[wire] * loads[wire];
  double load = loads[wire] + packets * scales[wire];
  return load * load * load * load - before * before;
}

/// Takes the packets off the way at hand; returns what they cost there.
double LoadBalancer::removeWay(const LooseTree &tree, double packets) {
  double cost = 0;
  for (uint32_t node : way) {
    loads[tree[node].wire] -= packets * scales[tree[node].wire];
    cost += getCost(tree[node].wire, packets);
    if (node != way.front())
      nodeOf[tree[node].router] = noIndex;
  }
  return cost;
}

/// Finds the cheapest way of at most `numLinks` links to `router` from the tree
/// without what hangs on that; false if none is cheaper than `cost`, which is
/// that of the best. A shorter one is always cheaper.
bool LoadBalancer::search(const LooseTree &tree, RouterIndex router,
                          uint32_t numLinks, double packets, double &cost) {
  uint32_t top = nodeOf[router];
  size_t best = 0, first = 0;
  steps.assign(1, {router, 0, noIndex, 0});
  for (uint32_t length = 1; length <= numLinks && best == 0; ++length) {
    size_t last = steps.size();
    double limit =
        length == numLinks ? cost : std::numeric_limits<double>::infinity();
    for (size_t at = first; at < last; ++at)
      for (uint32_t i = firstArrival[steps[at].router];
           i < firstArrival[steps[at].router + 1]; ++i) {
        uint32_t wire = arrivals[i];
        RouterIndex from = wire / distances.getNumPorts();
        double total = steps[at].cost + getCost(wire, packets);
        uint32_t node = nodeOf[from];
        if (node == noIndex ? length == numLinks
                            : total >= limit || isBelow(tree, node, top))
          continue;
        if (node != noIndex) {
          best = steps.size();
          limit = cost = total;
        } else if (std::any_of(steps.begin() + last, steps.end(),
                               [&](const Step &step) {
                                 return step.router == from &&
                                        step.cost <= total;
                               })) {
          continue;
        }
        steps.push_back({from, uint32_t(at), wire, total});
      }
    first = last;
  }
  found.clear();
  for (size_t at = best; at != 0; at = steps[at].before)
    found.push_back(steps[at].wire);
  return best != 0;
}

/// Puts the way at hand on `wires`, from the tree to its end. It has as many
/// nodes or more.
void LoadBalancer::addWay(LooseTree &tree, llvm::ArrayRef<uint32_t> wires,
                          double packets) {
  uint32_t parent = nodeOf[wires.front() / distances.getNumPorts()];
  ++numChildren[parent];
  while (way.size() > wires.size()) {
    tree[way.back()].router = noIndex;
    way.pop_back();
  }
  for (uint32_t wire : wires) {
    uint32_t node = way.back();
    way.pop_back();
    tree[node] = {distances.getEnd(wire), parent, wire};
    nodeOf[tree[node].router] = node;
    loads[wire] += packets * scales[wire];
    parent = node;
  }
}

/// Moves the way that ends at `node`.
bool LoadBalancer::reroute(LooseTree &tree, uint32_t node, double packets,
                           double floor) {
  // Ways longer than this are rare and have very many alternatives.
  constexpr size_t most = 4;
  way.assign(1, node);
  while (isPassed(tree, tree[way.back()].parent))
    way.push_back(tree[way.back()].parent);
  if (way.size() > most || llvm::none_of(way, [&](uint32_t passed) {
        return loads[tree[passed].wire] >= floor;
      }))
    return false;
  uint32_t begin = tree[way.back()].parent;
  double cost = removeWay(tree, packets);
  bool isBetter = search(tree, tree[node].router, way.size(), packets, cost);
  if (!isBetter) {
    found.clear();
    for (uint32_t passed : llvm::reverse(way))
      found.push_back(tree[passed].wire);
  }
  --numChildren[begin];
  addWay(tree, found, packets);
  return isBetter;
}

bool LoadBalancer::improve(LooseTree &tree, llvm::ArrayRef<RouterIndex> targets,
                           double packets, double floor) {
  // Most trees have no busy wire.
  if (llvm::none_of(tree, [&](const TreeNode &node) {
        return node.router != noIndex && node.wire != noIndex &&
               loads[node.wire] >= floor;
      }))
    return false;
  open(tree, targets);
  bool hasChanged = false;
  for (uint32_t node = 1; node < tree.size(); ++node)
    if (tree[node].router != noIndex && !isPassed(tree, node))
      hasChanged |= reroute(tree, node, packets, floor);
  close(tree, targets);
  return hasChanged;
}
