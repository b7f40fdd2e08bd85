//===- PartitionSets.cpp - neurons that belong together -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PartitionSets.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Mapping/Partitioner.h"

using namespace spikeformer;
using namespace spikeformer::pnr;

/// Synapses beyond which the search would take longer than all else.
static constexpr size_t maxSynapses = size_t(1) << 21;

static bool isCut(Value origin, const snn::NetworkCuts &cuts) {
  return snn::getOriginShape(origin).size() == 1 &&
         cuts.get(origin).slices.size() > 1;
}

bool pnr::mayHideSets(Value origin, ArrayRef<snn::ProjectOp> projects,
                      const snn::NetworkCuts &cuts) {
  return isCut(origin, cuts) &&
         llvm::any_of(projects, [](snn::ProjectOp project) {
           return isa<snn::CSRAttr>(project.getConnectivity());
         });
}

SmallVector<Value> pnr::listPartners(Value origin,
                                     ArrayRef<snn::ProjectOp> projects,
                                     const snn::NetworkCuts &cuts) {
  SmallVector<Value> partners;
  for (snn::ProjectOp project : projects)
    if (isa<snn::OneToOneAttr>(project.getConnectivity()))
      for (const snn::OriginRun &run : *snn::traceSignal(project.getSource()))
        if (run.origin != origin && isCut(run.origin, cuts))
          partners.push_back(run.origin);
  return partners;
}

namespace {

/// Grains are the neurons of one origin, and one more, in a part of its own,
/// for whatever lies outside.
class SetFinder {
public:
  SetFinder(Value origin, const snn::NetworkCuts &cuts, const SpikeRates &rates)
      : origin(origin), cuts(cuts), cut(cuts.get(origin)), rates(rates),
        outside(cut.sliceOf.size()) {}

  void addProjection(snn::ProjectOp project, const snn::IncomingTable &table);
  std::vector<snn::NeuronRanges> run(int64_t most);

private:
  void addIncoming(ArrayRef<snn::OriginRun> runs,
                   const snn::IncomingTable &table);
  void addOutgoing(ArrayRef<snn::OriginRun> runs, Value target,
                   const snn::IncomingTable &table);
  void send(uint32_t source, std::vector<uint32_t> &to, double packets) {
    llvm::sort(to);
    to.erase(llvm::unique(to), to.end());
    // One neuron that only the outside talks to costs the same anywhere.
    if (to.size() > (source == outside))
      messages.add(source, to, packets, 1);
  }

  Value origin;
  const snn::NetworkCuts &cuts;
  const snn::NetworkCuts::Cut &cut;
  const SpikeRates &rates;
  uint32_t outside;
  Messages messages;
};

} // namespace

/// What each source neuron reaches.
void SetFinder::addIncoming(ArrayRef<snn::OriginRun> runs,
                            const snn::IncomingTable &table) {
  std::vector<std::vector<uint32_t>> reached;
  for (const snn::OriginRun &run : runs)
    reached.resize(reached.size() + run.count);
  for (uint32_t target = 0; target < outside; ++target)
    for (uint64_t i = table.begins[target]; i < table.begins[target + 1]; ++i)
      reached[table.sources[i]].push_back(target);
  size_t element = 0;
  for (const snn::OriginRun &run : runs)
    for (int64_t neuron = run.first; neuron < run.first + run.count; ++neuron)
      send(run.origin == origin ? neuron : outside, reached[element++],
           rates.of(run.origin, neuron));
}

/// Which neurons each slice of another origin needs. A slice sends all of its
/// packets to whoever needs one, so that each set there costs a mean set.
void SetFinder::addOutgoing(ArrayRef<snn::OriginRun> runs, Value target,
                            const snn::IncomingTable &table) {
  std::vector<uint32_t> neuronOf;
  for (const snn::OriginRun &run : runs)
    for (int64_t i = 0; i < run.count; ++i)
      neuronOf.push_back(run.origin == origin ? run.first + i : outside);
  double packets =
      rates.sum(origin, {0, static_cast<int64_t>(outside)}) / cut.slices.size();
  const snn::NetworkCuts::Cut &targets = cuts.get(target);
  std::vector<std::vector<uint32_t>> needed(targets.slices.size());
  for (size_t neuron = 0; neuron < targets.sliceOf.size(); ++neuron)
    for (uint64_t i = table.begins[neuron]; i < table.begins[neuron + 1]; ++i)
      if (uint32_t source = neuronOf[table.sources[i]]; source != outside)
        needed[targets.sliceOf[neuron]].push_back(source);
  for (std::vector<uint32_t> &neurons : needed)
    send(outside, neurons, packets);
}

void SetFinder::addProjection(snn::ProjectOp project,
                              const snn::IncomingTable &table) {
  FailureOr<SmallVector<snn::OriginRun>> runs =
      snn::traceSignal(project.getSource());
  for (Operation *user : project->getUsers()) {
    Value target = cast<snn::PopulationOp>(user).getSpikes();
    if (target == origin)
      addIncoming(*runs, table);
    else
      addOutgoing(*runs, target, table);
  }
}

std::vector<snn::NeuronRanges> SetFinder::run(int64_t most) {
  uint32_t count = cut.slices.size();
  SliceList grains;
  grains.populationNames = {"neurons"};
  grains.populations.assign(outside + 1, 0);
  for (uint32_t neuron = 0; neuron <= outside; ++neuron)
    grains.names.push_back(std::to_string(neuron));
  grains.usage.assign(outside + 1, 1);
  grains.usage.back() = 0;
  std::vector<int64_t> capacity(count + 1, most);
  capacity.back() = 0;
  PartitionProblem problem{grains,       messages,  {{"neurons", "neurons"}},
                           capacity,     count + 1, {},
                           std::nullopt, {},        {}};
  problem.pins.assign(outside + 1, noIndex);
  problem.pins.back() = count;
  PartitionResult result = partitionGrains(problem);
  std::vector<snn::NeuronRanges> sets(count);
  if (!result.violations.empty())
    return {};
  for (uint32_t neuron = 0; neuron < outside; ++neuron) {
    snn::NeuronRanges &set = sets[result.partition[neuron]];
    if (!set.empty() && set.back() == neuron)
      ++set.back();
    else
      set.append({neuron, neuron + 1});
  }
  llvm::erase_if(sets,
                 [](const snn::NeuronRanges &set) { return set.empty(); });
  llvm::sort(sets);
  return sets;
}

std::vector<snn::NeuronRanges> pnr::findNeuronSets(
    Value origin, int64_t most, ArrayRef<snn::ProjectOp> projects,
    const snn::NetworkCuts &cuts, const snn::IncomingTables &tables,
    const SpikeRates &rates) {
  SetFinder finder(origin, cuts, rates);
  size_t numSynapses = 0;
  for (snn::ProjectOp project : projects)
    if (auto table = tables.lookup(project);
        table &&
        isa<snn::CSRAttr, snn::OneToOneAttr>(project.getConnectivity())) {
      numSynapses += table->sources.size();
      if (numSynapses > maxSynapses)
        return {};
      finder.addProjection(project, *table);
    }
  if (numSynapses == 0)
    return {};
  return finder.run(most);
}
