//===- AnnealingRefinement.cpp - moves and swaps that cool down -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where parts are nearly full and few vertices are in each, this finds what
// passes of moves do not: it wants much work for each vertex, though.
//
//===----------------------------------------------------------------------===//

#include "Refinement.h"
#include <algorithm>
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::partition;

namespace {
/// Temperatures fall to about a tenth: cooling ^ numTemperatures.
constexpr unsigned numTemperatures = 128;
constexpr double cooling = 0.982;
/// Looks at every vertex that are too few for anything, and enough to begin
/// hot.
constexpr uint64_t fewSweeps = 4, manySweeps = 30;

class Annealing {
public:
  Annealing(PartitionState &state, SearchRandom &random, uint64_t maxWork)
      : state(state), graph(state.getGraph()), random(random),
        firstWork(state.getWork()), maxWork(maxWork),
        bestParts(state.getParts()), best(state.getConnectivity()) {
    for (uint32_t vertex = 0; vertex < graph.getNumVertices(); ++vertex)
      if (graph.fixed[vertex] == noIndex && !graph.netsOf(vertex).empty())
        movable.push_back(vertex);
  }

  void run();

private:
  /// A move to a part that a net of the vertex touches.
  struct Proposal {
    uint32_t vertex, to;
  };
  Proposal propose();
  double measureCosts();
  void step();
  void swap(uint32_t vertex, uint32_t to, double least);
  void remember();

  PartitionState &state;
  const Hypergraph &graph;
  SearchRandom &random;
  uint64_t firstWork, maxWork;
  std::vector<uint32_t> movable;
  double temperature = 0;

  std::vector<uint32_t> bestParts;
  int64_t best;
};
} // namespace

Annealing::Proposal Annealing::propose() {
  uint32_t vertex = movable[random.below(movable.size())];
  llvm::ArrayRef<uint32_t> nets = graph.netsOf(vertex);
  llvm::ArrayRef<uint32_t> pins = graph.pinsOf(nets[random.below(nets.size())]);
  return {vertex, state.getPart(pins[random.below(pins.size())])};
}

/// What a proposal costs in the mean, the unit of temperatures.
double Annealing::measureCosts() {
  constexpr unsigned numSamples = 400;
  double sum = 0;
  for (unsigned i = 0; i < numSamples; ++i) {
    Proposal proposal = propose();
    if (proposal.to == state.getPart(proposal.vertex))
      continue;
    state.weigh(proposal.vertex);
    sum += std::fabs(double(state.getGain(proposal.to)));
  }
  return sum / numSamples;
}

/// Swaps `vertex` for a random vertex of `to`, if that saves at least `least`.
void Annealing::swap(uint32_t vertex, uint32_t to, double least) {
  const std::vector<uint32_t> &members = state.getMembers(to);
  uint32_t other = members[random.below(members.size())];
  if (graph.fixed[other] != noIndex)
    return;
  uint32_t from = state.getPart(vertex);
  int64_t before = state.getConnectivity();
  state.move(vertex, to);
  state.move(other, from);
  if (state.isLegal() && double(before - state.getConnectivity()) >= least)
    return;
  state.move(other, to);
  state.move(vertex, from);
}

void Annealing::step() {
  Proposal proposal = propose();
  // Steps that do nothing are work too, or cold states would never end.
  state.addWork(1);
  if (proposal.to == state.getPart(proposal.vertex))
    return;
  double least = -temperature * random.exponential();
  if (!state.fits(proposal.vertex, proposal.to)) {
    swap(proposal.vertex, proposal.to, least);
    return;
  }
  state.weigh(proposal.vertex);
  if (double(state.getGain(proposal.to)) >= least)
    state.move(proposal.vertex, proposal.to);
}

void Annealing::remember() {
  if (state.getConnectivity() >= best)
    return;
  best = state.getConnectivity();
  bestParts = state.getParts();
}

void Annealing::run() {
  if (movable.empty() || state.getNumParts() < 2 || !state.isLegal())
    return;
  // Little work would not cool down what much heat has stirred up.
  uint64_t workOfSweep = 8 * graph.pins.size();
  if (maxWork < fewSweeps * workOfSweep)
    return;
  double heat = maxWork < manySweeps * workOfSweep ? 0.1 : 0.45;
  temperature = heat * measureCosts();
  for (unsigned i = 1; i <= numTemperatures; ++i) {
    uint64_t end = firstWork + maxWork / numTemperatures * i;
    while (state.getWork() < end)
      step();
    remember();
    temperature *= cooling;
  }
  for (uint32_t vertex = 0; vertex < bestParts.size(); ++vertex)
    if (state.getPart(vertex) != bestParts[vertex])
      state.move(vertex, bestParts[vertex]);
}

void spikeformer::partition::refineByAnnealing(PartitionState &state,
                                               SearchRandom &random,
                                               uint64_t maxWork) {
  Annealing(state, random, maxWork).run();
}
