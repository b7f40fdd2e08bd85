//===- ConversionTrial.cpp - a conversion that is tried on samples --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Spikes are counted per neuron over all samples and steps; what is compared
// are means of channels, so no activation is ever kept.
//
//===----------------------------------------------------------------------===//

#include "ConversionTrial.h"
#include "spikeformer/Dialect/SNN/Transforms/NeuronNumbers.h"
#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Pipelines/Readout.h"
#include <cmath>

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// The float network
//===----------------------------------------------------------------------===//

llvm::Error FloatReference::measure(func::FuncOp main) {
  SmallVector<Operation *> activations = findActivations(main);
  channels.clear();
  means.clear();
  for (Operation *activation : activations) {
    channels.emplace_back(activation);
    means.emplace_back(channels.back().count, 0.0);
  }
  std::vector<int64_t> counts(activations.size(), 0);
  auto results =
      runActivations(main, activations, samples, threads,
                     [&](size_t index, const Tensor &values) {
                       counts[index] += values.getNumElements();
                       channels[index].visit(values.data<float>(),
                                             [&](int64_t channel, float value) {
                                               means[index][channel] += value;
                                             });
                     });
  if (failed(results))
    return makeReportedError();
  for (auto [own, count] : llvm::zip_equal(means, counts))
    for (double &mean : own)
      mean /= static_cast<double>(count) / own.size();
  outputs = results->front();
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

llvm::Error ConversionTrial::findNeurons() {
  llvm::StringMap<snn::PopulationOp> populations;
  module->walk([&](snn::PopulationOp op) { populations[op.getName()] = op; });
  for (auto [index, population] : llvm::enumerate(report.populations)) {
    if (!population.activation)
      continue;
    snn::PopulationOp op = populations.lookup(population.name);
    auto thresholds = snn::NumberView::createBroadcast(
        op, op.getParams().get("v_threshold"), op.getSignalType().getShape());
    auto biases = snn::getBiases(op);
    auto starts = snn::getParamNumbers(op, "v_init");
    if (failed(thresholds) || failed(biases) || failed(starts))
      return makeReportedError();
    neurons.push_back(
        {index, op, *thresholds, std::move(*biases), std::move(*starts)});
  }
  return llvm::Error::success();
}

llvm::Expected<ConversionTrial>
ConversionTrial::create(ModuleOp module, const ConversionPlan &plan) {
  ConversionTrial trial;
  trial.module = module.clone();
  trial.timesteps = plan.convert.network.timesteps;
  if (failed(convertByPlan(*trial.module, plan, trial.report)))
    return makeReportedError();
  // Of others the outputs are compared, and no spikes counted.
  if (plan.scheme.getAs<NeuronKind>(SchemePart::neuron) == NeuronKind::IF)
    if (llvm::Error error = trial.findNeurons())
      return std::move(error);
  return trial;
}

bool ConversionTrial::hasThresholdsOf(const ConversionTrial &other) const {
  return llvm::all_of(
      llvm::zip_equal(report.populations, other.report.populations),
      [](const auto &pair) {
        return std::get<0>(pair).thresholds == std::get<1>(pair).thresholds;
      });
}

//===----------------------------------------------------------------------===//
// Corrections
//===----------------------------------------------------------------------===//

void ConversionTrial::setCorrections(const FloatReference &reference,
                                     Correction what,
                                     const ChannelNumbers &corrections) {
  hasMovedBiases |= what == Correction::bias;
  hasMovedStarts |= what == Correction::start;
  for (Neurons &own : neurons) {
    const ConvertedPopulation &population = report.populations[own.population];
    const ActivationChannels &channels =
        reference.channels[*population.activation];
    ArrayRef<double> numbers = corrections[*population.activation];
    std::vector<double> biases = own.biases, starts = own.starts;
    for (auto [element, neuron] : llvm::enumerate(population.neuronOrder)) {
      double number = numbers[channels.of(element)];
      if (what == Correction::bias)
        biases[neuron] += number;
      else if (what == Correction::start)
        starts[neuron] += number * static_cast<double>(timesteps);
    }
    if (hasMovedBiases)
      snn::setBiases(own.op, biases);
    if (hasMovedStarts)
      snn::setParamNumbers(own.op, "v_init", starts);
  }
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

/// The spikes of each neuron in one sample of `recording` [sample, step, ...].
static std::vector<int32_t> countSpikes(const Tensor &recording, int64_t sample,
                                        int64_t neurons) {
  std::vector<int32_t> counts(neurons, 0);
  int64_t steps = recording.getShape()[1];
  ArrayRef<uint8_t> spikes = recording.data<uint8_t>().slice(
      sample * steps * neurons, steps * neurons);
  for (; !spikes.empty(); spikes = spikes.drop_front(neurons))
    for (int64_t neuron = 0; neuron < neurons; ++neuron)
      counts[neuron] += spikes[neuron];
  return counts;
}

llvm::Expected<ModelRun> ConversionTrial::simulate(ArrayRef<Tensor> samples,
                                                   unsigned threads,
                                                   CountObserver observe) {
  RunnerOptions how;
  how.threads = threads;
  for (const Neurons &own : neurons)
    how.probes.push_back(report.populations[own.population].name);
  auto runner = ModelRunner::create(*module, how);
  if (!runner)
    return runner.takeError();
  int64_t first = 0;
  return (*runner)->run(
      samples, samples.front().getShape().front(),
      [&](ArrayRef<Tensor> recordings) {
        int64_t block = recordings.empty() ? 0 : recordings[0].getShape()[0];
        for (auto [own, recording] : llvm::zip_equal(neurons, recordings))
          for (int64_t sample = 0; sample < block; ++sample)
            observe(report.populations[own.population], first + sample,
                    countSpikes(recording, sample, own.biases.size()),
                    own.thresholds);
        first += block;
        return llvm::Error::success();
      });
}

/// Compares outputs with those of the float network.
static void compareOutputs(const Tensor &actual, const Tensor &expected,
                           TrialRun &result) {
  // A network may end in something else than numbers, such as the class.
  double sum = 0, squares = 0, errors = 0;
  int64_t count = expected.getNumElements();
  for (int64_t index = 0; index < count; ++index) {
    double x = actual.getAsDouble(index), y = expected.getAsDouble(index);
    sum += y;
    squares += y * y;
    errors += (x - y) * (x - y);
  }
  double variance = squares - sum * sum / count;
  result.error = errors / (variance > 0 ? variance : 1);
  Predictions left = predict(actual), right = predict(expected);
  int64_t samples = expected.getShape().front(), agreed = 0;
  for (int64_t sample = 0; sample < samples; ++sample)
    agreed += left.classes.data<int32_t>()[sample] ==
              right.classes.data<int32_t>()[sample];
  result.agreement = static_cast<double>(agreed) / samples;
}

llvm::Expected<TrialRun> ConversionTrial::run(const FloatReference &reference) {
  TrialRun result;
  result.means.resize(reference.channels.size());
  int64_t samples = reference.getNumSamples();
  auto ran = simulate(
      reference.samples, reference.threads,
      [&](const ConvertedPopulation &population, int64_t,
          ArrayRef<int32_t> counts, const snn::NumberView &thresholds) {
        const ActivationChannels &channels =
            reference.channels[*population.activation];
        std::vector<double> &means = result.means[*population.activation];
        means.resize(channels.count, 0.0);
        double share = static_cast<double>(channels.count) / counts.size() /
                       (samples * timesteps);
        for (auto [element, neuron] : llvm::enumerate(population.neuronOrder))
          means[channels.of(element)] +=
              thresholds[neuron] * counts[neuron] * share;
      });
  if (!ran)
    return ran.takeError();
  int64_t spikes = 0;
  for (const auto &[name, statistics] : ran->populations)
    spikes += statistics.spikes;
  result.spikesPerSample = static_cast<double>(spikes) / samples;
  compareOutputs(ran->results.front(), reference.outputs, result);
  return result;
}
