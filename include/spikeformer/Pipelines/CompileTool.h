//===- CompileTool.h - what sf-compile does ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command that compiles one model for one target.
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

/// The command line of sf-compile, declared while it lives.
class CompileFlags {
public:
  CompileFlags();
  /// Errors: bad usage.
  llvm::Expected<CompileToolOptions> get() const;

private:
  llvm::Error getConvert(ConvertPhaseOptions &options) const;
  llvm::Error getMapping(TargetOptions &options) const;

  DataFlags dataFlags;
  llvm::cl::opt<std::string> input, target, output;
  llvm::cl::opt<long> timesteps;
  llvm::cl::opt<std::string> method;
  llvm::cl::opt<double> percentile;
  llvm::cl::opt<MaxPool> maxPool;
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
  llvm::cl::opt<bool> checkOnly, pareto, timing;
  llvm::cl::opt<ReportFormat> report;
};

/// Compiles; the report goes to standard output, errors to standard error.
ExitCode compileModel(const CompileToolOptions &options,
                      const DialectRegistry &dialects);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_COMPILETOOL_H
