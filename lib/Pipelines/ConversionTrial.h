//===- ConversionTrial.h - a conversion that is tried on samples *- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A copy of the float network that was converted by one method, and how it does
// on samples beside the float network. Corrections are added to the biases or
// initial potentials of its neurons without converting again.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_CONVERSIONTRIAL_H
#define LIB_PIPELINES_CONVERSIONTRIAL_H

#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Conversion/TosaToSNN/Activations.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Pipelines/ConversionMethod.h"
#include "spikeformer/Pipelines/ConversionScheme.h"
#include "spikeformer/Pipelines/ModelRunner.h"

namespace spikeformer {

/// Numbers of each activation, one per channel.
using ChannelNumbers = std::vector<std::vector<double>>;

/// What the float network does on the samples of the trials.
struct FloatReference {
  /// One tensor per input, the leading axis the samples.
  SmallVector<Tensor> samples;
  std::vector<ActivationChannels> channels;
  /// Mean activations.
  ChannelNumbers means;
  /// The first result.
  Tensor outputs;
  unsigned threads = 1;

  int64_t getNumSamples() const { return outputs.getShape().front(); }
  /// Runs `main` on the samples; a ReportedError after diagnostics.
  llvm::Error measure(func::FuncOp main);
};

/// How a trial did.
struct TrialRun {
  /// theta count / T of each activation that became neurons, the mean over
  /// samples; empty for others.
  ChannelNumbers means;
  /// Squared error of the outputs over the variance of the float outputs.
  double error = 0;
  /// The share of samples whose largest output is that of the float network.
  double agreement = 0;
  double spikesPerSample = 0;
};

class ConversionTrial {
public:
  /// Converts a copy of `module` as `plan` says, with thresholds chosen on
  /// its samples; a ReportedError after diagnostics.
  static llvm::Expected<ConversionTrial> create(ModuleOp module,
                                                const ConversionPlan &plan);

  /// Sees the spikes that each neuron of a population sent for a sample, and
  /// its thresholds.
  using CountObserver = llvm::function_ref<void(
      const ConvertedPopulation &population, int64_t sample,
      ArrayRef<int32_t> counts, const snn::NumberView &thresholds)>;
  /// Runs on samples.
  llvm::Expected<ModelRun> simulate(ArrayRef<Tensor> samples, unsigned threads,
                                    CountObserver observe);
  /// Runs on the samples of `reference`.
  llvm::Expected<TrialRun> run(const FloatReference &reference);
  /// Sets biases and initial potentials to those of the conversion; `what` of
  /// them to what adds one number per channel to the input of each step.
  void setCorrections(const FloatReference &reference, Correction what,
                      const ChannelNumbers &corrections);

  /// Whether all neurons have the thresholds that they have in `other`, which
  /// is of the same float network and scheme.
  bool hasThresholdsOf(const ConversionTrial &other) const;

  OwningOpRef<ModuleOp> takeModule() { return std::move(module); }
  /// Whether `simulate` counts: for integrate-and-fire neurons it does.
  bool countsSpikes() const { return !neurons.empty(); }
  const ConversionReport &getReport() const { return report; }
  int64_t getTimesteps() const { return timesteps; }

private:
  /// Neurons in the place of an activation.
  struct Neurons {
    /// Into the report.
    size_t population;
    snn::PopulationOp op;
    snn::NumberView thresholds;
    /// As converted.
    std::vector<double> biases, starts;
  };

  llvm::Error findNeurons();

  OwningOpRef<ModuleOp> module;
  ConversionReport report;
  std::vector<Neurons> neurons;
  int64_t timesteps = 0;
  bool hasMovedBiases = false, hasMovedStarts = false;
};

} // namespace spikeformer

#endif // LIB_PIPELINES_CONVERSIONTRIAL_H
