//===- TreeGrower.cpp - growing one multicast tree ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TreeGrower.h"
#include <algorithm>
#include <cstdlib>
#include <limits>

using namespace spikeformer;

TreeGrower::TreeGrower(const MachineGraph &machine,
                       const RouterDistances &distances,
                       const std::vector<double> &loads)
    : machine(machine), distances(distances), loads(loads),
      nodeOf(distances.getNumRouters(), noIndex),
      foundBy(distances.getNumRouters(), noIndex) {}

void TreeGrower::start(RouterIndex source) {
  for (const TreeNode &node : nodes)
    nodeOf[node.router] = noIndex;
  nodes.clear();
  add(source, noIndex, noIndex);
}

void TreeGrower::add(RouterIndex router, uint32_t parent, uint32_t wire) {
  nodeOf[router] = nodes.size();
  nodes.push_back({router, parent, wire});
}

//===----------------------------------------------------------------------===//
// One way
//===----------------------------------------------------------------------===//

/// Wires from `from` to `to`; ends early where a part is dead.
std::vector<uint32_t> TreeGrower::walk(RouterIndex from, RouterIndex to,
                                       AxisOrder order) const {
  uint32_t numPorts = distances.getNumPorts();
  FabricVector steps = machine.getVector(from, to);
  std::array<uint32_t, 3> axes = {0, 1, 2};
  if (order == AxisOrder::longestFirst)
    llvm::sort(axes, [&](uint32_t a, uint32_t b) {
      return std::pair(-std::abs(steps[a]), a) <
             std::pair(-std::abs(steps[b]), b);
    });
  std::vector<uint32_t> way;
  for (uint32_t axis : axes)
    for (int32_t i = 0; i < std::abs(steps[axis]); ++i) {
      uint32_t port = steps[axis] > 0 ? axis : axis + numPorts / 2;
      way.push_back(from * numPorts + port);
      from = distances.getEnd(way.back());
      if (from == noIndex) {
        way.pop_back();
        return way;
      }
    }
  return way;
}

/// Reaches `target` from `node`; what of the way the tree has is not used
/// twice.
bool TreeGrower::attach(uint32_t node, RouterIndex target, AxisOrder order) {
  bool isGrid = machine.getOppositePort(0) != noIndex;
  std::vector<uint32_t> way;
  if (isGrid)
    way = walk(nodes[node].router, target, order);
  if (way.empty() || distances.getEnd(way.back()) != target)
    return attachBySearch(target);
  size_t first = way.size();
  while (first > 0 && find(way[first - 1] / distances.getNumPorts()) == noIndex)
    --first;
  for (size_t i = first - 1; i < way.size(); ++i)
    add(distances.getEnd(way[i]), find(way[i] / distances.getNumPorts()),
        way[i]);
  return true;
}

/// Reaches `target` by a shortest way from the whole tree over live links.
bool TreeGrower::attachBySearch(RouterIndex target) {
  uint32_t numPorts = distances.getNumPorts();
  std::vector<RouterIndex> open;
  for (const TreeNode &node : nodes)
    open.push_back(node.router);
  for (size_t i = 0; i < open.size() && foundBy[target] == noIndex; ++i)
    for (uint32_t port = 0; port < numPorts; ++port) {
      RouterIndex end = distances.getEnd(open[i] * numPorts + port);
      if (end == noIndex || nodeOf[end] != noIndex || foundBy[end] != noIndex)
        continue;
      foundBy[end] = open[i] * numPorts + port;
      open.push_back(end);
    }
  std::vector<uint32_t> way;
  for (RouterIndex at = target; foundBy[at] != noIndex;
       at = way.back() / numPorts)
    way.push_back(foundBy[at]);
  for (RouterIndex router : open)
    foundBy[router] = noIndex;
  for (uint32_t wire : llvm::reverse(way))
    add(distances.getEnd(wire), find(wire / numPorts), wire);
  return !way.empty();
}

//===----------------------------------------------------------------------===//
// Baselines
//===----------------------------------------------------------------------===//

bool TreeGrower::growLongestDimension(llvm::ArrayRef<RouterIndex> targets) {
  for (RouterIndex target : targets)
    if (find(target) == noIndex && !attach(0, target, AxisOrder::longestFirst))
      return false;
  return true;
}

bool TreeGrower::growInDimensionOrder(llvm::ArrayRef<RouterIndex> targets) {
  for (RouterIndex target : targets)
    if (find(target) == noIndex && !attach(0, target, AxisOrder::fixed))
      return false;
  return true;
}

/// The node that is nearest to `target`, the first of equals.
uint32_t TreeGrower::findNearest(RouterIndex target) const {
  uint32_t best = 0;
  for (uint32_t node = 1; node < nodes.size(); ++node)
    if (distances.get(nodes[node].router, target) <
        distances.get(nodes[best].router, target))
      best = node;
  return best;
}

bool TreeGrower::growNeighbourExploring(llvm::ArrayRef<RouterIndex> targets) {
  RouterIndex source = nodes[0].router;
  std::vector<RouterIndex> order(targets.begin(), targets.end());
  llvm::sort(order, [&](RouterIndex a, RouterIndex b) {
    return std::pair(distances.get(source, a), a) <
           std::pair(distances.get(source, b), b);
  });
  for (RouterIndex target : order)
    if (find(target) == noIndex &&
        !attach(findNearest(target), target, AxisOrder::longestFirst))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Nearest first
//===----------------------------------------------------------------------===//

/// The least load of a link between neighbours; infinite if it is dead.
double TreeGrower::getLoad(RouterIndex from, RouterIndex to) const {
  uint32_t numPorts = distances.getNumPorts();
  double least = std::numeric_limits<double>::infinity();
  for (uint32_t wire = from * numPorts; wire < (from + 1) * numPorts; ++wire)
    if (distances.getEnd(wire) == to)
      least = std::min(least, loads[wire]);
  return least;
}

/// Of equally near nodes, neighbours are compared by the load of their links.
void TreeGrower::update(Pending &target, uint32_t node) const {
  RouterIndex router = nodes[node].router;
  uint32_t distance = distances.get(router, target.router);
  if (distance > target.distance ||
      (distance == target.distance && distance > 1))
    return;
  double load = distance == 1 ? getLoad(router, target.router) : 0;
  if (distance == target.distance && load >= target.load)
    return;
  target.distance = distance;
  target.node = node;
  target.load = load;
}

/// Takes nodes from `firstNode` on into account.
void TreeGrower::updatePending(uint32_t firstNode) {
  for (Pending &target : pending)
    for (uint32_t node = firstNode; node < nodes.size(); ++node)
      update(target, node);
  llvm::erase_if(pending,
                 [](const Pending &target) { return target.distance == 0; });
}

void TreeGrower::makePending(llvm::ArrayRef<RouterIndex> targets) {
  pending.clear();
  for (RouterIndex target : targets)
    pending.push_back({target, noIndex, 0, 0});
  updatePending(0);
}

/// The wire of a shortest way to `target` that comes nearest to other targets,
/// then the least loaded; noIndex where dead parts are in all.
uint32_t TreeGrower::chooseWire(RouterIndex from, const Pending &target) const {
  uint32_t numPorts = distances.getNumPorts(), best = noIndex, bestGain = 0;
  uint32_t distance = distances.get(from, target.router);
  for (uint32_t wire = from * numPorts; wire < (from + 1) * numPorts; ++wire) {
    RouterIndex end = distances.getEnd(wire);
    if (end == noIndex || distances.get(end, target.router) + 1 != distance)
      continue;
    uint32_t gain = 0;
    for (const Pending &other : pending) {
      uint32_t way = distances.get(end, other.router);
      gain += other.distance > way ? other.distance - way : 0;
    }
    if (best == noIndex || gain > bestGain ||
        (gain == bestGain && loads[wire] < loads[best])) {
      best = wire;
      bestGain = gain;
    }
  }
  return best;
}

bool TreeGrower::walkToPending(const Pending &target) {
  for (uint32_t node = target.node; nodes[node].router != target.router;) {
    uint32_t wire = chooseWire(nodes[node].router, target);
    if (wire == noIndex) {
      hasDeadEnds = true;
      return attachBySearch(target.router);
    }
    RouterIndex end = distances.getEnd(wire);
    // Where dead parts bend ways, one may come back to the tree.
    if (find(end) == noIndex)
      add(end, node, wire);
    node = find(end);
  }
  return true;
}

/// Removes nodes that lead to no target.
void TreeGrower::dropDeadEnds(llvm::ArrayRef<RouterIndex> targets) {
  std::vector<bool> isNeeded(nodes.size());
  isNeeded[0] = true;
  for (RouterIndex target : targets)
    for (uint32_t node = find(target); !isNeeded[node];
         node = nodes[node].parent)
      isNeeded[node] = true;
  std::vector<TreeNode> all = std::move(nodes);
  nodes.clear();
  for (uint32_t node = 0; node < all.size(); ++node) {
    nodeOf[all[node].router] = noIndex;
    if (!isNeeded[node])
      continue;
    uint32_t parent = node == 0 ? noIndex : find(all[all[node].parent].router);
    add(all[node].router, parent, all[node].wire);
  }
}

bool TreeGrower::growNearestFirst(llvm::ArrayRef<RouterIndex> targets) {
  hasDeadEnds = false;
  makePending(targets);
  while (!pending.empty()) {
    auto nearest = std::min_element(
        pending.begin(), pending.end(), [](const Pending &a, const Pending &b) {
          return a.distance != b.distance ? a.distance < b.distance
                                          : a.load < b.load;
        });
    Pending target = *nearest;
    uint32_t numNodes = nodes.size();
    if (!walkToPending(target))
      return false;
    updatePending(numNodes);
  }
  if (hasDeadEnds)
    dropDeadEnds(targets);
  return true;
}
