//===- TreeRouter.cpp - finding a tree for every message ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TreeRouter.h"
#include "LoadBalancer.h"
#include "SharedTrees.h"
#include "TreeGrower.h"
#include "TreeJobs.h"
#include <cmath>
#include <cstdlib>
#include <numeric>

using namespace spikeformer;

namespace {

/// Finds all trees of one problem.
class TreeSearch {
public:
  TreeSearch(const RoutingProblem &problem, const TreeRouterOptions &options)
      : problem(problem), options(options), jobs(problem),
        distances(problem.machine), loads(distances.getNumWires()),
        grower(problem.machine, distances, loads),
        shared(problem.machine, distances, jobs, loads),
        trees(jobs.jobs.size()), isShared(jobs.jobs.size()) {
    makeScales();
  }
  TreeRouterResult run();

private:
  void makeScales();
  std::vector<uint32_t> orderJobs() const;
  bool grow(const TreeJob &job);
  bool growShared(uint32_t job);
  void addTree(uint32_t job, LooseTree tree);
  void growAll(llvm::ArrayRef<uint32_t> order);
  void balance(llvm::ArrayRef<uint32_t> order);
  void checkLoads();
  void emit();
  void emitTree(const LooseTree &tree, const TargetGroup &group);
  llvm::ArrayRef<RouterIndex> getTargets(uint32_t job) const {
    return jobs.groups[jobs.jobs[job].group].routers;
  }

  const RoutingProblem &problem;
  const TreeRouterOptions &options;
  TreeJobs jobs;
  RouterDistances distances;
  /// By wire: what a packet adds to its load, and the loads.
  std::vector<double> scales, loads;
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
  bool anyLimit = llvm::any_of(
      links, [](const Link &link) { return std::isfinite(link.capacity); });
  scales.resize(distances.getNumWires());
  for (const Link &link : links)
    scales[link.from * distances.getNumPorts() + link.port] =
        anyLimit ? 1 / link.capacity : 1;
}

/// Heavy messages first: light ones find ways around them.
std::vector<uint32_t> TreeSearch::orderJobs() const {
  std::vector<uint32_t> order(jobs.jobs.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](uint32_t a, uint32_t b) {
    return std::pair(-jobs.jobs[a].packets, a) <
           std::pair(-jobs.jobs[b].packets, b);
  });
  return order;
}

bool TreeSearch::grow(const TreeJob &job) {
  llvm::ArrayRef<RouterIndex> targets = jobs.groups[job.group].routers;
  grower.start(job.source);
  switch (options.shape) {
  case TreeShape::longestDimension:
    return grower.growLongestDimension(targets);
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
  bool mayShare =
      options.shareTrees && options.shape == TreeShape::congestionAware;
  for (uint32_t index : order) {
    const TreeJob &job = jobs.jobs[index];
    if (mayShare && shared.isFor(index)) {
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

void TreeSearch::balance(llvm::ArrayRef<uint32_t> order) {
  LoadBalancer balancer(distances, scales, loads);
  unsigned passes = getenv("PASSES") ? atoi(getenv("PASSES")) : 4;
  double fl = getenv("FLOOR") ? atof(getenv("FLOOR")) : 0.75;
  for (unsigned pass = 0; pass < passes; ++pass) {
    bool hasChanged = false;
    double floor = fl * *std::max_element(loads.begin(), loads.end());
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

TreeRouterResult TreeSearch::run() {
  std::vector<uint32_t> order = orderJobs();
  growAll(order);
  if (!result.isFeasible())
    return std::move(result);
  if (options.shape == TreeShape::congestionAware)
    balance(order);
  emit();
  return std::move(result);
}

TreeRouterResult spikeformer::route(const RoutingProblem &problem,
                                    const TreeRouterOptions &options) {
  return TreeSearch(problem, options).run();
}
