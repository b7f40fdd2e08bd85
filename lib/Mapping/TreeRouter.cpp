//===- TreeRouter.cpp - finding a tree for every message ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TreeRouter.h"
#include "LinkChecks.h"
#include "LoadBalancer.h"
#include "SharedTrees.h"
#include "SteinerTrees.h"
#include "TreeGrower.h"
#include "TreeJobs.h"
#include "spikeformer/Mapping/ChannelDependencies.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <tuple>

using namespace spikeformer;

namespace {

/// Finds all trees of one problem.
class TreeSearch {
public:
  TreeSearch(const RoutingProblem &problem, const TreeRouterOptions &options)
      : problem(problem), options(options), shape(options.shape), jobs(problem),
        distances(problem.machine), loads(distances.getNumWires()),
        grower(problem.machine, distances, loads),
        shared(problem.machine, distances, jobs, loads),
        trees(jobs.jobs.size()), isShared(jobs.jobs.size()) {
    makeScales();
  }
  TreeRouterResult run();

private:
  bool isLate() const {
    std::chrono::duration<double> used = Clock::now() - begin;
    return used.count() > options.timeLimit;
  }
  void makeScales();
  bool mayShare() const {
    return options.shareTrees && shape == TreeShape::congestionAware;
  }
  std::vector<uint32_t> orderJobs() const;
  bool grow(const TreeJob &job);
  bool growShared(uint32_t job);
  void addTree(uint32_t job, LooseTree tree);
  void growAll(llvm::ArrayRef<uint32_t> order);
  void shrinkAll();
  void shrink(uint32_t job, SteinerTrees &smallest);
  void balance(llvm::ArrayRef<uint32_t> order);
  void reshapeLanes();
  bool reshapeLane(llvm::ArrayRef<uint32_t> members, uint32_t root);
  std::vector<uint32_t> findBusiestLane(uint32_t wire) const;
  void removeTree(uint32_t job);
  double getCost() const;
  void search();
  bool waitsInCircle() const;
  void searchInOrder();
  void emit();
  void emitTree(const LooseTree &tree, const TargetGroup &group);
  llvm::ArrayRef<RouterIndex> getTargets(uint32_t job) const {
    return jobs.groups[jobs.jobs[job].group].routers;
  }

  using Clock = std::chrono::steady_clock;
  const RoutingProblem &problem;
  const TreeRouterOptions &options;
  TreeShape shape;
  Clock::time_point begin = Clock::now();
  TreeJobs jobs;
  RouterDistances distances;
  /// By wire: what a packet adds to its load, and the loads.
  std::vector<double> scales, loads;
  bool isLimited = false;
  TreeGrower grower;
  SharedTrees shared;
  std::vector<LooseTree> trees;
  /// Trees that are shared stay as they are.
  std::vector<bool> isShared;
  TreeRouterResult result;
};

} // namespace

/// Where capacities are known, load is the part of them in use.
void TreeSearch::makeScales() {
  llvm::ArrayRef<Link> links = problem.machine.getLinks();
  isLimited = llvm::any_of(
      links, [](const Link &link) { return std::isfinite(link.capacity); });
  scales.resize(distances.getNumWires());
  for (const Link &link : links)
    scales[link.from * distances.getNumPorts() + link.port] =
        isLimited ? 1 / link.capacity : 1;
}

/// Heavy messages first: light ones find ways around them. Those of one shared
/// tree count together.
std::vector<uint32_t> TreeSearch::orderJobs() const {
  using Key = std::tuple<double, uint32_t, double, uint32_t>;
  std::vector<Key> keys;
  for (uint32_t job = 0; job < jobs.jobs.size(); ++job) {
    double packets = jobs.jobs[job].packets;
    if (mayShare() && shared.isFor(job))
      keys.push_back({-shared.getPackets(shared.getLane(job)),
                      shared.getLane(job), -packets, job});
    else
      keys.push_back({-packets, noIndex, 0, job});
  }
  llvm::sort(keys);
  std::vector<uint32_t> order;
  for (const Key &key : keys)
    order.push_back(std::get<3>(key));
  return order;
}

bool TreeSearch::grow(const TreeJob &job) {
  llvm::ArrayRef<RouterIndex> targets = jobs.groups[job.group].routers;
  grower.start(job.source);
  switch (shape) {
  case TreeShape::longestDimension:
    return grower.growLongestDimension(targets);
  case TreeShape::dimensionOrder:
    return grower.growInDimensionOrder(targets);
  case TreeShape::neighbourExploring:
    return grower.growNeighbourExploring(targets);
  case TreeShape::congestionAware:
    return grower.growNearestFirst(targets);
  }
  return false;
}

void TreeSearch::addTree(uint32_t job, LooseTree tree) {
  for (const TreeNode &node : llvm::drop_begin(tree))
    loads[node.wire] += jobs.jobs[job].packets * scales[node.wire];
  trees[job] = std::move(tree);
}

void TreeSearch::growAll(llvm::ArrayRef<uint32_t> order) {
  for (uint32_t index : order) {
    const TreeJob &job = jobs.jobs[index];
    if (mayShare() && shared.isFor(index)) {
      isShared[index] = shared.grow(index);
      if (isShared[index]) {
        addTree(index, shared.getNodes());
        continue;
      }
    }
    if (!grow(job))
      result.violations.push_back(
          {"target-unreachable",
           "message from " + problem.machine.describeRouter(job.source),
           "no live links lead to all of its targets", "", "", ""});
    addTree(index, grower.getNodes());
  }
}

//===----------------------------------------------------------------------===//
// Less load
//===----------------------------------------------------------------------===//

void TreeSearch::removeTree(uint32_t job) {
  for (const TreeNode &node : llvm::drop_begin(trees[job]))
    loads[node.wire] -= jobs.jobs[job].packets * scales[node.wire];
}

/// The sum of the fourth powers of loads: it is all but the greatest of them.
double TreeSearch::getCost() const {
  double cost = 0;
  for (double load : loads)
    cost += load * load * load * load;
  return cost;
}

/// Jobs of the lane that has most packets on `wire`; none if no lane has any.
std::vector<uint32_t> TreeSearch::findBusiestLane(uint32_t wire) const {
  std::vector<double> packets(shared.getNumLanes());
  for (uint32_t job = 0; job < trees.size(); ++job)
    if (isShared[job] && llvm::any_of(trees[job], [&](const TreeNode &node) {
          return node.wire == wire;
        }))
      packets[shared.getLane(job)] += jobs.jobs[job].packets;
  std::vector<uint32_t> members;
  auto most = llvm::max_element(packets);
  for (uint32_t job = 0; job < trees.size() && *most > 0; ++job)
    if (isShared[job] && shared.getLane(job) == most - packets.begin())
      members.push_back(job);
  return members;
}

/// Gives the lane of `members` another tree if that is better.
bool TreeSearch::reshapeLane(llvm::ArrayRef<uint32_t> members, uint32_t root) {
  double before = getCost();
  size_t numNodes = 0, numBefore = 0;
  std::vector<LooseTree> old;
  for (uint32_t job : members) {
    removeTree(job);
    numBefore += trees[job].size();
    old.push_back(trees[job]);
  }
  shared.regrow(members.front(), root);
  bool isWhole = true;
  for (uint32_t job : members) {
    isWhole &= shared.grow(job);
    addTree(job, shared.getNodes());
    numNodes += trees[job].size();
  }
  if (isWhole && numNodes <= numBefore && getCost() < before)
    return true;
  for (auto [job, tree] : llvm::zip_equal(members, old)) {
    removeTree(job);
    addTree(job, std::move(tree));
  }
  return false;
}

/// Looks for other shared trees while one of them makes a link the busiest.
void TreeSearch::reshapeLanes() {
  constexpr unsigned perEffort = 16;
  unsigned numTrials = options.effort * perEffort;
  for (unsigned trial = 0; trial < numTrials && !isLate();) {
    uint32_t busiest = llvm::max_element(loads) - loads.begin();
    std::vector<uint32_t> members = findBusiestLane(busiest);
    if (members.empty())
      return;
    bool isBetter = false;
    for (uint32_t root = 0; root < perEffort && !isBetter && trial < numTrials;
         ++root, ++trial)
      isBetter = reshapeLane(members, root);
    if (!isBetter)
      return;
  }
}

/// Gives `job` a smallest tree, unless a link cannot carry it.
void TreeSearch::shrink(uint32_t job, SteinerTrees &smallest) {
  std::optional<LooseTree> tree =
      smallest.find(jobs.jobs[job].source, getTargets(job));
  if (!tree || tree->size() >= trees[job].size())
    return;
  LooseTree old = trees[job];
  removeTree(job);
  addTree(job, std::move(*tree));
  if (llvm::none_of(llvm::drop_begin(trees[job]), [&](const TreeNode &node) {
        return isLimited && loads[node.wire] > 1;
      })) {
    isShared[job] = false;
    return;
  }
  removeTree(job);
  addTree(job, std::move(old));
}

/// Where slices are few, no tree has a link too many.
void TreeSearch::shrinkAll() {
  constexpr double mostSteps = 0.05 * SteinerTrees::stepsPerSecond;
  if (problem.placement.size() > mostExactSlices)
    return;
  std::optional<SteinerTrees> smallest;
  double steps = 0;
  for (uint32_t job = 0; job < trees.size(); ++job) {
    llvm::ArrayRef<RouterIndex> targets = getTargets(job);
    size_t least = llvm::count_if(targets, [&](RouterIndex target) {
      return target != jobs.jobs[job].source;
    });
    if (trees[job].size() - 1 == least)
      continue;
    if (!smallest)
      smallest.emplace(distances);
    steps += smallest->getWork(targets.size());
    if (steps <= mostSteps)
      shrink(job, *smallest);
  }
}

void TreeSearch::balance(llvm::ArrayRef<uint32_t> order) {
  LoadBalancer balancer(distances, scales, loads);
  constexpr unsigned perEffort = 4;
  constexpr double busy = 0.9;
  for (unsigned pass = 0; pass < options.effort * perEffort && !isLate();
       ++pass) {
    bool hasChanged = false;
    double floor = busy * *std::max_element(loads.begin(), loads.end());
    for (uint32_t job : order)
      if (!isShared[job])
        hasChanged |= balancer.improve(trees[job], getTargets(job),
                                       jobs.jobs[job].packets, floor);
    if (!hasChanged)
      return;
  }
}

//===----------------------------------------------------------------------===//
// The answer
//===----------------------------------------------------------------------===//

/// Writes nodes with their parents first.
void TreeSearch::emitTree(const LooseTree &tree, const TargetGroup &group) {
  RoutingTrees &out = result.trees;
  uint64_t first = out.branches.size();
  std::vector<uint32_t> branchOf(tree.size(), noIndex), way;
  for (uint32_t leaf = 0; leaf < tree.size(); ++leaf) {
    if (tree[leaf].router == noIndex)
      continue;
    for (uint32_t node = leaf; node != noIndex && branchOf[node] == noIndex;
         node = tree[node].parent)
      way.push_back(node);
    while (!way.empty()) {
      const TreeNode &node = tree[way.back()];
      branchOf[way.back()] = out.branches.size() - first;
      way.pop_back();
      Branch branch = {node.router, noIndex, {}};
      if (node.wire != noIndex) {
        branch.incoming = distances.getBack(node.wire);
        out.branches[first + branchOf[node.parent]].route.addPort(
            node.wire % distances.getNumPorts());
      }
      auto target = llvm::lower_bound(group.routers, node.router);
      if (target != group.routers.end() && *target == node.router)
        branch.route.cores = group.cores[target - group.routers.begin()].cores;
      out.branches.push_back(branch);
    }
  }
  out.offsets.push_back(out.branches.size());
}

void TreeSearch::emit() {
  result.trees.treeOf = jobs.jobOfMessage;
  for (uint32_t job = 0; job < trees.size(); ++job)
    emitTree(trees[job], jobs.groups[jobs.jobs[job].group]);
}

void TreeSearch::search() {
  std::vector<uint32_t> order = orderJobs();
  growAll(order);
  if (!result.isFeasible())
    return;
  if (shape == TreeShape::congestionAware) {
    reshapeLanes();
    shrinkAll();
    balance(order);
  }
  emit();
}

bool TreeSearch::waitsInCircle() const {
  return problem.machine.getFlow() == Flow::blocking && result.isFeasible() &&
         findChannelCycle(problem.machine, result.trees);
}

/// Searches again, for trees that take the axes in one order.
void TreeSearch::searchInOrder() {
  shape = TreeShape::dimensionOrder;
  result.trees = {};
  isShared.assign(trees.size(), false);
  loads.assign(loads.size(), 0);
  search();
}

TreeRouterResult TreeSearch::run() {
  search();
  if (waitsInCircle())
    searchInOrder();
  // Loads have rounding errors; what is near to a limit is added up again.
  constexpr double nearly = 1 - 1e-9;
  bool isNearLimit =
      isLimited && *std::max_element(loads.begin(), loads.end()) >= nearly;
  if (result.isFeasible() &&
      (isNearLimit || problem.machine.getFlow() == Flow::blocking))
    checkLinks(problem, result.trees, result.violations);
  if (!result.isFeasible())
    result.trees = {};
  return std::move(result);
}

TreeRouterResult spikeformer::route(const RoutingProblem &problem,
                                    const TreeRouterOptions &options) {
  return TreeSearch(problem, options).run();
}
