//===- PopulationNumbers.cpp - numbers of a population for an engine ------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Analysis/PopulationNumbers.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

Scalar snn::roundToAccumulator(double value, ReceptorAttr receptor) {
  Type type = receptor.getType();
  if (receptor.getAccumulator() == AccumulatorKind::ordered)
    return Scalar::round(value, type);
  double units = std::nearbyint(std::ldexp(value, receptor.getFraction()));
  if (!std::isfinite(units))
    return Scalar::of(int64_t(0));
  // Modulo 2^64 first: a double beyond it has no fraction.
  double wrapped = std::fmod(units, 0x1p64);
  auto bits = wrapped < 0 ? -static_cast<uint64_t>(-wrapped)
                          : static_cast<uint64_t>(wrapped);
  return Scalar::of(
      llvm::SignExtend64(bits, cast<IntegerType>(type).getWidth()));
}

static SmallVector<NumberColumn> makeColumns(ArrayRef<ModelVariable> variables,
                                             size_t size) {
  SmallVector<NumberColumn> columns;
  for (const ModelVariable &variable : variables)
    columns.push_back(
        {variable.name, variable.type, std::vector<Scalar>(size)});
  return columns;
}

static FailureOr<std::vector<NumberView>> readParams(PopulationOp population) {
  std::vector<NumberView> views;
  for (StringRef name : population.getModel().getParamNames(population)) {
    FailureOr<NumberView> view = NumberView::createBroadcast(
        population, population.getParams().get(name),
        population.getSignalType().getShape());
    if (failed(view))
      return failure();
    views.push_back(*view);
  }
  return views;
}

static FailureOr<SmallVector<NumberColumn>>
readBiases(PopulationOp population) {
  SmallVector<NumberColumn> columns;
  int64_t neurons = population.getSignalType().getNumElements();
  for (ReceptorAttr receptor : population.getReceptorList()) {
    NumberColumn &column = columns.emplace_back();
    column.name = receptor.getName().str();
    column.type = receptor.getType();
    Attribute bias = receptor.getBias();
    if (!bias) {
      column.values.push_back(roundToAccumulator(0.0, receptor));
      continue;
    }
    FailureOr<NumberView> view = NumberView::createBroadcast(
        population, bias, population.getSignalType().getShape());
    if (failed(view))
      return failure();
    int64_t count = view->isShared() ? 1 : neurons;
    for (int64_t n = 0; n < count; ++n) {
      double value = (*view)[n];
      if (!std::isfinite(value))
        return population.emitOpError("bias of receptor '")
               << column.name << "' needs finite numbers, got " << value
               << " for neuron " << n;
      column.values.push_back(roundToAccumulator(value, receptor));
    }
  }
  return columns;
}

FailureOr<PopulationNumbers>
PopulationNumbers::create(PopulationOp population) {
  NeuronModelAttrInterface model = population.getModel();
  FailureOr<std::vector<NumberView>> params = readParams(population);
  FailureOr<SmallVector<NumberColumn>> biases = readBiases(population);
  if (failed(params) || failed(biases))
    return failure();
  bool shared = llvm::all_of(
      *params, [](const NumberView &view) { return view.isShared(); });
  int64_t count = shared ? 1 : population.getSignalType().getNumElements();
  PopulationNumbers numbers;
  numbers.biases = std::move(*biases);
  numbers.states = makeColumns(model.getStates(population), count);
  numbers.coefficients = makeColumns(model.getCoefficients(population), count);
  double dt = population->getParentOfType<NetworkOp>().getStepLength();
  SmallVector<double> values(params->size());
  SmallVector<double> states(numbers.states.size());
  SmallVector<double> coefficients(numbers.coefficients.size());
  for (int64_t n = 0; n < count; ++n) {
    for (auto [value, view] : llvm::zip_equal(values, *params))
      value = view[n];
    auto emitError = [&] { return population.emitOpError(); };
    if (failed(model.computeCoefficients(emitError, population, values, dt,
                                         coefficients)))
      return failure();
    model.computeInitialState(population, values, states);
    for (auto [column, value] : llvm::zip_equal(numbers.states, states))
      column.values[n] = Scalar::round(value, column.type);
    for (auto [column, value] :
         llvm::zip_equal(numbers.coefficients, coefficients))
      column.values[n] = Scalar::round(value, column.type);
  }
  return numbers;
}
