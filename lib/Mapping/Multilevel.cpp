//===- Multilevel.cpp - coarsen, partition, refine ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Multilevel.h"
#include "Coarsening.h"
#include "Refinement.h"
#include <algorithm>

using namespace spikeformer;
using namespace spikeformer::partition;

namespace {
/// A level and how it came from the finer one.
struct Level {
  Clustering clustering;
  Hypergraph graph;
};

class Multilevel {
public:
  Multilevel(const MultilevelTask &task, SearchRandom &random, uint64_t &work)
      : task(task), random(random), work(work) {}

  /// Coarsens inside `blocks`; both are carried to the coarsest level.
  void coarsen(std::vector<uint32_t> &parts, std::vector<uint32_t> &blocks);
  const Hypergraph &getCoarsest() const {
    return levels.empty() ? task.graph : levels.back().graph;
  }
  /// Refines level by level up to the finest.
  Candidate refineUp(std::vector<uint32_t> parts);

private:
  const Hypergraph &getGraph(size_t level) const {
    return level == 0 ? task.graph : levels[level - 1].graph;
  }
  CoarseningLimits getLimits() const;
  void refine(PartitionState &state, bool isFinest);

  const MultilevelTask &task;
  SearchRandom &random;
  uint64_t &work;
  std::vector<Level> levels;
};
} // namespace

CoarseningLimits Multilevel::getLimits() const {
  // Enough vertices for each part that their sizes do not decide where they go.
  constexpr uint32_t verticesOfPart = 6, fewest = 60;
  uint32_t numParts = task.limits.numParts;
  CoarseningLimits limits;
  limits.minVertices = std::max(fewest, verticesOfPart * numParts);
  size_t width = task.graph.numResources;
  for (size_t i = 0; i < width; ++i) {
    int64_t least = task.limits.rows[i];
    for (uint32_t part = 1; part < numParts; ++part)
      least = std::min(least, task.limits.rows[part * width + i]);
    limits.maxUsage.push_back(std::max<int64_t>(least / 4, 1));
  }
  return limits;
}

/// Values of clusters, of which all vertices have the same.
static std::vector<uint32_t> carry(const std::vector<uint32_t> &values,
                                   const Clustering &clustering) {
  if (values.empty())
    return {};
  std::vector<uint32_t> coarse(clustering.numClusters);
  for (size_t vertex = 0; vertex < values.size(); ++vertex)
    coarse[clustering.clusterOf[vertex]] = values[vertex];
  return coarse;
}

void Multilevel::coarsen(std::vector<uint32_t> &parts,
                         std::vector<uint32_t> &blocks) {
  CoarseningLimits limits = getLimits();
  while (getCoarsest().getNumVertices() > limits.minVertices) {
    const Hypergraph &fine = getCoarsest();
    Clustering clustering = findClusters(fine, limits, blocks, random);
    work += 4 * fine.pins.size();
    // Levels that hardly shrink cost as much as others.
    if (clustering.numClusters > fine.getNumVertices() * 0.95)
      return;
    parts = carry(parts, clustering);
    blocks = carry(blocks, clustering);
    Hypergraph coarse =
        contract(fine, clustering.clusterOf, clustering.numClusters);
    levels.push_back({std::move(clustering), std::move(coarse)});
  }
}

void Multilevel::refine(PartitionState &state, bool isFinest) {
  constexpr uint32_t manyVertices = 2000;
  repairPartition(state, random, isFinest);
  // Labels are fast; small levels do without.
  if (state.getGraph().getNumVertices() > manyVertices)
    refineByLabels(state, random, 3);
  // Beyond this, to weigh every vertex once costs more than moves give.
  constexpr uint64_t manyPins = 1'000'000;
  uint64_t pins = state.getGraph().pins.size();
  if (pins <= manyPins)
    refineByMoves(state, random, task.leastWork + task.workPerPin * pins);
  work += state.getWork();
}

Candidate Multilevel::refineUp(std::vector<uint32_t> parts) {
  for (size_t level = levels.size();; --level) {
    PartitionState state(getGraph(level), task.limits, std::move(parts));
    refine(state, task.isFinest && level == 0);
    if (level == 0)
      return {state.getParts(), state.getConnectivity(), state.getExcess()};
    const std::vector<uint32_t> &clusterOf =
        levels[level - 1].clustering.clusterOf;
    parts.resize(clusterOf.size());
    for (size_t vertex = 0; vertex < clusterOf.size(); ++vertex)
      parts[vertex] = state.getPart(clusterOf[vertex]);
  }
}

Candidate spikeformer::partition::startMultilevel(const MultilevelTask &task,
                                                  SearchRandom &random,
                                                  uint64_t &work) {
  Multilevel multilevel(task, random, work);
  std::vector<uint32_t> parts, blocks;
  multilevel.coarsen(parts, blocks);
  MultilevelTask coarse{multilevel.getCoarsest(), task.limits, task.leastWork,
                        task.workPerPin, false};
  return multilevel.refineUp(makeInitialPartition(coarse, random, work));
}

Candidate spikeformer::partition::cycleMultilevel(
    const MultilevelTask &task, const std::vector<uint32_t> &parts,
    const std::vector<uint32_t> &blocks, SearchRandom &random, uint64_t &work) {
  Multilevel multilevel(task, random, work);
  std::vector<uint32_t> coarseParts = parts, coarseBlocks = blocks;
  multilevel.coarsen(coarseParts, coarseBlocks);
  return multilevel.refineUp(std::move(coarseParts));
}
