//===- PopulationSplit.cpp - boxes of populations -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/PopulationSplit.h"
#include <algorithm>
#include <limits>
#include <map>

using namespace spikeformer;

int64_t Box::getSize() const {
  int64_t size = 1;
  for (auto [from, to] : llvm::zip_equal(low, high))
    size *= std::max<int64_t>(to - from, 0);
  return size;
}

Box spikeformer::intersect(const Box &a, const Box &b) {
  Box both = a;
  for (size_t i = 0; i < a.low.size(); ++i) {
    both.low[i] = std::max(a.low[i], b.low[i]);
    both.high[i] = std::max(both.low[i], std::min(a.high[i], b.high[i]));
  }
  return both;
}

static std::string describe(const ShapedPopulation &population,
                            const Box &box) {
  std::string text = population.name + "[";
  for (size_t i = 0; i < box.low.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(box.low[i]) + ":" +
            std::to_string(box.high[i]);
  return text + "]";
}

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

namespace {
class Splitter {
public:
  explicit Splitter(const PopulationSplit &split)
      : split(split), usage(split.resources.size()),
        incoming(split.populations.size()) {
    for (uint32_t i = 0; i < split.projections.size(); ++i)
      incoming[split.projections[i].target].push_back(i);
  }

  BoxList run();

private:
  /// Two halves, and the boxes that they need.
  struct Cut {
    Box first, second;
    int64_t numBoxes;
  };

  int64_t countBoxes(uint32_t population, const Box &box);
  double countPackets(uint32_t population, const Box &box) const;
  static Cut cutAt(const Box &box, size_t dimension, int64_t at);
  std::optional<Cut> choose(uint32_t population, std::vector<Cut> &cuts);
  std::optional<Cut> findCut(uint32_t population, const Box &box,
                             int64_t numBoxes);
  void place(uint32_t population, const Box &box);
  void reportTooLarge(uint32_t population, const Box &box);

  const PopulationSplit &split;
  std::vector<int64_t> usage;
  std::vector<std::vector<uint32_t>> incoming;
  BoxList result;
};
} // namespace

/// The number of boxes that the amounts of `box` ask for; 1: it fits.
int64_t Splitter::countBoxes(uint32_t population, const Box &box) {
  std::fill(usage.begin(), usage.end(), 0);
  split.usageOf(population, box, usage);
  int64_t count = 1;
  for (auto [amount, capacity] : llvm::zip_equal(usage, split.capacity)) {
    int64_t divisor = std::max<int64_t>(capacity, 1);
    int64_t need = amount / divisor + (amount % divisor != 0);
    count = std::max({count, need, int64_t(amount > capacity ? 2 : 1)});
  }
  return count;
}

/// Packets that come into `box` from elsewhere.
double Splitter::countPackets(uint32_t population, const Box &box) const {
  if (split.packetsInto)
    return split.packetsInto(population, box);
  double packets = 0;
  llvm::SmallVector<Box, 8> sources;
  for (uint32_t projection : incoming[population]) {
    uint32_t source = split.projections[projection].source;
    sources.clear();
    split.receptiveField(projection, box, sources);
    for (const Box &needed : sources) {
      int64_t size = needed.getSize();
      if (source == population)
        size -= intersect(needed, box).getSize();
      packets += double(size) * split.populations[source].rate;
    }
  }
  return packets;
}

Splitter::Cut Splitter::cutAt(const Box &box, size_t dimension, int64_t at) {
  Cut cut{box, box, 0};
  cut.first.high[dimension] = at;
  cut.second.low[dimension] = at;
  return cut;
}

/// The first of the cuts with the fewest boxes, and of those the fewest
/// packets; no question is asked whose answer changes nothing.
std::optional<Splitter::Cut> Splitter::choose(uint32_t population,
                                              std::vector<Cut> &cuts) {
  int64_t fewest = std::numeric_limits<int64_t>::max();
  if (cuts.size() > 1)
    for (Cut &cut : cuts) {
      cut.numBoxes = countBoxes(population, cut.first) +
                     countBoxes(population, cut.second);
      fewest = std::min(fewest, cut.numBoxes);
    }
  llvm::erase_if(cuts, [&](const Cut &cut) { return cut.numBoxes > fewest; });
  if (cuts.empty())
    return std::nullopt;
  size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; cuts.size() > 1 && i < cuts.size(); ++i) {
    double packets = countPackets(population, cuts[i].first) +
                     countPackets(population, cuts[i].second);
    if (packets < least) {
      least = packets;
      best = i;
    }
  }
  return std::move(cuts[best]);
}

/// The best cut, or none of a box of one neuron. Of equal cuts that along the
/// first dimension, whose halves are ranges of neurons.
std::optional<Splitter::Cut>
Splitter::findCut(uint32_t population, const Box &box, int64_t numBoxes) {
  std::vector<Cut> cuts;
  auto extentOf = [&](size_t i) { return box.high[i] - box.low[i]; };
  bool given = split.dimension && extentOf(*split.dimension) > 1;
  for (size_t i = 0; i < box.low.size(); ++i) {
    int64_t extent = extentOf(i);
    if (extent < 2 || (given && i != *split.dimension))
      continue;
    // In proportion, so that no box is filled less than it need be.
    int64_t share = numBoxes / 2, rest = numBoxes - share;
    int64_t down = extent * share / numBoxes;
    int64_t up = (extent * share + numBoxes - 1) / numBoxes;
    // As many whole extents as fit in rows of boxes that are equally thick.
    int64_t thick = (extent + numBoxes - 1) / numBoxes * std::min(share, rest);
    for (int64_t at : {down, up, thick}) {
      at = box.low[i] + std::clamp<int64_t>(at, 1, extent - 1);
      if (cuts.empty() || cuts.back().first.high[i] != at ||
          cuts.back().second.low[i] != at)
        cuts.push_back(cutAt(box, i, at));
    }
  }
  return choose(population, cuts);
}

void Splitter::reportTooLarge(uint32_t population, const Box &box) {
  for (size_t i = 0; i < usage.size(); ++i)
    if (usage[i] > split.capacity[i])
      result.violations.push_back(
          {"neuron-too-large",
           "slice '" + describe(split.populations[population], box) + "'",
           "one neuron exceeds '" + split.resources[i].name + "'",
           std::to_string(usage[i]) + " " + split.resources[i].unit,
           std::to_string(split.capacity[i]) + " " + split.resources[i].unit,
           "give it fewer synapses, or take a machine with larger cores"});
}

void Splitter::place(uint32_t population, const Box &box) {
  // A stack, not recursion: a million neurons in a row are a deep one.
  std::vector<Box> open = {box};
  while (!open.empty()) {
    Box next = std::move(open.back());
    open.pop_back();
    int64_t numBoxes = countBoxes(population, next);
    std::optional<Cut> cut;
    if (numBoxes > 1) {
      cut = findCut(population, next, numBoxes);
      if (!cut) {
        countBoxes(population, next);
        reportTooLarge(population, next);
      }
    }
    if (!cut) {
      result.populations.push_back(population);
      result.boxes.push_back(std::move(next));
      continue;
    }
    open.push_back(std::move(cut->second));
    open.push_back(std::move(cut->first));
  }
}

BoxList Splitter::run() {
  for (uint32_t i = 0; i < split.populations.size(); ++i) {
    const ShapedPopulation &population = split.populations[i];
    Box all{llvm::SmallVector<int64_t, 4>(population.shape.size(), 0),
            population.shape};
    if (all.getSize() > 0)
      place(i, all);
  }
  return std::move(result);
}

BoxList spikeformer::splitPopulations(const PopulationSplit &split) {
  return Splitter(split).run();
}

//===----------------------------------------------------------------------===//
// Slices and messages
//===----------------------------------------------------------------------===//

namespace {
/// A part of a source box that a target needs.
struct Need {
  uint32_t target;
  Box box;
};
} // namespace

/// What each box is asked for, in the order of targets.
static std::vector<std::vector<Need>> findNeeds(const PopulationSplit &split,
                                                const BoxList &list) {
  std::vector<std::vector<uint32_t>> boxesOf(split.populations.size());
  for (uint32_t i = 0; i < list.boxes.size(); ++i)
    boxesOf[list.populations[i]].push_back(i);
  std::vector<std::vector<Need>> needs(list.boxes.size());
  llvm::SmallVector<Box, 8> sources;
  for (uint32_t p = 0; p < split.projections.size(); ++p)
    for (uint32_t target : boxesOf[split.projections[p].target]) {
      sources.clear();
      split.receptiveField(p, list.boxes[target], sources);
      for (uint32_t source : boxesOf[split.projections[p].source])
        for (const Box &needed : sources)
          if (Box both = intersect(needed, list.boxes[source]);
              both.getSize() > 0)
            needs[source].push_back({target, std::move(both)});
    }
  return needs;
}

static std::vector<uint32_t> listTargets(const std::vector<Need> &needs,
                                         const Box *cell) {
  std::vector<uint32_t> targets;
  for (const Need &need : needs)
    if (!cell || intersect(need.box, *cell).getSize() > 0)
      targets.push_back(need.target);
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

/// Cuts `box` along every border of what is needed, so that the neurons of a
/// cell go to the same targets.
static std::vector<Box> cutIntoCells(const Box &box,
                                     const std::vector<Need> &needs) {
  std::vector<Box> cells = {box};
  for (size_t i = 0; i < box.low.size(); ++i) {
    std::vector<int64_t> borders = {box.high[i]};
    for (const Need &need : needs) {
      borders.push_back(need.box.low[i]);
      borders.push_back(need.box.high[i]);
    }
    std::sort(borders.begin(), borders.end());
    borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
    std::vector<Box> finer;
    for (const Box &cell : cells) {
      int64_t from = box.low[i];
      for (int64_t to : borders) {
        if (to <= from)
          continue;
        finer.push_back(cell);
        finer.back().low[i] = from;
        finer.back().high[i] = to;
        from = to;
      }
    }
    cells = std::move(finer);
  }
  return cells;
}

static void addMessages(const PopulationSplit &split, const BoxList &list,
                        uint32_t source, const std::vector<Need> &needs,
                        MessageGrouping grouping, Messages &messages) {
  if (needs.empty())
    return;
  double rate = split.populations[list.populations[source]].rate;
  const Box &box = list.boxes[source];
  std::map<std::vector<uint32_t>, int64_t> neuronsFor;
  if (grouping == MessageGrouping::perBox)
    neuronsFor[listTargets(needs, nullptr)] = box.getSize();
  else
    for (const Box &cell : cutIntoCells(box, needs))
      neuronsFor[listTargets(needs, &cell)] += cell.getSize();
  for (const auto &[targets, neurons] : neuronsFor)
    if (!targets.empty())
      messages.add(source, targets, double(neurons) * rate, neurons);
}

BoxSlices spikeformer::makeSlices(const PopulationSplit &split,
                                  const BoxList &list,
                                  MessageGrouping grouping) {
  BoxSlices result;
  size_t width = split.resources.size();
  std::vector<int64_t> usage(width);
  for (const ShapedPopulation &population : split.populations)
    result.slices.populationNames.push_back(population.name);
  result.slices.populations = list.populations;
  for (auto [population, box] : llvm::zip_equal(list.populations, list.boxes)) {
    std::fill(usage.begin(), usage.end(), 0);
    split.usageOf(population, box, usage);
    result.slices.usage.insert(result.slices.usage.end(), usage.begin(),
                               usage.end());
    result.slices.names.push_back(describe(split.populations[population], box));
  }
  std::vector<std::vector<Need>> needs = findNeeds(split, list);
  for (uint32_t source = 0; source < needs.size(); ++source)
    addMessages(split, list, source, needs[source], grouping, result.messages);
  return result;
}
