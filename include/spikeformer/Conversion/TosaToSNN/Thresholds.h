//===- Thresholds.h - methods that choose thresholds ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The methods by which the thresholds of the neurons are chosen that replace
// activations, each in a file of its own. All of them see the float network on
// samples only and write `snn.threshold`.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_CONVERSION_TOSATOSNN_THRESHOLDS_H
#define SPIKEFORMER_CONVERSION_TOSATOSNN_THRESHOLDS_H

#include "spikeformer/Conversion/TosaToSNN/Calibration.h"

namespace spikeformer {

/// How thresholds are chosen from activations.
enum class ThresholdMethod {
  /// "percentile": one per activation, the percentile of all its elements.
  Percentile,
  /// "percentile-channel": one per channel of a convolution, the percentile of
  /// its elements; one per dense activation.
  PercentileChannel,
  /// "max": one per activation, its largest element.
  Max,
  /// "local": one per channel and per dense neuron, by local threshold
  /// balancing (arXiv 2409.03368).
  Local,
  /// "least-squares": one per channel and per dense neuron, that of the least
  /// squared error of what its spikes can say in T steps.
  LeastSquares
};

/// The method of this name; none if there is none.
std::optional<ThresholdMethod> parseThresholdMethod(StringRef name);
/// All names, in the order of the enumeration.
ArrayRef<StringRef> getThresholdMethodNames();
/// One clause for people.
StringRef getThresholdMethodDescription(ThresholdMethod method);

struct ThresholdOptions {
  ThresholdMethod method = ThresholdMethod::Percentile;
  /// `perChannel` follows from the method.
  CalibrationOptions calibration;
  /// Steps for which an input is presented.
  int64_t timesteps = 0;
};

/// Chooses the thresholds of `function` on samples (one tensor per argument,
/// the leading axis the samples). Fails, with one diagnostic per activation,
/// where an activation is 0 on all of them.
LogicalResult chooseThresholds(func::FuncOp function, ArrayRef<Tensor> samples,
                               ThresholdOptions options);

/// Writes the thresholds that `statistics` say. A channel whose percentile is 0
/// takes its largest element, one that is never active the threshold of the
/// whole activation.
LogicalResult setThresholds(ArrayRef<ActivationStatistics> statistics,
                            ThresholdMethod method);

/// 100 batches of 100 samples, in turn; thresholds start at 0 and grow by twice
/// the mean excess of a batch.
LogicalResult setLocalThresholds(func::FuncOp function,
                                 ArrayRef<Tensor> samples, unsigned threads);

/// Thresholds for counts from 0 to `levels`.
LogicalResult setLeastSquaresThresholds(func::FuncOp function,
                                        ArrayRef<Tensor> samples,
                                        int64_t levels, unsigned threads);

} // namespace spikeformer

#endif // SPIKEFORMER_CONVERSION_TOSATOSNN_THRESHOLDS_H
