//===- ResonateAndFire.cpp - resonate and fire ----------------------------===//
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

enum { kXInit, kYInit, kDamping, kOmega, kPR, kPThreshold, kPXReset, kPYReset };
/// Coefficients: the rotation over a step, the gain of the input, the spike.
enum { kReal, kImaginary, kGainX, kGainY, kThreshold, kXReset, kYReset };

LogicalResult
ResonateAndFireAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                            Type state, FiresKind, InputKind) {
  return verifyFloatState(emitError, state);
}

ModelLayout ResonateAndFireAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  layout.addStates(getState(), {"x", "y"});
  layout.addParams({"x_init", "y_init", "damping", "omega", "r", "v_threshold",
                    "x_reset", "y_reset"});
  layout.addCoefficients(getState(), {"real", "imaginary", "gain_x", "gain_y",
                                      "v_threshold", "x_reset", "y_reset"});
  layout.emitted = IntegerType::get(getContext(), 1);
  return layout;
}

/// Real and imaginary part of the integral of exp((b + i w) s) over a step, at
/// whose end that function is `real` + i `imaginary`.
static std::pair<double, double> integrate(double b, double w, double real,
                                           double imaginary, double dt) {
  double norm = b * b + w * w;
  if (norm == 0)
    return {dt, 0.0};
  double gained = real - 1.0;
  return {(gained * b + imaginary * w) / norm,
          (imaginary * b - gained * w) / norm};
}

LogicalResult ResonateAndFireAttr::computeCoefficients(
    function_ref<InFlightDiagnostic()> emitError, Operation *,
    ArrayRef<double> params, double dt,
    MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  double damping = params[kDamping], omega = params[kOmega], r = params[kPR];
  auto [cosine, sine] = getRotation(omega * dt);
  double decay = sfrt_exp_f64_v1(damping * dt);
  coefficients[kReal] = decay * cosine;
  coefficients[kImaginary] = decay * sine;
  std::pair<double, double> gain{1.0, 0.0};
  if (getInput() == InputKind::held)
    gain = integrate(damping, omega, coefficients[kReal],
                     coefficients[kImaginary], dt);
  coefficients[kGainX] = r * gain.first;
  coefficients[kGainY] = r * gain.second;
  std::copy_n(params.begin() + kPThreshold, 3,
              coefficients.begin() + kThreshold);
  return success();
}

SmallVector<Value>
ResonateAndFireAttr::buildStep(OpBuilder &builder, Location loc, Operation *,
                               ValueRange states, ValueRange inputs,
                               ValueRange coefficients) const {
  StepBuilder b(builder, loc);
  ValueRange c = coefficients;
  Value x = states[0], y = states[1], in = inputs[0];
  Value movedX = b.sub(b.mul(c[kReal], x), b.mul(c[kImaginary], y));
  Value movedY = b.add(b.mul(c[kImaginary], x), b.mul(c[kReal], y));
  movedX = b.add(movedX, b.mul(c[kGainX], in));
  if (getInput() == InputKind::held)
    movedY = b.add(movedY, b.mul(c[kGainY], in));
  auto predicate = getFires() == FiresKind::above ? arith::CmpFPredicate::OGT
                                                  : arith::CmpFPredicate::OGE;
  Value fires = b.compare(predicate, movedY, c[kThreshold]);
  return {b.select(fires, c[kXReset], movedX),
          b.select(fires, c[kYReset], movedY), fires};
}

template <typename T>
static Scalar step(ResonateAndFireAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  T &x = get<T>(states[0]), &y = get<T>(states[1]);
  T in = get<T>(inputs[0]), real = get<T>(c[kReal]);
  T imaginary = get<T>(c[kImaginary]);
  T rx = real * x, ry = real * y, ix = imaginary * x, iy = imaginary * y;
  x = (rx - iy) + get<T>(c[kGainX]) * in;
  y = ix + ry;
  if (model.getInput() == InputKind::held)
    y = y + get<T>(c[kGainY]) * in;
  T threshold = get<T>(c[kThreshold]);
  bool fires =
      model.getFires() == FiresKind::above ? y > threshold : y >= threshold;
  if (fires) {
    x = get<T>(c[kXReset]);
    y = get<T>(c[kYReset]);
  }
  return Scalar::of(static_cast<int64_t>(fires));
}

Scalar ResonateAndFireAttr::referenceStep(Operation *,
                                          MutableArrayRef<Scalar> states,
                                          ArrayRef<Scalar> inputs,
                                          ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
