//===- AdLIF.cpp - leaky integrate and fire with adaptation current -------===//
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

static FireRule getRule(AdLIFAttr model) {
  return {model.getReset(), model.getFires(), ResetTime::next_step};
}

static LeakyMembrane getMembrane(AdLIFAttr model) {
  return {model.getIntegration(), InputKind::held};
}

/// Coefficients of the adaptation, after those of the membrane.
enum { kDecay, kGain, kKick, kLeak, kNumAdaptation };
/// Its params: tau_w or decay_w, a, b, w_init.
static constexpr unsigned kNumParams = 4;

LogicalResult AdLIFAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                Type state, Integration integration, ResetKind,
                                FiresKind) {
  if (failed(verifyFloatState(emitError, state)))
    return failure();
  return LeakyMembrane{integration, InputKind::held}.verify(emitError);
}

ModelLayout AdLIFAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  getMembrane(*this).addTo(layout, getState());
  layout.addStates(getState(), {"w"});
  bool isDiscrete = getIntegration() == Integration::discrete;
  layout.addParams({isDiscrete ? "decay_w" : "tau_w", "a", "b", "w_init"});
  layout.addCoefficients(getState(), {"decay_w", "gain_w", "b", "rest_w"});
  getRule(*this).addTo(layout, getState());
  return layout;
}

LogicalResult
AdLIFAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                               Operation *, ArrayRef<double> params, double dt,
                               MutableArrayRef<double> coefficients) const {
  LeakyMembrane membrane = getMembrane(*this);
  unsigned numOwn = membrane.getNumNumbers();
  if (failed(requireFinite(emitError, getLayout().params, params)) ||
      failed(membrane.computeCoefficients(emitError, params.slice(1, numOwn),
                                          dt, coefficients)))
    return failure();
  MutableArrayRef<double> c = coefficients.drop_front(numOwn);
  ArrayRef<double> own = params.drop_front(1 + numOwn);
  bool isDiscrete = getIntegration() == Integration::discrete;
  c[kDecay] = own[0];
  if (!isDiscrete) {
    if (failed(requirePositive(emitError, "tau_w", own[0])))
      return failure();
    c[kDecay] = sfrt_exp_f64_v1(-dt / own[0]);
  }
  c[kGain] = (1.0 - c[kDecay]) * own[1];
  c[kKick] = own[2];
  c[kLeak] = isDiscrete ? 0.0 : params[2];
  return getRule(*this).computeCoefficients(
      emitError, own.drop_front(kNumParams), dt, c.drop_front(kNumAdaptation));
}

SmallVector<Value> AdLIFAttr::buildStep(OpBuilder &builder, Location loc,
                                        Operation *, ValueRange states,
                                        ValueRange inputs,
                                        ValueRange coefficients) const {
  FireRule rule = getRule(*this);
  LeakyMembrane membrane = getMembrane(*this);
  ValueRange c = coefficients.drop_front(membrane.getNumNumbers());
  FireBuilder b(builder, loc, rule, states[2], c.drop_front(kNumAdaptation));
  Value v = states[0], w = states[1];
  SmallVector<Value> results =
      b.fire(v, membrane.build(b, v, b.sub(inputs[0], w), coefficients));
  Value drift = b.mul(c[kGain], b.sub(v, c[kLeak]));
  Value kick = b.mul(c[kKick], b.toFloat(states[2], w));
  results.insert(results.begin() + 1,
                 b.add(b.add(b.mul(c[kDecay], w), drift), kick));
  return results;
}

template <typename T>
static Scalar step(AdLIFAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> coefficients) {
  FireRule rule = getRule(model);
  LeakyMembrane membrane = getMembrane(model);
  ArrayRef<Scalar> c = coefficients.drop_front(membrane.getNumNumbers());
  ReferenceFire<T> fire(rule, states, 2, c.drop_front(kNumAdaptation));
  T &v = get<T>(states[0]), &w = get<T>(states[1]);
  T moved = membrane.move<T>(v, get<T>(inputs[0]) - w, coefficients);
  T decayed = get<T>(c[kDecay]) * w;
  T drift = get<T>(c[kGain]) * (v - get<T>(c[kLeak]));
  w = (decayed + drift) + get<T>(c[kKick]) * static_cast<T>(states[2].integer);
  return Scalar::of(fire.step(v, moved));
}

Scalar AdLIFAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                                ArrayRef<Scalar> inputs,
                                ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
