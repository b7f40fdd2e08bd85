//===- LIF.cpp - leaky integrate and fire ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"
#include "spikeformer-rt/Math.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static FireRule getRule(LIFAttr model) {
  return {model.getReset(), model.getFires(), model.getWhen(),
          model.getRefractory()};
}

/// Coefficients before those of the rule: discrete {decay, r}, otherwise
/// {step or decay, v_leak, r}.
static unsigned getNumOwn(LIFAttr model) {
  return model.getIntegration() == Integration::discrete ? 2 : 3;
}

LogicalResult LIFAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              Type state, Integration, ResetKind reset,
                              FiresKind fires, ResetTime when,
                              RefractoryKind refractory) {
  if (failed(verifyFloatState(emitError, state)))
    return failure();
  return FireRule{reset, fires, when, refractory}.verify(emitError);
}

SmallVector<ModelVariable> LIFAttr::getStates(Operation *) const {
  SmallVector<ModelVariable> states{{"v", getState()}};
  getRule(*this).appendStates(getContext(), states);
  return states;
}

SmallVector<StringRef> LIFAttr::getParamNames(Operation *) const {
  SmallVector<StringRef> names{"v_init"};
  if (getIntegration() == Integration::discrete)
    names.append({"decay", "r"});
  else
    names.append({"tau", "v_leak", "r"});
  getRule(*this).appendParamNames(names);
  return names;
}

SmallVector<ModelVariable> LIFAttr::getReceptors(Operation *) const {
  return {{"in", getState()}};
}

SmallVector<ModelVariable> LIFAttr::getCoefficients(Operation *) const {
  SmallVector<ModelVariable> coefficients;
  if (getIntegration() == Integration::euler)
    coefficients = {
        {"step", getState()}, {"v_leak", getState()}, {"r", getState()}};
  else if (getIntegration() == Integration::exact)
    coefficients = {
        {"decay", getState()}, {"v_leak", getState()}, {"r", getState()}};
  else
    coefficients = {{"decay", getState()}, {"r", getState()}};
  getRule(*this).appendCoefficients(getState(), coefficients);
  return coefficients;
}

Type LIFAttr::getSpikeType(Operation *) const {
  return IntegerType::get(getContext(), 1);
}

LogicalResult
LIFAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                             Operation *user, ArrayRef<double> params,
                             double dt,
                             MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getParamNames(user), params)))
    return failure();
  ArrayRef<double> own = params.drop_front(1).take_front(getNumOwn(*this));
  std::copy(own.begin(), own.end(), coefficients.begin());
  if (getIntegration() != Integration::discrete) {
    if (failed(requirePositive(emitError, "tau", own[0])))
      return failure();
    coefficients[0] = getIntegration() == Integration::euler
                          ? dt / own[0]
                          : sfrt_exp_f64_v1(-dt / own[0]);
  }
  return getRule(*this).computeCoefficients(
      emitError, params.drop_front(1 + own.size()), dt,
      coefficients.drop_front(own.size()));
}

void LIFAttr::computeInitialState(Operation *, ArrayRef<double> params,
                                  MutableArrayRef<double> states) const {
  llvm::fill(states, 0.0);
  states[0] = params[0];
}

static Value buildMoved(LIFAttr model, StepBuilder &b, Value v, Value input,
                        ValueRange c) {
  switch (model.getIntegration()) {
  case Integration::euler: {
    Value drift = b.add(b.sub(c[1], v), b.mul(c[2], input));
    return b.add(v, b.mul(c[0], drift));
  }
  case Integration::exact: {
    Value target = b.add(c[1], b.mul(c[2], input));
    return b.add(target, b.mul(c[0], b.sub(v, target)));
  }
  case Integration::discrete:
    return b.add(b.mul(c[0], v), b.mul(c[1], input));
  }
  llvm_unreachable("unknown integration");
}

SmallVector<Value> LIFAttr::buildStep(OpBuilder &builder, Location loc,
                                      Operation *, ValueRange states,
                                      ValueRange inputs,
                                      ValueRange coefficients) const {
  StepBuilder b(builder, loc);
  Value moved = buildMoved(*this, b, states[0], inputs[0], coefficients);
  return b.fire(getRule(*this), states[0], moved,
                states.size() > 1 ? states[1] : Value(),
                coefficients.drop_front(getNumOwn(*this)));
}

template <typename T>
static T referenceMoved(LIFAttr model, T v, T input, ArrayRef<Scalar> c) {
  T first = get<T>(c[0]), second = get<T>(c[1]);
  if (model.getIntegration() == Integration::discrete) {
    T decayed = first * v;
    return decayed + second * input;
  }
  T current = get<T>(c[2]) * input;
  if (model.getIntegration() == Integration::euler) {
    T drift = (second - v) + current;
    return v + first * drift;
  }
  T target = second + current;
  return target + first * (v - target);
}

template <typename T>
static bool step(LIFAttr model, MutableArrayRef<Scalar> states, T input,
                 ArrayRef<Scalar> coefficients) {
  FireRule rule = getRule(model);
  T &v = get<T>(states[0]);
  T moved = referenceMoved<T>(model, v, input, coefficients);
  return ReferenceFire<T>(rule, coefficients.drop_front(getNumOwn(model)))
      .step(v, moved, states.size() > 1 ? &states[1].integer : nullptr);
}

Scalar LIFAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                              ArrayRef<Scalar> inputs,
                              ArrayRef<Scalar> coefficients) const {
  bool fires = getState().isF32()
                   ? step<float>(*this, states, inputs[0].f32, coefficients)
                   : step<double>(*this, states, inputs[0].f64, coefficients);
  return Scalar::of(static_cast<int64_t>(fires));
}
