//===- SliceSynapses.cpp - synapses between slices ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Analysis/SliceSynapses.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// Cuts
//===----------------------------------------------------------------------===//

uint32_t NetworkCuts::Cut::find(int64_t neuron) const {
  return llvm::upper_bound(bounds, neuron) - bounds.begin() - 1;
}

uint32_t NetworkCuts::getNumSlices() const {
  if (origins.empty())
    return 0;
  const Cut &last = origins.back().second;
  return last.firstSlice + last.getNumSlices();
}

void NetworkCuts::add(Value origin, int64_t neurons, int64_t most) {
  int64_t count = (neurons + most - 1) / most;
  Cut cut{getNumSlices(), {}};
  for (int64_t slice = 0; slice <= count; ++slice)
    cut.bounds.push_back(neurons * slice / count);
  origins.insert({origin, std::move(cut)});
}

//===----------------------------------------------------------------------===//
// Links
//===----------------------------------------------------------------------===//

namespace {

/// A part of a projection's source that lies in one slice.
struct SourcePart {
  uint32_t slice;
  /// Elements of the source signal.
  int64_t first, count;
};

/// What a rule says about a graph: its synapses, and whether rows are random.
struct Density {
  double perPair;
  bool isRandom;
};

/// Counts the synapses of one projection.
class Linker {
public:
  Linker(ProjectOp project, const NetworkCuts &cuts,
         const NetworkCuts::Cut &target, std::vector<SliceLink> &links)
      : project(project), cuts(cuts), target(target), links(links) {}

  LogicalResult run();

private:
  LogicalResult findParts();
  std::optional<Density> getDensity();
  void linkByRule(const Density &density);
  LogicalResult linkBySynapse();
  void countRows(const SynapseTable &table, const SourcePart &part);
  int64_t getNumTargets() const { return target.bounds.back(); }

  ProjectOp project;
  const NetworkCuts &cuts;
  const NetworkCuts::Cut &target;
  std::vector<SliceLink> &links;
  /// In the order of slices; a slice may have several.
  std::vector<SourcePart> parts;
};

} // namespace

LogicalResult Linker::findParts() {
  FailureOr<SmallVector<OriginRun>> runs = traceSignal(project.getSource());
  if (failed(runs))
    return failure();
  int64_t element = 0;
  for (const OriginRun &run : *runs) {
    const NetworkCuts::Cut &cut = cuts.origins.find(run.origin)->second;
    for (int64_t neuron = run.first, end = run.first + run.count;
         neuron < end;) {
      uint32_t slice = cut.find(neuron);
      int64_t count = std::min(end, cut.bounds[slice + 1]) - neuron;
      parts.push_back({cut.firstSlice + slice, element, count});
      neuron += count;
      element += count;
    }
  }
  llvm::sort(parts, [](const SourcePart &a, const SourcePart &b) {
    return std::pair(a.slice, a.first) < std::pair(b.slice, b.first);
  });
  return success();
}

/// The rule of a graph that is dense, or random and large.
std::optional<Density> Linker::getDensity() {
  double sources = project.getSourceType().getNumElements();
  double targets = getNumTargets(), pairs = sources * targets;
  using Rule = std::optional<Density>;
  auto random = [&](double synapses) -> Rule {
    double slices = double(parts.size()) * target.getNumSlices();
    if (synapses <= maxCountedSynapses || synapses < minSynapsesOfPair * slices)
      return std::nullopt;
    return Density{synapses / pairs, true};
  };
  return TypeSwitch<Attribute, Rule>(project.getConnectivity())
      .Case([](DenseAttr) { return Density{1, false}; })
      .Case([](AllToAllAttr) { return Density{1, false}; })
      .Case([&](FixedProbabilityAttr rule) {
        return random(rule.getP().getValueAsDouble() * pairs);
      })
      .Case([&](FixedTotalAttr rule) { return random(rule.getCount()); })
      .Case([&](FixedInDegreeAttr rule) {
        return random(rule.getCount() * targets);
      })
      .Default([](Attribute) { return std::nullopt; });
}

void Linker::linkByRule(const Density &density) {
  for (const SourcePart &part : parts)
    for (uint32_t slice = 0; slice < target.getNumSlices(); ++slice) {
      double reached = target.bounds[slice + 1] - target.bounds[slice];
      double mean = density.perPair * reached;
      double longest = density.isRandom ? mean + 5 * std::sqrt(mean) : reached;
      links.push_back({part.slice, target.firstSlice + slice, part.count,
                       std::llround(mean * part.count),
                       std::llround(std::ceil(longest))});
    }
}

/// Adds the links of the rows of `part`.
void Linker::countRows(const SynapseTable &table, const SourcePart &part) {
  std::vector<int64_t> synapses(target.getNumSlices());
  std::vector<int64_t> longest(synapses.size()), row(synapses.size());
  for (int64_t source = part.first; source < part.first + part.count;
       ++source) {
    std::fill(row.begin(), row.end(), 0);
    for (uint64_t k = table.rows[source]; k < table.rows[source + 1]; ++k)
      ++row[target.find(table.targets[k])];
    for (size_t slice = 0; slice < row.size(); ++slice) {
      synapses[slice] += row[slice];
      longest[slice] = std::max(longest[slice], row[slice]);
    }
  }
  for (auto [slice, count] : llvm::enumerate(synapses))
    if (count > 0)
      links.push_back({part.slice,
                       static_cast<uint32_t>(target.firstSlice + slice),
                       part.count, count, longest[slice]});
}

LogicalResult Linker::linkBySynapse() {
  FailureOr<SynapseTable> table = project.getConnectivity().expand(
      project, project.getSourceType().getShape(),
      project.getCurrentType().getShape());
  if (failed(table))
    return failure();
  for (const SourcePart &part : parts)
    countRows(*table, part);
  return success();
}

LogicalResult Linker::run() {
  if (failed(findParts()))
    return failure();
  if (std::optional<Density> density = getDensity()) {
    linkByRule(*density);
    return success();
  }
  return linkBySynapse();
}

FailureOr<std::vector<SliceLink>> snn::linkSlices(NetworkOp network,
                                                  const NetworkCuts &cuts) {
  std::vector<SliceLink> links;
  bool good = true;
  for (auto population : network.getBody().getOps<PopulationOp>()) {
    const NetworkCuts::Cut &target =
        cuts.origins.find(population.getSpikes())->second;
    for (Value current : population.getInputs())
      good &= succeeded(
          Linker(current.getDefiningOp<ProjectOp>(), cuts, target, links)
              .run());
  }
  if (!good)
    return failure();
  return links;
}
