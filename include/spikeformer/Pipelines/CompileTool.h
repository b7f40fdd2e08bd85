//===- CompileTool.h - what sf-compile does ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command that compiles a model for a target, or all models of a manifest.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_COMPILETOOL_H
#define SPIKEFORMER_PIPELINES_COMPILETOOL_H

#include "spikeformer/Pipelines/Compiler.h"
#include "spikeformer/Pipelines/Report.h"

namespace spikeformer {

/// What a user asked for.
struct CompileToolOptions {
  CompileOptions compile;
  /// Nothing is written.
  bool checkOnly = false;
  /// Several objectives are tried and nothing is written.
  bool pareto = false;
  /// The seconds of every phase are printed.
  bool timing = false;
  ReportFormat report = ReportFormat::text;
};

/// What a user asked for of a batch.
struct BatchToolOptions {
  /// The file that names the models.
  std::string manifest;
  /// Directory of the outputs.
  std::string output;
  /// Directory of the cache; empty for none.
  std::string cache;
  unsigned threads = 1;
  ReportFormat report = ReportFormat::text;
};

/// The command line of sf-compile, declared while it lives.
class CompileFlags {
public:
  CompileFlags();
  /// Errors: bad usage.
  llvm::Expected<CompileToolOptions> get() const;

  /// Whether the models are those of a manifest.
  bool isBatch() const { return !manifest.empty(); }
  /// Errors: bad usage.
  llvm::Expected<BatchToolOptions> getBatch() const;
  /// The options of one model of a batch; `get` of flags that name it.
  llvm::Expected<CompileToolOptions> getModel(StringRef model,
                                              StringRef result);

private:
  llvm::Error checkNeeded() const;
  llvm::Error getScheme(AskedScheme &scheme) const;
  llvm::Error getConvert(ConvertPhaseOptions &options) const;
  llvm::Error getMapping(TargetOptions &options) const;

  DataFlags dataFlags;
  llvm::cl::opt<std::string> input, target, output;
  llvm::cl::opt<long> timesteps;
  llvm::cl::opt<std::string> method;
  llvm::cl::opt<double> percentile;
  llvm::cl::opt<std::string> maxPool, neuron, inputCoding, initialPotential,
      averagePool, readout;
  llvm::cl::opt<long> deltaBits;
  llvm::cl::opt<long> levels;
  llvm::cl::list<std::string> calibrate;
  llvm::cl::opt<std::string> calibrateLabels;
  llvm::cl::opt<long> calibrateLimit;
  llvm::cl::list<std::string> evaluate;
  llvm::cl::opt<std::string> labels;
  llvm::cl::opt<long> limit;
  llvm::cl::opt<std::string> engine, machine, objective, rates;
  llvm::cl::list<std::string> pins;
  llvm::cl::opt<long> effort;
  llvm::cl::opt<double> timeLimit;
  llvm::cl::opt<long> seed;
  llvm::cl::opt<std::string> compileTo;
  llvm::cl::opt<std::string> manifest, cache;
  llvm::cl::opt<bool> checkOnly, pareto, timing;
  llvm::cl::opt<ReportFormat> report;
};

/// Compiles; the report goes to standard output, errors to standard error.
ExitCode compileModel(const CompileToolOptions &options,
                      const DialectRegistry &dialects);

/// What became of a model: the exit code of a tool that compiles only that one,
/// and its report.
struct CompileResult {
  ExitCode code;
  JsonValue report;
};

/// Compiles one of several models in `context`; what is wrong goes to `log`.
/// `data` keeps samples that others share.
CompileResult compileModel(const CompileToolOptions &options,
                           MLIRContext &context, ErrorLog &log,
                           DataStore *data);

/// Compiles the models of a manifest. `arguments` is the command line of which
/// `flags` have been parsed: it holds for every model that does not say
/// otherwise.
ExitCode compileBatch(CompileFlags &flags, ArrayRef<const char *> arguments,
                      const DialectRegistry &dialects);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_COMPILETOOL_H
