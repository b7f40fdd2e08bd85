//===- IF.cpp - integrate and fire ----------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static FireRule getRule(IFAttr model) {
  return {model.getReset(), model.getFires(), model.getWhen()};
}

LogicalResult IFAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                             Type state, ResetKind, FiresKind, ResetTime) {
  return verifyFloatState(emitError, state);
}

SmallVector<ModelVariable> IFAttr::getStates(Operation *) const {
  SmallVector<ModelVariable> states{{"v", getState()}};
  getRule(*this).appendStates(getContext(), states);
  return states;
}

SmallVector<StringRef> IFAttr::getParamNames(Operation *) const {
  SmallVector<StringRef> names{"v_init", "r"};
  getRule(*this).appendParamNames(names);
  return names;
}

SmallVector<ModelVariable> IFAttr::getReceptors(Operation *) const {
  return {{"in", getState()}};
}

SmallVector<ModelVariable> IFAttr::getCoefficients(Operation *) const {
  SmallVector<ModelVariable> coefficients{{"gain", getState()}};
  getRule(*this).appendCoefficients(getState(), coefficients);
  return coefficients;
}

Type IFAttr::getSpikeType(Operation *) const {
  return IntegerType::get(getContext(), 1);
}

LogicalResult
IFAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                            Operation *user, ArrayRef<double> params, double dt,
                            MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getParamNames(user), params)))
    return failure();
  coefficients[0] = params[1] * dt;
  return getRule(*this).computeCoefficients(emitError, params.drop_front(2), dt,
                                            coefficients.drop_front());
}

void IFAttr::computeInitialState(Operation *, ArrayRef<double> params,
                                 MutableArrayRef<double> states) const {
  llvm::fill(states, 0.0);
  states[0] = params[0];
}

SmallVector<Value> IFAttr::buildStep(OpBuilder &builder, Location loc,
                                     Operation *, ValueRange states,
                                     ValueRange inputs,
                                     ValueRange coefficients) const {
  StepBuilder b(builder, loc);
  Value moved = b.add(states[0], b.mul(coefficients[0], inputs[0]));
  return b.fire(getRule(*this), states[0], moved,
                states.size() > 1 ? states[1] : Value(),
                coefficients.drop_front());
}

template <typename T>
static bool step(IFAttr model, MutableArrayRef<Scalar> states, T input,
                 ArrayRef<Scalar> coefficients) {
  FireRule rule = getRule(model);
  T &v = get<T>(states[0]);
  T moved = v + get<T>(coefficients[0]) * input;
  return ReferenceFire<T>(rule, coefficients.drop_front())
      .step(v, moved, states.size() > 1 ? &states[1].integer : nullptr);
}

Scalar IFAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                             ArrayRef<Scalar> inputs,
                             ArrayRef<Scalar> coefficients) const {
  bool fires = getState().isF32()
                   ? step<float>(*this, states, inputs[0].f32, coefficients)
                   : step<double>(*this, states, inputs[0].f64, coefficients);
  return Scalar::of(static_cast<int64_t>(fires));
}
