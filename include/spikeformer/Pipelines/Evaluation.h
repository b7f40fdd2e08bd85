//===- Evaluation.h - how good results are ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares what a model gave with labels, and says what a report says of it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_EVALUATION_H
#define SPIKEFORMER_PIPELINES_EVALUATION_H

#include "spikeformer/Pipelines/ModelRunner.h"
#include "spikeformer/Pipelines/Readout.h"
#include "spikeformer/Support/Json.h"
#include "spikeformer/Support/Labels.h"

namespace spikeformer {

/// What labels say of a run.
struct Evaluation {
  /// Of classes.
  std::optional<int64_t> correct;
  /// After each step; empty for float networks.
  std::vector<int64_t> correctByStep;
  /// Of float targets: root of the mean square error, mean absolute error and
  /// the share of the variance that is explained (1 - residual / total, each
  /// target element around its own mean).
  std::optional<double> rmse, mae, r2;

  double getAccuracy(int64_t samples) const {
    return static_cast<double>(*correct) / samples;
  }
};

/// Compares the first result of `run` with `labels`, which come from `file`.
/// Errors: a class that the model does not have, targets of another shape than
/// the result.
llvm::Expected<Evaluation> evaluate(const ModelRun &run,
                                    const Predictions &predictions,
                                    const Labels &labels, StringRef file);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_EVALUATION_H
