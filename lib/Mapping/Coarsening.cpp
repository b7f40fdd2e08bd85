//===- Coarsening.cpp - smaller hypergraphs of the same shape -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Coarsening.h"
#include <algorithm>

using namespace spikeformer;
using namespace spikeformer::partition;

namespace {
/// Pins of a large net that are looked at from one of them: those nearest to
/// it, because grains are in the order of their populations.
constexpr size_t windowOfNet = 32;
/// Pins that are looked at from one vertex.
constexpr size_t maxPinsSeen = 600;

class Clusterer {
public:
  Clusterer(const Hypergraph &graph, const CoarseningLimits &limits,
            const std::vector<uint32_t> &blocks, SearchRandom &random);

  Clustering run();

private:
  void rate(uint32_t vertex);
  void rateNet(uint32_t net, uint32_t vertex);
  bool canJoin(uint32_t vertex, uint32_t cluster) const;
  uint32_t findBest(uint32_t vertex);
  void join(uint32_t vertex, uint32_t cluster);
  double getSize(uint32_t cluster) const;

  const Hypergraph &graph;
  const CoarseningLimits &limits;
  const std::vector<uint32_t> &blocks;
  SearchRandom &random;

  /// A cluster is called by its first vertex.
  std::vector<uint32_t> clusterOf;
  std::vector<uint32_t> counts, fixed;
  std::vector<int64_t> usage;
  std::vector<double> ratings;
  std::vector<uint32_t> rated;
  uint32_t numClusters;
};
} // namespace

Clusterer::Clusterer(const Hypergraph &graph, const CoarseningLimits &limits,
                     const std::vector<uint32_t> &blocks, SearchRandom &random)
    : graph(graph), limits(limits), blocks(blocks), random(random),
      clusterOf(graph.getNumVertices()), counts(clusterOf.size(), 1),
      fixed(graph.fixed), usage(graph.usage), ratings(clusterOf.size()),
      numClusters(clusterOf.size()) {
  for (uint32_t vertex = 0; vertex < numClusters; ++vertex)
    clusterOf[vertex] = vertex;
}

/// Adds what `net` says to the ratings of the clusters of its other pins.
void Clusterer::rateNet(uint32_t net, uint32_t vertex) {
  llvm::ArrayRef<uint32_t> pins = graph.pinsOf(net);
  // Double sums in the order of pins: the same everywhere.
  double share = double(graph.weights[net]) / double(pins.size() - 1);
  if (pins.size() > windowOfNet) {
    size_t at =
        std::lower_bound(pins.begin(), pins.end(), vertex) - pins.begin();
    size_t first = at < windowOfNet / 2 ? 0 : at - windowOfNet / 2;
    pins = pins.slice(std::min(first, pins.size() - windowOfNet), windowOfNet);
  }
  for (uint32_t pin : pins) {
    uint32_t cluster = clusterOf[pin];
    if (ratings[cluster] == 0)
      rated.push_back(cluster);
    ratings[cluster] += share;
  }
}

void Clusterer::rate(uint32_t vertex) {
  for (uint32_t cluster : rated)
    ratings[cluster] = 0;
  rated.clear();
  llvm::ArrayRef<uint32_t> nets = graph.netsOf(vertex);
  size_t seen = 0;
  size_t start = nets.empty() ? 0 : random.below(nets.size());
  for (size_t i = 0; i < nets.size() && seen < maxPinsSeen; ++i) {
    uint32_t net = nets[(start + i) % nets.size()];
    seen += std::min(graph.pinsOf(net).size(), windowOfNet);
    rateNet(net, vertex);
  }
}

bool Clusterer::canJoin(uint32_t vertex, uint32_t cluster) const {
  if (!blocks.empty() && blocks[vertex] != blocks[cluster])
    return false;
  if (graph.fixed[vertex] != fixed[cluster] && graph.fixed[vertex] != noIndex &&
      fixed[cluster] != noIndex)
    return false;
  size_t width = graph.numResources;
  for (size_t i = 0; i < width; ++i)
    if (usage[cluster * width + i] + graph.usageOf(vertex)[i] >
        limits.maxUsage[i])
      return false;
  return true;
}

/// How much of what it may use a cluster uses; never 0.
double Clusterer::getSize(uint32_t cluster) const {
  double size = 0;
  for (size_t i = 0; i < graph.numResources; ++i)
    size = std::max(size, double(usage[cluster * graph.numResources + i]) /
                              double(std::max<int64_t>(limits.maxUsage[i], 1)));
  return size > 0 ? size : 1e-9 * counts[cluster];
}

uint32_t Clusterer::findBest(uint32_t vertex) {
  rate(vertex);
  uint32_t best = noIndex;
  double bestRating = 0;
  for (uint32_t cluster : rated) {
    if (cluster == vertex)
      continue;
    double rating = ratings[cluster] / getSize(cluster);
    if (rating <= bestRating || !canJoin(vertex, cluster))
      continue;
    bestRating = rating;
    best = cluster;
  }
  return best;
}

void Clusterer::join(uint32_t vertex, uint32_t cluster) {
  clusterOf[vertex] = cluster;
  counts[cluster] += counts[vertex];
  for (size_t i = 0; i < graph.numResources; ++i)
    usage[cluster * graph.numResources + i] += graph.usageOf(vertex)[i];
  if (graph.fixed[vertex] != noIndex)
    fixed[cluster] = graph.fixed[vertex];
  --numClusters;
}

Clustering Clusterer::run() {
  uint32_t count = graph.getNumVertices();
  // A level that shrinks too much leaves refinement no steps in between.
  uint32_t least =
      std::max<uint32_t>(limits.minVertices, uint32_t(count / 2.5));
  for (uint32_t vertex : random.permute(count)) {
    if (numClusters <= least)
      break;
    // Whoever was joined by others stays.
    if (clusterOf[vertex] != vertex || counts[vertex] > 1)
      continue;
    if (uint32_t cluster = findBest(vertex); cluster != noIndex)
      join(vertex, cluster);
  }
  Clustering clustering;
  clustering.clusterOf.resize(count);
  std::vector<uint32_t> renamed(count, noIndex);
  for (uint32_t vertex = 0; vertex < count; ++vertex) {
    uint32_t &name = renamed[clusterOf[vertex]];
    if (name == noIndex)
      name = clustering.numClusters++;
    clustering.clusterOf[vertex] = name;
  }
  return clustering;
}

Clustering spikeformer::partition::findClusters(
    const Hypergraph &graph, const CoarseningLimits &limits,
    const std::vector<uint32_t> &blocks, SearchRandom &random) {
  return Clusterer(graph, limits, blocks, random).run();
}
