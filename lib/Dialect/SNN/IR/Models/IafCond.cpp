//===- IafCond.cpp - integrate and fire with conductances -----------------===//
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

static constexpr FireRule rule{ResetKind::to_value, FiresKind::at_or_above,
                               ResetTime::same_step, RefractoryKind::clamp};

enum { kVInit, kCM, kPGL, kEL, kPEEx, kPEIn, kTauEx, kTauIn, kNumParams };
/// Coefficients before those of the rule.
enum { kStep, kGL, kLeak, kEEx, kEIn, kDecayEx, kDecayIn, kNumOwn };

LogicalResult IafCondAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  Type state) {
  return verifyFloatState(emitError, state);
}

ModelLayout IafCondAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"exc", "inh", "current"});
  layout.addStates(getState(), {"v", "g_ex", "g_in"});
  layout.addParams({"v_init", "c_m", "g_l", "e_l", "e_ex", "e_in", "tau_syn_ex",
                    "tau_syn_in"});
  layout.addCoefficients(getState(), {"step", "g_l", "leak", "e_ex", "e_in",
                                      "decay_ex", "decay_in"});
  rule.addTo(layout, getState(), "v_th");
  return layout;
}

LogicalResult
IafCondAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                                 Operation *, ArrayRef<double> params,
                                 double dt,
                                 MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  if (failed(requirePositive(emitError, "c_m", params[kCM])) ||
      failed(requirePositive(emitError, "g_l", params[kPGL])) ||
      failed(requirePositive(emitError, "tau_syn_ex", params[kTauEx])) ||
      failed(requirePositive(emitError, "tau_syn_in", params[kTauIn])))
    return failure();
  coefficients[kStep] = dt / params[kCM];
  coefficients[kGL] = params[kPGL];
  coefficients[kLeak] = params[kPGL] * params[kEL];
  coefficients[kEEx] = params[kPEEx];
  coefficients[kEIn] = params[kPEIn];
  coefficients[kDecayEx] = sfrt_exp_f64_v1(-dt / params[kTauEx]);
  coefficients[kDecayIn] = sfrt_exp_f64_v1(-dt / params[kTauIn]);
  return rule.computeCoefficients(emitError, params.drop_front(kNumParams), dt,
                                  coefficients.drop_front(kNumOwn));
}

/// A conductance after the step; there is none below 0.
static Value buildConductance(StepBuilder &b, Value g, Value in, Value decay) {
  Value moved = b.add(b.mul(decay, g), in), zero = b.number(0.0, g);
  return b.select(b.compare(arith::CmpFPredicate::OGT, moved, zero), moved,
                  zero);
}

SmallVector<Value> IafCondAttr::buildStep(OpBuilder &builder, Location loc,
                                          Operation *, ValueRange states,
                                          ValueRange inputs,
                                          ValueRange coefficients) const {
  ValueRange c = coefficients;
  Value v = states[0], ex = states[1], in = states[2];
  FireBuilder b(builder, loc, rule, states[3], c.drop_front(kNumOwn));
  Value total = b.add(b.add(c[kGL], ex), in);
  Value drive = b.add(b.add(c[kLeak], b.mul(ex, c[kEEx])), b.mul(in, c[kEIn]));
  Value target = b.div(b.add(drive, inputs[2]), total);
  Value decay = b.exp(b.neg(b.mul(c[kStep], total)));
  Value moved = b.add(target, b.mul(decay, b.sub(v, target)));
  SmallVector<Value> results = b.fire(v, moved);
  Value conductances[] = {buildConductance(b, ex, inputs[0], c[kDecayEx]),
                          buildConductance(b, in, inputs[1], c[kDecayIn])};
  results.insert(results.begin() + 1, std::begin(conductances),
                 std::end(conductances));
  return results;
}

template <typename T>
static void moveConductance(T &g, T in, T decay) {
  T decayed = decay * g, moved = decayed + in;
  g = moved > 0 ? moved : T(0);
}

template <typename T>
static Scalar step(IafCondAttr, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  ReferenceFire<T> fire(rule, states, 3, c.drop_front(kNumOwn));
  T &v = get<T>(states[0]), &ex = get<T>(states[1]), &in = get<T>(states[2]);
  T total = (get<T>(c[kGL]) + ex) + in;
  T excitation = ex * get<T>(c[kEEx]), inhibition = in * get<T>(c[kEIn]);
  T drive = (get<T>(c[kLeak]) + excitation) + inhibition;
  T target = (drive + get<T>(inputs[2])) / total;
  T exponent = get<T>(c[kStep]) * total;
  T decay = static_cast<T>(sfrt_exp_f64_v1(-exponent));
  T moved = target + decay * (v - target);
  moveConductance<T>(ex, get<T>(inputs[0]), get<T>(c[kDecayEx]));
  moveConductance<T>(in, get<T>(inputs[1]), get<T>(c[kDecayIn]));
  return Scalar::of(fire.step(v, moved));
}

Scalar IafCondAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                                  ArrayRef<Scalar> inputs,
                                  ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
