//===- ModelRunner.h - runs what a module computes --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A module is run as it is written: the tensor evaluator executes @main, and an
// executor the network that @main simulates. A float network has no simulation
// and runs by the evaluator alone.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_MODELRUNNER_H
#define SPIKEFORMER_PIPELINES_MODELRUNNER_H

#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "spikeformer/Pipelines/Model.h"
#include "spikeformer/Pipelines/Probes.h"
#include "llvm/ADT/StringSet.h"
#include <optional>

namespace spikeformer {

/// The engine of a float network in reports.
constexpr llvm::StringLiteral floatEngineName = "float";

/// Makes the executor `engine`, "jit" or "reference", for `network`, which is
/// verified and outlives it. Errors: what is wrong with the network's data, or
/// a ReportedError after diagnostics.
llvm::Expected<std::unique_ptr<Executor>>
createExecutor(StringRef engine, snn::NetworkOp network);
/// An error if there is no engine of that name.
llvm::Error checkEngineName(StringRef engine);

struct RunnerOptions {
  std::string engine = "jit";
  /// Worker threads; results do not depend on it.
  unsigned threads = 1;
  /// Samples that run together; 0 chooses by what they need in memory.
  int64_t batch = 0;
  /// T, where the user states it.
  std::optional<int64_t> timesteps;
  /// Texts of the probes.
  std::vector<std::string> probes;
};

/// What a run gave.
struct ModelRun {
  int64_t samples = 0;
  /// What @main returns, [sample, ...].
  std::vector<Tensor> results;
  /// int32 [sample, step], of the first output of the network; the default
  /// constructed tensor for a float network.
  Tensor predictionByStep;
  /// f64 [sample, step]: see `ReadoutResult`.
  Tensor marginByStep;
  /// Of the populations that spike: values of an analogue signal are no spikes.
  NameMap<PopulationStatistics> populations;
  int64_t inputEvents = 0, synapticEvents = 0;
};

/// A module, ready to run.
class ModelRunner {
public:
  /// Takes the recordings of a batch, in the order of the probes: per probe
  /// [sample, step, ...]. Called in the order of the samples.
  using RecordingSink = std::function<llvm::Error(ArrayRef<Tensor> recordings)>;
  /// Told after each batch how many samples have run.
  using Progress = std::function<void(int64_t samples)>;

  /// `dataSteps` is the number of steps of the data, if they have steps. Sets
  /// an open number of steps in `module`, which must outlive the runner as
  /// `artefact` must, which runs in place of the network if it is there.
  /// Errors: T is unknown or contradicts the module, an unknown probe; a
  /// ReportedError after diagnostics.
  static llvm::Expected<std::unique_ptr<ModelRunner>>
  create(ModuleOp module, RunnerOptions options,
         std::optional<int64_t> dataSteps = std::nullopt,
         const Artefact *artefact = nullptr);

  /// "float" for a float network.
  StringRef getEngine() const;
  bool isSpiking() const { return executor != nullptr; }
  /// T; 0 for a float network.
  int64_t getTimesteps() const { return timesteps; }
  int64_t getLatency() const { return executor ? executor->getLatency() : 0; }
  /// Whether the first result of @main is a first spike, where less is better.
  bool isSmallestBest();
  ArrayRef<ProbeRequest> getProbes() const { return probes; }
  /// Null for a float network; without a body for an artefact.
  snn::NetworkOp getNetwork() const { return network; }

  /// Fails, with a located error, unless the network's first output names a
  /// class after every step and no sample depends on those before it.
  llvm::Error checkEarlyExit();

  /// Runs on one tensor per input, [sample, ...], in the type that @main takes.
  /// `samples` is their number, 1 for a network without inputs; `firstSample`
  /// the global index of the first.
  llvm::Expected<ModelRun> run(ArrayRef<Tensor> inputs, int64_t samples,
                               const RecordingSink &record = nullptr,
                               const Progress &progress = nullptr,
                               int64_t firstSample = 0);
  /// How many of `samples` samples run together.
  int64_t getBatchSize(ArrayRef<Tensor> inputs, int64_t samples);

private:
  ModelRunner(func::FuncOp main, RunnerOptions options)
      : main(main), options(std::move(options)) {}

  llvm::Error setTimesteps(std::optional<int64_t> dataSteps);
  llvm::Error prepare();
  llvm::Error prepareNetwork();
  llvm::Error readProbes();
  FailureOr<SmallVector<Tensor>> simulate(ArrayRef<Tensor> operands,
                                          int64_t firstSample);
  llvm::Error take(const RunResult &result);

  func::FuncOp main;
  RunnerOptions options;
  /// Null for a float network.
  snn::SimulateOp simulation;
  snn::NetworkOp network;
  const Artefact *artefact = nullptr;
  std::shared_ptr<Executor> executor;
  std::optional<TensorEvaluator> evaluator;
  int64_t timesteps = 0;
  std::vector<ProbeRequest> probes;
  llvm::StringSet<> analoguePopulations;

  /// Of the run in progress.
  ModelRun current;
  std::vector<Tensor> predictions, margins;
  const RecordingSink *sink = nullptr;
};

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_MODELRUNNER_H
