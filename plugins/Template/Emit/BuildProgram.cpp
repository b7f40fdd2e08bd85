//===- BuildProgram.cpp - from a placed network to tables -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//
// Two tables make a synapse: routers bring a packet to a core by its key, and
// the axon of that key names the neurons and the weights.
//
//===----------------------------------------------------------------------===//

#include "Emit/BuildProgram.h"
#include "IR/TemplateDialect.h"
#include "TargetModel/Machines.h"
#include "Transforms/Synapses.h"
#include "spikeformer/Dialect/PnR/Transforms/MappingData.h"
#include "spikeformer/Dialect/PnR/Transforms/NeuronPlaces.h"
#include "spikeformer/Dialect/SNN/Analysis/PopulationNumbers.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <map>

using namespace spikeformer;
using namespace spikeformer::templ;
using pnr::NeuronPlace;
using snn::PopulationOp;

namespace {

class ProgramBuilder {
public:
  ProgramBuilder(pnr::MappingOp mapping, snn::NetworkOp network,
                 MachineGraph machine)
      : mapping(mapping), network(network) {
    program.machine = std::move(machine);
  }

  FailureOr<Program> run();

private:
  LogicalResult readMapping();
  void addInputs();
  LogicalResult addPopulation(PopulationOp population);
  LogicalResult addSynapses(PopulationOp population, snn::ProjectOp project);
  LogicalResult addOutputs();
  /// The elements of `origin` that are in each of its slices.
  std::map<uint32_t, Senders> getSenders(Value origin) const;

  pnr::MappingOp mapping;
  snn::NetworkOp network;
  pnr::MappingData data;
  pnr::NeuronPlaces places;
  Program program;
  /// By slice: its key, and its first neuron within its core.
  std::vector<int64_t> keys, firstInCore;
  DenseMap<Operation *, int64_t> indices;
  /// By core, then key.
  std::vector<std::map<int64_t, Axon>> axons;
};

} // namespace

//===----------------------------------------------------------------------===//
// Senders
//===----------------------------------------------------------------------===//

LogicalResult ProgramBuilder::readMapping() {
  FailureOr<pnr::MappingData> read = pnr::readMapping(mapping, program.machine);
  if (failed(read))
    return failure();
  data = std::move(*read);
  if (llvm::is_contained(data.placement, noIndex) ||
      data.keys.size() != data.messages.size() ||
      !mapping.getColumns<pnr::TablesOp>())
    return mapping.emitOpError("is not complete; run its phases to 'compress'");
  FailureOr<pnr::NeuronPlaces> found =
      pnr::NeuronPlaces::create(network, data.slices);
  if (failed(found))
    return failure();
  places = std::move(*found);
  keys.assign(data.slices.size(), Senders::kSilent);
  for (auto [slice, block] : llvm::zip_equal(data.messages.sources, data.keys))
    keys[slice] = block.key;
  return success();
}

std::map<uint32_t, Senders> ProgramBuilder::getSenders(Value origin) const {
  std::map<uint32_t, Senders> slices;
  for (auto [element, place] : llvm::enumerate(places.ofOrigin(origin))) {
    Senders &senders = slices[place.slice];
    senders.elements.push_back(element);
    senders.key = keys[place.slice];
  }
  return slices;
}

void ProgramBuilder::addInputs() {
  for (BlockArgument argument : network.getBody().getArguments()) {
    auto type = cast<snn::SignalType>(argument.getType());
    InputProgram &input = program.inputs.emplace_back();
    input.shape = type.getShape().vec();
    if (places.contains(argument))
      for (auto &[slice, senders] : getSenders(argument))
        input.slices.push_back({data.placement[slice], std::move(senders)});
  }
}

//===----------------------------------------------------------------------===//
// Neurons and synapses
//===----------------------------------------------------------------------===//

/// The numbers of `neurons`.
static std::vector<int64_t> pick(const snn::NumberColumn &column,
                                 ArrayRef<int64_t> neurons) {
  std::vector<int64_t> numbers;
  for (int64_t neuron : neurons)
    numbers.push_back(column[neuron].integer);
  return numbers;
}

LogicalResult ProgramBuilder::addPopulation(PopulationOp population) {
  FailureOr<snn::PopulationNumbers> numbers =
      snn::PopulationNumbers::create(population);
  if (failed(numbers))
    return failure();
  indices[population] = program.populations.size();
  program.populations.push_back({population.getName().str(),
                                 population.getSignalType().getShape().vec()});
  auto model = cast<AccumulateAttr>(population.getModel());
  for (auto &[index, senders] : getSenders(population.getSpikes())) {
    CoreProgram &core = program.cores[data.placement[index]];
    firstInCore[index] = core.getNumNeurons();
    SliceProgram &slice = core.slices.emplace_back();
    slice.population = indices[population];
    slice.leak = model.getLeak();
    slice.subtracts = model.getReset() == snn::ResetKind::subtract;
    slice.onset = population.getOnsetStep();
    slice.thresholds = pick(numbers->coefficients.front(), senders.elements);
    slice.initials = pick(numbers->states.front(), senders.elements);
    slice.biases = pick(numbers->biases.front(), senders.elements);
    if (!slice.subtracts)
      slice.resets = pick(numbers->coefficients.back(), senders.elements);
    slice.neurons = std::move(senders);
  }
  return success();
}

LogicalResult ProgramBuilder::addSynapses(PopulationOp population,
                                          snn::ProjectOp project) {
  FailureOr<std::vector<Synapse>> synapses = listSynapses(project);
  auto sources = places.ofSignal(project.getSource());
  if (failed(synapses) || failed(sources))
    return failure();
  ArrayRef<NeuronPlace> targets = places.ofOrigin(population.getSpikes());
  for (const Synapse &synapse : *synapses) {
    const NeuronPlace &from = (*sources)[synapse.source];
    const NeuronPlace &to = targets[synapse.target];
    int64_t key = keys[from.slice] + from.sender;
    Axon &axon = axons[data.placement[to.slice]][key];
    axon.key = key;
    axon.neurons.push_back(firstInCore[to.slice] + to.sender);
    axon.weights.push_back(static_cast<int64_t>(synapse.weight));
    axon.delays.push_back(synapse.delay);
  }
  return success();
}

LogicalResult ProgramBuilder::addOutputs() {
  for (Value value : network.getOutput().getValues()) {
    auto runs = snn::traceSignal(value);
    if (failed(runs))
      return failure();
    program.outputs.push_back(
        {indices.lookup(runs->front().origin.getDefiningOp()),
         cast<snn::SignalType>(value.getType()).getShape().vec()});
  }
  return success();
}

FailureOr<Program> ProgramBuilder::run() {
  if (failed(readMapping()))
    return failure();
  size_t numCores = program.machine.getCores().size();
  program.cores.resize(numCores);
  axons.resize(numCores);
  firstInCore.resize(data.slices.size());
  addInputs();
  auto populations = network.getBody().getOps<PopulationOp>();
  for (PopulationOp population : populations)
    if (failed(addPopulation(population)))
      return failure();
  for (PopulationOp population : populations)
    for (Value current : population.getInputs())
      if (failed(
              addSynapses(population, current.getDefiningOp<snn::ProjectOp>())))
        return failure();
  for (auto [core, list] : llvm::zip_equal(program.cores, axons))
    for (auto &[key, axon] : list)
      core.axons.push_back(std::move(axon));
  program.tables = std::move(data.tables);
  if (failed(addOutputs()))
    return failure();
  return std::move(program);
}

FailureOr<Program> templ::buildProgram(pnr::MappingOp mapping) {
  auto network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
      mapping, mapping.getNetworkAttr());
  llvm::Expected<MachineGraph> machine = makeMachine(mapping.getMachine());
  if (!machine)
    return mapping.emitError(llvm::toString(machine.takeError()));
  return ProgramBuilder(mapping, network, std::move(*machine)).run();
}
