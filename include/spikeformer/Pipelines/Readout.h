//===- Readout.h - what is read from an output ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Executors give the output of every step; section 7 of docs/Semantics.md says
// what a readout makes of it, and this computes it, for every engine alike.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_READOUT_H
#define SPIKEFORMER_PIPELINES_READOUT_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Support/Tensor.h"

namespace spikeformer {

/// What a readout gives.
struct ReadoutResult {
  /// [sample, ...shape].
  Tensor values;
  /// int32 [sample, step]: the class that the values would say if the window
  /// ended after that step.
  Tensor predictionByStep;
  /// f64 [sample, step]: how far the best value is ahead of the second then.
  /// Sums are divided by the steps so far; NaN where there is one value only.
  Tensor marginByStep;
};

/// Reads `signal`, [sample, step, ...shape] of a window of at least one step.
/// `values` is i32 for `count` and `first_spike`, f32 for `rate` and
/// `population_vector`, else of the type of `signal`. `stepLength` is that of
/// the network, in seconds or 1.
ReadoutResult read(const Tensor &signal, snn::Readout readout,
                   double stepLength = 1.0);

/// The class of each sample, int32 [sample].
struct Predictions {
  Tensor classes;
  /// Samples in which several classes had the best value; the lowest counts.
  int64_t ties = 0;
};

/// The index of the largest, or with `smallest` the smallest, of the values of
/// each sample in `values` [sample, ...shape].
Predictions predict(const Tensor &values, bool smallest = false);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_READOUT_H
