//===- Thresholds.cpp - methods that choose thresholds --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the methods share, and those that need no more than statistics.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Conversion/TosaToSNN/Thresholds.h"
#include "spikeformer/Conversion/TosaToSNN/Activations.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;

static constexpr StringRef methodNames[] = {"percentile", "percentile-channel",
                                            "max", "local", "least-squares"};

static constexpr StringRef methodDescriptions[] = {
    "a percentile of each activation",
    "a percentile of each channel of a convolution, of each dense activation",
    "the largest element of each activation",
    "local threshold balancing, per channel and dense neuron",
    "the least squared error of what spikes can say, per channel and dense "
    "neuron"};

ArrayRef<StringRef> spikeformer::getThresholdMethodNames() {
  return methodNames;
}

StringRef spikeformer::getThresholdMethodDescription(ThresholdMethod method) {
  return methodDescriptions[static_cast<size_t>(method)];
}

std::optional<ThresholdMethod>
spikeformer::parseThresholdMethod(StringRef name) {
  const StringRef *found = llvm::find(methodNames, name);
  if (found == std::end(methodNames))
    return std::nullopt;
  return static_cast<ThresholdMethod>(found - std::begin(methodNames));
}

/// Thresholds per channel, as elements that broadcast over the activation.
static Attribute getChannelThresholds(const ActivationStatistics &statistics,
                                      double otherwise) {
  auto type = cast<RankedTensorType>(statistics.op->getResult(0).getType());
  SmallVector<int64_t> shape(type.getRank(), 1);
  shape[*statistics.channelAxis] = statistics.channelPercentiles.size();
  Tensor tensor(shape, ElementType::f32);
  for (auto [threshold, percentile, max] :
       llvm::zip_equal(tensor.data<float>(), statistics.channelPercentiles,
                       statistics.channelMaxima))
    threshold = static_cast<float>(percentile > 0 ? percentile
                                   : max > 0      ? max
                                                  : otherwise);
  return getElementsAttr(tensor, statistics.op->getContext());
}

LogicalResult
spikeformer::setThresholds(ArrayRef<ActivationStatistics> statistics,
                           ThresholdMethod method) {
  bool ok = true;
  for (const ActivationStatistics &activation : statistics) {
    if (!(activation.max > 0)) {
      ok &= succeeded(emitNeverActive(activation.op));
      continue;
    }
    bool useMax =
        method == ThresholdMethod::Max || !(activation.percentile > 0);
    double threshold = useMax ? activation.max : activation.percentile;
    Attribute attribute = Builder(activation.op->getContext())
                              .getF32FloatAttr(static_cast<float>(threshold));
    if (method == ThresholdMethod::PercentileChannel &&
        !activation.channelPercentiles.empty())
      attribute = getChannelThresholds(activation, threshold);
    activation.op->setAttr(thresholdAttrName, attribute);
  }
  return success(ok);
}

LogicalResult spikeformer::chooseThresholds(func::FuncOp function,
                                            ArrayRef<Tensor> samples,
                                            ThresholdOptions options) {
  CalibrationOptions &calibration = options.calibration;
  switch (options.method) {
  case ThresholdMethod::Local:
    return setLocalThresholds(function, samples, calibration.threads);
  case ThresholdMethod::LeastSquares:
    return setLeastSquaresThresholds(function, samples, options.timesteps,
                                     calibration.threads);
  case ThresholdMethod::Percentile:
  case ThresholdMethod::PercentileChannel:
  case ThresholdMethod::Max:
    break;
  }
  calibration.perChannel = options.method == ThresholdMethod::PercentileChannel;
  auto statistics = calibrate(function, samples, calibration);
  if (failed(statistics))
    return failure();
  return setThresholds(*statistics, options.method);
}
