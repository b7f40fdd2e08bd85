//===- Partitioner.cpp - parts of few messages ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/Partitioner.h"
#include "ExactPartition.h"
#include "PartitionSearch.h"
#include <algorithm>
#include <numeric>

using namespace spikeformer;
using namespace spikeformer::partition;

namespace {
/// One problem on its way to an answer.
class Partitioner {
public:
  Partitioner(const PartitionProblem &problem, const PartitionOptions &options)
      : problem(problem), options(options), bundles(problem.getBundles()),
        graph(makeHypergraph(problem, bundles)), fewest(problem.numParts == 0) {
  }

  PartitionResult run();

private:
  PartLimits makeLimits(uint32_t numParts) const;
  uint32_t getLeastParts() const;
  std::vector<uint32_t> solveFewest();
  std::vector<uint32_t> solveGiven();
  void closeGaps(std::vector<uint32_t> &parts) const;

  const PartitionProblem &problem;
  const PartitionOptions &options;
  std::vector<uint32_t> bundles;
  Hypergraph graph;
  bool fewest;
};
} // namespace

/// Limits as rows of all resources, with fan-in where it is limited.
PartLimits Partitioner::makeLimits(uint32_t numParts) const {
  PartLimits limits{numParts, {}};
  std::vector<int64_t> rows = problem.getLimits();
  size_t width = problem.resources.size();
  for (uint32_t part = 0; part < numParts; ++part) {
    size_t row = rows.size() == width ? 0 : part * width;
    limits.rows.insert(limits.rows.end(), rows.begin() + row,
                       rows.begin() + row + width);
    if (problem.maxFanIn)
      limits.rows.push_back(*problem.maxFanIn);
  }
  return limits;
}

static int64_t divideUp(int64_t amount, int64_t by) {
  return amount / by + (amount % by != 0);
}

/// Fewer parts have too little of something, or are pinned to.
uint32_t Partitioner::getLeastParts() const {
  uint32_t least = 1;
  for (uint32_t pin : graph.fixed)
    least = std::max(least, pin == noIndex ? 1 : pin + 1);
  size_t width = problem.resources.size();
  int64_t count = graph.getNumVertices();
  for (size_t i = 0; i < width; ++i) {
    int64_t total = 0, smallest = problem.capacity[i];
    for (uint32_t vertex = 0; vertex < count; ++vertex) {
      total += graph.usageOf(vertex)[i];
      smallest = std::min(smallest, graph.usageOf(vertex)[i]);
    }
    int64_t capacity = std::max<int64_t>(problem.capacity[i], 1);
    int64_t atOnce = capacity / std::max<int64_t>(smallest, 1);
    least = std::max<int64_t>({least, divideUp(total, capacity),
                               smallest > 0 ? divideUp(count, atOnce) : 1});
  }
  return least;
}

/// Nothing is pinned, so that parts may change their numbers: those that
/// nothing is in go.
void Partitioner::closeGaps(std::vector<uint32_t> &parts) const {
  for (uint32_t pin : graph.fixed)
    if (pin != noIndex)
      return;
  std::vector<uint32_t> renamed(countParts(parts), noIndex);
  for (uint32_t part : parts)
    renamed[part] = 0;
  uint32_t count = 0;
  for (uint32_t &name : renamed)
    name = name == noIndex ? noIndex : count++;
  for (uint32_t &part : parts)
    part = renamed[part];
}

std::vector<uint32_t> Partitioner::solveFewest() {
  PartLimits row = makeLimits(1);
  if (graph.getNumVertices() <= maxExactVertices)
    if (std::optional<Packed> found = partitionExactly(graph, row, true))
      return found->parts;
  uint32_t least = getLeastParts();
  bool isPinned = std::any_of(graph.fixed.begin(), graph.fixed.end(),
                              [](uint32_t pin) { return pin != noIndex; });
  if (least == graph.getNumVertices() && !isPinned) {
    std::vector<uint32_t> alone(least);
    std::iota(alone.begin(), alone.end(), 0);
    return alone;
  }
  Packed packed{std::vector<uint32_t>(graph.getNumVertices()), least};
  std::vector<uint32_t> given;
  row.numParts = least;
  if (std::optional<Packed> found = packVertices(graph, row, true)) {
    packed = std::move(*found);
    given = packed.parts;
  }
  // Refinement finds packings that packing does not, mostly where axons count.
  constexpr uint32_t manyVertices = 3000;
  uint32_t maxTries = graph.getNumVertices() <= manyVertices ? 8 : 0;
  PartitionOptions quick = options;
  quick.effort = std::min(options.effort, 1u);
  for (uint32_t i = 1; i <= maxTries && packed.numParts > least; ++i) {
    PartLimits limits = makeLimits(packed.numParts - 1);
    Candidate found = searchPartition(graph, limits, {}, quick);
    if (found.excess > 0)
      break;
    given = packed.parts = found.parts;
    --packed.numParts;
  }
  return searchPartition(graph, makeLimits(packed.numParts), given, options)
      .parts;
}

std::vector<uint32_t> Partitioner::solveGiven() {
  PartLimits limits = makeLimits(problem.numParts);
  if (graph.getNumVertices() <= maxExactVertices)
    if (std::optional<Packed> found = partitionExactly(graph, limits, false))
      return found->parts;
  std::optional<Packed> packed = packVertices(graph, limits, false);
  return searchPartition(graph, limits,
                         packed ? packed->parts : std::vector<uint32_t>(),
                         options)
      .parts;
}

PartitionResult Partitioner::run() {
  PartitionResult result;
  if (bundles.empty())
    return result;
  std::vector<uint32_t> parts = fewest ? solveFewest() : solveGiven();
  if (fewest)
    closeGaps(parts);
  for (uint32_t bundle : bundles)
    result.partition.push_back(parts[bundle]);
  result.numParts = fewest ? countParts(parts) : problem.numParts;
  result.connectivity = getConnectivity(problem.messages, result.partition);
  result.violations = problem.verify(result.partition);
  return result;
}

PartitionResult spikeformer::partitionGrains(const PartitionProblem &problem,
                                             const PartitionOptions &options) {
  if (Violations violations = problem.check(); !violations.empty()) {
    PartitionResult result;
    result.violations = std::move(violations);
    return result;
  }
  return Partitioner(problem, options).run();
}
