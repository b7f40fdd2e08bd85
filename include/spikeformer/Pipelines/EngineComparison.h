//===- EngineComparison.h - both engines on random inputs -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Engines agree if every bit of every output, spike train and state and every
// counter is the same. That is the one question that random networks are for,
// so the tests and the tool ask it here.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_ENGINECOMPARISON_H
#define SPIKEFORMER_PIPELINES_ENGINECOMPARISON_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Support/Executor.h"

namespace spikeformer {

/// Samples of a comparison.
constexpr int64_t numComparedSamples = 3;

enum class EngineOutcome {
  equal,
  different,
  /// The interpreter does not make or run the network, whatever the JIT does.
  referenceFails,
  /// Only the interpreter runs it.
  jitFails
};

struct EngineComparison {
  EngineOutcome outcome;
  /// The first difference, or the error; empty where the engines agree.
  std::string what;
};

/// What two runs of one request differ in: the element of the earliest sample
/// and step, else a counter; empty if they agree. Which NaN an operation
/// returns is open, so any two are the same.
std::string describeDifference(const RunResult &reference,
                               const RunResult &actual,
                               const RunRequest &request);

/// Runs the network of `simulate` by both engines on numComparedSamples samples
/// of makeRandomRequest(`simulate`, `seed`); the JIT runs what is read back
/// from the text or the bytecode of its module. The seed also chooses which of
/// them, how the JIT compiles and whether it runs 1 or 2 threads, on which
/// results must not depend. Diagnostics become part of `what`.
EngineComparison compareEngines(snn::SimulateOp simulate, uint64_t seed);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_ENGINECOMPARISON_H
