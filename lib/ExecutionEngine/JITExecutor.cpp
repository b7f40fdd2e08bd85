//===- JITExecutor.cpp - running a compiled network -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes requests: checks them, binds tensors, lets workers run the samples. A
// worker has a memory and counters of its own; sums of integers and rows of
// tensors do not depend on who computed them.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/JITExecutor.h"
#include "JITInputs.h"
#include "JITNetwork.h"
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

using namespace spikeformer;
using namespace spikeformer::jit;

namespace {

/// Memory of a worker, aligned and zero.
class Memory {
public:
  explicit Memory(size_t size)
      : bytes(static_cast<unsigned char *>(
            std::aligned_alloc(kAlignment, llvm::alignTo(size, kAlignment)))) {
    std::memset(bytes.get(), 0, llvm::alignTo(size, kAlignment));
  }
  unsigned char *get() const { return bytes.get(); }

private:
  struct Free {
    void operator()(unsigned char *memory) const { std::free(memory); }
  };
  std::unique_ptr<unsigned char, Free> bytes;
};

/// One call of `run`.
class Run {
public:
  Run(const Program &program, const RunRequest &request)
      : program(program), request(request),
        totalSteps(request.timesteps + program.latency) {}

  llvm::Expected<RunResult> execute();

private:
  llvm::Error addProbes();
  llvm::Expected<Recordable> findProbe(const Probe &probe) const;
  void addRecording(const Recordable &value, int64_t first, int64_t count);
  void makeTables();
  void runWorkers();
  void work();
  /// Runs one sample; false after a failure.
  bool runSample(SfrtFrame &frame, int64_t sample, bool reset);
  void collectCounters(ArrayRef<int64_t> counters);

  const Program &program;
  const RunRequest &request;
  int64_t totalSteps;
  std::vector<BoundInput> inputs;
  /// Outputs, then probes: [sample, step, ...shape].
  std::vector<Tensor> recordings;
  std::deque<SfrtExport> exports;
  std::vector<SfrtCall> full, steady;
  SfrtSchedule schedule{};

  std::atomic<int64_t> nextSample{0};
  std::mutex mutex;
  std::vector<int64_t> totals;
  /// The first sample that failed, and why.
  int64_t failedSample = INT64_MAX;
  std::string failure;
};

class JITExecutor : public Executor {
public:
  explicit JITExecutor(std::unique_ptr<Program> program)
      : program(std::move(program)) {}

  StringRef getEngine() const override { return "jit"; }
  int64_t getLatency() const override { return program->latency; }
  std::vector<std::string> getPopulations() const override;
  std::vector<std::string> getStates(StringRef population) const override;
  llvm::Expected<RunResult> run(const RunRequest &request) override {
    return Run(*program, request).execute();
  }

private:
  std::unique_ptr<Program> program;
};

} // namespace

//===----------------------------------------------------------------------===//
// Recordings
//===----------------------------------------------------------------------===//

llvm::Expected<Recordable> Run::findProbe(const Probe &probe) const {
  std::vector<std::string> known;
  for (const PopulationInfo &population : program.populations) {
    if (population.name == probe.population && probe.state.empty())
      return population.spikes;
    known.push_back(population.name);
    for (const StateInfo &state : population.states) {
      if (population.name == probe.population && state.name == probe.state)
        return state.value;
      known.push_back(Probe{population.name, state.name}.getKey());
    }
  }
  for (const EncoderInfo &encoder : program.encoders) {
    if (encoder.name == probe.getKey())
      return encoder.value;
    known.push_back(encoder.name);
  }
  for (size_t index = 0; index < program.outputs.size(); ++index)
    known.push_back(getOutputName(index));
  std::optional<unsigned> output = probe.getOutput();
  if (output && *output < program.outputs.size())
    return program.outputs[*output].value;
  return makeUnknownProbeError(probe, known);
}

void Run::addRecording(const Recordable &value, int64_t first, int64_t count) {
  SmallVector<int64_t> shape{request.samples, count};
  llvm::append_range(shape, value.shape);
  bool isWide = value.type == ElementType::i32 &&
                value.signal.format != SFRT_I32 &&
                value.signal.format != SFRT_U32;
  exports.push_back({value.signal, static_cast<uint32_t>(recordings.size()),
                     first, count, isWide});
  recordings.emplace_back(shape, value.type);
}

llvm::Error Run::addProbes() {
  for (const Probe &probe : request.probes) {
    llvm::Expected<Recordable> value = findProbe(probe);
    if (!value)
      return value.takeError();
    addRecording(*value, 0, totalSteps);
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

void Run::makeTables() {
  uint64_t held = 0;
  for (size_t k = 0; k < std::min<size_t>(inputs.size(), 64); ++k)
    held |= uint64_t(inputs[k].isHeld()) << k;
  for (const TimedCall &call : program.step) {
    full.push_back(call.call);
    if (!call.timing.isSteady(held))
      steady.push_back(call.call);
  }
  for (const SfrtExport &call : exports) {
    full.push_back({sfrtExport, &call});
    steady.push_back({sfrtExport, &call});
  }
  schedule = {{program.reset.data(), program.reset.size()},
              {full.data(), full.size()},
              {steady.data(), steady.size()},
              totalSteps};
}

bool Run::runSample(SfrtFrame &frame, int64_t sample, bool reset) {
  std::vector<SfrtInput> bound;
  for (const BoundInput &input : inputs)
    bound.push_back(input.bind(sample));
  std::vector<unsigned char *> outputs;
  for (Tensor &recording : recordings)
    outputs.push_back(static_cast<unsigned char *>(recording.getBytes()) +
                      recording.getNumBytes() / request.samples * sample);
  frame.inputs = bound.data();
  frame.outputs = outputs.data();
  frame.steps = request.timesteps;
  int64_t index = request.firstSample + sample;
  frame.sample = static_cast<uint32_t>(index);
  sfrtRunSample(&schedule, reset, &frame);
  if (!frame.failed)
    return true;
  std::lock_guard<std::mutex> lock(mutex);
  if (sample < failedSample) {
    failedSample = sample;
    failure = program.failures.at(frame.failed)(frame, index);
  }
  return false;
}

/// Samples are taken in order, so that all before one that fails have been
/// run to their end.
void Run::work() {
  Memory memory(program.memorySize);
  std::vector<int64_t> counters(program.numCounters);
  SfrtFrame frame{};
  frame.memory = memory.get();
  frame.counters = counters.data();
  for (int64_t sample; (sample = nextSample++) < request.samples;)
    if (!runSample(frame, sample, sample == 0 || request.resetPerSample)) {
      nextSample = request.samples;
      break;
    }
  std::lock_guard<std::mutex> lock(mutex);
  for (auto [total, counter] : llvm::zip_equal(totals, counters))
    total += counter;
}

void Run::runWorkers() {
  totals.resize(program.numCounters);
  int64_t workers = request.resetPerSample
                        ? std::min<int64_t>(request.threads, request.samples)
                        : 1;
  std::vector<std::thread> threads;
  for (int64_t k = 1; k < workers; ++k)
    threads.emplace_back([this] { work(); });
  work();
  for (std::thread &thread : threads)
    thread.join();
}

llvm::Expected<RunResult> Run::execute() {
  llvm::Expected<std::vector<BoundInput>> bound =
      bindInputs(program.inputs, request);
  if (!bound)
    return bound.takeError();
  inputs = std::move(*bound);
  for (const OutputInfo &output : program.outputs)
    addRecording(output.value, output.onset, request.timesteps);
  if (llvm::Error error = addProbes())
    return error;
  makeTables();
  runWorkers();
  if (!failure.empty())
    return llvm::createStringError(failure);

  RunResult result;
  size_t numOutputs = program.outputs.size();
  result.outputs.assign(recordings.begin(), recordings.begin() + numOutputs);
  for (auto [index, probe] : llvm::enumerate(request.probes))
    result.recordings[probe.getKey()] = recordings[numOutputs + index];
  for (const PopulationInfo &population : program.populations)
    result.populations[population.name] = {population.neurons,
                                           totals[population.counter]};
  result.inputEvents = totals[kInputEvents];
  result.synapticEvents = totals[kSynapticEvents];
  return result;
}

//===----------------------------------------------------------------------===//
// JITExecutor
//===----------------------------------------------------------------------===//

std::vector<std::string> JITExecutor::getPopulations() const {
  std::vector<std::string> names;
  for (const PopulationInfo &population : program->populations)
    names.push_back(population.name);
  return names;
}

std::vector<std::string> JITExecutor::getStates(StringRef name) const {
  std::vector<std::string> names;
  for (const PopulationInfo &population : program->populations)
    if (population.name == name)
      for (const StateInfo &state : population.states)
        names.push_back(state.name);
  return names;
}

llvm::Expected<std::unique_ptr<Executor>>
spikeformer::createJITExecutor(snn::NetworkOp network,
                               const JITOptions &options) {
  auto kernels = KernelCompiler::create(*network.getContext(), options);
  if (!kernels)
    return kernels.takeError();
  auto program = NetworkCompiler(network, **kernels).compile();
  if (!program)
    return program.takeError();
  return std::make_unique<JITExecutor>(std::move(*program));
}
