//===- Activations.h - the activations of a float network -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which operations become populations, how their elements share numbers, and
// what they give on samples: what every method of conversion asks of the float
// network.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_CONVERSION_TOSATOSNN_ACTIVATIONS_H
#define SPIKEFORMER_CONVERSION_TOSATOSNN_ACTIVATIONS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include <optional>
#include <vector>

namespace spikeformer {

/// The activations of `function`, in their order.
SmallVector<Operation *> findActivations(func::FuncOp function);

/// Replaces the rounding to levels that a network was trained with, floor(x)
/// before a bounded activation, by its mean x - 1/2: the function that spikes
/// come to with more and more steps.
void dropTrainedLevels(func::FuncOp function);

/// The axis of `value` that is the channels of the convolution or pool that it
/// comes from; none behind dense weights or a reshape.
std::optional<int64_t> getConvolutionAxis(Value value);

/// How the elements of an activation share a threshold or a correction: the
/// channels of a convolution, every neuron of a dense layer; all of them where
/// neither fits, such as a dense layer that a convolution reads as an image.
struct ActivationChannels {
  explicit ActivationChannels(Operation *activation);

  /// Extents of the numbers, which broadcast over the activation.
  SmallVector<int64_t> shape;
  int64_t count = 1;
  /// Neighbouring elements of one channel.
  int64_t inner = 1;

  /// The channel of an element of a sample, by its row-major index.
  int64_t of(int64_t element) const { return element / inner % count; }
  /// Calls `function` with the channel of each of `values`, which are whole
  /// samples, and the value.
  template <typename Function>
  void visit(ArrayRef<float> values, Function function) const {
    const float *value = values.begin();
    while (value != values.end())
      for (int64_t channel = 0; channel < count; ++channel)
        for (int64_t index = 0; index < inner; ++index)
          function(channel, *value++);
  }
};

/// Sees the values of activation `index` on a block of samples.
using ActivationObserver =
    llvm::function_ref<void(size_t index, const Tensor &values)>;

/// Runs `function` on one tensor per argument, the leading axis the samples,
/// and gives its results. The observer sees the activations of `observed`, in
/// the order of the samples.
FailureOr<SmallVector<Tensor>> runActivations(func::FuncOp function,
                                              ArrayRef<Operation *> observed,
                                              ArrayRef<Tensor> samples,
                                              unsigned threads,
                                              ActivationObserver observer);

/// Fails, after a diagnostic at `function`, unless there is one tensor of
/// samples per argument, with as many samples.
LogicalResult checkSamples(func::FuncOp function, ArrayRef<Tensor> samples);

/// Writes one threshold per channel as `snn.threshold`. A channel without one
/// (0: never active) takes the largest of the others. Fails, after a
/// diagnostic, where no channel has one.
LogicalResult setChannelThresholds(Operation *activation,
                                   const ActivationChannels &channels,
                                   ArrayRef<double> thresholds);

/// The diagnostic for an activation that no sample makes positive.
LogicalResult emitNeverActive(Operation *activation);

} // namespace spikeformer

#endif // SPIKEFORMER_CONVERSION_TOSATOSNN_ACTIVATIONS_H
