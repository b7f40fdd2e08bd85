//===- MappingMetrics.cpp - how good a mapping is -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/MappingMetrics.h"
#include <algorithm>

using namespace spikeformer;

/// Adds `row` to row `index` of `rows`, for the resources of `scope`.
static void addRow(std::vector<int64_t> &rows, size_t index,
                   llvm::ArrayRef<int64_t> row,
                   llvm::ArrayRef<Resource> resources, ResourceScope scope) {
  for (size_t i = 0; i < row.size(); ++i)
    if (resources[i].scope == scope)
      rows[index * row.size() + i] += row[i];
}

static void measureSlices(const RoutingProblem &problem,
                          const SliceList &slices, MappingMetrics &metrics) {
  const MachineGraph &machine = problem.machine;
  llvm::ArrayRef<Resource> resources = machine.getResources();
  metrics.slicesOfCore.resize(machine.getCores().size());
  metrics.slicesOfRouter.resize(machine.getRouters().size());
  metrics.usageOfCore.resize(machine.getCores().size() * resources.size());
  metrics.usageOfRouter.resize(machine.getRouters().size() * resources.size());
  std::vector<bool> isChipUsed(machine.getNumChips());
  for (size_t slice = 0; slice < slices.size(); ++slice) {
    CoreIndex core = problem.placement[slice];
    RouterIndex router = machine.getCores()[core].router;
    uint32_t chip = machine.getRouters()[router].chip;
    metrics.coresUsed += metrics.slicesOfCore[core]++ == 0;
    metrics.routersUsed += metrics.slicesOfRouter[router]++ == 0;
    metrics.chipsUsed += !isChipUsed[chip];
    isChipUsed[chip] = true;
    addRow(metrics.usageOfCore, core, slices.usageOf(slice), resources,
           ResourceScope::core);
    addRow(metrics.usageOfRouter, router, slices.usageOf(slice), resources,
           ResourceScope::router);
  }
}

namespace {
/// Cores that were counted for the message at hand.
class CoreMarks {
public:
  explicit CoreMarks(size_t numCores) : marks(numCores, noIndex) {}
  /// True the first time for `core` of `message`.
  bool add(CoreIndex core, uint32_t message) {
    return std::exchange(marks[core], message) != message;
  }

private:
  std::vector<uint32_t> marks;
};
} // namespace

static void measureMessages(const RoutingProblem &problem,
                            MappingMetrics &metrics) {
  size_t numCores = problem.machine.getCores().size();
  metrics.sentByCore.resize(numCores);
  metrics.receivedByCore.resize(numCores);
  CoreMarks marks(numCores);
  for (size_t message = 0; message < problem.messages.size(); ++message) {
    double packets = problem.messages.packets[message];
    CoreIndex own = problem.placement[problem.messages.sources[message]];
    metrics.sentByCore[own] += packets;
    bool leaves = false;
    for (uint32_t target : problem.messages.targetsOf(message)) {
      CoreIndex core = problem.placement[target];
      if (!marks.add(core, message))
        continue;
      metrics.receivedByCore[core] += packets;
      metrics.messages += core == own ? 0 : packets;
      leaves |= core != own;
    }
    metrics.cutPackets += leaves ? packets : 0;
  }
  for (CoreIndex core = 0; core < numCores; ++core) {
    double load = metrics.sentByCore[core] + metrics.receivedByCore[core];
    if (load > metrics.busiestCoreLoad) {
      metrics.busiestCoreLoad = load;
      metrics.busiestCore = core;
    }
  }
}

/// Adds what the links of one tree carry for `packets`; `depths` is scratch by
/// router.
static void measureTree(const RoutingProblem &problem,
                        llvm::ArrayRef<Branch> tree, double packets,
                        std::vector<uint32_t> &depths,
                        MappingMetrics &metrics) {
  const MachineGraph &machine = problem.machine;
  double energy = 0;
  for (auto [index, branch] : llvm::enumerate(tree)) {
    metrics.packetsOfRouter[branch.router] += packets;
    uint32_t depth = index == 0 ? 0 : depths[branch.router];
    if (branch.route.hasCores())
      metrics.latency = std::max(metrics.latency, depth);
    metrics.unicastHops += packets * depth * branch.route.countCores();
    for (uint32_t ports = branch.route.ports; ports; ports &= ports - 1) {
      LinkIndex link = machine.getLink(branch.router, llvm::countr_zero(ports));
      metrics.packetsOfLink[link] += packets;
      energy += machine.getLinks()[link].energy;
      depths[machine.getLinks()[link].to] = depth + 1;
    }
  }
  metrics.treeLinks += tree.size() - 1;
  metrics.packetHops += (tree.size() - 1) * packets;
  metrics.energy += energy * packets;
}

static void measureTrees(const RoutingProblem &problem,
                         const RoutingTrees &trees, MappingMetrics &metrics) {
  const MachineGraph &machine = problem.machine;
  metrics.packetsOfRouter.resize(machine.getRouters().size());
  metrics.packetsOfLink.resize(machine.getLinks().size());
  std::vector<uint32_t> depths(machine.getRouters().size());
  for (size_t message = 0; message < trees.size(); ++message)
    if (!trees.branchesOf(message).empty())
      measureTree(problem, trees.branchesOf(message),
                  problem.messages.packets[message], depths, metrics);
  for (LinkIndex link = 0; link < machine.getLinks().size(); ++link)
    if (metrics.packetsOfLink[link] > metrics.maxLinkLoad) {
      metrics.maxLinkLoad = metrics.packetsOfLink[link];
      metrics.busiestLink = link;
    }
}

MappingMetrics spikeformer::measure(const RoutingProblem &problem,
                                    const SliceList &slices,
                                    const RoutingTrees &trees) {
  MappingMetrics metrics;
  measureSlices(problem, slices, metrics);
  measureMessages(problem, metrics);
  measureTrees(problem, trees, metrics);
  return metrics;
}
