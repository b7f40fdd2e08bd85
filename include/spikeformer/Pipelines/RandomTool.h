//===- RandomTool.h - what sf-random does -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command that makes random networks, compares the engines on them and
// shrinks a module as long as it stays interesting.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_RANDOMTOOL_H
#define SPIKEFORMER_PIPELINES_RANDOMTOOL_H

#include "spikeformer/Pipelines/DataFlags.h"
#include "spikeformer/Pipelines/Report.h"
#include "spikeformer/Reference/RandomNetwork.h"

namespace spikeformer {

/// What a user asked for.
struct RandomToolOptions {
  /// A module; empty for random networks.
  std::string model;
  RandomNetworkOptions network;
  /// Of the network and of its inputs; the first one of a comparison.
  uint64_t seed = 0;
  /// Where the network goes, or what became of `model`.
  std::string output = "-";
  /// .npz for the inputs; empty for none.
  std::string inputs;
  int64_t samples = 1;
  /// Compare the engines on `count` seeds.
  bool compare = false;
  int64_t count = 1;
  /// Where the first network that differs goes when it is shrunk; may be empty.
  std::string shrinkTo;
  /// The command that finds `model` interesting; empty where none is shrunk.
  std::string shrink;
  ReportFormat report = ReportFormat::text;
};

/// The command line of sf-random, declared while it lives.
class RandomFlags {
public:
  RandomFlags();
  /// Errors: bad usage.
  llvm::Expected<RandomToolOptions> get() const;

private:
  llvm::cl::opt<std::string> model;
  llvm::cl::opt<uint64_t> seed, first;
  llvm::cl::opt<std::string> kind;
  llvm::cl::opt<long> populations, steps, neurons;
  llvm::cl::opt<std::string> output, inputs;
  llvm::cl::opt<long> samples;
  llvm::cl::opt<bool> compare;
  llvm::cl::opt<long> count;
  llvm::cl::opt<std::string> shrinkTo, shrink;
  llvm::cl::opt<ReportFormat> report;
};

/// Runs the tool. exitRefused: the engines differ, or the module that is to be
/// shrunk is not interesting.
ExitCode runRandomTool(const RandomToolOptions &options,
                       const DialectRegistry &dialects);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_RANDOMTOOL_H
