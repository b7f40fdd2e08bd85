//===- LeastSquaresThresholds.cpp - thresholds of least error -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After T steps a neuron has counted round(x T / theta) spikes, at most T, so
// what it can say are T + 1 levels up to theta. A small theta makes them fine
// and cuts off large activations; the theta of the least squared error is found
// by trying fractions of the largest activation on a histogram of the channel.
// The activation is that of the float network: the error of a channel does not
// depend on other channels, so each is searched alone.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Conversion/TosaToSNN/Activations.h"
#include "spikeformer/Conversion/TosaToSNN/Thresholds.h"
#include <cmath>

using namespace spikeformer;

namespace {
constexpr int64_t numBins = 512;
/// Thresholds that are tried: k / numTries of the largest activation.
constexpr int64_t numTries = 64;

/// The positive activations of one channel by size.
class Histogram {
public:
  void setMax(float value) { max = value; }
  float getMax() const { return max; }
  void add(float value) {
    auto bin = std::min<int64_t>(value / max * numBins, numBins - 1);
    ++counts[bin];
    sums[bin] += value;
  }
  /// The threshold of least squared error of counts up to `levels`.
  double findThreshold(int64_t levels) const;

private:
  double getError(double threshold, int64_t levels) const;

  float max = 0;
  std::array<uint32_t, numBins> counts = {};
  std::array<float, numBins> sums = {};
};

using Histograms = std::vector<std::vector<Histogram>>;
} // namespace

double Histogram::getError(double threshold, int64_t levels) const {
  double error = 0;
  for (auto [count, sum] : llvm::zip_equal(counts, sums)) {
    if (count == 0)
      continue;
    double value = sum / count;
    double spikes = std::min(std::floor(value * levels / threshold + 0.5),
                             static_cast<double>(levels));
    double difference = spikes * threshold / levels - value;
    error += count * difference * difference;
  }
  return error;
}

double Histogram::findThreshold(int64_t levels) const {
  double best = max, least = getError(max, levels);
  for (int64_t fraction = numTries - 1; fraction > 0; --fraction) {
    double threshold = static_cast<double>(max) * fraction / numTries;
    double error = getError(threshold, levels);
    if (error < least) {
      least = error;
      best = threshold;
    }
  }
  return best;
}

/// The largest activation of each channel, in histograms that are empty.
static FailureOr<Histograms>
makeHistograms(func::FuncOp function, ArrayRef<Operation *> activations,
               ArrayRef<ActivationChannels> channels, ArrayRef<Tensor> samples,
               unsigned threads) {
  std::vector<std::vector<float>> maxima;
  for (const ActivationChannels &channel : channels)
    maxima.emplace_back(channel.count, 0.0f);
  auto ran = runActivations(function, activations, samples, threads,
                            [&](size_t activation, const Tensor &values) {
                              channels[activation].visit(
                                  values.data<float>(),
                                  [&](int64_t channel, float value) {
                                    float &own = maxima[activation][channel];
                                    own = std::max(own, value);
                                  });
                            });
  if (failed(ran))
    return failure();
  Histograms result(channels.size());
  for (auto [own, values] : llvm::zip_equal(result, maxima)) {
    own.resize(values.size());
    for (auto [histogram, value] : llvm::zip_equal(own, values))
      histogram.setMax(value);
  }
  return result;
}

LogicalResult spikeformer::setLeastSquaresThresholds(func::FuncOp function,
                                                     ArrayRef<Tensor> samples,
                                                     int64_t levels,
                                                     unsigned threads) {
  if (failed(checkSamples(function, samples)))
    return failure();
  SmallVector<Operation *> activations = findActivations(function);
  std::vector<ActivationChannels> channels;
  for (Operation *activation : activations)
    channels.emplace_back(activation);
  auto histograms =
      makeHistograms(function, activations, channels, samples, threads);
  if (failed(histograms))
    return failure();
  auto ran = runActivations(
      function, activations, samples, threads,
      [&](size_t activation, const Tensor &values) {
        channels[activation].visit(
            values.data<float>(), [&](int64_t channel, float value) {
              if (value > 0)
                (*histograms)[activation][channel].add(value);
            });
      });
  if (failed(ran))
    return failure();
  bool ok = true;
  for (auto [activation, channel, own] :
       llvm::zip_equal(activations, channels, *histograms)) {
    SmallVector<double> thresholds;
    for (const Histogram &histogram : own)
      thresholds.push_back(
          histogram.getMax() > 0 ? histogram.findThreshold(levels) : 0);
    ok &= succeeded(setChannelThresholds(activation, channel, thresholds));
  }
  return success(ok);
}
