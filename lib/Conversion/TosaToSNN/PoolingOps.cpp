//===- PoolingOps.cpp - pools ---------------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An average over a window of spikes is their count, and its divisor goes into
// the weights behind it. A maximum is no such sum: per step it would grow with
// the number of steps.
//
//===----------------------------------------------------------------------===//

#include "Translator.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

static std::string formatWindow(ArrayRef<int64_t> kernel) {
  return std::to_string(kernel[0]) + "x" + std::to_string(kernel[1]);
}

static void refuseMaximum(Translator &translator, tosa::MaxPool2dOp op) {
  translator.refuse(
      op, "max_pool", "an average pool",
      "the maximum over " + formatWindow(op.getKernel()),
      "retrain with average pools: the maximum of the spikes of a "
      "step overestimates the maximum of the rates, and more so "
      "with more steps");
}

/// Whether windows over the whole extent are those over the cut one.
static bool hasSameWindows(const Image &image, ArrayRef<int64_t> kernel,
                           ArrayRef<int64_t> stride, ArrayRef<int64_t> output) {
  int64_t rows = image.height + image.cutHeight;
  int64_t columns = image.width + image.cutWidth;
  return (rows - kernel[0]) / stride[0] + 1 == output[0] &&
         (columns - kernel[1]) / stride[1] + 1 == output[1];
}

static void translateAverage(Translator &translator, tosa::AvgPool2dOp op) {
  ArrayRef<int64_t> kernel = op.getKernel();
  if (translator.isTensor(op.getInput()))
    return translator.refuse(
        op, "analogue_pool", "spikes", "the input, which is no spikes",
        "pool the samples before they are given to the network, or put a "
        "convolution and a ReLU before the pool");
  if (translator.getIf<Current>(op.getInput()))
    return translator.refuse(op, "analogue_pool", "spikes",
                             "a sum before its activation",
                             "put the ReLU before the pool and not behind it");
  if (llvm::any_of(op.getPad(), [](int64_t pad) { return pad != 0; }))
    return translator.refuse(op, "pool_padding", "a pool without padding",
                             "a padding, whose windows have different divisors",
                             "export the pool without padding");
  std::optional<Image> image = translator.getImage(op, op.getInput());
  if (!image)
    return;
  ArrayRef<int64_t> output =
      cast<RankedTensorType>(op.getType()).getShape().slice(1, 2);
  if (image->signal.isPadded() ||
      !hasSameWindows(*image, kernel, op.getStride(), output))
    return translator.refuse(op, "pool_padding", "a pool of a whole image",
                             "one that was padded or sliced",
                             "export the pool without padding");
  Value pooled = translator.getNetwork().addPool(image->signal.value, kernel,
                                                 op.getStride(), op.getLoc());
  int64_t size = kernel[0] * kernel[1];
  SmallVector<int64_t> sample{1};
  llvm::append_range(sample,
                     cast<snn::SignalType>(pooled.getType()).getShape());
  translator.set(
      op,
      Signal{pooled, Value(),
             SignalNumbers::combine(image->signal.height, SignalNumbers(size),
                                    std::divides<double>()),
             SignalView::getRowMajor(sample).transpose({0, 2, 3, 1})});
}

void tosatosnn::translatePool(Translator &translator, Operation *op) {
  if (auto pool = dyn_cast<tosa::MaxPool2dOp>(op))
    return refuseMaximum(translator, pool);
  translateAverage(translator, cast<tosa::AvgPool2dOp>(op));
}
