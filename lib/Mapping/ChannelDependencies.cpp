//===- ChannelDependencies.cpp - links that wait for each other -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/ChannelDependencies.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <tuple>

using namespace spikeformer;

namespace {

/// A packet of `tree` on the link `held` needs the link `next`.
struct Dependency {
  LinkIndex held, next;
  uint32_t tree;
  bool operator<(const Dependency &other) const {
    return std::tie(held, next, tree) <
           std::tie(other.held, other.next, other.tree);
  }
};

/// Looks for a circle, depth first.
class CycleSearch {
public:
  CycleSearch(const MachineGraph &machine, const RoutingTrees &trees);
  std::optional<ChannelCycle> run();

private:
  bool visit(LinkIndex link);
  ChannelCycle getCycle(LinkIndex first) const;

  /// Sorted, of each pair of links the first tree; those of link l begin at
  /// firstOf[l].
  std::vector<Dependency> dependencies;
  std::vector<size_t> firstOf;
  enum class Mark : uint8_t { untouched, open, done };
  std::vector<Mark> marks;
  /// The way at hand: what was followed from each of its links.
  std::vector<size_t> way;
};

} // namespace

/// Adds what the packets of one tree hold and need; `arrivedBy` is scratch by
/// router.
static void addDependencies(const MachineGraph &machine,
                            llvm::ArrayRef<Branch> branches, uint32_t tree,
                            std::vector<LinkIndex> &arrivedBy,
                            std::vector<Dependency> &dependencies) {
  for (const Branch &branch : branches)
    arrivedBy[branch.router] = noIndex;
  for (const Branch &branch : branches)
    for (uint32_t ports = branch.route.ports; ports; ports &= ports - 1) {
      uint32_t port = llvm::countr_zero(ports);
      LinkIndex link = port < machine.getNumPorts()
                           ? machine.getLink(branch.router, port)
                           : noIndex;
      if (link == noIndex)
        continue;
      if (LinkIndex held = arrivedBy[branch.router]; held != noIndex)
        dependencies.push_back({held, link, tree});
      arrivedBy[machine.getLinks()[link].to] = link;
    }
}

CycleSearch::CycleSearch(const MachineGraph &machine, const RoutingTrees &trees)
    : firstOf(machine.getLinks().size() + 1), marks(machine.getLinks().size()) {
  std::vector<LinkIndex> arrivedBy(machine.getRouters().size(), noIndex);
  for (uint32_t tree = 0; tree < trees.getNumTrees(); ++tree)
    addDependencies(machine, trees.getTree(tree), tree, arrivedBy,
                    dependencies);
  llvm::sort(dependencies);
  dependencies.erase(std::unique(dependencies.begin(), dependencies.end(),
                                 [](const Dependency &a, const Dependency &b) {
                                   return a.held == b.held && a.next == b.next;
                                 }),
                     dependencies.end());
  for (const Dependency &dependency : dependencies)
    ++firstOf[dependency.held + 1];
  for (size_t link = 1; link < firstOf.size(); ++link)
    firstOf[link] += firstOf[link - 1];
}

/// The part of the way that leads from `first` to itself.
ChannelCycle CycleSearch::getCycle(LinkIndex first) const {
  ChannelCycle cycle;
  size_t begin = way.size();
  while (dependencies[way[--begin]].held != first)
    ;
  for (size_t index : llvm::drop_begin(way, begin)) {
    cycle.links.push_back(dependencies[index].held);
    cycle.trees.push_back(dependencies[index].tree);
  }
  return cycle;
}

/// Follows all that `link` waits for; true if the end of the way leads back
/// into it.
bool CycleSearch::visit(LinkIndex link) {
  marks[link] = Mark::open;
  way.push_back(firstOf[link]);
  for (LinkIndex at = link;;) {
    if (way.back() == firstOf[at + 1]) {
      marks[at] = Mark::done;
      way.pop_back();
      if (way.empty())
        return false;
      at = dependencies[way.back()++].held;
      continue;
    }
    LinkIndex next = dependencies[way.back()].next;
    if (marks[next] == Mark::open)
      return true;
    if (marks[next] == Mark::done) {
      ++way.back();
      continue;
    }
    marks[next] = Mark::open;
    way.push_back(firstOf[next]);
    at = next;
  }
}

std::optional<ChannelCycle> CycleSearch::run() {
  for (LinkIndex link = 0; link < marks.size(); ++link)
    if (marks[link] == Mark::untouched && visit(link))
      return getCycle(dependencies[way.back()].next);
  return std::nullopt;
}

std::optional<ChannelCycle>
spikeformer::findChannelCycle(const MachineGraph &machine,
                              const RoutingTrees &trees) {
  return CycleSearch(machine, trees).run();
}
