//===- DiffSide.h - one of two things compared ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model that is run, or a recording of a run. Either gives the recordings of
// named variables, some samples at a time.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_DIFFSIDE_H
#define LIB_PIPELINES_DIFFSIDE_H

#include "spikeformer/Pipelines/DiffTool.h"
#include "spikeformer/Pipelines/ModelRunner.h"
#include "spikeformer/Pipelines/Recorder.h"
#include "spikeformer/Support/Npz.h"

namespace spikeformer {

/// A population that both sides have.
class DiffSide {
public:
  /// Opens `path`; a model also reads its data.
  static llvm::Expected<std::unique_ptr<DiffSide>>
  open(StringRef path, StringRef engine, const DiffOptions &options,
       MLIRContext &context, ErrorLog &log);

  bool isRecording() const { return !model.module; }
  bool isArtefact() const { return model.artefact.has_value(); }
  bool isSpiking() const { return static_cast<bool>(network); }
  StringRef getPath() const { return path; }
  func::FuncOp getMain() const { return main; }
  ModuleOp getModule() const { return *model.module; }
  snn::NetworkOp getNetwork() const { return network; }
  const LabelledSamples &getData() const { return *data; }
  /// Number of samples; none for a network without inputs and for a recording.
  int64_t getNumSamples() const;
  /// Populations and encoders of a model, in the order of the network, traced
  /// through its relations without the first `skip`; those of an artefact,
  /// traced through all; the arrays of a recording. Diagnostics where relations
  /// cannot be read.
  FailureOr<std::vector<NamedSignal>> getSignals(size_t skip = 0) const;

  /// Number of outputs of the network of a model.
  unsigned getNumOutputs() const {
    return network ? snn::NetworkOp(network).getFunctionType().getNumResults()
                   : 0;
  }

  /// Makes the runner of a model, with these probes.
  llvm::Error prepare(std::vector<std::string> probes);
  /// Gives the arrays of a recording the shapes of the probed signals. Errors:
  /// one of them has another shape.
  llvm::Error fit(ArrayRef<ProbeRequest> requests);
  ModelRunner &getRunner() { return *runner; }
  /// Samples that run together.
  int64_t getBatchSize();

  /// Recordings of the probes for samples [begin, end), and what @main returned
  /// for them.
  struct Part {
    std::vector<Tensor> recordings, results;
  };
  llvm::Expected<Part> run(int64_t begin, int64_t end);

private:
  llvm::Error loadModule(const DiffOptions &options, MLIRContext &context,
                         ErrorLog &log);
  std::vector<Tensor> getInputs(int64_t begin, int64_t end) const;

  std::string path, engine;
  RunnerOptions how;
  Model model;
  func::FuncOp main;
  snn::NetworkOp network;
  std::optional<LabelledSamples> data;
  std::unique_ptr<ModelRunner> runner;
  /// Of a recording, dense.
  std::vector<NamedTensor> arrays;
  std::vector<std::string> probes;
};

} // namespace spikeformer

#endif // LIB_PIPELINES_DIFFSIDE_H
