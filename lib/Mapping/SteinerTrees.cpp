//===- SteinerTrees.cpp - smallest multicast trees ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SteinerTrees.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/bit.h"
#include <algorithm>

using namespace spikeformer;

SteinerTrees::SteinerTrees(const RouterDistances &distances)
    : distances(distances) {
  if (distances.getNumRouters() <= SteinerTable::mostRouters)
    table.emplace(distances);
  else
    programme.emplace(distances);
  llvm::DenseSet<std::pair<RouterIndex, RouterIndex>> joined;
  auto getEnds = [&](uint32_t wire) {
    return std::pair(wire / distances.getNumPorts(), distances.getEnd(wire));
  };
  for (uint32_t wire = 0; wire < distances.getNumWires(); ++wire)
    joined.insert(getEnds(wire));
  for (uint32_t wire = 0; wire < distances.getNumWires(); ++wire)
    if (auto [from, to] = getEnds(wire); to != noIndex)
      isBothWays &= joined.contains({to, from});
}

double SteinerTrees::getWork(uint32_t numTargets) const {
  uint32_t numRouters = distances.getNumRouters();
  if (table)
    return double(1u << numRouters) * numRouters;
  return DreyfusWagner::getWork(numRouters, numTargets);
}

/// Makes a tree of links that form one.
LooseTree SteinerTrees::grow(RouterIndex source,
                             llvm::ArrayRef<uint32_t> wires) const {
  uint32_t numPorts = distances.getNumPorts();
  LooseTree tree = {{source, noIndex, noIndex}};
  for (uint32_t node = 0; node < tree.size(); ++node)
    for (uint32_t wire : wires)
      if (wire / numPorts == tree[node].router)
        tree.push_back({distances.getEnd(wire), node, wire});
  return tree;
}

/// Wires by which a search from `source` finds all of the set `routers`.
static std::vector<uint32_t> collectWires(const RouterDistances &distances,
                                          RouterIndex source,
                                          uint32_t routers) {
  uint32_t numPorts = distances.getNumPorts();
  std::vector<RouterIndex> open = {source};
  std::vector<uint32_t> wires;
  routers &= ~(1u << source);
  for (size_t i = 0; i < open.size(); ++i)
    for (uint32_t port = 0; port < numPorts; ++port) {
      uint32_t wire = open[i] * numPorts + port;
      RouterIndex end = distances.getEnd(wire);
      if (end == noIndex || !(routers >> end & 1))
        continue;
      routers &= ~(1u << end);
      wires.push_back(wire);
      open.push_back(end);
    }
  return wires;
}

std::optional<LooseTree>
SteinerTrees::find(RouterIndex source, llvm::ArrayRef<RouterIndex> targets) {
  if (targets.empty())
    return grow(source, {});
  if (table) {
    uint32_t set = 0;
    for (RouterIndex target : targets)
      set |= 1u << target;
    if (table->getLinks(source, set) == SteinerTable::noTree)
      return std::nullopt;
    return grow(source, collectWires(distances, source,
                                     table->getRouters(source, set)));
  }
  programme->run(targets);
  if (programme->getLinks(source) == noIndex)
    return std::nullopt;
  std::vector<uint32_t> wires;
  programme->collect(source, wires);
  return grow(source, wires);
}

uint32_t SteinerTrees::countLinksFromAnywhere(uint64_t targets) {
  if (targets == 0)
    return 0;
  if (isBothWays)
    return countLinks(llvm::countr_zero(targets), targets);
  uint32_t least = noIndex;
  for (RouterIndex source = 0; source < distances.getNumRouters(); ++source)
    least = std::min(least, countLinks(source, targets));
  return least;
}

uint32_t SteinerTrees::countLinks(RouterIndex source, uint64_t targets) {
  if (source == noIndex)
    return countLinksFromAnywhere(targets);
  targets &= ~(uint64_t(1) << source);
  if (targets == 0)
    return 0;
  if (table) {
    uint8_t links = table->getLinks(source, targets);
    return links == SteinerTable::noTree ? noIndex : links;
  }
  auto [entry, isNew] = rows.try_emplace(targets);
  if (isNew) {
    std::vector<RouterIndex> list;
    for (uint64_t left = targets; left; left &= left - 1)
      list.push_back(llvm::countr_zero(left));
    workDone += getWork(list.size());
    programme->run(list);
    for (RouterIndex router = 0; router < distances.getNumRouters(); ++router)
      entry->second.push_back(programme->getLinks(router));
  }
  return entry->second[source];
}
