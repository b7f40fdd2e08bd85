//===- FloatNeuron.cpp - float neurons as the chip sees them --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are taken from the coefficients that the engines execute, so that
// gain already has the step in it.
//
//===----------------------------------------------------------------------===//

#include "Transforms/FloatNeuron.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::templ;
using snn::NumberColumn;

std::optional<FloatRule>
templ::getFloatRule(snn::NeuronModelAttrInterface model) {
  if (auto m = dyn_cast<snn::IFAttr>(model); m && m.isBasic())
    return FloatRule{m.getReset(), m.getFires(), m.getWhen(),
                     snn::RefractoryKind::none, std::nullopt};
  if (auto m = dyn_cast<snn::LIFAttr>(model); m && m.isBasic())
    return FloatRule{m.getReset(), m.getFires(), m.getWhen(), m.getRefractory(),
                     m.getIntegration()};
  return std::nullopt;
}

/// Column `name` by neuron; empty if there is none.
static std::vector<double> expand(ArrayRef<NumberColumn> columns,
                                  StringRef name, int64_t numNeurons) {
  std::vector<double> values;
  for (const NumberColumn &column : columns)
    if (column.name == name)
      for (int64_t n = 0; n < numNeurons; ++n)
        values.push_back(column[n].toDouble(column.type));
  return values;
}

FailureOr<FloatNeuron> FloatNeuron::create(snn::PopulationOp population) {
  FailureOr<snn::PopulationNumbers> numbers =
      snn::PopulationNumbers::create(population);
  if (failed(numbers))
    return failure();
  int64_t size = population.getSignalType().getNumElements();
  auto coefficient = [&](StringRef name) {
    return expand(numbers->coefficients, name, size);
  };
  FloatNeuron neuron;
  bool leaks = getFloatRule(population.getModel())->integration.has_value();
  neuron.decay = leaks ? coefficient("decay") : std::vector<double>(size, 1.0);
  neuron.gain = coefficient(leaks ? "r" : "gain");
  neuron.threshold = coefficient("v_threshold");
  neuron.resetValue = coefficient("v_reset");
  neuron.initial = expand(numbers->states, "v", size);
  neuron.bias = expand(numbers->biases, "in", size);
  for (auto *column : {&neuron.threshold, &neuron.resetValue, &neuron.initial})
    for (auto [value, gain] : llvm::zip(*column, neuron.gain))
      value /= gain;
  // An integer accumulator holds the bias in units of 2^-fraction.
  unsigned fraction = population.getReceptorList().front().getFraction();
  for (double &value : neuron.bias)
    value = std::ldexp(value, -static_cast<int>(fraction));
  return neuron;
}
