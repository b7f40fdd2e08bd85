//===- IF.cpp - integrate and fire, with and without spikes ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static FireRule getRule(IFAttr model) {
  return {model.getReset(),      model.getFires(),  model.getWhen(),
          model.getRefractory(), model.getSpikes(), model.getTested(),
          model.getBound()};
}

LogicalResult IFAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                             Type state, ResetKind reset, FiresKind fires,
                             ResetTime when, RefractoryKind refractory,
                             SpikeKind spikes, TestTime tested,
                             BoundKind bound) {
  if (failed(verifyFloatState(emitError, state)))
    return failure();
  return FireRule{reset, fires, when, refractory, spikes, tested, bound}.verify(
      emitError);
}

bool IFAttr::isBasic() const {
  return getRule(*this).isBasic() && getRefractory() == RefractoryKind::none;
}

LogicalResult IAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                            Type state) {
  return verifyFloatState(emitError, state);
}

/// What both models have.
static ModelLayout getIntegratorLayout(Type state) {
  ModelLayout layout;
  layout.addStates(state, {"v"});
  layout.addReceptors(state, {"in"});
  layout.addParams({"v_init", "r"});
  layout.addCoefficients(state, {"gain"});
  layout.emitted = state;
  return layout;
}

ModelLayout IFAttr::getLayout() const {
  ModelLayout layout = getIntegratorLayout(getState());
  getRule(*this).addTo(layout, getState());
  return layout;
}

ModelLayout IAttr::getLayout() const { return getIntegratorLayout(getState()); }

LogicalResult
IFAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                            Operation *, ArrayRef<double> params, double dt,
                            MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  coefficients[0] = params[1] * dt;
  return getRule(*this).computeCoefficients(emitError, params.drop_front(2), dt,
                                            coefficients.drop_front());
}

LogicalResult
IAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                           Operation *, ArrayRef<double> params, double dt,
                           MutableArrayRef<double> coefficients) const {
  coefficients[0] = params[1] * dt;
  return requireFinite(emitError, getLayout().params, params);
}

static Value buildMoved(StepBuilder &b, Value v, Value input, ValueRange c) {
  return b.add(v, b.mul(c[0], input));
}

SmallVector<Value> IFAttr::buildStep(OpBuilder &builder, Location loc,
                                     Operation *, ValueRange states,
                                     ValueRange inputs,
                                     ValueRange coefficients) const {
  FireRule rule = getRule(*this);
  FireBuilder b(builder, loc, rule, states.size() > 1 ? states[1] : Value(),
                coefficients.drop_front());
  return b.fire(states[0],
                buildMoved(b, states[0], b.gate(inputs[0]), coefficients));
}

SmallVector<Value> IAttr::buildStep(OpBuilder &builder, Location loc,
                                    Operation *, ValueRange states,
                                    ValueRange inputs,
                                    ValueRange coefficients) const {
  StepBuilder b(builder, loc);
  Value moved = buildMoved(b, states[0], inputs[0], coefficients);
  return {moved, moved};
}

template <typename T>
static T referenceMoved(T v, T input, ArrayRef<Scalar> c) {
  return v + get<T>(c[0]) * input;
}

template <typename T>
static Scalar step(IFAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  FireRule rule = getRule(model);
  ReferenceFire<T> fire(rule, states, 1, c.drop_front());
  T &v = get<T>(states[0]);
  return Scalar::of(
      fire.step(v, referenceMoved<T>(v, fire.gate(get<T>(inputs[0])), c)));
}

template <typename T>
static Scalar step(IAttr, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  T &v = get<T>(states[0]);
  v = referenceMoved<T>(v, get<T>(inputs[0]), c);
  return Scalar::of(v);
}

Scalar IFAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                             ArrayRef<Scalar> inputs,
                             ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}

Scalar IAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                            ArrayRef<Scalar> inputs,
                            ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
