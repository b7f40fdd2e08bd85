//===- ALIF.cpp - leaky integrate and fire with adaptive threshold --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Membrane.h"
#include "spikeformer-rt/Math.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static FireRule getRule(ALIFAttr model) {
  return {model.getReset(), model.getFires(), model.getWhen(),
          model.getRefractory()};
}

static LeakyMembrane getMembrane(ALIFAttr model) {
  return {model.getIntegration(), InputKind::held};
}

/// Coefficients of the adaptation, after those of the membrane.
enum { kBeta, kDecay, kKick, kNumAdaptation };

LogicalResult ALIFAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               Type state, Integration integration,
                               ResetKind reset, FiresKind fires, ResetTime when,
                               RefractoryKind refractory) {
  if (failed(verifyFloatState(emitError, state)) ||
      failed(LeakyMembrane{integration, InputKind::held}.verify(emitError)))
    return failure();
  if (when == ResetTime::once)
    return emitError() << "an adaptive threshold needs when = same_step or "
                          "next_step";
  return FireRule{reset, fires, when, refractory}.verify(emitError);
}

ModelLayout ALIFAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  getMembrane(*this).addTo(layout, getState());
  layout.addStates(getState(), {"b"});
  bool isDiscrete = getIntegration() == Integration::discrete;
  layout.addParams({"beta", isDiscrete ? "decay_adapt" : "tau_adapt"});
  layout.addCoefficients(getState(), {"beta", "decay_adapt", "kick_adapt"});
  getRule(*this).addTo(layout, getState());
  return layout;
}

LogicalResult
ALIFAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                              Operation *, ArrayRef<double> params, double dt,
                              MutableArrayRef<double> coefficients) const {
  LeakyMembrane membrane = getMembrane(*this);
  unsigned numOwn = membrane.getNumNumbers();
  if (failed(requireFinite(emitError, getLayout().params, params)) ||
      failed(membrane.computeCoefficients(emitError, params.slice(1, numOwn),
                                          dt, coefficients)))
    return failure();
  MutableArrayRef<double> c = coefficients.drop_front(numOwn);
  c[kBeta] = params[1 + numOwn];
  c[kDecay] = params[2 + numOwn];
  if (getIntegration() != Integration::discrete) {
    if (failed(requirePositive(emitError, "tau_adapt", c[kDecay])))
      return failure();
    c[kDecay] = sfrt_exp_f64_v1(-dt / c[kDecay]);
  }
  c[kKick] = 1.0 - c[kDecay];
  return getRule(*this).computeCoefficients(emitError,
                                            params.drop_front(3 + numOwn), dt,
                                            c.drop_front(kNumAdaptation));
}

SmallVector<Value> ALIFAttr::buildStep(OpBuilder &builder, Location loc,
                                       Operation *, ValueRange states,
                                       ValueRange inputs,
                                       ValueRange coefficients) const {
  FireRule rule = getRule(*this);
  LeakyMembrane membrane = getMembrane(*this);
  ValueRange c = coefficients.drop_front(membrane.getNumNumbers());
  ValueRange ruleNumbers = c.drop_front(kNumAdaptation);
  FireBuilder b(builder, loc, rule, states.size() > 2 ? states[2] : Value(),
                ruleNumbers);
  b.setThreshold(b.add(ruleNumbers.front(), b.mul(c[kBeta], states[1])));
  SmallVector<Value> results = b.fire(
      states[0], membrane.build(b, states[0], b.gate(inputs[0]), coefficients));
  Value kick = b.mul(c[kKick], b.getNumber());
  results.insert(results.begin() + 1, b.add(b.mul(c[kDecay], states[1]), kick));
  return results;
}

template <typename T>
static Scalar step(ALIFAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> coefficients) {
  FireRule rule = getRule(model);
  LeakyMembrane membrane = getMembrane(model);
  ArrayRef<Scalar> c = coefficients.drop_front(membrane.getNumNumbers());
  ArrayRef<Scalar> ruleNumbers = c.drop_front(kNumAdaptation);
  ReferenceFire<T> fire(rule, states, 2, ruleNumbers);
  T &v = get<T>(states[0]), &b = get<T>(states[1]);
  T raised = get<T>(c[kBeta]) * b;
  fire.setThreshold(get<T>(ruleNumbers[0]) + raised);
  int64_t emitted = fire.step(
      v, membrane.move<T>(v, fire.gate(get<T>(inputs[0])), coefficients));
  T decayed = get<T>(c[kDecay]) * b;
  b = decayed + get<T>(c[kKick]) * static_cast<T>(emitted);
  return Scalar::of(emitted);
}

Scalar ALIFAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                               ArrayRef<Scalar> inputs,
                               ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
