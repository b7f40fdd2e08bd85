//===- InitialPartition.cpp - recursive bisection -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Multilevel.h"
#include "Refinement.h"
#include <algorithm>
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::partition;

//===----------------------------------------------------------------------===//
// Two sides of few vertices
//===----------------------------------------------------------------------===//

namespace {
/// Grows side 0 from a random vertex by what costs least to take, until it has
/// its share of some resource. Counts only nets that side 0 touches, each of
/// which is gone over once.
class Growth {
public:
  Growth(PartitionState &state, SearchRandom &random)
      : state(state), graph(state.getGraph()), random(random),
        order(random.permute(graph.getNumVertices())), scores(order.size()),
        touched(graph.getNumNets()) {
    for (uint32_t vertex = 0; vertex < scores.size(); ++vertex)
      for (uint32_t net : graph.netsOf(vertex))
        scores[vertex] -= graph.weights[net];
    for (uint32_t vertex = 0; vertex < scores.size(); ++vertex)
      if (state.getPart(vertex) == 0)
        attractNeighbours(vertex);
  }

  void run() {
    while (state.getFill(0) < state.getFill(1)) {
      uint32_t vertex = take();
      if (vertex == noIndex)
        return;
      state.move(vertex, 0);
      attractNeighbours(vertex);
    }
  }

private:
  struct Entry {
    int64_t score;
    uint32_t tie, vertex;
    bool operator<(const Entry &other) const {
      return score != other.score ? score < other.score : tie < other.tie;
    }
  };

  bool isFree(uint32_t vertex) const {
    return state.getPart(vertex) == 1 && graph.fixed[vertex] == noIndex;
  }

  void attractNeighbours(uint32_t vertex) {
    for (uint32_t net : graph.netsOf(vertex)) {
      if (touched[net])
        continue;
      touched[net] = true;
      for (uint32_t pin : graph.pinsOf(net)) {
        scores[pin] += graph.weights[net];
        if (!isFree(pin))
          continue;
        heap.push_back({scores[pin], uint32_t(random.next()), pin});
        std::push_heap(heap.begin(), heap.end());
      }
    }
  }

  /// The next vertex, or noIndex when none is left.
  uint32_t take() {
    while (!heap.empty()) {
      std::pop_heap(heap.begin(), heap.end());
      Entry entry = heap.back();
      heap.pop_back();
      if (isFree(entry.vertex) && entry.score == scores[entry.vertex])
        return entry.vertex;
    }
    for (; next < order.size(); ++next)
      if (isFree(order[next]))
        return order[next];
    return noIndex;
  }

  PartitionState &state;
  const Hypergraph &graph;
  SearchRandom &random;
  std::vector<uint32_t> order;
  size_t next = 0;
  std::vector<int64_t> scores;
  std::vector<bool> touched;
  std::vector<Entry> heap;
};
} // namespace

/// All vertices on side 1, but those that are pinned to side 0.
static std::vector<uint32_t> startSides(const Hypergraph &graph) {
  std::vector<uint32_t> sides(graph.getNumVertices(), 1);
  for (uint32_t vertex = 0; vertex < sides.size(); ++vertex)
    if (graph.fixed[vertex] == 0)
      sides[vertex] = 0;
  return sides;
}

/// Moves random vertices until both sides have their share.
static void scatter(PartitionState &state, SearchRandom &random) {
  for (uint32_t vertex : random.permute(state.getGraph().getNumVertices())) {
    if (state.getFill(0) >= state.getFill(1))
      return;
    if (state.getPart(vertex) == 1 && state.getGraph().fixed[vertex] == noIndex)
      state.move(vertex, 0);
  }
}

/// The best of several sides.
static std::vector<uint32_t> bisectFlat(const MultilevelTask &task,
                                        SearchRandom &random, uint64_t &work) {
  constexpr unsigned maxTries = 6;
  constexpr size_t pinsOfTries = 20000;
  size_t pins = task.graph.pins.size() + 1;
  unsigned numTries = std::clamp<size_t>(pinsOfTries / pins, 1, maxTries);
  Candidate best;
  for (unsigned i = 0; i < numTries; ++i) {
    PartitionState state(task.graph, task.limits, startSides(task.graph));
    if (i % 3 == 2)
      scatter(state, random);
    else
      Growth(state, random).run();
    repairPartition(state, random, false);
    refineByMoves(state, random, task.leastWork + task.workPerPin * pins);
    work += state.getWork();
    Candidate found{state.getParts(), state.getConnectivity(),
                    state.getExcess()};
    if (i == 0 || found.isBetterThan(best))
      best = std::move(found);
  }
  return best.parts;
}

//===----------------------------------------------------------------------===//
// Recursion
//===----------------------------------------------------------------------===//

namespace {
/// Splits ranges of parts in two until each has one.
class Bisection {
public:
  Bisection(const MultilevelTask &task, SearchRandom &random, uint64_t &work)
      : task(task), random(random), work(work),
        result(task.graph.getNumVertices()) {}

  std::vector<uint32_t> run() {
    Hypergraph graph = task.graph;
    // Bisections do not count what depends on other parts.
    if (graph.limitsFanIn) {
      graph.limitsFanIn = false;
      graph.keys.clear();
      graph.soloSources.clear();
    }
    std::vector<uint32_t> names(graph.getNumVertices());
    for (uint32_t vertex = 0; vertex < names.size(); ++vertex)
      names[vertex] = vertex;
    split(graph, names, 0, task.limits.numParts);
    return std::move(result);
  }

private:
  void split(Hypergraph &graph, const std::vector<uint32_t> &names,
             uint32_t begin, uint32_t end);
  PartLimits getSides(const Hypergraph &graph, uint32_t begin, uint32_t middle,
                      uint32_t end) const;

  const MultilevelTask &task;
  SearchRandom &random;
  uint64_t &work;
  std::vector<uint32_t> result;
};
} // namespace

/// What the sides may use: their share, and of the room to spare as much as
/// leaves the same to every level below.
PartLimits Bisection::getSides(const Hypergraph &graph, uint32_t begin,
                               uint32_t middle, uint32_t end) const {
  size_t width = graph.numResources;
  PartLimits sides{2, std::vector<int64_t>(2 * width)};
  unsigned depth = 1;
  while ((uint64_t(1) << depth) < end - begin)
    ++depth;
  for (size_t i = 0; i < width; ++i) {
    int64_t total = 0;
    for (uint32_t vertex = 0; vertex < graph.getNumVertices(); ++vertex)
      total += graph.usageOf(vertex)[i];
    double room[2] = {0, 0};
    for (uint32_t part = begin; part < end; ++part)
      room[part >= middle] +=
          double(std::min(task.limits.rows[part * width + i], total));
    double both = std::max(room[0] + room[1], 1.0);
    double spare =
        1 +
        std::max(both / double(std::max<int64_t>(total, 1)) - 1, 0.0) / depth;
    for (unsigned side : {0, 1}) {
      double share = double(total) * room[side] / both * spare;
      // A side never has more than its parts, and never less than its share.
      double limit = std::min(std::ceil(share), std::max(room[side], share));
      sides.rows[side * width + i] = int64_t(limit);
    }
  }
  return sides;
}

void Bisection::split(Hypergraph &graph, const std::vector<uint32_t> &names,
                      uint32_t begin, uint32_t end) {
  if (end - begin == 1) {
    for (uint32_t name : names)
      result[name] = begin;
    return;
  }
  uint32_t middle = begin + (end - begin) / 2;
  std::vector<uint32_t> fixed = graph.fixed;
  for (uint32_t &side : graph.fixed)
    side = side == noIndex ? noIndex : side >= middle;
  PartLimits sides = getSides(graph, begin, middle, end);
  // All bisections of a level together get what a level gets.
  double share =
      double(graph.pins.size() + 1) / double(task.graph.pins.size() + 1);
  MultilevelTask two{graph, sides, uint64_t(double(task.leastWork) * share),
                     (task.workPerPin + 1) / 2, false};
  constexpr uint32_t flat = 120;
  std::vector<uint32_t> sideOf = graph.getNumVertices() <= flat
                                     ? bisectFlat(two, random, work)
                                     : startMultilevel(two, random, work).parts;
  graph.fixed = std::move(fixed);
  for (uint32_t side : {0, 1}) {
    std::vector<uint32_t> chosen, chosenNames;
    for (uint32_t vertex = 0; vertex < sideOf.size(); ++vertex)
      if (sideOf[vertex] == side) {
        chosen.push_back(vertex);
        chosenNames.push_back(names[vertex]);
      }
    Hypergraph half = extract(graph, chosen);
    split(half, chosenNames, side == 0 ? begin : middle,
          side == 0 ? middle : end);
  }
}

std::vector<uint32_t> spikeformer::partition::makeInitialPartition(
    const MultilevelTask &task, SearchRandom &random, uint64_t &work) {
  return task.limits.numParts == 2 && !task.graph.limitsFanIn
             ? bisectFlat(task, random, work)
             : Bisection(task, random, work).run();
}
