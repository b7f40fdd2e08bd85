//===- Simulations.cpp - how a network is simulated -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Transforms/Simulations.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/SymbolTable.h"

using namespace spikeformer;
using namespace spikeformer::snn;

FailureOr<SimulateOp> snn::getOnlySimulation(NetworkOp network) {
  SmallVector<SimulateOp> simulations;
  network->getParentOp()->walk([&](SimulateOp op) {
    if (op.getNetwork() == network.getSymName())
      simulations.push_back(op);
  });
  if (simulations.size() != 1)
    return network.emitError("simulations of the network: needs 1, has ")
           << simulations.size()
           << "; what becomes of the network depends on how it is run";
  SimulateOp simulation = simulations.front();
  if (!simulation.getSteps())
    return simulation.emitError(
        "number of steps: needs one, has '?'; state it, as --timesteps does");
  if (simulation.getResetKind() != SampleReset::per_sample)
    return simulation.emitError("reset between samples: needs per_sample, has ")
           << stringifySampleReset(simulation.getResetKind())
           << "; what neurons hold would go on into the next sample";
  return simulation;
}

UniqueNames::UniqueNames(NetworkOp network) {
  for (Operation &op : network.getBody().front())
    if (auto name = op.getAttrOfType<StringAttr>("name"))
      names.insert(name.getValue());
}

std::string UniqueNames::add(const Twine &wanted) {
  std::string base = wanted.str(), name = base;
  for (unsigned number = 1; !names.insert(name).second; ++number)
    name = base + "_" + std::to_string(number);
  return name;
}

/// A constant that broadcasts over tensors of `rank`.
static Value makeConstant(OpBuilder &builder, Location location, unsigned rank,
                          double number) {
  auto type = RankedTensorType::get(SmallVector<int64_t>(rank, 1),
                                    builder.getF32Type());
  return tosa::ConstOp::create(
      builder, location, type,
      DenseElementsAttr::get(type, static_cast<float>(number)));
}

Value snn::scaleTensor(OpBuilder &builder, Location location, Value value,
                       double factor, double offset) {
  auto type = cast<RankedTensorType>(value.getType());
  auto shiftType = RankedTensorType::get(1, builder.getI8Type());
  Value shift = tosa::ConstOp::create(
      builder, location, shiftType,
      DenseElementsAttr::get(shiftType, static_cast<int8_t>(0)));
  value = tosa::MulOp::create(
      builder, location, type, value,
      makeConstant(builder, location, type.getRank(), factor), shift);
  if (offset == 0)
    return value;
  return tosa::AddOp::create(
      builder, location, type, value,
      makeConstant(builder, location, type.getRank(), offset));
}
