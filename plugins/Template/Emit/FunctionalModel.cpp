//===- FunctionalModel.cpp - runs what the chip is programmed with --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step of the chip: every core updates its neurons with what arrived, then
// all spikes of the step, those of the inputs too, are sent through routes and
// axons into the delay rings of the cores.
//
//===----------------------------------------------------------------------===//

#include "Emit/FunctionalModel.h"
#include "TargetModel/Chip.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>

using namespace spikeformer;
using namespace spikeformer::templ;
using llvm::ArrayRef;
using llvm::StringRef;

static constexpr int64_t ringSize = delayRange.high + 1;

namespace {

/// The memory of one core.
struct CoreState {
  std::vector<int64_t> potentials;
  /// Per slot of the ring what arrives at each neuron. Sums have 32 bits.
  std::array<std::vector<int32_t>, ringSize> arriving;
};

/// The chip in a run.
class ChipState {
public:
  explicit ChipState(const Program &program);

  void reset();
  /// One step, number `index` of its sample; `inputs` has the elements of each
  /// input that spike.
  void step(int64_t index, int64_t timesteps,
            ArrayRef<std::vector<int64_t>> inputs);

  int64_t getSynapticEvents() const { return synapticEvents; }
  /// Of the step that has run.
  ArrayRef<uint8_t> getSpikes(int64_t population) const {
    return spikes[population];
  }
  ArrayRef<int32_t> getPotentials(int64_t population) const {
    return potentials[population];
  }

private:
  void update(const SliceProgram &slice, CoreState &core, int64_t firstInCore,
              int64_t index, int64_t timesteps);
  void send(ArrayRef<Destination> route);

  const Program &program;
  std::vector<CoreState> cores;
  /// The slot of the ring that the present step reads. It goes on where samples
  /// follow each other without a reset.
  int64_t slot = 0;
  /// Synapses that deliver in each slot of the ring.
  std::array<int64_t, ringSize> deliveries = {};
  int64_t synapticEvents = 0;
  /// By population, in the order of its neurons.
  std::vector<std::vector<uint8_t>> spikes;
  std::vector<std::vector<int32_t>> potentials;
};

class FunctionalModel : public Executor {
public:
  explicit FunctionalModel(Program program) : program(std::move(program)) {}

  StringRef getEngine() const override { return "functional-model"; }
  int64_t getLatency() const override;
  std::vector<std::string> getPopulations() const override;
  std::vector<std::string> getStates(StringRef population) const override;
  llvm::Expected<RunResult> run(const RunRequest &request) override;

private:
  Program program;
};

/// What one output or probe keeps, and of which population.
struct Recording {
  int64_t population;
  bool isPotential;
  int64_t firstStep, numSteps;
  Tensor tensor;

  void take(const ChipState &chip, int64_t sample, int64_t step);
};

/// One call of `run`.
class Run {
public:
  Run(const Program &program, const RunRequest &request, int64_t latency)
      : program(program), request(request),
        numSteps(request.timesteps + latency), chip(program) {}

  llvm::Expected<RunResult> execute();

private:
  llvm::Error checkInputs() const;
  llvm::Error addProbes();
  Recording makeRecording(int64_t population, ArrayRef<int64_t> shape,
                          bool isPotential, int64_t firstStep,
                          int64_t steps) const;
  /// The elements of input `index` that spike in a step.
  llvm::Expected<std::vector<int64_t>> readInput(size_t index, int64_t sample,
                                                 int64_t step) const;
  llvm::Error runStep(int64_t sample, int64_t step);

  const Program &program;
  const RunRequest &request;
  int64_t numSteps;
  ChipState chip;
  std::vector<Recording> outputs;
  NameMap<Recording> probes;
  RunResult result;
};

} // namespace

/// Step in which the neurons of a population begin.
static int64_t getOnset(const Program &program, int64_t population) {
  for (const CoreProgram &core : program.cores)
    for (const SliceProgram &slice : core.slices)
      if (slice.population == population)
        return slice.onset;
  return 0;
}

//===----------------------------------------------------------------------===//
// ChipState
//===----------------------------------------------------------------------===//

ChipState::ChipState(const Program &program)
    : program(program), cores(program.cores.size()) {
  for (const PopulationInfo &population : program.populations) {
    spikes.emplace_back(population.getNumNeurons());
    potentials.emplace_back(population.getNumNeurons());
  }
  reset();
}

void ChipState::reset() {
  slot = 0;
  deliveries.fill(0);
  for (auto [state, core] : llvm::zip_equal(cores, program.cores)) {
    state.potentials.clear();
    for (const SliceProgram &slice : core.slices)
      llvm::append_range(state.potentials, slice.initials);
    for (std::vector<int32_t> &sums : state.arriving)
      sums.assign(state.potentials.size(), 0);
  }
}

void ChipState::update(const SliceProgram &slice, CoreState &core,
                       int64_t firstInCore, int64_t index, int64_t timesteps) {
  ArrayRef<int32_t> arriving = core.arriving[slot];
  bool runs = index >= slice.onset;
  bool biasActs = index < slice.onset + timesteps;
  for (int64_t n = 0; n < slice.getCount(); ++n) {
    int64_t &v = core.potentials[firstInCore + n];
    bool fires = false;
    if (runs) {
      // The adder has 32 bits and wraps.
      auto input = static_cast<int32_t>(
          static_cast<uint32_t>(arriving[firstInCore + n]) +
          static_cast<uint32_t>(biasActs ? slice.biases[n] : 0));
      int64_t kept = slice.leak == 0 ? v : v - (v >> slice.leak);
      v = std::clamp(kept + input, potentialRange.low, potentialRange.high);
      fires = v >= slice.thresholds[n];
      if (fires)
        v = slice.subtracts ? v - slice.thresholds[n] : slice.resets[n];
    }
    spikes[slice.population][slice.first + n] = fires;
    potentials[slice.population][slice.first + n] = static_cast<int32_t>(v);
  }
}

void ChipState::send(ArrayRef<Destination> route) {
  for (const Destination &to : route) {
    const Axon &axon = program.cores[to.core].axons[to.axon];
    for (size_t k = 0; k < axon.neurons.size(); ++k) {
      int64_t arrival = (slot + axon.delays[k]) % ringSize;
      int32_t &sum = cores[to.core].arriving[arrival][axon.neurons[k]];
      sum = static_cast<int32_t>(static_cast<uint32_t>(sum) +
                                 static_cast<uint32_t>(axon.weights[k]));
      ++deliveries[arrival];
    }
  }
}

void ChipState::step(int64_t index, int64_t timesteps,
                     ArrayRef<std::vector<int64_t>> inputs) {
  for (auto [state, core] : llvm::zip_equal(cores, program.cores)) {
    int64_t first = 0;
    for (const SliceProgram &slice : core.slices) {
      update(slice, state, first, index, timesteps);
      first += slice.getCount();
    }
    llvm::fill(state.arriving[slot], 0);
  }
  synapticEvents += deliveries[slot];
  deliveries[slot] = 0;
  for (auto [input, elements] : llvm::zip_equal(program.inputs, inputs))
    for (int64_t element : elements)
      send(input.routes[element]);
  for (const CoreProgram &core : program.cores)
    for (const SliceProgram &slice : core.slices)
      for (int64_t n = 0; n < slice.getCount(); ++n)
        if (spikes[slice.population][slice.first + n])
          send(slice.routes[n]);
  slot = (slot + 1) % ringSize;
}

//===----------------------------------------------------------------------===//
// Run
//===----------------------------------------------------------------------===//

void Recording::take(const ChipState &chip, int64_t sample, int64_t step) {
  if (step < firstStep || step >= firstStep + numSteps)
    return;
  int64_t row = sample * numSteps + step - firstStep;
  auto copy = [&](auto values, auto out) {
    llvm::copy(values, out.begin() + row * values.size());
  };
  if (isPotential)
    copy(chip.getPotentials(population), tensor.data<int32_t>());
  else
    copy(chip.getSpikes(population), tensor.data<uint8_t>());
}

Recording Run::makeRecording(int64_t population, ArrayRef<int64_t> shape,
                             bool isPotential, int64_t firstStep,
                             int64_t steps) const {
  llvm::SmallVector<int64_t> extents{request.samples, steps};
  llvm::append_range(extents, shape);
  return {population, isPotential, firstStep, steps,
          Tensor(extents, isPotential ? ElementType::i32 : ElementType::u8)};
}

llvm::Error Run::checkInputs() const {
  if (request.timesteps < 1 || request.samples < 0)
    return llvm::createStringError(llvm::formatv(
        "a run needs at least 1 timestep and 0 samples, got {0} and {1}",
        request.timesteps, request.samples));
  if (request.inputs.size() != program.inputs.size())
    return llvm::createStringError(
        llvm::formatv("the chip needs {0} inputs, got {1}",
                      program.inputs.size(), request.inputs.size()));
  for (size_t index = 0; index < program.inputs.size(); ++index) {
    llvm::SmallVector<int64_t> held{request.samples};
    llvm::append_range(held, program.inputs[index].shape);
    llvm::SmallVector<int64_t> stepped = held;
    stepped.insert(stepped.begin() + 1, request.timesteps);
    ArrayRef<int64_t> have = request.inputs[index].getShape();
    if (have == ArrayRef(held) || have == ArrayRef(stepped))
      continue;
    auto text = [](ArrayRef<int64_t> shape) {
      return llvm::join(
          llvm::map_range(
              shape, [](int64_t extent) { return std::to_string(extent); }),
          "x");
    };
    return llvm::createStringError(llvm::formatv(
        "input {0} needs the shape {1} (held) or {2} (one value per step), "
        "got {3}",
        index, text(held), text(stepped), text(have)));
  }
  return llvm::Error::success();
}

llvm::Error Run::addProbes() {
  for (const Probe &probe : request.probes) {
    std::string key = probe.getKey();
    if (key == "output" && !program.outputs.empty()) {
      const OutputProgram &output = program.outputs.front();
      probes.insert({key, makeRecording(output.population, output.shape, false,
                                        0, numSteps)});
      continue;
    }
    auto found = llvm::find_if(program.populations, [&](const auto &info) {
      return info.name == probe.population;
    });
    bool isState = probe.state == "v";
    if (found == program.populations.end() ||
        (!probe.state.empty() && !isState))
      return llvm::createStringError(
          "there is nothing to record as '" + key +
          "'; populations have spikes and the state v, the network has " +
          llvm::join(llvm::map_range(
                         program.populations,
                         [](const PopulationInfo &info) { return info.name; }),
                     ", "));
    probes.insert({key, makeRecording(found - program.populations.begin(),
                                      found->shape, isState, 0, numSteps)});
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<int64_t>>
Run::readInput(size_t index, int64_t sample, int64_t step) const {
  std::vector<int64_t> elements;
  if (step >= request.timesteps)
    return elements;
  const Tensor &tensor = request.inputs[index];
  int64_t size = program.inputs[index].routes.size();
  bool isHeld = tensor.getRank() ==
                static_cast<int64_t>(program.inputs[index].shape.size()) + 1;
  int64_t row = isHeld ? sample : sample * request.timesteps + step;
  for (int64_t k = 0; k < size; ++k) {
    double value = tensor.getAsDouble(row * size + k);
    if (value != 0 && value != 1)
      return llvm::createStringError(llvm::formatv(
          "input {0}: in step {1} of sample {2} element {3} is {4}, a spike "
          "is 0 or 1",
          index, step, sample, k, llvm::format("%g", value)));
    if (value == 1)
      elements.push_back(k);
  }
  return elements;
}

llvm::Error Run::runStep(int64_t sample, int64_t step) {
  std::vector<std::vector<int64_t>> inputs;
  for (size_t index = 0; index < program.inputs.size(); ++index) {
    llvm::Expected<std::vector<int64_t>> elements =
        readInput(index, sample, step);
    if (!elements)
      return elements.takeError();
    result.inputEvents += elements->size();
    inputs.push_back(std::move(*elements));
  }
  chip.step(step, request.timesteps, inputs);
  for (auto [index, population] : llvm::enumerate(program.populations))
    result.populations[population.name].spikes +=
        llvm::count(chip.getSpikes(index), 1);
  for (Recording &output : outputs)
    output.take(chip, sample, step);
  for (auto &[key, probe] : probes)
    probe.take(chip, sample, step);
  return llvm::Error::success();
}

llvm::Expected<RunResult> Run::execute() {
  if (llvm::Error error = checkInputs())
    return std::move(error);
  if (llvm::Error error = addProbes())
    return std::move(error);
  for (const OutputProgram &output : program.outputs)
    outputs.push_back(makeRecording(output.population, output.shape, false,
                                    getOnset(program, output.population),
                                    request.timesteps));
  for (const PopulationInfo &population : program.populations)
    result.populations[population.name].neurons = population.getNumNeurons();
  for (int64_t sample = 0; sample < request.samples; ++sample) {
    if (sample == 0 || request.resetPerSample)
      chip.reset();
    for (int64_t step = 0; step < numSteps; ++step)
      if (llvm::Error error = runStep(sample, step))
        return std::move(error);
  }
  for (const Recording &output : outputs)
    result.outputs.push_back(output.tensor);
  for (const auto &[key, probe] : probes)
    result.recordings.insert({key, probe.tensor});
  result.synapticEvents = chip.getSynapticEvents();
  return std::move(result);
}

//===----------------------------------------------------------------------===//
// FunctionalModel
//===----------------------------------------------------------------------===//

int64_t FunctionalModel::getLatency() const {
  int64_t latency = 0;
  for (const OutputProgram &output : program.outputs)
    latency = std::max(latency, getOnset(program, output.population));
  return latency;
}

std::vector<std::string> FunctionalModel::getPopulations() const {
  std::vector<std::string> names;
  for (const PopulationInfo &population : program.populations)
    names.push_back(population.name);
  return names;
}

std::vector<std::string>
FunctionalModel::getStates(StringRef population) const {
  bool exists = llvm::is_contained(getPopulations(), population);
  return exists ? std::vector<std::string>{"v"} : std::vector<std::string>();
}

llvm::Expected<RunResult> FunctionalModel::run(const RunRequest &request) {
  return Run(program, request, getLatency()).execute();
}

std::unique_ptr<Executor> templ::createFunctionalModel(Program program) {
  return std::make_unique<FunctionalModel>(std::move(program));
}
