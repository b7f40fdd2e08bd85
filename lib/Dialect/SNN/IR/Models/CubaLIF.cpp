//===- CubaLIF.cpp - membranes with a synaptic current --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Membrane.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static FireRule getRule(CubaLIFAttr model) {
  return {model.getReset(),      model.getFires(),  model.getWhen(),
          model.getRefractory(), model.getSpikes(), model.getTested(),
          model.getBound()};
}

template <typename Model>
static SynapticMembrane getMembrane(Model model) {
  return {model.getIntegration(), model.getOrder(), model.getInput()};
}

LogicalResult CubaLIFAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  Type state, Integration integration,
                                  SynapseOrder order, ResetKind reset,
                                  FiresKind fires, ResetTime when,
                                  RefractoryKind refractory, SpikeKind spikes,
                                  TestTime tested, BoundKind bound,
                                  InputKind input) {
  if (failed(verifyFloatState(emitError, state)) ||
      failed(SynapticMembrane{integration, order, input}.verify(emitError)))
    return failure();
  return FireRule{reset, fires, when, refractory, spikes, tested, bound}.verify(
      emitError);
}

bool CubaLIFAttr::isBasic() const {
  return getRule(*this).isBasic() && getInput() == InputKind::impulse &&
         getOrder() != SynapseOrder::add_decay &&
         getOrder() != SynapseOrder::jump;
}

LogicalResult CubaLIAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 Type state, Integration integration,
                                 SynapseOrder order, InputKind input) {
  if (failed(verifyFloatState(emitError, state)))
    return failure();
  return SynapticMembrane{integration, order, input}.verify(emitError);
}

ModelLayout CubaLIFAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  getMembrane(*this).addTo(layout, getState());
  getRule(*this).addTo(layout, getState());
  return layout;
}

ModelLayout CubaLIAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  getMembrane(*this).addTo(layout, getState());
  layout.emitted = getState();
  return layout;
}

LogicalResult
CubaLIFAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                                 Operation *, ArrayRef<double> params,
                                 double dt,
                                 MutableArrayRef<double> coefficients) const {
  SynapticMembrane membrane = getMembrane(*this);
  unsigned numOwn = membrane.getNumParams();
  if (failed(requireFinite(emitError, getLayout().params, params)) ||
      failed(membrane.computeCoefficients(emitError, params.slice(1, numOwn),
                                          dt, coefficients)))
    return failure();
  return getRule(*this).computeCoefficients(
      emitError, params.drop_front(1 + numOwn), dt,
      coefficients.drop_front(membrane.getNumCoefficients()));
}

LogicalResult
CubaLIAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                                Operation *, ArrayRef<double> params, double dt,
                                MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  return getMembrane(*this).computeCoefficients(emitError, params.drop_front(),
                                                dt, coefficients);
}

SmallVector<Value> CubaLIFAttr::buildStep(OpBuilder &builder, Location loc,
                                          Operation *, ValueRange states,
                                          ValueRange inputs,
                                          ValueRange coefficients) const {
  FireRule rule = getRule(*this);
  SynapticMembrane membrane = getMembrane(*this);
  FireBuilder b(builder, loc, rule, states.size() > 2 ? states[2] : Value(),
                coefficients.drop_front(membrane.getNumCoefficients()));
  auto [moved, current] =
      membrane.build(b, states[0], states[1], b.gate(inputs[0]), coefficients);
  SmallVector<Value> results = b.fire(states[0], moved);
  results.insert(results.begin() + 1, current);
  return results;
}

SmallVector<Value> CubaLIAttr::buildStep(OpBuilder &builder, Location loc,
                                         Operation *, ValueRange states,
                                         ValueRange inputs,
                                         ValueRange coefficients) const {
  StepBuilder b(builder, loc);
  auto [moved, current] = getMembrane(*this).build(b, states[0], states[1],
                                                   inputs[0], coefficients);
  return {moved, current, moved};
}

template <typename T>
static Scalar step(CubaLIFAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  FireRule rule = getRule(model);
  SynapticMembrane membrane = getMembrane(model);
  ReferenceFire<T> fire(rule, states, 2,
                        c.drop_front(membrane.getNumCoefficients()));
  T &v = get<T>(states[0]), moved = v;
  membrane.move<T>(moved, get<T>(states[1]), fire.gate(get<T>(inputs[0])), c);
  return Scalar::of(fire.step(v, moved));
}

template <typename T>
static Scalar step(CubaLIAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  T &v = get<T>(states[0]);
  SynapticMembrane membrane = getMembrane(model);
  membrane.move<T>(v, get<T>(states[1]), get<T>(inputs[0]), c);
  return Scalar::of(v);
}

Scalar CubaLIFAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                                  ArrayRef<Scalar> inputs,
                                  ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}

Scalar CubaLIAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                                 ArrayRef<Scalar> inputs,
                                 ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
