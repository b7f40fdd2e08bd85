//===- Custom.cpp - a neuron model that the module defines ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Dialect/SNN/IR/ScalarEvaluation.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// The model operation; null while the module is not verified yet.
static ModelOp lookUp(CustomAttr model, Operation *user) {
  return SymbolTable::lookupNearestSymbolFrom<ModelOp>(
      user->getParentOfType<NetworkOp>(), model.getModel());
}

static SmallVector<ModelVariable> getVariables(ArrayAttr names,
                                               ArrayRef<BlockArgument> values) {
  SmallVector<ModelVariable> variables;
  for (auto [name, value] :
       llvm::zip_equal(names.getAsValueRange<StringAttr>(), values))
    variables.push_back({name.str(), value.getType()});
  return variables;
}

SmallVector<ModelVariable> CustomAttr::getStates(Operation *user) const {
  ModelOp model = lookUp(*this, user);
  return getVariables(model.getStates(), model.getStateArguments());
}

SmallVector<ModelVariable> CustomAttr::getReceptors(Operation *user) const {
  ModelOp model = lookUp(*this, user);
  return getVariables(model.getReceptors(), model.getReceptorArguments());
}

SmallVector<ModelVariable> CustomAttr::getCoefficients(Operation *user) const {
  ModelOp model = lookUp(*this, user);
  return getVariables(model.getParams(), model.getParamArguments());
}

SmallVector<StringRef> CustomAttr::getParamNames(Operation *user) const {
  ModelOp model = lookUp(*this, user);
  SmallVector<StringRef> names =
      llvm::to_vector(model.getParams().getAsValueRange<StringAttr>());
  for (StringRef state : model.getStates().getAsValueRange<StringAttr>())
    names.push_back(StringAttr::get(getContext(), state + "_init").getValue());
  return names;
}

Type CustomAttr::getSpikeType(Operation *user) const {
  return lookUp(*this, user).getYield().getEmitted().getType();
}

LogicalResult
CustomAttr::computeCoefficients(function_ref<InFlightDiagnostic()>, Operation *,
                                ArrayRef<double> params, double,
                                MutableArrayRef<double> coefficients) const {
  std::copy_n(params.begin(), coefficients.size(), coefficients.begin());
  return success();
}

void CustomAttr::computeInitialState(Operation *, ArrayRef<double> params,
                                     MutableArrayRef<double> states) const {
  ArrayRef<double> initial = params.take_back(states.size());
  std::copy(initial.begin(), initial.end(), states.begin());
}

/// `type`, or a vector of it as long as `like`.
static Type widen(Type type, Type like) {
  auto vector = dyn_cast<VectorType>(like);
  return vector ? Type(VectorType::get(vector.getShape(), type)) : type;
}

SmallVector<Value> CustomAttr::buildStep(OpBuilder &builder, Location,
                                         Operation *user, ValueRange states,
                                         ValueRange inputs,
                                         ValueRange coefficients) const {
  ModelOp model = lookUp(*this, user);
  IRMapping mapping;
  mapping.map(model.getStateArguments(), states);
  mapping.map(model.getReceptorArguments(), inputs);
  mapping.map(model.getParamArguments(), coefficients);
  Type like = (states.empty() ? inputs : states).front().getType();
  for (Operation &op : model.getBody().front().without_terminator()) {
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      TypedAttr value = constant.getValue();
      if (auto vector = dyn_cast<VectorType>(widen(value.getType(), like)))
        value = SplatElementsAttr::get(vector, value);
      mapping.map(
          constant.getResult(),
          arith::ConstantOp::create(builder, op.getLoc(), value).getResult());
      continue;
    }
    Operation *clone = builder.clone(op, mapping);
    for (OpResult result : clone->getResults())
      result.setType(widen(result.getType(), like));
  }
  SmallVector<Value> results;
  for (Value state : model.getYield().getStates())
    results.push_back(mapping.lookup(state));
  results.push_back(mapping.lookup(model.getYield().getEmitted()));
  return results;
}

Scalar CustomAttr::referenceStep(Operation *user,
                                 MutableArrayRef<Scalar> states,
                                 ArrayRef<Scalar> inputs,
                                 ArrayRef<Scalar> coefficients) const {
  ScalarProgram program(lookUp(*this, user));
  std::vector<Scalar> frame = program.getInitialFrame();
  return program.run(states, inputs, coefficients, frame);
}
