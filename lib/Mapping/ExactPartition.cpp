//===- ExactPartition.cpp - the optimum of few vertices -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExactPartition.h"
#include <algorithm>
#include <limits>
#include <tuple>

using namespace spikeformer;
using namespace spikeformer::partition;

namespace {
class BranchAndBound {
public:
  BranchAndBound(const Hypergraph &graph, const PartLimits &limits,
                 uint32_t numParts, bool sameRow);

  std::optional<Packed> run() {
    branch(0, 0);
    if (bestCost == none)
      return std::nullopt;
    return Packed{best, numParts};
  }

private:
  static constexpr int64_t none = std::numeric_limits<int64_t>::max();

  int64_t getLimit(uint32_t part, size_t i) const {
    return limits.rows[(sameRow ? 0 : part) * width + i];
  }
  /// Pins and targets of a net in a part.
  struct Count {
    uint32_t pins = 0, targets = 0;
  };
  Count &count(uint32_t net, uint32_t part) {
    return counts[net * numParts + part];
  }

  int64_t put(uint32_t vertex, uint32_t part);
  void remove(uint32_t vertex, uint32_t part);
  bool isWithinLimits(uint32_t part) const;
  std::vector<uint32_t> listParts(uint32_t vertex) const;
  void branch(size_t depth, int64_t cost);

  const Hypergraph &graph;
  const PartLimits &limits;
  uint32_t numParts;
  bool sameRow;
  size_t width;
  std::vector<uint32_t> order;
  /// Parts that differ from other empty ones, because something is pinned.
  std::vector<bool> isNamed;
  std::vector<uint32_t> sizes;
  std::vector<Count> counts;
  std::vector<uint32_t> touched;
  std::vector<int64_t> used;
  std::vector<uint32_t> parts, best;
  int64_t bestCost = none;
};
} // namespace

BranchAndBound::BranchAndBound(const Hypergraph &graph,
                               const PartLimits &limits, uint32_t numParts,
                               bool sameRow)
    : graph(graph), limits(limits), numParts(numParts), sameRow(sameRow),
      width(graph.numResources), isNamed(numParts), sizes(numParts),
      counts(size_t(graph.getNumNets()) * numParts),
      touched(graph.getNumNets()), used(numParts * width),
      parts(graph.getNumVertices(), noIndex) {
  std::vector<int64_t> weights(graph.getNumVertices());
  for (uint32_t vertex = 0; vertex < weights.size(); ++vertex) {
    order.push_back(vertex);
    if (graph.fixed[vertex] != noIndex && graph.fixed[vertex] < numParts)
      isNamed[graph.fixed[vertex]] = true;
    for (uint32_t net : graph.netsOf(vertex))
      weights[vertex] += graph.weights[net];
  }
  // What is decided or costs much first: bounds grow early.
  auto rank = [&](uint32_t vertex) {
    return std::tuple(graph.fixed[vertex] == noIndex, -weights[vertex], vertex);
  };
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return rank(a) < rank(b); });
}

/// Returns what that adds to the connectivity.
int64_t BranchAndBound::put(uint32_t vertex, uint32_t part) {
  int64_t added = 0;
  for (size_t i = 0; i < width; ++i)
    used[part * width + i] += graph.usageOf(vertex)[i];
  for (uint32_t net : graph.netsOf(vertex)) {
    Count &at = count(net, part);
    if (at.pins++ == 0 && touched[net]++ > 0)
      added += graph.weights[net];
    if (graph.limitsFanIn && !graph.isSoloSource(net, vertex) &&
        at.targets++ == 0)
      used[part * width + width - 1] += graph.keys[net];
  }
  ++sizes[part];
  parts[vertex] = part;
  return added;
}

void BranchAndBound::remove(uint32_t vertex, uint32_t part) {
  for (size_t i = 0; i < width; ++i)
    used[part * width + i] -= graph.usageOf(vertex)[i];
  for (uint32_t net : graph.netsOf(vertex)) {
    Count &at = count(net, part);
    if (--at.pins == 0)
      --touched[net];
    if (graph.limitsFanIn && !graph.isSoloSource(net, vertex) &&
        --at.targets == 0)
      used[part * width + width - 1] -= graph.keys[net];
  }
  --sizes[part];
  parts[vertex] = noIndex;
}

bool BranchAndBound::isWithinLimits(uint32_t part) const {
  for (size_t i = 0; i < width; ++i)
    if (used[part * width + i] > getLimit(part, i))
      return false;
  return true;
}

/// The parts to try; of empty ones that are alike only the first.
std::vector<uint32_t> BranchAndBound::listParts(uint32_t vertex) const {
  if (graph.fixed[vertex] != noIndex)
    return {graph.fixed[vertex]};
  std::vector<uint32_t> list;
  bool hasEmpty = false;
  for (uint32_t part = 0; part < numParts; ++part) {
    bool isAlike = sameRow && sizes[part] == 0 && !isNamed[part];
    if (isAlike && hasEmpty)
      continue;
    hasEmpty |= isAlike;
    list.push_back(part);
  }
  return list;
}

void BranchAndBound::branch(size_t depth, int64_t cost) {
  if (depth == order.size()) {
    bestCost = cost;
    best = parts;
    return;
  }
  uint32_t vertex = order[depth];
  struct Choice {
    int64_t added;
    uint32_t part;
    bool operator<(const Choice &other) const {
      return std::pair(added, part) < std::pair(other.added, other.part);
    }
  };
  std::vector<Choice> choices;
  for (uint32_t part : listParts(vertex)) {
    if (part >= numParts)
      continue;
    int64_t added = put(vertex, part);
    if (isWithinLimits(part))
      choices.push_back({added, part});
    remove(vertex, part);
  }
  std::sort(choices.begin(), choices.end());
  for (const Choice &choice : choices) {
    if (cost + choice.added >= bestCost)
      return;
    put(vertex, choice.part);
    branch(depth + 1, cost + choice.added);
    remove(vertex, choice.part);
  }
}

std::optional<Packed> spikeformer::partition::partitionExactly(
    const Hypergraph &graph, const PartLimits &limits, bool fewest) {
  bool sameRow = true;
  for (size_t i = graph.numResources; i < limits.rows.size() && sameRow; ++i)
    sameRow = limits.rows[i] == limits.rows[i - graph.numResources];
  if (!fewest)
    return BranchAndBound(graph, limits, limits.numParts, sameRow).run();
  uint32_t most = graph.getNumVertices();
  for (uint32_t pin : graph.fixed)
    if (pin != noIndex)
      most = std::max(most, pin + 1);
  for (uint32_t numParts = 1; numParts <= most; ++numParts)
    if (std::optional<Packed> found =
            BranchAndBound(graph, limits, numParts, true).run())
      return found;
  return std::nullopt;
}
