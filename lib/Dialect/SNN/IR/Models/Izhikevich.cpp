//===- Izhikevich.cpp - Izhikevich's simple model -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"

using namespace spikeformer;
using namespace spikeformer::snn;

enum {
  kVInit,
  kUInit,
  kTimeUnit,
  kP2,
  kP1,
  kP0,
  kPA,
  kPB,
  kPC,
  kPD,
  kPPeak,
  kPRest
};
/// Coefficients; the last only where recovery accumulates.
enum { kStep, kK2, kK1, kK0, kRecovery, kB, kC, kD, kPeak, kRest };

LogicalResult
IzhikevichAttr::verify(function_ref<InFlightDiagnostic()> emitError, Type state,
                       Recovery) {
  return verifyFloatState(emitError, state);
}

ModelLayout IzhikevichAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  layout.addStates(getState(), {"v", "u"});
  layout.addParams({"v_init", "u_init", "time_unit", "k2", "k1", "k0", "a", "b",
                    "c", "d", "v_peak"});
  layout.addCoefficients(getState(), {"step", "k2", "k1", "k0", "step_u", "b",
                                      "c", "d", "v_peak"});
  if (getRecovery() == Recovery::accumulating) {
    layout.addParams({"v_r"});
    layout.addCoefficients(getState(), {"v_r"});
  }
  layout.emitted = IntegerType::get(getContext(), 1);
  return layout;
}

LogicalResult IzhikevichAttr::computeCoefficients(
    function_ref<InFlightDiagnostic()> emitError, Operation *,
    ArrayRef<double> params, double dt,
    MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  if (failed(requirePositive(emitError, "time_unit", params[kTimeUnit])))
    return failure();
  ArrayRef<double> numbers = params.drop_front(kP2);
  std::copy(numbers.begin(), numbers.end(), coefficients.begin() + kK2);
  coefficients[kStep] = dt / params[kTimeUnit];
  coefficients[kRecovery] = coefficients[kStep] * params[kPA];
  return success();
}

SmallVector<Value> IzhikevichAttr::buildStep(OpBuilder &builder, Location loc,
                                             Operation *, ValueRange states,
                                             ValueRange inputs,
                                             ValueRange coefficients) const {
  StepBuilder b(builder, loc);
  ValueRange c = coefficients;
  Value v = states[0], u = states[1];
  Value square = b.mul(c[kK2], b.mul(v, v));
  Value drift = b.add(b.add(square, b.mul(c[kK1], v)), c[kK0]);
  v = b.add(v, b.mul(c[kStep], b.add(b.sub(drift, u), inputs[0])));
  Value pull = getRecovery() == Recovery::accumulating
                   ? b.mul(c[kB], b.sub(v, c[kRest]))
                   : b.sub(b.mul(c[kB], v), u);
  u = b.add(u, b.mul(c[kRecovery], pull));
  Value fires = b.compare(arith::CmpFPredicate::OGT, v, c[kPeak]);
  return {b.select(fires, c[kC], v), b.select(fires, b.add(u, c[kD]), u),
          fires};
}

template <typename T>
static Scalar step(IzhikevichAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  T &v = get<T>(states[0]), &u = get<T>(states[1]);
  T quadratic = get<T>(c[kK2]) * (v * v);
  T linear = get<T>(c[kK1]) * v;
  T drift = (((quadratic + linear) + get<T>(c[kK0])) - u) + get<T>(inputs[0]);
  v = v + get<T>(c[kStep]) * drift;
  T b = get<T>(c[kB]);
  if (model.getRecovery() == Recovery::accumulating) {
    T pull = b * (v - get<T>(c[kRest]));
    u = u + get<T>(c[kRecovery]) * pull;
  } else {
    T target = b * v;
    u = u + get<T>(c[kRecovery]) * (target - u);
  }
  bool fires = v > get<T>(c[kPeak]);
  if (fires) {
    v = get<T>(c[kC]);
    u += get<T>(c[kD]);
  }
  return Scalar::of(static_cast<int64_t>(fires));
}

Scalar IzhikevichAttr::referenceStep(Operation *,
                                     MutableArrayRef<Scalar> states,
                                     ArrayRef<Scalar> inputs,
                                     ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
