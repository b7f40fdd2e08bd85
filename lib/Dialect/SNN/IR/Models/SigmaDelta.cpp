//===- SigmaDelta.cpp - sums changes, sends changes, or both --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static bool hasSigma(SigmaDeltaAttr model) {
  return model.getStages() != Stages::delta;
}
static bool hasDelta(SigmaDeltaAttr model) {
  return model.getStages() != Stages::sigma;
}

LogicalResult
SigmaDeltaAttr::verify(function_ref<InFlightDiagnostic()> emitError, Type state,
                       Stages, Activation) {
  if (state.isF32() || state.isF64() || state.isSignlessInteger(32))
    return success();
  return emitError() << "state needs f32, f64 or i32, got " << state;
}

ModelLayout SigmaDeltaAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  if (hasSigma(*this))
    layout.addStates(getState(), {"sigma"});
  if (hasDelta(*this)) {
    layout.addStates(getState(), {"sent"});
    layout.addParams({"v_threshold"});
    layout.addCoefficients(getState(), {"v_threshold", "minus_threshold"});
  }
  layout.emitted = getState();
  return layout;
}

LogicalResult SigmaDeltaAttr::computeCoefficients(
    function_ref<InFlightDiagnostic()> emitError, Operation *,
    ArrayRef<double> params, double,
    MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  if (!hasDelta(*this))
    return success();
  if (!(params[0] >= 0))
    return emitError()
           << "param 'v_threshold' needs a value of at least 0, got "
           << params[0];
  coefficients[0] = params[0];
  coefficients[1] = -params[0];
  return success();
}

namespace {
/// Arithmetic of floats or of integers modulo 2^32.
class SignalBuilder : public StepBuilder {
public:
  SignalBuilder(OpBuilder &builder, Location loc, Value like)
      : StepBuilder(builder, loc),
        isFloat(isa<FloatType>(getElementTypeOrSelf(like.getType()))) {}

  Value sum(Value a, Value b) {
    return isFloat ? add(a, b) : make<arith::AddIOp>(a, b);
  }
  Value difference(Value a, Value b) {
    return isFloat ? sub(a, b) : make<arith::SubIOp>(a, b);
  }
  Value atLeast(Value a, Value b) {
    return isFloat ? compare(arith::CmpFPredicate::OGE, a, b)
                   : compare(arith::CmpIPredicate::sge, a, b);
  }
  Value zero(Value like) {
    return isFloat ? number(0.0, like) : integer(0, like);
  }

private:
  bool isFloat;
};
} // namespace

SmallVector<Value> SigmaDeltaAttr::buildStep(OpBuilder &builder, Location loc,
                                             Operation *, ValueRange states,
                                             ValueRange inputs,
                                             ValueRange coefficients) const {
  SignalBuilder b(builder, loc, inputs[0]);
  Value value = inputs[0], zero = b.zero(value);
  SmallVector<Value> results;
  if (hasSigma(*this)) {
    value = b.sum(states.front(), value);
    results.push_back(value);
  }
  if (getActivation() == Activation::relu)
    value = b.select(b.atLeast(zero, value), zero, value);
  if (hasDelta(*this)) {
    Value moved = b.difference(value, states.back());
    Value fires = b.either(b.atLeast(moved, coefficients[0]),
                           b.atLeast(coefficients[1], moved));
    value = b.select(fires, moved, zero);
    results.push_back(b.sum(states.back(), value));
  }
  results.push_back(value);
  return results;
}

/// In integers the sum wraps at 32 bits.
static float wrap(float value) { return value; }
static double wrap(double value) { return value; }
static int64_t wrap(int64_t value) { return static_cast<int32_t>(value); }

template <typename T>
static Scalar step(SigmaDeltaAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  T value = get<T>(inputs[0]);
  if (hasSigma(model)) {
    value = wrap(get<T>(states.front()) + value);
    get<T>(states.front()) = value;
  }
  if (model.getActivation() == Activation::relu && value <= 0)
    value = 0;
  if (hasDelta(model)) {
    T &sent = get<T>(states.back());
    T moved = wrap(value - sent);
    bool fires = moved >= get<T>(c[0]) || moved <= get<T>(c[1]);
    value = fires ? moved : 0;
    sent = wrap(sent + value);
  }
  return Scalar::of(value);
}

Scalar SigmaDeltaAttr::referenceStep(Operation *,
                                     MutableArrayRef<Scalar> states,
                                     ArrayRef<Scalar> inputs,
                                     ArrayRef<Scalar> coefficients) const {
  if (getState().isF32())
    return step<float>(*this, states, inputs, coefficients);
  if (getState().isF64())
    return step<double>(*this, states, inputs, coefficients);
  return step<int64_t>(*this, states, inputs, coefficients);
}
