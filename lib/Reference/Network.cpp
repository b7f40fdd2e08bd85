//===- Network.cpp - what is constant of a network ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the numbers of populations and constants and expands projections.
//
//===----------------------------------------------------------------------===//

#include "Network.h"
#include "spikeformer/Dialect/SNN/Analysis/StepOrder.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

/// Rows of `columns` for `count` neurons.
static std::vector<Scalar> transpose(ArrayRef<NumberColumn> columns,
                                     int64_t count) {
  std::vector<Scalar> rows;
  rows.reserve(count * columns.size());
  for (int64_t n = 0; n < count; ++n)
    for (const NumberColumn &column : columns)
      rows.push_back(column[n]);
  return rows;
}

static FailureOr<std::unique_ptr<Population>>
readPopulation(PopulationOp op, const Network &network) {
  FailureOr<PopulationNumbers> numbers = PopulationNumbers::create(op);
  if (failed(numbers))
    return failure();
  auto population = std::make_unique<Population>();
  population->op = op;
  population->states = op.getModel().getStates(op);
  int64_t neurons = op.getSignalType().getNumElements();
  population->initialStates = transpose(numbers->states, neurons);
  bool shared =
      llvm::all_of(numbers->coefficients, [](const NumberColumn &column) {
        return column.isShared();
      });
  population->coefficients =
      transpose(numbers->coefficients, shared ? 1 : neurons);
  population->numCoefficients = numbers->coefficients.size();
  SmallVector<ModelVariable> inputs = op.getModel().getReceptors(op);
  for (auto [index, attribute] : llvm::enumerate(op.getReceptorList())) {
    SmallVector<const Projection *> projections;
    for (Value current : op.getReceptorInputs(index))
      projections.push_back(
          network.projections.at(current.getDefiningOp()).get());
    population->receptors.emplace_back(attribute,
                                       std::move(numbers->biases[index]),
                                       inputs[index].type, projections);
  }
  if (auto custom = dyn_cast<CustomAttr>(op.getModel()))
    population->program.emplace(SymbolTable::lookupNearestSymbolFrom<ModelOp>(
        op->getParentOfType<NetworkOp>(), custom.getModel()));
  return population;
}

static FailureOr<std::vector<Scalar>> readConstant(ConstantOp op) {
  auto type = cast<SignalType>(op.getResult().getType());
  FailureOr<NumberView> view =
      NumberView::createBroadcast(op, op.getValue(), type.getShape());
  if (failed(view))
    return failure();
  std::vector<Scalar> values(type.getNumElements());
  for (auto [index, value] : llvm::enumerate(values))
    value = Scalar::round((*view)[index], type.getCarrier());
  return values;
}

FailureOr<std::unique_ptr<Network>>
Network::create(NetworkOp op, const DeliveredCopies &copies) {
  auto network = std::make_unique<Network>();
  network->op = op;
  network->order = getStepOrder(op);
  network->latency = getLatency(op);
  bool ok = true;
  for (auto project : op.getBody().getOps<ProjectOp>()) {
    FailureOr<Projection> projection = Projection::create(project, copies);
    ok &= succeeded(projection);
    if (ok)
      network->projections[project] =
          std::make_unique<Projection>(std::move(*projection));
  }
  if (!ok)
    return failure();
  for (auto population : op.getBody().getOps<PopulationOp>()) {
    auto read = readPopulation(population, *network);
    ok &= succeeded(read);
    if (ok)
      network->populations[population] = std::move(*read);
  }
  for (auto constant : op.getBody().getOps<ConstantOp>()) {
    auto read = readConstant(constant);
    ok &= succeeded(read);
    if (ok)
      network->constants[constant] = std::move(*read);
  }
  if (!ok)
    return failure();
  return network;
}
