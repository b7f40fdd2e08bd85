//===- Compiler.h - the phases of a compilation -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a file to a module or an artefact, phase by phase. Every phase either
// applies or says why not; the module is verified at each border.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_COMPILER_H
#define SPIKEFORMER_PIPELINES_COMPILER_H

#include "spikeformer/Pipelines/DataFlags.h"
#include "spikeformer/Pipelines/Evaluation.h"
#include "spikeformer/Pipelines/MethodSearch.h"
#include "spikeformer/PluginAPI/EmitContext.h"
#include "spikeformer/Support/AtomicFile.h"

namespace spikeformer {

/// Options of phase `import`.
struct ImportPhaseOptions {
  std::string input;
  /// Preprocessing becomes part of the module; the rest says how data are read.
  DataOptions data;
};

/// Options of phase `convert`.
struct ConvertPhaseOptions {
  /// T; required where the module leaves it open.
  std::optional<int64_t> timesteps;
  /// None: the best of all on the calibration samples.
  std::optional<ConversionMethod> method;
  /// Of the methods by percentile, from 0 to 100.
  double percentile = 99.9;
  /// What neurons are, how values come in and go out.
  AskedScheme scheme;
  /// Of sigma-delta neurons, from 0 to 24.
  int64_t deltaBits = 8;
  /// Of graded neurons, from 1 to `maxLevels`.
  int64_t levels = 15;
  /// DATA arguments of the calibration samples.
  std::vector<std::string> calibration;
  std::string calibrationLabels;
  std::optional<int64_t> calibrationLimit;
};

/// Options of phase `emit`.
struct EmitPhaseOptions {
  /// File of a module or directory of an artefact.
  std::string output;
  Durability durability = Durability::now;
};

/// What is measured after the last phase.
struct EvaluationOptions {
  std::vector<std::string> data;
  std::string labels;
  std::optional<int64_t> limit;
  std::string engine = "jit";
};

struct CompileOptions {
  std::string target;
  ImportPhaseOptions import;
  ConvertPhaseOptions convert;
  /// Of the phases from `legalize` on.
  TargetOptions mapping;
  EmitPhaseOptions emit;
  EvaluationOptions evaluation;
  /// The last phase that runs.
  Phase until = Phase::emit;
  unsigned threads = 1;
};

/// What a phase did.
struct PhaseRecord {
  Phase phase;
  /// Why the phase does not apply; empty if it does.
  std::string skipped;
  /// On the clock, and of processor time.
  double seconds = 0, cpuSeconds = 0;
};

/// How a model did on samples.
struct Assessment {
  Evaluation evaluation;
  int64_t samples = 0;
  std::string sha256;

  /// {value, correct, samples, sha256} or {rmse, mae, r2, samples, sha256}.
  JsonValue toJson() const;
};

/// One compilation. Errors as the phases report them; ReportedError after
/// diagnostics in the context.
class Compiler {
public:
  /// `options` and `target` outlive the compiler. `data`, which may be null,
  /// keeps samples that other models share.
  Compiler(MLIRContext &context, const CompileOptions &options,
           const Target &target, ErrorLog &log, DataStore *data = nullptr)
      : context(context), options(options), target(target), log(log),
        data(data) {}

  /// Sees the module behind each phase that applies, verified. Its error ends
  /// the compilation.
  using Observer = std::function<llvm::Error(Phase, ModuleOp)>;

  /// Runs the phases up to `options.until`, without writing anything.
  llvm::Error run(const Observer &observe = nullptr);
  /// Measures what the options ask for; a warning if calibration and
  /// evaluation used the same samples.
  llvm::Error measure();
  /// The module after the phases that ran.
  ModuleOp getModule() const { return *model.module; }
  const Model &getModel() const { return model; }

  ArrayRef<PhaseRecord> getPhases() const { return phases; }
  /// The method that chose thresholds; empty if nothing was converted.
  StringRef getMethod() const { return method; }
  const ConversionReport &getConversion() const { return conversion; }
  /// What neurons are, how values come in and go out; the defaults if nothing
  /// was converted.
  const ConversionScheme &getScheme() const { return scheme; }
  /// How methods did that were compared; empty if none were.
  ArrayRef<MethodResult> getMethods() const { return methods; }
  /// What the conversion lost; none if it was not tried on samples.
  const std::optional<ConversionQuality> &getQuality() const { return quality; }
  const std::optional<Assessment> &getFloatAccuracy() const {
    return floatAccuracy;
  }
  const std::optional<Assessment> &getCalibrationAccuracy() const {
    return calibrationAccuracy;
  }
  const std::optional<Assessment> &getAccuracy() const { return accuracy; }

private:
  /// Empty if the phase did something, else why it does not apply.
  using Outcome = llvm::Expected<std::string>;

  Outcome runPhase(Phase phase);
  Outcome importModel();
  Outcome importMapping();
  bool isMappingProblem() const;
  Outcome normalize();
  Outcome convert();
  llvm::Error convertNetwork();
  ConversionPlan makePlan() const;
  llvm::Error chooseScheme(ConversionPlan &plan);
  std::string measureLoss(ConversionPlan plan) const;
  bool canHave(bool stated) const;
  llvm::Error checkCorrection(const ConversionScheme &scheme) const;
  llvm::Error searchNetwork(ConversionPlan plan);
  std::function<void(StringRef)> makeSearchProgress() const;
  Outcome runTargetPasses(Phase phase);
  llvm::Error readSamples(func::FuncOp main);
  llvm::Error preprocess(func::FuncOp main);
  Outcome setTimesteps(snn::SimulateOp simulation);
  llvm::Expected<Assessment> assess(const LabelledSamples &data);

  MLIRContext &context;
  const CompileOptions &options;
  const Target &target;
  ErrorLog &log;
  DataStore *data;

  Model model;
  std::optional<LabelledSamples> calibration, evaluation;
  std::vector<PhaseRecord> phases;
  std::string method;
  ConversionScheme scheme;
  std::vector<MethodResult> methods;
  std::optional<ConversionQuality> quality;
  ConversionReport conversion;
  std::optional<Assessment> floatAccuracy, calibrationAccuracy, accuracy;
};

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_COMPILER_H
