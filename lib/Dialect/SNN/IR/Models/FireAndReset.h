//===- FireAndReset.h - what models of the IF family share ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Spike test, reset and refractory period of the IF family, twice: as IR
// (StepBuilder) and as C++ (ReferenceFire). The two share no rule.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_FIREANDRESET_H
#define SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_FIREANDRESET_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"

namespace spikeformer::snn {

/// The structural choices of spike test and reset.
struct FireRule {
  ResetKind reset;
  FiresKind fires;
  ResetTime when;
  RefractoryKind refractory = RefractoryKind::none;

  /// "fired" or "refractory" where the rule needs a state of its own.
  void appendStates(MLIRContext *context,
                    SmallVectorImpl<ModelVariable> &states) const;
  /// "v_threshold", then "v_reset" and "t_ref" where the rule needs them.
  void appendParamNames(SmallVectorImpl<StringRef> &names) const;
  void appendCoefficients(Type state,
                          SmallVectorImpl<ModelVariable> &coefficients) const;
  /// Fills the coefficients from the params of appendParamNames.
  LogicalResult
  computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                      ArrayRef<double> params, double dt,
                      MutableArrayRef<double> coefficients) const;
  /// Clamping needs a value to clamp to, in the same step.
  LogicalResult verify(function_ref<InFlightDiagnostic()> emitError) const;
};

/// Checks that the state type of a built-in model is a float.
LogicalResult verifyFloatState(function_ref<InFlightDiagnostic()> emitError,
                               Type state);

/// Checks `value > 0` and names the param otherwise.
LogicalResult requirePositive(function_ref<InFlightDiagnostic()> emitError,
                              StringRef name, double value);

/// Checks that every param is finite.
LogicalResult requireFinite(function_ref<InFlightDiagnostic()> emitError,
                            ArrayRef<StringRef> names, ArrayRef<double> values);

/// Elementwise arithmetic on scalars or vectors.
class StepBuilder {
public:
  StepBuilder(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  Value add(Value a, Value b) {
    return arith::AddFOp::create(builder, loc, a, b);
  }
  Value sub(Value a, Value b) {
    return arith::SubFOp::create(builder, loc, a, b);
  }
  Value mul(Value a, Value b) {
    return arith::MulFOp::create(builder, loc, a, b);
  }
  Value select(Value condition, Value a, Value b) {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  }
  /// An integer constant of the type (scalar or vector) of `like`.
  Value integer(int64_t value, Value like);

  /// Spike test, reset and refractory period after the potential moved from
  /// `before` to `moved`. `state` is the rule's own state (null without one),
  /// `coefficients` those of the rule. Returns the states v and, where there is
  /// one, the rule's own, then what is emitted.
  SmallVector<Value> fire(const FireRule &rule, Value before, Value moved,
                          Value state, ValueRange coefficients);

private:
  Value exceeds(FiresKind fires, Value v, Value threshold);
  Value resetTo(ResetKind reset, Value v, ValueRange coefficients);

  OpBuilder &builder;
  Location loc;
};

/// The same rule in C++, for f32 and f64.
template <typename T>
class ReferenceFire {
public:
  ReferenceFire(const FireRule &rule, ArrayRef<Scalar> coefficients)
      : rule(rule), coefficients(coefficients) {}

  /// Updates `v` (which holds the potential before the step) to `moved` and
  /// beyond; `own` is the rule's state or null. Returns whether it fires.
  bool step(T &v, T moved, int64_t *own) const {
    if (rule.refractory == RefractoryKind::clamp)
      return stepRefractory(v, moved, *own);
    if (rule.when == ResetTime::next_step) {
      if (*own)
        moved = afterReset(moved);
      bool fires = test(moved);
      *own = fires;
      v = moved;
      return fires;
    }
    bool fires = test(moved);
    v = fires ? afterReset(moved) : moved;
    return fires;
  }

private:
  bool stepRefractory(T &v, T moved, int64_t &remaining) const {
    if (remaining > 0) {
      --remaining;
      return false;
    }
    bool fires = test(moved);
    v = fires ? afterReset(moved) : moved;
    if (fires)
      remaining = coefficients.back().integer;
    return fires;
  }
  bool test(T v) const {
    T threshold = value(0);
    return rule.fires == FiresKind::above ? v > threshold : v >= threshold;
  }
  T afterReset(T v) const {
    switch (rule.reset) {
    case ResetKind::subtract:
      return v - value(0);
    case ResetKind::to_value:
      return value(1);
    case ResetKind::none:
      return v;
    }
    llvm_unreachable("unknown reset");
  }
  T value(unsigned index) const {
    if constexpr (std::is_same_v<T, float>)
      return coefficients[index].f32;
    else
      return coefficients[index].f64;
  }

  const FireRule &rule;
  ArrayRef<Scalar> coefficients;
};

/// The member of `scalar` that holds a T.
template <typename T>
T &get(Scalar &scalar) {
  if constexpr (std::is_same_v<T, float>)
    return scalar.f32;
  else
    return scalar.f64;
}
template <typename T>
T get(const Scalar &scalar) {
  return get<T>(const_cast<Scalar &>(scalar));
}

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_FIREANDRESET_H
