//===- BuildProgram.cpp - from a placed network to tables -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two tables make a synapse: the route of the source names an axon of a core,
// and the axon names the neuron and the weight.
//
//===----------------------------------------------------------------------===//

#include "Emit/BuildProgram.h"
#include "spikeformer/Dialect/SNN/Analysis/PopulationNumbers.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <map>

using namespace spikeformer;
using namespace spikeformer::templ;
using snn::PopulationOp;

namespace {

class ProgramBuilder {
public:
  explicit ProgramBuilder(const MappedNetwork &mapped) : mapped(mapped) {
    program.cores.resize(mapped.machine->cores);
  }

  FailureOr<Program> run();

private:
  /// Where a neuron lies: its slice and its place in the core.
  struct Address {
    int64_t core, slice, inSlice, inCore;
  };
  /// An axon belongs to a core and an element of a signal.
  using AxonKey = std::tuple<int64_t, void *, int64_t>;

  void addInputs();
  LogicalResult addPopulation(PopulationOp population);
  void addSlice(PopulationOp population, const snn::PopulationNumbers &numbers,
                const Slice &slice);
  LogicalResult addProjection(PopulationOp population, snn::ProjectOp project);
  void addOutputs();
  int64_t getAxon(int64_t core, Value source, int64_t element);
  std::vector<Destination> &getRoute(Value source, int64_t element);

  const MappedNetwork &mapped;
  Program program;
  DenseMap<Operation *, int64_t> indices;
  DenseMap<Operation *, std::vector<Address>> addresses;
  std::map<AxonKey, int64_t> axons;
};

} // namespace

void ProgramBuilder::addInputs() {
  snn::NetworkOp network = mapped.network;
  for (BlockArgument argument : network.getBody().getArguments()) {
    auto type = cast<snn::SignalType>(argument.getType());
    InputProgram &input = program.inputs.emplace_back();
    input.shape = type.getShape().vec();
    input.routes.resize(type.getNumElements());
  }
}

/// Neurons of `column` that `slice` has.
static std::vector<int64_t> cut(const snn::NumberColumn &column,
                                const Slice &slice) {
  std::vector<int64_t> values;
  for (int64_t n = 0; n < slice.count; ++n)
    values.push_back(column[slice.first + n].integer);
  return values;
}

void ProgramBuilder::addSlice(PopulationOp population,
                              const snn::PopulationNumbers &numbers,
                              const Slice &slice) {
  auto model = cast<AccumulateAttr>(population.getModel());
  CoreProgram &core = program.cores[slice.core];
  int64_t sliceIndex = core.slices.size(), before = core.getNumNeurons();
  SliceProgram &target = core.slices.emplace_back();
  target.population = indices.lookup(population);
  target.first = slice.first;
  target.leak = model.getLeak();
  target.subtracts = model.getReset() == snn::ResetKind::subtract;
  target.onset = population.getOnsetStep();
  target.thresholds = cut(numbers.coefficients.front(), slice);
  target.initials = cut(numbers.states.front(), slice);
  target.biases = cut(numbers.biases.front(), slice);
  if (!target.subtracts)
    target.resets = cut(numbers.coefficients.back(), slice);
  target.routes.resize(slice.count);
  for (int64_t n = 0; n < slice.count; ++n)
    addresses[population][slice.first + n] = {slice.core, sliceIndex, n,
                                              before + n};
}

LogicalResult ProgramBuilder::addPopulation(PopulationOp population) {
  FailureOr<snn::PopulationNumbers> numbers =
      snn::PopulationNumbers::create(population);
  if (failed(numbers))
    return failure();
  ArrayRef<int64_t> shape = population.getSignalType().getShape();
  indices[population] = program.populations.size();
  program.populations.push_back({population.getName().str(), shape.vec()});
  addresses[population].resize(population.getSignalType().getNumElements());
  MappingOp mapping = mapped.mapping;
  for (const Slice &slice : mapping.getSlices())
    if (slice.population == population.getName())
      addSlice(population, *numbers, slice);
  return success();
}

std::vector<Destination> &ProgramBuilder::getRoute(Value source,
                                                   int64_t element) {
  if (auto argument = dyn_cast<BlockArgument>(source))
    return program.inputs[argument.getArgNumber()].routes[element];
  const Address &from = addresses[source.getDefiningOp()][element];
  return program.cores[from.core].slices[from.slice].routes[from.inSlice];
}

int64_t ProgramBuilder::getAxon(int64_t core, Value source, int64_t element) {
  int64_t next = program.cores[core].axons.size();
  auto [entry, isNew] =
      axons.try_emplace({core, source.getAsOpaquePointer(), element}, next);
  if (isNew) {
    program.cores[core].axons.emplace_back();
    getRoute(source, element).push_back({core, next});
  }
  return entry->second;
}

LogicalResult ProgramBuilder::addProjection(PopulationOp population,
                                            snn::ProjectOp project) {
  FailureOr<std::vector<Synapse>> synapses = listSynapses(project);
  if (failed(synapses))
    return failure();
  Value source = getOrigin(project.getSource());
  for (const Synapse &synapse : *synapses) {
    const Address &to = addresses[population][synapse.target];
    int64_t index = getAxon(to.core, source, synapse.source);
    Axon &axon = program.cores[to.core].axons[index];
    axon.neurons.push_back(to.inCore);
    axon.weights.push_back(static_cast<int64_t>(synapse.weight));
    axon.delays.push_back(synapse.delay);
  }
  return success();
}

void ProgramBuilder::addOutputs() {
  snn::NetworkOp network = mapped.network;
  for (Value value : network.getOutput().getValues())
    program.outputs.push_back(
        {indices.lookup(getOrigin(value).getDefiningOp()),
         cast<snn::SignalType>(value.getType()).getShape().vec()});
}

FailureOr<Program> ProgramBuilder::run() {
  snn::NetworkOp network = mapped.network;
  addInputs();
  for (auto population : network.getBody().getOps<PopulationOp>())
    if (failed(addPopulation(population)))
      return failure();
  for (auto population : network.getBody().getOps<PopulationOp>())
    for (Value current : population.getInputs())
      if (failed(addProjection(population,
                               current.getDefiningOp<snn::ProjectOp>())))
        return failure();
  addOutputs();
  return std::move(program);
}

FailureOr<Program> templ::buildProgram(const MappedNetwork &mapped) {
  return ProgramBuilder(mapped).run();
}
