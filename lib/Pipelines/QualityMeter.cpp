//===- QualityMeter.cpp - measuring what a conversion lost ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QualityMeter.h"
#include "AppendRows.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Pipelines/Readout.h"
#include "llvm/ADT/BitVector.h"
#include <cmath>

using namespace spikeformer;

namespace {
constexpr int64_t maxSamples = 128;

/// The sums of one layer.
class LayerMeter {
public:
  explicit LayerMeter(const ConvertedPopulation &population)
      : population(population), active(population.neurons),
        saturated(population.neurons) {}

  /// `activation` has the elements of the sample.
  void add(ArrayRef<float> activation, ArrayRef<int32_t> counts,
           const snn::NumberView &thresholds, int64_t timesteps);
  LayerQuality get(int64_t samples) const;

private:
  const ConvertedPopulation &population;
  llvm::BitVector active, saturated;
  int64_t elements = 0, spikes = 0;
  double sumX = 0, sumY = 0, sumXX = 0, sumYY = 0, sumXY = 0;
  double errors = 0, maxError = 0;
};
} // namespace

void LayerMeter::add(ArrayRef<float> activation, ArrayRef<int32_t> counts,
                     const snn::NumberView &thresholds, int64_t timesteps) {
  for (auto [element, neuron] : llvm::enumerate(population.neuronOrder)) {
    int32_t count = counts[neuron];
    double x = activation[element];
    double y = thresholds[neuron] * count / timesteps;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumYY += y * y;
    sumXY += x * y;
    errors += std::abs(x - y);
    maxError = std::max(maxError, std::abs(x - y));
    spikes += count;
    ++elements;
    if (count > 0)
      active.set(neuron);
    if (count == timesteps)
      saturated.set(neuron);
  }
}

LayerQuality LayerMeter::get(int64_t samples) const {
  LayerQuality result;
  result.population = population.name;
  result.neurons = population.neurons;
  double n = elements;
  double varianceX = sumXX - sumX * sumX / n;
  double varianceY = sumYY - sumY * sumY / n;
  if (varianceX > 0 && varianceY > 0)
    result.correlation =
        (sumXY - sumX * sumY / n) / std::sqrt(varianceX * varianceY);
  result.meanError = errors / n;
  result.maxError = maxError;
  result.dead = population.neurons - active.count();
  result.saturated = saturated.count();
  result.spikesPerSample = static_cast<double>(spikes) / samples;
  return result;
}

/// Products that `main` computes for one sample.
static int64_t countProducts(func::FuncOp main) {
  int64_t products = 0;
  auto getShape = [](Value value) {
    return cast<ShapedType>(value.getType()).getShape();
  };
  main.walk([&](Operation *op) {
    int64_t each = 0;
    // Weights are O, KH, KW, I; of depthwise ones KH, KW, C, M.
    if (auto conv = dyn_cast<tosa::Conv2DOp>(op))
      each =
          ShapedType::getNumElements(getShape(conv.getWeight()).drop_front());
    else if (auto depthwise = dyn_cast<tosa::DepthwiseConv2DOp>(op))
      each = ShapedType::getNumElements(
          getShape(depthwise.getWeight()).take_front(2));
    else if (auto matmul = dyn_cast<tosa::MatMulOp>(op))
      each = getShape(matmul.getA()).back();
    if (each != 0)
      products += each * ShapedType::getNumElements(getShape(op->getResult(0)));
  });
  return products;
}

/// The activations of `main` on samples, whole.
static llvm::Expected<std::vector<Tensor>>
keepActivations(func::FuncOp main, ArrayRef<Tensor> samples, unsigned threads) {
  SmallVector<Operation *> activations = findActivations(main);
  std::vector<Tensor> kept(activations.size());
  std::vector<int64_t> rows(activations.size(), 0);
  int64_t count = samples.front().getShape().front();
  auto ran =
      runActivations(main, activations, samples, threads,
                     [&](size_t index, const Tensor &block) {
                       appendRows(block, rows[index], count, kept[index]);
                       rows[index] += block.getShape().front();
                     });
  if (failed(ran))
    return makeReportedError();
  return kept;
}

/// How often the prediction after each step is that of the float network.
static std::vector<double> compareSteps(const Tensor &byStep,
                                        const Tensor &expected) {
  Predictions classes = predict(expected);
  int64_t samples = byStep.getShape()[0], steps = byStep.getShape()[1];
  std::vector<double> result;
  for (int64_t step = 0; step < steps; ++step) {
    int64_t agreed = 0;
    for (int64_t sample = 0; sample < samples; ++sample)
      agreed += byStep.data<int32_t>()[sample * steps + step] ==
                classes.classes.data<int32_t>()[sample];
    result.push_back(static_cast<double>(agreed) / samples);
  }
  return result;
}

llvm::Expected<ConversionQuality>
spikeformer::measureQuality(ConversionTrial &trial, func::FuncOp main,
                            const FloatReference &reference) {
  ConversionQuality result;
  result.samples = std::min(reference.getNumSamples(), maxSamples);
  SmallVector<Tensor> samples;
  for (const Tensor &tensor : reference.samples)
    samples.push_back(tensor.slice(0, result.samples));
  auto activations = keepActivations(main, samples, reference.threads);
  if (!activations)
    return activations.takeError();
  std::vector<LayerMeter> meters;
  std::vector<size_t> meterOf((*activations).size());
  for (const ConvertedPopulation &population : trial.getReport().populations)
    if (population.activation && trial.countsSpikes()) {
      meterOf[*population.activation] = meters.size();
      meters.emplace_back(population);
    }
  auto ran = trial.simulate(
      samples, reference.threads,
      [&](const ConvertedPopulation &population, int64_t sample,
          ArrayRef<int32_t> counts, const snn::NumberView &thresholds) {
        const Tensor &activation = (*activations)[*population.activation];
        int64_t size = activation.getNumElements() / result.samples;
        meters[meterOf[*population.activation]].add(
            activation.data<float>().slice(sample * size, size), counts,
            thresholds, trial.getTimesteps());
      });
  if (!ran)
    return ran.takeError();
  for (const LayerMeter &meter : meters)
    result.layers.push_back(meter.get(result.samples));
  if (ran->predictionByStep) {
    result.agreementByStep = compareSteps(
        ran->predictionByStep, reference.outputs.slice(0, result.samples));
    // One value has no margin.
    if (!std::isnan(ran->marginByStep.data<double>().front()))
      for (double share : {0.95, 0.99, 1.0})
        result.earlyExits.push_back(
            findEarlyExit(*ran, findExitMargin(*ran, share), nullptr));
  }
  result.synapticOperations =
      static_cast<double>(ran->synapticEvents) / result.samples;
  result.macs = countProducts(main);
  return result;
}
