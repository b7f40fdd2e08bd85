//===- RunTool.h - what sf-run does -----------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command that runs a model on data and reports how it did.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_RUNTOOL_H
#define SPIKEFORMER_PIPELINES_RUNTOOL_H

#include "spikeformer/Pipelines/DataFlags.h"
#include "spikeformer/Pipelines/ModelRunner.h"
#include "spikeformer/Pipelines/Recorder.h"
#include "spikeformer/Pipelines/Report.h"

namespace spikeformer {

/// What a user asked for.
struct RunOptions {
  std::string model;
  /// DATA arguments; empty for a network without inputs.
  std::vector<std::string> data;
  std::string labels;
  /// By how much the best value of an answer before the last step is ahead.
  std::optional<double> earlyExit;
  DataOptions input;
  RunnerOptions runner;
  /// Where results and recordings go; empty for nowhere.
  std::string output, record;
  /// Directory for what the target's own software takes; empty for none.
  std::string stimulus;
  RecordFormat recordFormat = RecordFormat::dense;
  ReportFormat report = ReportFormat::text;
};

/// The command line of sf-run, declared while it lives.
class RunFlags {
public:
  RunFlags();
  /// Errors: bad usage.
  llvm::Expected<RunOptions> get() const;

private:
  DataFlags dataFlags;
  llvm::cl::opt<std::string> model;
  llvm::cl::list<std::string> data;
  llvm::cl::opt<std::string> labels;
  llvm::cl::opt<long> timesteps, limit, batch;
  llvm::cl::opt<double> earlyExit;
  llvm::cl::opt<std::string> engine, output;
  llvm::cl::list<std::string> probes;
  llvm::cl::opt<std::string> record;
  llvm::cl::opt<RecordFormat> recordFormat;
  llvm::cl::opt<std::string> stimulus;
  llvm::cl::opt<ReportFormat> report;
};

/// Runs; the report goes to standard output, errors to standard error.
ExitCode runModel(const RunOptions &options, const DialectRegistry &dialects);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_RUNTOOL_H
