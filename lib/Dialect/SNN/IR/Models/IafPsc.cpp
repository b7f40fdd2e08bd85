//===- IafPsc.cpp - exact integrate and fire, postsynaptic currents -------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"
#include "Propagators.h"
#include "spikeformer-rt/Math.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static FireRule getRule(IafPscAttr model) {
  FireRule rule{ResetKind::to_value, FiresKind::at_or_above,
                ResetTime::same_step, RefractoryKind::clamp};
  rule.bound = model.getBound();
  return rule;
}

/// Params before those of the synapses.
enum { kVInit, kCM, kTauM, kEL, kNumMembraneParams };
/// Coefficients before those of the synapses.
enum { kDecay, kGain, kRest, kNumMembrane };
/// Coefficients of one synapse: v from the current, decay of the current, and
/// with an alpha function v and the current from its rise, and the kick.
enum { kFromI, kDecayI, kFromY, kRise, kKick };

static bool isAlpha(IafPscAttr model) {
  return model.getSynapse() == SynapseKernel::alpha;
}
static bool hasSynapses(IafPscAttr model) {
  return model.getSynapse() != SynapseKernel::impulse;
}
/// Coefficients and states of one synapse.
static unsigned getNumNumbers(IafPscAttr model) {
  return isAlpha(model) ? 5 : 2;
}
static unsigned getNumStates(IafPscAttr model) {
  return isAlpha(model) ? 2 : 1;
}
static unsigned getNumOwn(IafPscAttr model) {
  return kNumMembrane + (hasSynapses(model) ? 2 * getNumNumbers(model) : 0);
}

LogicalResult IafPscAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 Type state, SynapseKernel, BoundKind) {
  return verifyFloatState(emitError, state);
}

ModelLayout IafPscAttr::getLayout() const {
  ModelLayout layout;
  Type t = getState();
  layout.addStates(t, {"v"});
  layout.addParams({"v_init", "c_m", "tau_m", "e_l"});
  layout.addCoefficients(t, {"decay", "gain", "e_l"});
  if (!hasSynapses(*this)) {
    layout.addReceptors(t, {"in", "current"});
  } else {
    layout.addReceptors(t, {"exc", "inh", "current"});
    layout.addParams({"tau_syn_ex", "tau_syn_in"});
  }
  if (getSynapse() == SynapseKernel::exponential) {
    layout.addStates(t, {"i_ex", "i_in"});
    layout.addCoefficients(
        t, {"v_from_i_ex", "decay_ex", "v_from_i_in", "decay_in"});
  } else if (isAlpha(*this)) {
    layout.addStates(t, {"i_ex", "y_ex", "i_in", "y_in"});
    layout.addCoefficients(t,
                           {"v_from_i_ex", "decay_ex", "v_from_y_ex",
                            "i_from_y_ex", "kick_ex", "v_from_i_in", "decay_in",
                            "v_from_y_in", "i_from_y_in", "kick_in"});
  }
  getRule(*this).addTo(layout, t, "v_th");
  return layout;
}

/// The numbers of a synapse with time constant `tau`.
static void computeSynapse(IafPscAttr model, double tau, double r, double tauM,
                           double dt, MutableArrayRef<double> c) {
  c[kFromI] = getExponentialPropagator(r, tau, tauM, dt);
  c[kDecayI] = sfrt_exp_f64_v1(-dt / tau);
  if (!isAlpha(model))
    return;
  c[kFromY] = getAlphaPropagator(r, tau, tauM, dt);
  c[kRise] = dt * c[kDecayI];
  c[kKick] = 0x1.5bf0a8b145769p+1 / tau; // Euler's number: the peak is 1.
}

LogicalResult
IafPscAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                                Operation *, ArrayRef<double> params, double dt,
                                MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  if (failed(requirePositive(emitError, "c_m", params[kCM])) ||
      failed(requirePositive(emitError, "tau_m", params[kTauM])))
    return failure();
  double tauM = params[kTauM], r = tauM / params[kCM];
  coefficients[kDecay] = sfrt_exp_f64_v1(-dt / tauM);
  coefficients[kGain] = r * (1.0 - coefficients[kDecay]);
  coefficients[kRest] = params[kEL];
  ArrayRef<double> rest = params.drop_front(kNumMembraneParams);
  MutableArrayRef<double> c = coefficients.drop_front(kNumMembrane);
  if (hasSynapses(*this)) {
    for (StringRef name : {"tau_syn_ex", "tau_syn_in"}) {
      if (failed(requirePositive(emitError, name, rest.front())))
        return failure();
      computeSynapse(*this, rest.front(), r, tauM, dt, c);
      c = c.drop_front(getNumNumbers(*this));
      rest = rest.drop_front();
    }
  }
  return getRule(*this).computeCoefficients(emitError, rest, dt, c);
}

SmallVector<Value> IafPscAttr::buildStep(OpBuilder &builder, Location loc,
                                         Operation *, ValueRange states,
                                         ValueRange inputs,
                                         ValueRange coefficients) const {
  FireRule rule = getRule(*this);
  ValueRange c = coefficients;
  FireBuilder b(builder, loc, rule, states.back(),
                c.drop_front(getNumOwn(*this)));
  Value sum = b.add(b.mul(c[kDecay], b.sub(states[0], c[kRest])),
                    b.mul(c[kGain], inputs.back()));
  SmallVector<Value> synapses;
  for (unsigned k = 0; hasSynapses(*this) && k < 2; ++k) {
    ValueRange n = c.drop_front(kNumMembrane + k * getNumNumbers(*this));
    ValueRange s = states.drop_front(1 + k * getNumStates(*this));
    Value decayed = b.mul(n[kDecayI], s[0]);
    if (!isAlpha(*this)) {
      sum = b.add(sum, b.mul(n[kFromI], s[0]));
      synapses.push_back(b.add(decayed, inputs[k]));
      continue;
    }
    sum = b.add(sum, b.mul(n[kFromY], s[1]));
    sum = b.add(sum, b.mul(n[kFromI], s[0]));
    synapses.push_back(b.add(b.mul(n[kRise], s[1]), decayed));
    synapses.push_back(
        b.add(b.mul(n[kDecayI], s[1]), b.mul(n[kKick], inputs[k])));
  }
  Value moved = b.add(c[kRest], sum);
  if (!hasSynapses(*this))
    moved = b.add(moved, inputs[0]);
  SmallVector<Value> results = b.fire(states[0], moved);
  results.insert(results.begin() + 1, synapses.begin(), synapses.end());
  return results;
}

/// What a synapse adds to v; moves the synapse.
template <typename T>
static T moveSynapse(IafPscAttr model, T sum, T in, MutableArrayRef<Scalar> s,
                     ArrayRef<Scalar> n) {
  T i = get<T>(s[0]), decay = get<T>(n[kDecayI]), decayed = decay * i;
  T fromI = get<T>(n[kFromI]) * i;
  if (!isAlpha(model)) {
    get<T>(s[0]) = decayed + in;
    return sum + fromI;
  }
  T y = get<T>(s[1]), fromY = get<T>(n[kFromY]) * y;
  T risen = get<T>(n[kRise]) * y, kept = decay * y;
  get<T>(s[0]) = risen + decayed;
  get<T>(s[1]) = kept + get<T>(n[kKick]) * in;
  return (sum + fromY) + fromI;
}

template <typename T>
static Scalar step(IafPscAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  FireRule rule = getRule(model);
  ReferenceFire<T> fire(rule, states, states.size() - 1,
                        c.drop_front(getNumOwn(model)));
  T &v = get<T>(states[0]), rest = get<T>(c[kRest]);
  T relaxed = get<T>(c[kDecay]) * (v - rest);
  T sum = relaxed + get<T>(c[kGain]) * get<T>(inputs.back());
  for (unsigned k = 0; hasSynapses(model) && k < 2; ++k)
    sum = moveSynapse<T>(model, sum, get<T>(inputs[k]),
                         states.drop_front(1 + k * getNumStates(model)),
                         c.drop_front(kNumMembrane + k * getNumNumbers(model)));
  T moved = rest + sum;
  if (!hasSynapses(model))
    moved += get<T>(inputs[0]);
  return Scalar::of(fire.step(v, moved));
}

Scalar IafPscAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                                 ArrayRef<Scalar> inputs,
                                 ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
