//===- Packing.cpp - legal parts, whatever they cost ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Packing.h"
#include <algorithm>
#include <limits>
#include <map>

using namespace spikeformer;
using namespace spikeformer::partition;

namespace {
/// What both ways share: parts that fill up.
class Packer {
public:
  Packer(const Hypergraph &graph, const PartLimits &limits, bool fewest)
      : graph(graph), limits(limits), fewest(fewest), width(graph.numResources),
        packed{std::vector<uint32_t>(graph.getNumVertices(), noIndex), 0} {}

protected:
  /// Begins with what is pinned; false if that exceeds a part already.
  bool placeFixed();
  /// Whether there may be one part more; there is then.
  bool open();
  bool fitsSums(uint32_t vertex, uint32_t part) const;
  void put(uint32_t vertex, uint32_t part);
  int64_t getLimit(uint32_t part, size_t i) const {
    return limits.rows[(fewest ? 0 : part) * width + i];
  }

  const Hypergraph &graph;
  const PartLimits &limits;
  bool fewest;
  size_t width;
  Packed packed;
  std::vector<int64_t> used;
};
} // namespace

bool Packer::open() {
  if (!fewest && packed.numParts == limits.numParts)
    return false;
  ++packed.numParts;
  used.resize(packed.numParts * width);
  return true;
}

bool Packer::fitsSums(uint32_t vertex, uint32_t part) const {
  for (size_t i = 0; i < width; ++i)
    if (graph.usageOf(vertex)[i] > getLimit(part, i) - used[part * width + i])
      return false;
  return true;
}

void Packer::put(uint32_t vertex, uint32_t part) {
  packed.parts[vertex] = part;
  for (size_t i = 0; i < width; ++i)
    used[part * width + i] += graph.usageOf(vertex)[i];
}

bool Packer::placeFixed() {
  for (uint32_t vertex = 0; vertex < graph.getNumVertices(); ++vertex) {
    uint32_t part = graph.fixed[vertex];
    if (part == noIndex)
      continue;
    while (part >= packed.numParts)
      if (!open())
        return false;
    if (!fitsSums(vertex, part))
      return false;
    put(vertex, part);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// First fit
//===----------------------------------------------------------------------===//

namespace {
class FirstFit : Packer {
public:
  using Packer::Packer;
  std::optional<Packed> run();

private:
  bool place(uint32_t vertex);
  bool isFull(uint32_t part) const;

  /// Parts that something may still fit into, by index.
  std::vector<uint32_t> openParts;
  /// The least amount of each resource that a vertex has.
  std::vector<int64_t> least;
};
} // namespace

bool FirstFit::isFull(uint32_t part) const {
  for (size_t i = 0; i < width; ++i)
    if (least[i] > getLimit(part, i) - used[part * width + i])
      return true;
  return false;
}

bool FirstFit::place(uint32_t vertex) {
  // Old parts that nothing has fitted into for long are given up.
  constexpr size_t maxOpen = 512;
  for (size_t i = 0;; ++i) {
    if (i == openParts.size()) {
      if (!open())
        return false;
      openParts.push_back(packed.numParts - 1);
      if (fewest && openParts.size() > maxOpen) {
        openParts.erase(openParts.begin());
        --i;
      }
    }
    uint32_t part = openParts[i];
    if (!fitsSums(vertex, part))
      continue;
    put(vertex, part);
    if (isFull(part))
      openParts.erase(openParts.begin() + i);
    return true;
  }
}

/// The largest share of the first row that each vertex has.
static std::vector<double> getSizes(const Hypergraph &graph,
                                    const PartLimits &limits) {
  std::vector<double> sizes(graph.getNumVertices());
  for (uint32_t vertex = 0; vertex < sizes.size(); ++vertex)
    for (size_t i = 0; i < graph.numResources; ++i)
      sizes[vertex] = std::max(
          sizes[vertex], double(graph.usageOf(vertex)[i]) /
                             double(std::max<int64_t>(limits.rows[i], 1)));
  return sizes;
}

std::optional<Packed> FirstFit::run() {
  if (!placeFixed())
    return std::nullopt;
  for (uint32_t part = 0; part < packed.numParts; ++part)
    openParts.push_back(part);
  std::vector<double> sizes = getSizes(graph, limits);
  std::vector<uint32_t> order;
  least.assign(width, std::numeric_limits<int64_t>::max());
  for (uint32_t vertex = 0; vertex < graph.getNumVertices(); ++vertex) {
    if (packed.parts[vertex] == noIndex)
      order.push_back(vertex);
    for (size_t i = 0; i < width; ++i)
      least[i] = std::min(least[i], graph.usageOf(vertex)[i]);
  }
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return sizes[a] != sizes[b] ? sizes[a] > sizes[b] : a < b;
  });
  for (uint32_t vertex : order)
    if (!place(vertex))
      return std::nullopt;
  return std::move(packed);
}

//===----------------------------------------------------------------------===//
// Growth
//===----------------------------------------------------------------------===//

namespace {
class GrowthPacker : Packer {
public:
  GrowthPacker(const Hypergraph &graph, const PartLimits &limits, bool fewest)
      : Packer(graph, limits, fewest), touched(graph.getNumNets(), noIndex),
        targeted(graph.getNumNets(), noIndex), scores(graph.getNumVertices()),
        scoredFor(scores.size(), noIndex), refusedBy(scores.size(), noIndex) {
    for (uint32_t vertex = 0; vertex < graph.getNumVertices(); ++vertex)
      if (graph.fixed[vertex] != noIndex)
        fixedIn[graph.fixed[vertex]].push_back(vertex);
  }

  std::optional<Packed> run();

private:
  struct Entry {
    int64_t score;
    uint32_t vertex;
    bool operator<(const Entry &other) const {
      return score != other.score ? score < other.score : vertex > other.vertex;
    }
  };

  bool isFree(uint32_t vertex) const { return packed.parts[vertex] == noIndex; }
  int64_t getAddedFanIn(uint32_t vertex, uint32_t part) const;
  bool fits(uint32_t vertex, uint32_t part) const;
  void add(uint32_t vertex, uint32_t part);
  void attract(uint32_t net, uint32_t vertex, uint32_t part);
  uint32_t take(uint32_t part);
  uint32_t takeUnrelated(uint32_t part);
  bool addFixed(uint32_t part);
  size_t fill(uint32_t part);
  void skipTaken() {
    while (firstFree < graph.getNumVertices() && !isFree(firstFree))
      ++firstFree;
  }

  std::map<uint32_t, std::vector<uint32_t>> fixedIn;
  /// The last part that has a pin, and a target, of each net.
  std::vector<uint32_t> touched, targeted;
  std::vector<int64_t> scores;
  std::vector<uint32_t> scoredFor, refusedBy;
  std::vector<Entry> heap;
  uint32_t firstFree = 0;
};
} // namespace

int64_t GrowthPacker::getAddedFanIn(uint32_t vertex, uint32_t part) const {
  int64_t added = 0;
  for (uint32_t net : graph.netsOf(vertex))
    if (graph.soloSources[net] != vertex && targeted[net] != part)
      added += graph.keys[net];
  return added;
}

bool GrowthPacker::fits(uint32_t vertex, uint32_t part) const {
  if (!fitsSums(vertex, part))
    return false;
  return !graph.limitsFanIn ||
         getAddedFanIn(vertex, part) + graph.usageOf(vertex).back() <=
             getLimit(part, width - 1) - used[part * width + width - 1];
}

/// Raises the scores of the other pins of a net that the part touches now.
void GrowthPacker::attract(uint32_t net, uint32_t vertex, uint32_t part) {
  constexpr size_t window = 64;
  llvm::ArrayRef<uint32_t> pins = graph.pinsOf(net);
  int64_t share = 1 + graph.weights[net] / int64_t(pins.size() - 1);
  if (pins.size() > window) {
    size_t at =
        std::lower_bound(pins.begin(), pins.end(), vertex) - pins.begin();
    size_t first = at < window / 2 ? 0 : at - window / 2;
    pins = pins.slice(std::min(first, pins.size() - window), window);
  }
  for (uint32_t pin : pins) {
    if (!isFree(pin))
      continue;
    if (scoredFor[pin] != part)
      scores[pin] = 0;
    scoredFor[pin] = part;
    scores[pin] += share;
    heap.push_back({scores[pin], pin});
    std::push_heap(heap.begin(), heap.end());
  }
}

void GrowthPacker::add(uint32_t vertex, uint32_t part) {
  if (graph.limitsFanIn)
    used[part * width + width - 1] += getAddedFanIn(vertex, part);
  for (uint32_t net : graph.netsOf(vertex)) {
    if (!graph.isSoloSource(net, vertex))
      targeted[net] = part;
    if (touched[net] == part)
      continue;
    touched[net] = part;
    attract(net, vertex, part);
  }
}

/// The first vertices in order that fit; a few are tried.
uint32_t GrowthPacker::takeUnrelated(uint32_t part) {
  constexpr unsigned maxTries = 256;
  uint32_t count = graph.getNumVertices();
  skipTaken();
  unsigned numTried = 0;
  for (uint32_t vertex = firstFree; vertex < count && numTried < maxTries;
       ++vertex) {
    if (!isFree(vertex) || refusedBy[vertex] == part)
      continue;
    ++numTried;
    if (fits(vertex, part))
      return vertex;
    refusedBy[vertex] = part;
  }
  return noIndex;
}

uint32_t GrowthPacker::take(uint32_t part) {
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end());
    Entry entry = heap.back();
    heap.pop_back();
    uint32_t vertex = entry.vertex;
    if (!isFree(vertex) || entry.score != scores[vertex] ||
        refusedBy[vertex] == part)
      continue;
    if (fits(vertex, part))
      return vertex;
    // With fan-in it may fit later, when its senders are here; then its score
    // has changed and it is in the heap again.
    if (!graph.limitsFanIn)
      refusedBy[vertex] = part;
  }
  return takeUnrelated(part);
}

/// Counts what is pinned to `part`; false if that exceeds its fan-in.
bool GrowthPacker::addFixed(uint32_t part) {
  heap.clear();
  auto found = fixedIn.find(part);
  if (found == fixedIn.end())
    return true;
  for (uint32_t vertex : found->second)
    add(vertex, part);
  return !graph.limitsFanIn ||
         used[part * width + width - 1] <= getLimit(part, width - 1);
}

/// Fills one part; returns how many vertices it took.
size_t GrowthPacker::fill(uint32_t part) {
  size_t count = 0;
  for (uint32_t vertex = take(part); vertex != noIndex; vertex = take(part)) {
    put(vertex, part);
    add(vertex, part);
    ++count;
  }
  return count;
}

std::optional<Packed> GrowthPacker::run() {
  if (!placeFixed())
    return std::nullopt;
  for (uint32_t part = 0;; ++part) {
    skipTaken();
    if (firstFree == graph.getNumVertices() && part >= packed.numParts)
      return std::move(packed);
    bool isNew = part >= packed.numParts;
    if (isNew && !open())
      return std::nullopt;
    if (!addFixed(part))
      return std::nullopt;
    // Else the fewest parts would be without end.
    if (fill(part) == 0 && isNew && fewest)
      return std::nullopt;
  }
}

std::optional<Packed>
spikeformer::partition::packVertices(const Hypergraph &graph,
                                     const PartLimits &limits, bool fewest) {
  if (graph.limitsFanIn)
    return GrowthPacker(graph, limits, fewest).run();
  std::optional<Packed> fitted = FirstFit(graph, limits, fewest).run();
  if (fewest && fitted && fitted->numParts <= limits.numParts)
    return fitted;
  // Growth is slow; a part in fifty is not worth it where there are many.
  constexpr uint32_t manyVertices = 20'000;
  if (fewest && fitted && graph.getNumVertices() > manyVertices &&
      fitted->numParts <= limits.numParts + limits.numParts / 50)
    return fitted;
  std::optional<Packed> grown = GrowthPacker(graph, limits, fewest).run();
  if (!grown || (fitted && fitted->numParts < grown->numParts))
    return fitted;
  return grown;
}
