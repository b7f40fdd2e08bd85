//===- ConversionQuality.h - how well spikes say activations ----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a conversion lost, layer by layer and step by step, and what it costs.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_CONVERSIONQUALITY_H
#define SPIKEFORMER_PIPELINES_CONVERSIONQUALITY_H

#include "spikeformer/Pipelines/EarlyExit.h"
#include <optional>
#include <string>
#include <vector>

namespace spikeformer {

/// One population beside the activation x that it stands for; y is
/// theta count / T.
struct LayerQuality {
  std::string population;
  int64_t neurons = 0;
  /// Of x and y over all samples and elements; none where one never changes.
  std::optional<double> correlation;
  /// Of |x - y|, in units of the activation.
  double meanError = 0, maxError = 0;
  /// Neurons that were silent for every sample, and those that sent in every
  /// step of some sample.
  int64_t dead = 0, saturated = 0;
  double spikesPerSample = 0;
};

struct ConversionQuality {
  int64_t samples = 0;
  std::vector<LayerQuality> layers;
  /// The share of samples of which the largest output after each step is that
  /// of the float network.
  std::vector<double> agreementByStep;
  /// With the smallest margins with which 95, 99 and 100 % of the samples give
  /// the answer of all steps; empty where outputs are no classes.
  std::vector<EarlyExit> earlyExits;
  /// Of a sample: synapses that carried a spike, and products of the float
  /// network (convolutions and matrix products).
  double synapticOperations = 0;
  int64_t macs = 0;

  /// {samples, layers, agreement_by_step, synaptic_operations, macs,
  /// early_exit}, of which the last is rows of {margin, mean_steps, agreement}.
  JsonValue toJson() const;
};

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_CONVERSIONQUALITY_H
