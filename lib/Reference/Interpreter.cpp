//===- Interpreter.cpp - the engine that defines --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes requests: checks them, presents the inputs, lets the network run and
// keeps what was asked for.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Reference/Interpreter.h"
#include "Recording.h"
#include "spikeformer/Dialect/SNN/Analysis/StepOrder.h"
#include "llvm/Support/FormatVariadic.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

namespace {

/// Writes the elements of one network input.
class InputReader {
public:
  InputReader(unsigned index, const Tensor &tensor, Signal &signal)
      : index(index), tensor(tensor), signal(signal),
        isHeld(tensor.getRank() == getRank() + 1) {}

  /// Presents the input of `step`, which is below `timesteps`.
  llvm::Error present(int64_t sample, int64_t step, int64_t timesteps) {
    if (isHeld && step > 0)
      return llvm::Error::success();
    int64_t row = isHeld ? sample : sample * timesteps + step;
    for (int64_t k = 0, e = signal.getSize(); k < e; ++k) {
      double value = tensor.getAsDouble(row * e + k);
      signal.getValues()[k] =
          Scalar::round(value, signal.getType().getElementType());
      if (signal.getCarrier() == Carrier::integer)
        if (llvm::Error error = takeInteger(k, value))
          return addPlace(std::move(error), sample, step);
    }
    if (llvm::Error error = signal.update())
      return addPlace(std::move(error), sample, step);
    return llvm::Error::success();
  }

private:
  int64_t getRank() const { return signal.getType().getShape().size(); }

  /// Enters `value`, which has to be an integer, without wrapping it.
  llvm::Error takeInteger(int64_t element, double value) {
    auto integer = static_cast<int64_t>(
        std::clamp(value, -0x1p62, 0x1p62)); // NaN is refused below.
    signal.getValues()[element] = Scalar::of(integer);
    if (static_cast<double>(integer) == value)
      return llvm::Error::success();
    return llvm::createStringError(llvm::formatv(
        "element {0} is {1}, which is no integer", element, value));
  }

  llvm::Error addPlace(llvm::Error error, int64_t sample, int64_t step) {
    return llvm::createStringError(
        llvm::formatv("input {0}: in step {1} of sample {2} {3}", index, step,
                      sample, llvm::toString(std::move(error))));
  }

  unsigned index;
  const Tensor &tensor;
  Signal &signal;
  bool isHeld;
};

class ReferenceExecutor : public Executor {
public:
  explicit ReferenceExecutor(std::unique_ptr<Network> network)
      : network(std::move(network)) {}

  StringRef getEngine() const override { return "reference"; }
  int64_t getLatency() const override { return network->latency; }
  std::vector<std::string> getPopulations() const override;
  std::vector<std::string> getStates(StringRef population) const override;
  llvm::Expected<RunResult> run(const RunRequest &request) override;

private:
  std::unique_ptr<Network> network;
};

/// One call of `run`.
class Run {
public:
  Run(const Network &network, const RunRequest &request)
      : network(network), request(request),
        numSteps(request.timesteps + network.latency),
        simulation(network, request.timesteps) {}

  llvm::Expected<RunResult> execute();

private:
  llvm::Error checkInputs() const;
  llvm::Error addProbes();
  llvm::Expected<Recording> makeRecording(const Probe &probe);
  OperandRange getOutputs() const {
    return NetworkOp(network.op).getOutput().getValues();
  }
  std::vector<std::string> getRecordable() const;
  void addOutputs();
  llvm::Error present(int64_t sample, int64_t step);
  llvm::Error runSample(int64_t sample);
  void count();

  const Network &network;
  const RunRequest &request;
  int64_t numSteps;
  Simulation simulation;
  std::vector<InputReader> inputs;
  std::vector<Recording> outputs;
  NameMap<Recording> recordings;
  RunResult result;
};

} // namespace

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

llvm::Error Run::checkInputs() const {
  FunctionType type = const_cast<NetworkOp &>(network.op).getFunctionType();
  SmallVector<SmallVector<int64_t>> shapes;
  for (Type input : type.getInputs())
    shapes.push_back(llvm::to_vector(cast<SignalType>(input).getShape()));
  return checkRequest(request, shapes);
}

//===----------------------------------------------------------------------===//
// Probes
//===----------------------------------------------------------------------===//

std::vector<std::string> Run::getRecordable() const {
  std::vector<std::string> known;
  for (Operation &op : network.op->getRegion(0).front()) {
    if (auto encode = dyn_cast<EncodeOp>(op))
      known.push_back(encode.getName().str());
    auto population = dyn_cast<PopulationOp>(op);
    if (!population)
      continue;
    known.push_back(population.getName().str());
    for (const ModelVariable &state : network.populations.at(&op)->states)
      known.push_back(Probe{population.getName().str(), state.name}.getKey());
  }
  for (size_t index = 0; index < getOutputs().size(); ++index)
    known.push_back(getOutputName(index));
  return known;
}

llvm::Expected<Recording> Run::makeRecording(const Probe &probe) {
  auto record = [&](Value value) {
    return Recording(simulation.getSignal(value), request.samples, 0, numSteps);
  };
  for (PopulationNode *node : simulation.getPopulations()) {
    if (node->getName() != probe.population)
      continue;
    if (probe.state.empty())
      return Recording(node->getSpikes(), request.samples, 0, numSteps);
    for (auto [index, state] : llvm::enumerate(node->getPopulation().states))
      if (state.name == probe.state)
        return Recording(*node, index, request.samples, numSteps);
  }
  for (auto encode : network.op->getRegion(0).getOps<EncodeOp>())
    if (encode.getName() == probe.getKey())
      return record(encode.getResult());
  std::optional<unsigned> output = probe.getOutput();
  if (output && *output < getOutputs().size())
    return record(getOutputs()[*output]);
  return makeUnknownProbeError(probe, getRecordable());
}

llvm::Error Run::addProbes() {
  for (const Probe &probe : request.probes) {
    llvm::Expected<Recording> recording = makeRecording(probe);
    if (!recording)
      return recording.takeError();
    recordings.insert({probe.getKey(), std::move(*recording)});
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

void Run::addOutputs() {
  NetworkOp op = network.op;
  for (auto [index, value] : llvm::enumerate(op.getOutput().getValues()))
    outputs.emplace_back(simulation.getSignal(value), request.samples,
                         getOutputOnset(op, index), request.timesteps);
}

/// Inputs are 0 after the last timestep.
llvm::Error Run::present(int64_t sample, int64_t step) {
  Block &body = network.op->getRegion(0).front();
  for (auto [argument, input] : llvm::zip_equal(body.getArguments(), inputs)) {
    Signal &signal = simulation.getSignal(argument);
    if (step >= request.timesteps) {
      signal.clear();
      continue;
    }
    if (llvm::Error error = input.present(sample, step, request.timesteps))
      return error;
    result.inputEvents += signal.getEvents().size();
  }
  return llvm::Error::success();
}

void Run::count() {
  for (PopulationNode *node : simulation.getPopulations())
    result.populations[node->getName()].spikes +=
        node->getSpikes().getEvents().size();
}

llvm::Error Run::runSample(int64_t sample) {
  simulation.beginSample(request.firstSample + sample,
                         sample == 0 || request.resetPerSample);
  for (int64_t step = 0; step < numSteps; ++step) {
    if (llvm::Error error = present(sample, step))
      return error;
    if (llvm::Error error = simulation.step())
      return error;
    count();
    for (Recording &output : outputs)
      output.take(sample, step);
    for (auto &entry : recordings)
      entry.second.take(sample, step);
  }
  return llvm::Error::success();
}

llvm::Expected<RunResult> Run::execute() {
  if (llvm::Error error = checkInputs())
    return error;
  if (llvm::Error error = addProbes())
    return error;
  addOutputs();
  Block &body = network.op->getRegion(0).front();
  for (auto [index, tensor] : llvm::enumerate(request.inputs))
    inputs.emplace_back(index, tensor,
                        simulation.getSignal(body.getArgument(index)));
  for (PopulationNode *node : simulation.getPopulations())
    result.populations[node->getName()].neurons = node->getNumNeurons();
  for (int64_t sample = 0; sample < request.samples; ++sample)
    if (llvm::Error error = runSample(sample))
      return error;
  for (const Recording &output : outputs)
    result.outputs.push_back(output.getTensor());
  for (const auto &[key, recording] : recordings)
    result.recordings.insert({key, recording.getTensor()});
  result.synapticEvents = simulation.getSynapticEvents();
  return std::move(result);
}

//===----------------------------------------------------------------------===//
// ReferenceExecutor
//===----------------------------------------------------------------------===//

std::vector<std::string> ReferenceExecutor::getPopulations() const {
  std::vector<std::string> names;
  for (auto population : network->op->getRegion(0).getOps<PopulationOp>())
    names.push_back(population.getName().str());
  return names;
}

std::vector<std::string>
ReferenceExecutor::getStates(StringRef population) const {
  std::vector<std::string> names;
  for (auto op : network->op->getRegion(0).getOps<PopulationOp>())
    if (op.getName() == population)
      for (const ModelVariable &state : network->populations.at(op)->states)
        names.push_back(state.name);
  return names;
}

llvm::Expected<RunResult> ReferenceExecutor::run(const RunRequest &request) {
  return Run(*network, request).execute();
}

FailureOr<std::unique_ptr<Executor>>
spikeformer::createReferenceExecutor(NetworkOp op,
                                     const DeliveredCopies &copies) {
  FailureOr<std::unique_ptr<Network>> network = Network::create(op, copies);
  if (failed(network))
    return failure();
  return std::unique_ptr<Executor>(
      std::make_unique<ReferenceExecutor>(std::move(*network)));
}
