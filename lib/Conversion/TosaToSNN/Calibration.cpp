//===- Calibration.cpp - statistics of activations ------------------------===//
//--------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blocks of samples come from the evaluator and go into selectors; no
// activation is kept. The whole calibration data is never in memory beyond its
// inputs.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Conversion/TosaToSNN/Calibration.h"
#include "spikeformer/Conversion/TosaToSNN/Activations.h"
#include "spikeformer/Support/Percentile.h"

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Measuring
//===----------------------------------------------------------------------===//

namespace {
/// The selectors of one activation.
class Meter {
public:
  Meter(Operation *op, int64_t samples, const CalibrationOptions &options);

  void add(const Tensor &tensor);
  /// Fails where the network gave no finite numbers or too few.
  FailureOr<ActivationStatistics> get();

private:
  void addChannels(const Tensor &tensor);

  Operation *op;
  std::optional<int64_t> axis;
  int64_t missing;
  bool finite = true;
  PercentileSelector all;
  std::vector<PercentileSelector> channels;
  std::vector<float> bounds;
};
} // namespace

static ArrayRef<int64_t> getShape(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType()).getShape();
}

Meter::Meter(Operation *op, int64_t samples, const CalibrationOptions &options)
    : op(op), axis(getConvolutionAxis(op->getResult(0))),
      missing(samples * ShapedType::getNumElements(getShape(op))),
      all(missing, options.percentile) {
  if (!axis || !options.perChannel)
    return;
  int64_t extent = getShape(op)[*axis];
  channels.assign(extent,
                  PercentileSelector(missing / extent, options.percentile));
  bounds.assign(extent, channels.front().getBound());
}

/// Offers runs of elements of one channel; runs of one element, the channels
/// innermost, a row of channels at a time.
void Meter::addChannels(const Tensor &tensor) {
  ArrayRef<float> values = tensor.data<float>();
  size_t extent = channels.size();
  size_t inner =
      ShapedType::getNumElements(tensor.getShape().drop_front(*axis + 1));
  if (inner != 1) {
    for (size_t run = 0; !values.empty(); ++run) {
      channels[run % extent].add(values.take_front(inner));
      values = values.drop_front(inner);
    }
    return;
  }
  for (; !values.empty(); values = values.drop_front(extent)) {
    const float *row = values.data();
    bool any = false;
    for (size_t channel = 0; channel < extent; ++channel)
      any |= row[channel] > bounds[channel];
    if (!any)
      continue;
    for (size_t channel = 0; channel < extent; ++channel) {
      channels[channel].add(row[channel]);
      bounds[channel] = channels[channel].getBound();
    }
  }
}

void Meter::add(const Tensor &tensor) {
  ArrayRef<float> values = tensor.data<float>();
  missing -= values.size();
  bool ok = true;
  for (float value : values)
    ok &= value - value == 0;
  finite = finite && ok;
  all.add(values);
  if (!channels.empty())
    addChannels(tensor);
}

FailureOr<ActivationStatistics> Meter::get() {
  if (missing != 0)
    return op->emitOpError("cannot be calibrated: need a value that depends on "
                           "the samples, have a constant");
  if (!finite)
    return op->emitOpError("cannot be calibrated: need finite numbers, have "
                           "infinity or NaN on the samples");
  ActivationStatistics result;
  result.op = op;
  if (auto name = dyn_cast<NameLoc>(op->getLoc()))
    result.node = name.getName().str();
  result.percentile = all.get();
  result.max = all.getMax();
  result.channelAxis = axis;
  for (PercentileSelector &channel : channels) {
    result.channelPercentiles.push_back(channel.get());
    result.channelMaxima.push_back(channel.getMax());
  }
  return result;
}

FailureOr<std::vector<ActivationStatistics>>
spikeformer::calibrate(func::FuncOp function, ArrayRef<Tensor> samples,
                       const CalibrationOptions &options) {
  if (failed(checkSamples(function, samples)))
    return failure();
  if (!(options.percentile >= 0 && options.percentile <= 100))
    return function.emitError() << "calibration needs a percentile from 0 to "
                                   "100, have "
                                << options.percentile;
  SmallVector<Operation *> activations = findActivations(function);
  std::vector<Meter> meters;
  for (Operation *op : activations)
    meters.emplace_back(op, samples.front().getShape().front(), options);
  auto ran = runActivations(
      function, activations, samples, options.threads,
      [&](size_t index, const Tensor &tensor) { meters[index].add(tensor); });
  if (failed(ran))
    return failure();
  std::vector<ActivationStatistics> statistics;
  bool ok = true;
  for (Meter &meter : meters) {
    FailureOr<ActivationStatistics> result = meter.get();
    ok &= succeeded(result);
    if (succeeded(result))
      statistics.push_back(std::move(*result));
  }
  if (!ok)
    return failure();
  return statistics;
}
