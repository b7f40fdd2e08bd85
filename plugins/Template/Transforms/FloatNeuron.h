//===- FloatNeuron.h - float neurons as the chip sees them ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// if and lif are one neuron to the chip: a decay, a gain, a threshold and a
// reset. Legality checks it and quantisation rounds it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_FLOATNEURON_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_FLOATNEURON_H

#include "spikeformer/Dialect/SNN/Analysis/PopulationNumbers.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"

namespace spikeformer::templ {

/// The choices of `#snn.if` and `#snn.lif`.
struct FloatRule {
  snn::ResetKind reset;
  snn::FiresKind fires;
  snn::ResetTime when;
  snn::RefractoryKind refractory;
  /// Of a model that leaks.
  std::optional<snn::Integration> integration;
};

/// The rule of `model`; none if it is neither `#snn.if` nor `#snn.lif`.
std::optional<FloatRule> getFloatRule(snn::NeuronModelAttrInterface model);

/// The numbers of a float population. Potentials are in units of the input: the
/// potential of a neuron divided by its gain.
struct FloatNeuron {
  /// By neuron.
  std::vector<double> decay, gain, threshold, initial, bias;
  /// Empty without `reset = to_value`.
  std::vector<double> resetValue;

  /// `population` has a rule, and `discrete` if it leaks. Fails with a
  /// diagnostic where its data are wrong.
  static FailureOr<FloatNeuron> create(snn::PopulationOp population);
};

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_FLOATNEURON_H
