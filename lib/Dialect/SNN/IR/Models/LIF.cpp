//===- LIF.cpp - leaky integrate and fire, with and without spikes --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Membrane.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static FireRule getRule(LIFAttr model) {
  return {model.getReset(),      model.getFires(),  model.getWhen(),
          model.getRefractory(), model.getSpikes(), model.getTested(),
          model.getBound()};
}

template <typename Model>
static LeakyMembrane getMembrane(Model model) {
  return {model.getIntegration(), model.getInput()};
}

LogicalResult LIFAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              Type state, Integration integration,
                              ResetKind reset, FiresKind fires, ResetTime when,
                              RefractoryKind refractory, SpikeKind spikes,
                              TestTime tested, BoundKind bound,
                              InputKind input) {
  if (failed(verifyFloatState(emitError, state)) ||
      failed(LeakyMembrane{integration, input}.verify(emitError)))
    return failure();
  return FireRule{reset, fires, when, refractory, spikes, tested, bound}.verify(
      emitError);
}

bool LIFAttr::isBasic() const {
  return getRule(*this).isBasic() && getInput() == InputKind::held;
}

LogicalResult LIAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                             Type state, Integration integration,
                             InputKind input) {
  if (failed(verifyFloatState(emitError, state)))
    return failure();
  return LeakyMembrane{integration, input}.verify(emitError);
}

ModelLayout LIFAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  getMembrane(*this).addTo(layout, getState());
  getRule(*this).addTo(layout, getState());
  return layout;
}

ModelLayout LIAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  getMembrane(*this).addTo(layout, getState());
  layout.emitted = getState();
  return layout;
}

LogicalResult
LIFAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                             Operation *, ArrayRef<double> params, double dt,
                             MutableArrayRef<double> coefficients) const {
  LeakyMembrane membrane = getMembrane(*this);
  unsigned numOwn = membrane.getNumNumbers();
  if (failed(requireFinite(emitError, getLayout().params, params)) ||
      failed(membrane.computeCoefficients(emitError, params.slice(1, numOwn),
                                          dt, coefficients)))
    return failure();
  return getRule(*this).computeCoefficients(
      emitError, params.drop_front(1 + numOwn), dt,
      coefficients.drop_front(membrane.getNumNumbers()));
}

LogicalResult
LIAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                            Operation *, ArrayRef<double> params, double dt,
                            MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  return getMembrane(*this).computeCoefficients(emitError, params.drop_front(),
                                                dt, coefficients);
}

SmallVector<Value> LIFAttr::buildStep(OpBuilder &builder, Location loc,
                                      Operation *, ValueRange states,
                                      ValueRange inputs,
                                      ValueRange coefficients) const {
  FireRule rule = getRule(*this);
  LeakyMembrane membrane = getMembrane(*this);
  FireBuilder b(builder, loc, rule, states.size() > 1 ? states[1] : Value(),
                coefficients.drop_front(membrane.getNumNumbers()));
  return b.fire(states[0],
                membrane.build(b, states[0], b.gate(inputs[0]), coefficients));
}

SmallVector<Value> LIAttr::buildStep(OpBuilder &builder, Location loc,
                                     Operation *, ValueRange states,
                                     ValueRange inputs,
                                     ValueRange coefficients) const {
  StepBuilder b(builder, loc);
  Value moved = getMembrane(*this).build(b, states[0], inputs[0], coefficients);
  return {moved, moved};
}

template <typename T>
static Scalar step(LIFAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  FireRule rule = getRule(model);
  LeakyMembrane membrane = getMembrane(model);
  ReferenceFire<T> fire(rule, states, 1,
                        c.drop_front(membrane.getNumNumbers()));
  T &v = get<T>(states[0]);
  return Scalar::of(
      fire.step(v, membrane.move<T>(v, fire.gate(get<T>(inputs[0])), c)));
}

template <typename T>
static Scalar step(LIAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  T &v = get<T>(states[0]);
  LeakyMembrane membrane = getMembrane(model);
  v = membrane.move<T>(v, get<T>(inputs[0]), c);
  return Scalar::of(v);
}

Scalar LIFAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                              ArrayRef<Scalar> inputs,
                              ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}

Scalar LIAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                             ArrayRef<Scalar> inputs,
                             ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
