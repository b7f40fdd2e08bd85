//===- Calibration.cpp - thresholds from samples --------------------------===//
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
#include "Activation.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "spikeformer/Support/Percentile.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

static constexpr StringRef methodNames[] = {"percentile", "percentile-channel",
                                            "max"};

ArrayRef<StringRef> spikeformer::getThresholdMethodNames() {
  return methodNames;
}

std::optional<ThresholdMethod>
spikeformer::parseThresholdMethod(StringRef name) {
  const StringRef *found = llvm::find(methodNames, name);
  if (found == std::end(methodNames))
    return std::nullopt;
  return static_cast<ThresholdMethod>(found - std::begin(methodNames));
}

//===----------------------------------------------------------------------===//
// Channels
//===----------------------------------------------------------------------===//

/// The axis of `value` that is the channels of the convolution or pool that it
/// comes from; none behind dense weights or a reshape.
static std::optional<int64_t> getChannelAxis(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp, tosa::AvgPool2dOp,
          tosa::MaxPool2dOp>(op))
    return 3;
  if (auto transpose = dyn_cast<tosa::TransposeOp>(op)) {
    std::optional<int64_t> axis = getChannelAxis(transpose.getInput1());
    if (!axis)
      return std::nullopt;
    return llvm::find(transpose.getPerms(), *axis) -
           transpose.getPerms().begin();
  }
  if (!isa<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::ClampOp,
           tosa::MaximumOp, tosa::ConcatOp>(op))
    return std::nullopt;
  for (Value operand : op->getOperands())
    if (std::optional<int64_t> axis = getChannelAxis(operand))
      return axis;
  return std::nullopt;
}

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
    : op(op), axis(getChannelAxis(op->getResult(0))),
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

/// Whether there is one tensor of samples per argument, with as many samples.
static LogicalResult checkSamples(func::FuncOp function,
                                  ArrayRef<Tensor> samples) {
  if (samples.size() != function.getNumArguments())
    return function.emitError()
           << "calibration needs samples for " << function.getNumArguments()
           << " inputs, have " << samples.size();
  for (const Tensor &tensor : samples)
    if (tensor.getRank() == 0 || tensor.getShape().front() < 1 ||
        tensor.getShape().front() != samples.front().getShape().front())
      return function.emitError()
             << "calibration needs at least one sample, and as many for every "
                "input";
  return success();
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
  TensorEvaluatorOptions evaluatorOptions;
  evaluatorOptions.threads = options.threads;
  FailureOr<TensorEvaluator> evaluator =
      TensorEvaluator::create(function, std::move(evaluatorOptions));
  if (failed(evaluator))
    return failure();
  std::vector<Meter> meters;
  llvm::DenseMap<Value, size_t> numbers;
  for (Operation &op : function.front()) {
    if (!matchActivation(&op) || failed(evaluator->observe(op.getResult(0))))
      continue;
    numbers[op.getResult(0)] = meters.size();
    meters.emplace_back(&op, samples.front().getShape().front(), options);
  }
  evaluator->setObserver([&](Value value, const Tensor &tensor) {
    meters[numbers.lookup(value)].add(tensor);
  });
  if (failed(evaluator->run(samples)))
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

//===----------------------------------------------------------------------===//
// Thresholds
//===----------------------------------------------------------------------===//

/// Thresholds per channel, as elements that broadcast over the activation.
static Attribute getChannelThresholds(const ActivationStatistics &statistics,
                                      double otherwise) {
  SmallVector<int64_t> shape(getShape(statistics.op).size(), 1);
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
      activation.op
              ->emitOpError("cannot be calibrated: need a sample on which "
                            "it is active, have none")
              .attachNote()
          << "calibrate on more or other samples";
      ok = false;
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
