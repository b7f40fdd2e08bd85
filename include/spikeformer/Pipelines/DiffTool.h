//===- DiffTool.h - what sf-diff does ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command that says whether two models, two engines or two recordings are
// the same, and where they first differ.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_DIFFTOOL_H
#define SPIKEFORMER_PIPELINES_DIFFTOOL_H

#include "spikeformer/Pipelines/Comparison.h"
#include "spikeformer/Pipelines/DataFlags.h"
#include "spikeformer/Pipelines/Report.h"

namespace spikeformer {

/// Which array of a recording is of which signal.
struct RecordedSignal {
  /// POPULATION, POPULATION.STATE, or an output.
  std::string name;
  std::string key;
};

/// What a user asked for.
struct DiffOptions {
  /// Models or recordings; the second is the first if only one is given.
  std::string a, b;
  std::string engineA = "jit", engineB = "jit";
  std::vector<std::string> data;
  /// Empty: arrays have the names of signals.
  std::vector<RecordedSignal> recorded;
  /// Steps by which the recording is later than the model.
  int64_t shift = 0;
  DataOptions input;
  std::optional<int64_t> timesteps;
  unsigned threads = 1;
  Tolerance tolerance;
  /// Largest mean error of an activation, in units of its threshold.
  double activationTolerance = 0.05;
  ReportFormat report = ReportFormat::text;
};

/// The command line of sf-diff, declared while it lives.
class DiffFlags {
public:
  DiffFlags();
  /// Errors: bad usage.
  llvm::Expected<DiffOptions> get() const;

private:
  DataFlags dataFlags;
  llvm::cl::list<std::string> inputs, data, recorded;
  llvm::cl::opt<std::string> engines;
  llvm::cl::opt<long> timesteps, limit, shift;
  llvm::cl::opt<double> atol, rtol, tolerance;
  llvm::cl::opt<ReportFormat> report;
};

/// Compares; the report goes to standard output, errors to standard error.
/// exitDone if equal, exitRefused if different.
ExitCode diffModels(const DiffOptions &options,
                    const DialectRegistry &dialects);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_DIFFTOOL_H
