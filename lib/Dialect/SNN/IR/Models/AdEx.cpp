//===- AdEx.cpp - adaptive exponential integrate and fire -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"
#include "spikeformer-rt/Math.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// What reaches v_peak goes to v_reset; 0 refractory steps are none.
static constexpr FireRule rule{ResetKind::to_value, FiresKind::at_or_above,
                               ResetTime::same_step, RefractoryKind::clamp};

/// Params before those of the rule.
enum { kVInit, kWInit, kCM, kGL, kEL, kDeltaT, kVT, kTauW, kA, kB, kNumParams };
/// Coefficients before those of the rule; kDecayV and kDecayW are used by
/// exponential Euler only.
enum {
  kDecayV,
  kGainV,
  kRest,
  kDelta,
  kSteepness,
  kOnset,
  kResistance,
  kDecayW,
  kGainW,
  kCoupling,
  kJump,
  kNumOwn
};

LogicalResult AdExAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               Type state, Integration integration) {
  if (integration != Integration::euler &&
      integration != Integration::exponential_euler)
    return emitError() << "integration needs euler or exponential_euler, got "
                       << stringifyIntegration(integration);
  return verifyFloatState(emitError, state);
}

ModelLayout AdExAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  layout.addStates(getState(), {"v", "w"});
  layout.addParams({"v_init", "w_init", "c_m", "g_l", "e_l", "delta_t", "v_t",
                    "tau_w", "a", "b"});
  layout.addCoefficients(getState(),
                         {"decay_v", "gain_v", "e_l", "delta_t", "steepness",
                          "v_t", "r", "decay_w", "gain_w", "a", "b"});
  rule.addTo(layout, getState(), "v_peak");
  return layout;
}

LogicalResult
AdExAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                              Operation *, ArrayRef<double> params, double dt,
                              MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  if (failed(requirePositive(emitError, "c_m", params[kCM])) ||
      failed(requirePositive(emitError, "g_l", params[kGL])) ||
      failed(requirePositive(emitError, "delta_t", params[kDeltaT])) ||
      failed(requirePositive(emitError, "tau_w", params[kTauW])))
    return failure();
  double kv = dt * (params[kGL] / params[kCM]), kw = dt / params[kTauW];
  bool isEuler = getIntegration() == Integration::euler;
  coefficients[kDecayV] = sfrt_exp_f64_v1(-kv);
  coefficients[kGainV] = isEuler ? kv : 1.0 - coefficients[kDecayV];
  coefficients[kRest] = params[kEL];
  coefficients[kDelta] = params[kDeltaT];
  coefficients[kSteepness] = 1.0 / params[kDeltaT];
  coefficients[kOnset] = params[kVT];
  coefficients[kResistance] = 1.0 / params[kGL];
  coefficients[kDecayW] = sfrt_exp_f64_v1(-kw);
  coefficients[kGainW] = isEuler ? kw : 1.0 - coefficients[kDecayW];
  coefficients[kCoupling] = params[kA];
  coefficients[kJump] = params[kB];
  return rule.computeCoefficients(emitError, params.drop_front(kNumParams), dt,
                                  coefficients.drop_front(kNumOwn));
}

SmallVector<Value> AdExAttr::buildStep(OpBuilder &builder, Location loc,
                                       Operation *, ValueRange states,
                                       ValueRange inputs,
                                       ValueRange coefficients) const {
  ValueRange c = coefficients;
  Value v = states[0], w = states[1];
  FireBuilder b(builder, loc, rule, states[2], c.drop_front(kNumOwn));
  Value rise = b.exp(b.mul(b.sub(v, c[kOnset]), c[kSteepness]));
  Value push =
      b.add(b.mul(c[kDelta], rise), b.mul(c[kResistance], b.sub(inputs[0], w)));
  Value pull = b.mul(c[kCoupling], b.sub(v, c[kRest]));
  Value movedV, movedW;
  if (getIntegration() == Integration::euler) {
    Value drift = b.add(b.sub(c[kRest], v), push);
    movedV = b.add(v, b.mul(c[kGainV], drift));
    movedW = b.add(w, b.mul(c[kGainW], b.sub(pull, w)));
  } else {
    Value target = b.add(c[kRest], push);
    movedV = b.add(b.mul(c[kDecayV], v), b.mul(c[kGainV], target));
    movedW = b.add(b.mul(c[kDecayW], w), b.mul(c[kGainW], pull));
  }
  SmallVector<Value> results = b.fire(v, movedV);
  Value jumped = b.add(movedW, c[kJump]);
  results.insert(results.begin() + 1, b.select(results.back(), jumped, movedW));
  return results;
}

template <typename T>
static Scalar step(AdExAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  ReferenceFire<T> fire(rule, states, 2, c.drop_front(kNumOwn));
  T &v = get<T>(states[0]), &w = get<T>(states[1]);
  T steepness = get<T>(c[kSteepness]), rest = get<T>(c[kRest]);
  T exponent = (v - get<T>(c[kOnset])) * steepness;
  T rise = get<T>(c[kDelta]) * static_cast<T>(sfrt_exp_f64_v1(exponent));
  T push = rise + get<T>(c[kResistance]) * (get<T>(inputs[0]) - w);
  T pull = get<T>(c[kCoupling]) * (v - rest);
  T gainV = get<T>(c[kGainV]), gainW = get<T>(c[kGainW]), moved;
  if (model.getIntegration() == Integration::euler) {
    moved = v + gainV * ((rest - v) + push);
    w = w + gainW * (pull - w);
  } else {
    T decayed = get<T>(c[kDecayV]) * v;
    moved = decayed + gainV * (rest + push);
    T forgotten = get<T>(c[kDecayW]) * w;
    w = forgotten + gainW * pull;
  }
  int64_t emitted = fire.step(v, moved);
  if (emitted)
    w += get<T>(c[kJump]);
  return Scalar::of(emitted);
}

Scalar AdExAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                               ArrayRef<Scalar> inputs,
                               ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
