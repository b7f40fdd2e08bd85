//===- Executor.h - anything that runs a network ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The border between what runs a network (reference interpreter, JIT, the
// functional model of a chip) and what asks for a run (sf-run, sf-diff, tests).
// No MLIR type crosses it, so an artefact of a chip runs behind it as well.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_EXECUTOR_H
#define SPIKEFORMER_SUPPORT_EXECUTOR_H

#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace spikeformer {

/// What to record: the spikes of a population, or one of its states.
struct Probe {
  /// Name of the population; "output" is the network's first output, "output1"
  /// the next one, where no population has that name.
  std::string population;
  /// Name of the state; empty records the spikes.
  std::string state;

  /// "NAME" or "NAME.STATE": the key of the recording.
  std::string getKey() const {
    return state.empty() ? population : population + "." + state;
  }
  /// Index of the output that it names; nothing if it cannot be one.
  std::optional<unsigned> getOutput() const;
};

/// "output", "output1", ...: the name of output `index`.
std::string getOutputName(unsigned index);

/// One run of a network.
struct RunRequest {
  /// One tensor per network input: [sample, ...shape] is held constant over all
  /// steps, [sample, step, ...shape] gives each step its own values.
  std::vector<Tensor> inputs;
  /// Samples to run; every input has that many rows. A network without inputs
  /// still runs `samples` times.
  int64_t samples = 1;
  /// Global index of the first sample: random encoders depend on it and on
  /// nothing else of the request.
  int64_t firstSample = 0;
  /// Steps for which the input is presented and the readout integrates.
  int64_t timesteps = 0;
  /// False: the state is carried over from one sample to the next.
  bool resetPerSample = true;
  /// Worker threads; results do not depend on it.
  unsigned threads = 1;
  std::vector<Probe> probes;
};

/// Counters of one population, summed over samples and steps.
struct PopulationStatistics {
  int64_t neurons = 0;
  /// Events sent: elements whose value was not zero.
  int64_t spikes = 0;
};

/// Checks the number of steps and samples and the shape of every input against
/// the shapes of the network's inputs; the error says what is needed.
llvm::Error checkRequest(const RunRequest &request,
                         llvm::ArrayRef<llvm::SmallVector<int64_t>> shapes);

/// The error for a probe of something that is not among `known`.
llvm::Error makeUnknownProbeError(const Probe &probe,
                                  llvm::ArrayRef<std::string> known);

/// Values by name, in the order of insertion.
template <typename T>
using NameMap =
    llvm::MapVector<std::string, T, std::map<std::string, unsigned>>;

/// What a run gives.
struct RunResult {
  /// Per network output the value of each step: [sample, step, ...shape]. The
  /// element type follows the alphabet: binary u8, ternary i8, count and
  /// integer alphabets i32, analogue f32 or f64.
  std::vector<Tensor> outputs;
  /// Per probe [sample, step, ...shape], in the order of the request.
  NameMap<Tensor> recordings;
  NameMap<PopulationStatistics> populations;
  /// Nonzero inputs presented, summed over samples and steps.
  int64_t inputEvents = 0;
  /// Synapses that carried an event (NeuroBench effective ACs).
  int64_t synapticEvents = 0;
};

/// Runs one network. Implementations keep no state between calls.
class Executor {
public:
  virtual ~Executor() = default;

  /// `jit`, `reference`, `functional-model`: the `engine` of a report.
  virtual llvm::StringRef getEngine() const = 0;
  /// Steps between a change at the input and its first effect on output 0.
  virtual int64_t getLatency() const = 0;
  /// Names of populations, in the order of the network.
  virtual std::vector<std::string> getPopulations() const = 0;
  /// Names of the states of `population`; empty if there is no such population.
  virtual std::vector<std::string>
  getStates(llvm::StringRef population) const = 0;
  /// Runs; the error names the input or probe that does not fit the network.
  virtual llvm::Expected<RunResult> run(const RunRequest &request) = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_EXECUTOR_H
