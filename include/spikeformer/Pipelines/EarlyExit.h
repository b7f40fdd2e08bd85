//===- EarlyExit.h - answers before the last step ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sample whose answer is clear needs no further steps. All steps run, and
// where each sample could have stopped is found in what the output gave: that
// is exact, because a step does not depend on later ones.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_EARLYEXIT_H
#define SPIKEFORMER_PIPELINES_EARLYEXIT_H

#include "spikeformer/Pipelines/ModelRunner.h"
#include "spikeformer/Support/Json.h"

namespace spikeformer {

/// Where samples stop if their answer is taken as soon as the best value of the
/// first output is ahead by a margin, and what that costs.
struct EarlyExit {
  double margin = 0;
  /// Samples that take 1, 2, ... T steps.
  std::vector<int64_t> samplesBySteps;
  /// Samples, and those whose answer is that after all steps.
  int64_t samples = 0, agreed = 0;
  /// Where labels are classes.
  std::optional<int64_t> correct;

  double getMeanSteps() const;
  /// The share of samples whose answer is that after all steps.
  double getAgreement() const;
  /// {margin, mean_steps, samples_by_steps, agreement}, with labels also
  /// {correct, accuracy}; docs/Schemas/early-exit.schema.json.
  JsonValue toJson() const;
};

/// `run` is of a network that `ModelRunner::checkEarlyExit` takes; `labels`,
/// int64, may be null.
EarlyExit findEarlyExit(const ModelRun &run, double margin,
                        const Tensor *labels);

/// The smallest margin with which at least `share` of the samples of `run`
/// (above 0, at most 1) give the answer that they give after all steps.
double findExitMargin(const ModelRun &run, double share);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_EARLYEXIT_H
