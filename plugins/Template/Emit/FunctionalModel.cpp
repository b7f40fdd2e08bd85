//===- FunctionalModel.cpp - runs what the chip is programmed with --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step of the chip: every core updates its neurons with what arrived, then
// all spikes of the step, those of the inputs too, are sent as packets through
// routers and axons into the delay rings of the cores.
//
//===----------------------------------------------------------------------===//

#include "Emit/FunctionalModel.h"
#include "TargetModel/Chip.h"
#include "spikeformer/Mapping/TableWalk.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>

using namespace spikeformer;
using namespace spikeformer::templ;
using llvm::ArrayRef;
using llvm::StringRef;

static constexpr int64_t ringSize = delayRange.high + 1;

namespace {

/// An axon of a core that a packet comes to.
struct Destination {
  CoreIndex core;
  const Axon *axon;
};

/// By element of Senders: where its packets go. Tables do not change in a run,
/// so that every key is followed once.
using Destinations = std::vector<std::vector<Destination>>;

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
  /// One step, number `index` of its sample; `inputs` says of each element of
  /// each input whether it spikes.
  void step(int64_t index, int64_t timesteps,
            ArrayRef<std::vector<uint8_t>> inputs);

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
  Destinations follow(CoreIndex core, const Senders &senders) const;
  /// Sends the packets of those of `senders` whose entry in `fires` is 1.
  void send(const Senders &senders, const Destinations &destinations,
            ArrayRef<uint8_t> fires);
  void deliver(const Destination &to);

  const Program &program;
  std::vector<CoreState> cores;
  /// By input, then slice, and by core, then slice.
  std::vector<std::vector<Destinations>> ofInputs, ofCores;
  /// The slot of the ring that the present step reads. It goes on where samples
  /// follow each other without a reset.
  int64_t slot = 0;
  /// Synapses with a weight that deliver in each slot of the ring.
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
  llvm::Expected<Recording> makeProbe(const Probe &probe) const;
  Recording makeRecording(int64_t population, ArrayRef<int64_t> shape,
                          bool isPotential, int64_t firstStep,
                          int64_t steps) const;
  /// Whether each element of input `index` spikes in a step.
  llvm::Expected<std::vector<uint8_t>> readInput(size_t index, int64_t sample,
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
  for (const InputProgram &input : program.inputs) {
    std::vector<Destinations> &list = ofInputs.emplace_back();
    for (const InputSlice &slice : input.slices)
      list.push_back(follow(slice.core, slice.elements));
  }
  for (auto [core, contents] : llvm::enumerate(program.cores)) {
    std::vector<Destinations> &list = ofCores.emplace_back();
    for (const SliceProgram &slice : contents.slices)
      list.push_back(follow(core, slice.neurons));
  }
  reset();
}

Destinations ChipState::follow(CoreIndex core, const Senders &senders) const {
  Destinations result(senders.elements.size());
  if (senders.key == Senders::kSilent)
    return result;
  RouterIndex router = program.machine.getCores()[core].router;
  for (auto [i, destinations] : llvm::enumerate(result)) {
    uint32_t key = senders.key + i;
    for (const Arrival &arrival : walkTables(program.machine, program.tables,
                                             router, {key, ~uint32_t(0)})) {
      ArrayRef<Axon> axons = program.cores[arrival.core].axons;
      auto axon = llvm::lower_bound(
          axons, key, [](const Axon &a, int64_t k) { return a.key < k; });
      if (axon != axons.end() && axon->key == key)
        destinations.push_back({arrival.core, axon});
    }
  }
  return result;
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
    int64_t neuron = slice.neurons.elements[n];
    spikes[slice.population][neuron] = fires;
    potentials[slice.population][neuron] = static_cast<int32_t>(v);
  }
}

void ChipState::deliver(const Destination &to) {
  const Axon &axon = *to.axon;
  for (size_t k = 0; k < axon.neurons.size(); ++k) {
    int64_t arrival = (slot + axon.delays[k]) % ringSize;
    int32_t &sum = cores[to.core].arriving[arrival][axon.neurons[k]];
    sum = static_cast<int32_t>(static_cast<uint32_t>(sum) +
                               static_cast<uint32_t>(axon.weights[k]));
    deliveries[arrival] += axon.weights[k] != 0;
  }
}

void ChipState::send(const Senders &senders, const Destinations &destinations,
                     ArrayRef<uint8_t> fires) {
  for (auto [element, list] : llvm::zip_equal(senders.elements, destinations))
    if (fires[element])
      llvm::for_each(list, [&](const Destination &to) { deliver(to); });
}

void ChipState::step(int64_t index, int64_t timesteps,
                     ArrayRef<std::vector<uint8_t>> inputs) {
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
  for (auto [input, slices, fires] :
       llvm::zip_equal(program.inputs, ofInputs, inputs))
    for (auto [slice, destinations] : llvm::zip_equal(input.slices, slices))
      send(slice.elements, destinations, fires);
  for (auto [core, slices] : llvm::zip_equal(program.cores, ofCores))
    for (auto [slice, destinations] : llvm::zip_equal(core.slices, slices))
      send(slice.neurons, destinations, spikes[slice.population]);
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

llvm::Expected<Recording> Run::makeProbe(const Probe &probe) const {
  std::vector<std::string> known;
  for (auto [index, info] : llvm::enumerate(program.populations)) {
    if (info.name == probe.population &&
        (probe.state.empty() || probe.state == "v"))
      return makeRecording(index, info.shape, !probe.state.empty(), 0,
                           numSteps);
    llvm::append_values(known, info.name, info.name + ".v");
  }
  for (auto [index, output] : llvm::enumerate(program.outputs)) {
    if (probe.getOutput() == index)
      return makeRecording(output.population, output.shape, false, 0, numSteps);
    known.push_back(getOutputName(index));
  }
  return makeUnknownProbeError(probe, known);
}

llvm::Expected<std::vector<uint8_t>>
Run::readInput(size_t index, int64_t sample, int64_t step) const {
  ArrayRef<int64_t> shape = program.inputs[index].shape;
  int64_t size = getNumElements(shape);
  std::vector<uint8_t> spikes(size);
  if (step >= request.timesteps)
    return spikes;
  const Tensor &tensor = request.inputs[index];
  bool isHeld = tensor.getRank() == static_cast<int64_t>(shape.size()) + 1;
  int64_t row = isHeld ? sample : sample * request.timesteps + step;
  for (int64_t k = 0; k < size; ++k) {
    double value = tensor.getAsDouble(row * size + k);
    if (value != 0 && value != 1)
      return llvm::createStringError(llvm::formatv(
          "input {0}: in step {1} of sample {2} element {3} is {4}, a spike "
          "is 0 or 1",
          index, step, sample, k, llvm::format("%g", value)));
    spikes[k] = value == 1;
  }
  return spikes;
}

llvm::Error Run::runStep(int64_t sample, int64_t step) {
  std::vector<std::vector<uint8_t>> inputs;
  for (size_t index = 0; index < program.inputs.size(); ++index) {
    llvm::Expected<std::vector<uint8_t>> spikes =
        readInput(index, sample, step);
    if (!spikes)
      return spikes.takeError();
    result.inputEvents += llvm::count(*spikes, 1);
    inputs.push_back(std::move(*spikes));
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
  std::vector<llvm::SmallVector<int64_t>> shapes;
  for (const InputProgram &input : program.inputs)
    shapes.emplace_back(llvm::ArrayRef(input.shape));
  if (llvm::Error error = checkRequest(request, shapes))
    return std::move(error);
  for (const Probe &probe : request.probes) {
    llvm::Expected<Recording> recording = makeProbe(probe);
    if (!recording)
      return recording.takeError();
    probes.insert({probe.getKey(), std::move(*recording)});
  }
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
