//===- LocalThresholds.cpp - local threshold balancing --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Local threshold balancing after arXiv 2409.03368: the threshold of a channel
// grows by `rate` times the mean by which the activation exceeds it, and upper
// layers see what lower ones can send, that is the activation clipped at its
// threshold. Spikes never run: a clipped copy of the float network does.
//
//===----------------------------------------------------------------------===//

#include "Activation.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Conversion/TosaToSNN/Activations.h"
#include "spikeformer/Conversion/TosaToSNN/Thresholds.h"

using namespace spikeformer;

namespace {
/// Batches of samples, and how fast a threshold follows: the values of the
/// paper's code.
constexpr int64_t numBatches = 100, batchSize = 100;
constexpr double rate = 2;

/// One run of the rule over all batches.
class ThresholdBalancer {
public:
  ThresholdBalancer(func::FuncOp function, ArrayRef<Tensor> samples,
                    unsigned threads)
      : activations(findActivations(function)), samples(samples),
        threads(threads) {
    for (Operation *activation : activations) {
      channels.emplace_back(activation);
      thresholds.emplace_back(channels.back().count, 0.0);
    }
  }

  LogicalResult run(func::FuncOp copy);
  LogicalResult write() const;

private:
  void clip(func::FuncOp copy);
  SmallVector<Tensor> getInputs(int64_t batch) const;
  LogicalResult runBatch(func::FuncOp copy, ArrayRef<Operation *> observed,
                         int64_t batch);

  SmallVector<Operation *> activations;
  std::vector<ActivationChannels> channels;
  std::vector<std::vector<double>> thresholds;
  ArrayRef<Tensor> samples;
  unsigned threads;
};
} // namespace

/// Lets the users of every activation of `copy` see it limited to a further
/// argument, its thresholds.
void ThresholdBalancer::clip(func::FuncOp copy) {
  for (auto [op, channel] : llvm::zip_equal(findActivations(copy), channels)) {
    Value value = op->getResult(0);
    auto type = cast<RankedTensorType>(value.getType());
    BlockArgument limit = copy.front().addArgument(
        RankedTensorType::get(channel.shape, type.getElementType()),
        op->getLoc());
    OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    Value clipped =
        tosa::MinimumOp::create(builder, op->getLoc(), type, value, limit);
    value.replaceAllUsesExcept(clipped, clipped.getDefiningOp());
  }
  copy.setFunctionType(FunctionType::get(copy.getContext(),
                                         copy.front().getArgumentTypes(),
                                         copy.getFunctionType().getResults()));
}

/// Samples of the batch, in turn, and for each of them the thresholds: an
/// argument with a leading extent of 1 has a row per sample.
SmallVector<Tensor> ThresholdBalancer::getInputs(int64_t batch) const {
  int64_t available = samples.front().getShape().front();
  int64_t begin = batch * batchSize % available;
  int64_t end = std::min(available, begin + batchSize);
  SmallVector<Tensor> inputs;
  for (const Tensor &tensor : samples)
    inputs.push_back(tensor.slice(begin, end));
  for (auto [channel, threshold] : llvm::zip_equal(channels, thresholds)) {
    SmallVector<int64_t> shape = channel.shape;
    shape.front() = end - begin;
    Tensor rows(shape, ElementType::f32);
    for (auto [index, value] : llvm::enumerate(rows.data<float>()))
      value = static_cast<float>(threshold[index % threshold.size()]);
    inputs.push_back(std::move(rows));
  }
  return inputs;
}

LogicalResult ThresholdBalancer::runBatch(func::FuncOp copy,
                                          ArrayRef<Operation *> observed,
                                          int64_t batch) {
  std::vector<std::vector<double>> excess;
  std::vector<int64_t> counts(channels.size(), 0);
  for (const ActivationChannels &channel : channels)
    excess.emplace_back(channel.count, 0.0);
  auto ran =
      runActivations(copy, observed, getInputs(batch), threads,
                     [&](size_t activation, const Tensor &values) {
                       const ActivationChannels &channel = channels[activation];
                       ArrayRef<float> elements = values.data<float>();
                       counts[activation] += elements.size() / channel.count;
                       channel.visit(elements, [&](int64_t own, float value) {
                         excess[activation][own] +=
                             std::max(0.0, value - thresholds[activation][own]);
                       });
                     });
  if (failed(ran))
    return failure();
  for (auto [threshold, sums, count] :
       llvm::zip_equal(thresholds, excess, counts))
    for (auto [own, sum] : llvm::zip_equal(threshold, sums))
      own += rate * sum / count;
  return success();
}

LogicalResult ThresholdBalancer::run(func::FuncOp copy) {
  clip(copy);
  SmallVector<Operation *> observed = findActivations(copy);
  for (int64_t batch = 0; batch < numBatches; ++batch)
    if (failed(runBatch(copy, observed, batch)))
      return failure();
  return success();
}

LogicalResult ThresholdBalancer::write() const {
  bool ok = true;
  for (auto [activation, channel, threshold] :
       llvm::zip_equal(activations, channels, thresholds))
    ok &= succeeded(setChannelThresholds(activation, channel, threshold));
  return success(ok);
}

LogicalResult spikeformer::setLocalThresholds(func::FuncOp function,
                                              ArrayRef<Tensor> samples,
                                              unsigned threads) {
  if (failed(checkSamples(function, samples)))
    return failure();
  ThresholdBalancer balancer(function, samples, threads);
  OpBuilder builder(function);
  auto copy = cast<func::FuncOp>(builder.clone(*function));
  copy.setPrivate();
  copy.setName((function.getName() + ".clipped").str());
  LogicalResult ran = balancer.run(copy);
  copy.erase();
  return success(succeeded(ran) && succeeded(balancer.write()));
}
