//===- PartitionRepair.cpp - within limits at the least cost --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Refinement.h"
#include <algorithm>

using namespace spikeformer;
using namespace spikeformer::partition;

namespace {
/// A move, and the excess that it takes away.
struct Relief {
  uint32_t vertex = noIndex, to = noIndex;
  double excess = 0;
  int64_t gain = 0;

  /// Whether this is better: takes more excess away for what it costs. A move
  /// that costs nothing is best whatever it takes away.
  bool isBetterThan(const Relief &other) const {
    if (other.vertex == noIndex)
      return true;
    if (gain >= 0 || other.gain >= 0)
      return gain != other.gain ? gain > other.gain : excess > other.excess;
    return double(gain) * other.excess > double(other.gain) * excess;
  }
};

class Repair {
public:
  Repair(PartitionState &state, SearchRandom &random, bool isThorough)
      : state(state), graph(state.getGraph()), random(random),
        isThorough(isThorough) {}

  bool run();

private:
  void offer(Relief &best, Relief relief, uint32_t to);
  Relief findMove(uint32_t part);
  bool exchange(uint32_t part);
  bool tryExchange(uint32_t vertex, uint32_t other, double &excess,
                   int64_t &cost);
  bool relieve(uint32_t part);

  PartitionState &state;
  const Hypergraph &graph;
  SearchRandom &random;
  bool isThorough;
};
} // namespace

/// Takes the move of the vertex that was weighed to `to`, if that fits and is
/// better.
void Repair::offer(Relief &best, Relief relief, uint32_t to) {
  if (to == state.getPart(relief.vertex) || state.isOver(to))
    return;
  relief.to = to;
  relief.gain = state.getGain(to);
  if (relief.isBetterThan(best) && state.fits(relief.vertex, to))
    best = relief;
}

/// The best move out of `part` into a part that stays within its limits.
Relief Repair::findMove(uint32_t part) {
  constexpr uint32_t maxVertices = 48, maxTargets = 12;
  const std::vector<uint32_t> &members = state.getMembers(part);
  uint32_t numParts = state.getNumParts();
  uint32_t start = random.below(members.size());
  Relief best;
  uint32_t numTried = 0;
  for (uint32_t i = 0; i < members.size(); ++i) {
    uint32_t vertex = members[(start + i) % members.size()];
    double relief = state.getRelief(vertex);
    if (graph.fixed[vertex] != noIndex || relief <= 0)
      continue;
    if (++numTried > maxVertices && best.vertex != noIndex)
      break;
    state.weigh(vertex);
    for (uint32_t to : state.getNeighbours())
      offer(best, {vertex, noIndex, relief, 0}, to);
    uint32_t first = random.below(numParts);
    for (uint32_t j = 0; j < numParts; ++j)
      if (j < maxTargets || (isThorough && best.vertex == noIndex))
        offer(best, {vertex, noIndex, relief, 0}, (first + j) % numParts);
  }
  return best;
}

/// Swaps two vertices if that lowers the excess of both parts together; undoes
/// it, but keeps in mind what it would give, if it is better than before.
bool Repair::tryExchange(uint32_t vertex, uint32_t other, double &excess,
                         int64_t &cost) {
  uint32_t from = state.getPart(vertex), to = state.getPart(other);
  double before = state.getExcess(from) + state.getExcess(to);
  int64_t connectivity = state.getConnectivity();
  state.move(vertex, to);
  state.move(other, from);
  double removed = before - state.getExcess(from) - state.getExcess(to);
  int64_t added = state.getConnectivity() - connectivity;
  state.move(other, to);
  state.move(vertex, from);
  if (removed <= 1e-12 || removed < excess ||
      (removed == excess && added >= cost))
    return false;
  excess = removed;
  cost = added;
  return true;
}

/// Where nothing fits anywhere: swaps a vertex of `part` for one of another
/// part.
bool Repair::exchange(uint32_t part) {
  constexpr unsigned maxTries = 4000;
  std::vector<uint32_t> members = state.getMembers(part);
  uint32_t numVertices = graph.getNumVertices();
  double excess = 0;
  int64_t cost = 0;
  uint32_t bestVertex = noIndex, bestOther = noIndex;
  unsigned numTries =
      std::min<uint64_t>(maxTries, uint64_t(members.size()) * numVertices * 2);
  for (unsigned i = 0; i < numTries; ++i) {
    uint32_t vertex = members[random.below(members.size())];
    uint32_t other = random.below(numVertices);
    if (state.getPart(other) == part || graph.fixed[vertex] != noIndex ||
        graph.fixed[other] != noIndex)
      continue;
    if (!tryExchange(vertex, other, excess, cost))
      continue;
    bestVertex = vertex;
    bestOther = other;
  }
  if (bestVertex == noIndex)
    return false;
  uint32_t to = state.getPart(bestOther);
  state.move(bestVertex, to);
  state.move(bestOther, part);
  return true;
}

/// Takes some excess from `part`.
bool Repair::relieve(uint32_t part) {
  if (state.getMembers(part).empty())
    return false;
  Relief best = findMove(part);
  if (best.vertex == noIndex)
    return isThorough && exchange(part);
  state.move(best.vertex, best.to);
  return true;
}

bool Repair::run() {
  // Each step lowers the excess; steps that lower it by next to nothing, of
  // lumps that do not fit, must end as well.
  size_t stepsLeft = 1000 + 4 * size_t(graph.getNumVertices());
  for (bool moved = true; moved && !state.isLegal();) {
    moved = false;
    for (uint32_t part = 0; part < state.getNumParts(); ++part)
      while (state.isOver(part) && stepsLeft > 0 && relieve(part)) {
        moved = true;
        --stepsLeft;
      }
  }
  return state.isLegal();
}

bool spikeformer::partition::repairPartition(PartitionState &state,
                                             SearchRandom &random,
                                             bool isThorough) {
  return state.isLegal() || Repair(state, random, isThorough).run();
}
