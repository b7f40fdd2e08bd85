//===- PartitionState.cpp - a partition that moves ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PartitionState.h"
#include <algorithm>
#include <cassert>

using namespace spikeformer;
using namespace spikeformer::partition;

PartitionState::PartitionState(const Hypergraph &graph,
                               const PartLimits &limits,
                               std::vector<uint32_t> startParts)
    : graph(graph), limits(limits), parts(std::move(startParts)),
      members(limits.numParts), positions(parts.size()),
      used(limits.numParts * graph.numResources), over(limits.numParts),
      shared(limits.numParts) {
  for (uint32_t vertex = 0; vertex < parts.size(); ++vertex) {
    uint32_t part = parts[vertex];
    positions[vertex] = members[part].size();
    members[part].push_back(vertex);
    for (size_t i = 0; i < graph.numResources; ++i)
      amount(part, i) += graph.usageOf(vertex)[i];
  }
  countNets();
  for (uint32_t part = 0; part < limits.numParts; ++part)
    updateOver(part);
}

void PartitionState::countNets() {
  numShares.resize(graph.getNumNets());
  shareOffsets.resize(graph.getNumNets());
  uint64_t end = 0;
  for (uint32_t net = 0; net < graph.getNumNets(); ++net) {
    shareOffsets[net] = end;
    end += std::min<size_t>(graph.pinsOf(net).size(), limits.numParts);
  }
  shares.resize(end);
  std::vector<uint32_t> counts(limits.numParts);
  for (uint32_t net = 0; net < graph.getNumNets(); ++net) {
    Share *begin = &shares[shareOffsets[net]];
    for (uint32_t pin : graph.pinsOf(net))
      if (counts[parts[pin]]++ == 0)
        begin[numShares[net]++].part = parts[pin];
    connectivity += graph.weights[net] * (numShares[net] - 1);
    for (uint32_t i = 0; i < numShares[net]; ++i) {
      Share &share = begin[i];
      share.pins = std::exchange(counts[share.part], 0);
      if (graph.limitsFanIn && countTargets(net, share.part, share.pins) > 0)
        amount(share.part, graph.numResources - 1) += graph.keys[net];
    }
  }
}

//===----------------------------------------------------------------------===//
// Limits
//===----------------------------------------------------------------------===//

void PartitionState::updateOver(uint32_t part) {
  bool isNowOver = false;
  for (size_t i = 0; i < graph.numResources; ++i)
    isNowOver |= amount(part, i) > getLimit(part, i);
  numOver += int(isNowOver) - int(over[part]);
  over[part] = isNowOver;
}

double PartitionState::getExcess(uint32_t part) const {
  double excess = 0;
  for (size_t i = 0; i < graph.numResources; ++i) {
    int64_t limit = getLimit(part, i);
    int64_t above = used[part * graph.numResources + i] - limit;
    if (above > 0)
      excess += double(above) / double(std::max<int64_t>(limit, 1));
  }
  return excess;
}

double PartitionState::getExcess() const {
  double excess = 0;
  for (uint32_t part = 0; part < limits.numParts; ++part)
    if (over[part])
      excess += getExcess(part);
  return excess;
}

int64_t PartitionState::getRemovedFanIn(uint32_t vertex) const {
  uint32_t from = parts[vertex];
  int64_t removed = graph.usageOf(vertex).back();
  for (uint32_t net : graph.netsOf(vertex))
    if (graph.soloSources[net] != vertex &&
        countTargets(net, from, countPins(net, from)) == 1)
      removed += graph.keys[net];
  return removed;
}

double PartitionState::getRelief(uint32_t vertex) const {
  uint32_t from = parts[vertex];
  size_t numSums = graph.numResources - graph.limitsFanIn;
  double relief = 0;
  for (size_t i = 0; i < graph.numResources; ++i) {
    int64_t limit = getLimit(from, i);
    int64_t above = used[from * graph.numResources + i] - limit;
    if (above <= 0)
      continue;
    int64_t leaving =
        i < numSums ? graph.usageOf(vertex)[i] : getRemovedFanIn(vertex);
    relief +=
        double(std::min(above, leaving)) / double(std::max<int64_t>(limit, 1));
  }
  return relief;
}

double PartitionState::getFill(uint32_t part) const {
  double fill = 0;
  for (size_t i = 0; i < graph.numResources; ++i)
    fill = std::max(fill, double(used[part * graph.numResources + i]) /
                              double(std::max<int64_t>(getLimit(part, i), 1)));
  return fill;
}

uint32_t PartitionState::countPins(uint32_t net, uint32_t part) const {
  const Share *share = &shares[shareOffsets[net]];
  for (const Share *end = share + numShares[net]; share != end; ++share)
    if (share->part == part)
      return share->pins;
  return 0;
}

uint32_t PartitionState::countTargets(uint32_t net, uint32_t part,
                                      uint32_t pins) const {
  uint32_t solo = graph.soloSources[net];
  return pins - (solo != noIndex && parts[solo] == part);
}

int64_t PartitionState::getAddedFanIn(uint32_t vertex, uint32_t to) const {
  int64_t added = graph.usageOf(vertex).back();
  for (uint32_t net : graph.netsOf(vertex)) {
    work += numShares[net];
    if (graph.soloSources[net] != vertex &&
        countTargets(net, to, countPins(net, to)) == 0)
      added += graph.keys[net];
  }
  return added;
}

bool PartitionState::fits(uint32_t vertex, uint32_t to) const {
  size_t numSums = graph.numResources - graph.limitsFanIn;
  for (size_t i = 0; i < numSums; ++i)
    if (graph.usageOf(vertex)[i] >
        getLimit(to, i) - used[to * graph.numResources + i])
      return false;
  return !graph.limitsFanIn ||
         getAddedFanIn(vertex, to) <=
             getLimit(to, numSums) - used[to * graph.numResources + numSums];
}

//===----------------------------------------------------------------------===//
// Gains and moves
//===----------------------------------------------------------------------===//

bool PartitionState::isBoundary(uint32_t vertex) const {
  for (uint32_t net : graph.netsOf(vertex))
    if (numShares[net] > 1)
      return true;
  return false;
}

void PartitionState::weigh(uint32_t vertex) {
  for (uint32_t part : neighbours)
    shared[part] = 0;
  neighbours.clear();
  gainOfLeaving = 0;
  uint32_t own = parts[vertex];
  for (uint32_t net : graph.netsOf(vertex)) {
    int64_t weight = graph.weights[net];
    gainOfLeaving -= weight;
    const Share *share = &shares[shareOffsets[net]];
    work += numShares[net];
    for (const Share *end = share + numShares[net]; share != end; ++share) {
      if (share->part == own) {
        gainOfLeaving += share->pins == 1 ? weight : 0;
        continue;
      }
      // Weights may be 0, so that a part with 0 may be in the list already;
      // twice does no harm.
      if (shared[share->part] == 0)
        neighbours.push_back(share->part);
      shared[share->part] += weight;
    }
  }
}

void PartitionState::moveInNet(uint32_t net, uint32_t vertex, uint32_t from,
                               uint32_t to) {
  Share *begin = &shares[shareOffsets[net]];
  Share *end = begin + numShares[net];
  Share *own = end, *other = end;
  for (Share *share = begin; share != end; ++share) {
    own = share->part == from ? share : own;
    other = share->part == to ? share : other;
  }
  work += numShares[net];
  if (graph.limitsFanIn && graph.soloSources[net] != vertex) {
    size_t column = graph.numResources - 1;
    if (countTargets(net, from, own->pins) == 1)
      amount(from, column) -= graph.keys[net];
    if (countTargets(net, to, other == end ? 0 : other->pins) == 0)
      amount(to, column) += graph.keys[net];
  }
  if (other != end)
    ++other->pins;
  if (--own->pins > 0) {
    if (other != end)
      return;
    *end = {to, 1};
    ++numShares[net];
    connectivity += graph.weights[net];
    return;
  }
  // The share that is empty now holds the new part, or the last one.
  if (other == end) {
    *own = {to, 1};
    return;
  }
  *own = end[-1];
  --numShares[net];
  connectivity -= graph.weights[net];
}

void PartitionState::transfer(uint32_t vertex, uint32_t from, uint32_t to) {
  uint32_t last = members[from].back();
  members[from][positions[vertex]] = last;
  positions[last] = positions[vertex];
  members[from].pop_back();
  positions[vertex] = members[to].size();
  members[to].push_back(vertex);
  for (size_t i = 0; i < graph.numResources; ++i) {
    amount(from, i) -= graph.usageOf(vertex)[i];
    amount(to, i) += graph.usageOf(vertex)[i];
  }
}

void PartitionState::move(uint32_t vertex, uint32_t to) {
  uint32_t from = parts[vertex];
  assert(from != to && "a move goes somewhere");
  for (uint32_t net : graph.netsOf(vertex))
    moveInNet(net, vertex, from, to);
  transfer(vertex, from, to);
  parts[vertex] = to;
  updateOver(from);
  updateOver(to);
}
