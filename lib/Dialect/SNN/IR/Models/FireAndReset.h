//===- FireAndReset.h - what models of the IF family share ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Spike test, reset and refractory period of the IF family, twice: as IR
// (FireBuilder) and as C++ (ReferenceFire). The two share no rule.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_FIREANDRESET_H
#define SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_FIREANDRESET_H

#include "StepBuilder.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <cmath>

namespace spikeformer::snn {

/// The structural choices of spike test and reset.
struct FireRule {
  ResetKind reset;
  FiresKind fires;
  ResetTime when;
  RefractoryKind refractory = RefractoryKind::none;
  SpikeKind spikes = SpikeKind::one;
  TestTime tested = TestTime::after;
  BoundKind bound = BoundKind::none;

  /// Whether the rule is one of the first version: no option and no later word.
  bool isBasic() const {
    return spikes == SpikeKind::one && tested == TestTime::after &&
           bound == BoundKind::none && when != ResetTime::once &&
           (refractory == RefractoryKind::none ||
            refractory == RefractoryKind::clamp);
  }
  bool hasRefractoryPeriod() const {
    return refractory != RefractoryKind::none;
  }
  /// Whether the rule has a state of its own: "fired" or "refractory".
  bool hasState() const {
    return hasRefractoryPeriod() || when == ResetTime::next_step;
  }

  /// i1, or the integer that holds what the alphabet of `spikes` needs.
  Type getEmittedType(MLIRContext *context) const;
  /// Adds the rule's state, params, coefficients of type `state` and what it
  /// emits, after those of the model. The threshold is the first of its params
  /// and coefficients, the number of refractory steps the last.
  void addTo(ModelLayout &layout, Type state,
             StringRef threshold = "v_threshold") const;
  /// Fills the rule's coefficients from its params.
  LogicalResult
  computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                      ArrayRef<double> params, double dt,
                      MutableArrayRef<double> coefficients) const;
  /// Checks which choices go together.
  LogicalResult verify(function_ref<InFlightDiagnostic()> emitError) const;

  /// Position of "v_reset" and "v_min" among the coefficients of the rule.
  unsigned getResetIndex() const { return 1; }
  unsigned getBoundIndex() const {
    return reset == ResetKind::to_value ? 2 : 1;
  }
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

/// The nearest number of steps to `time`, ties to even, as far as a counter
/// reaches; the error names `name`.
FailureOr<double> countSteps(function_ref<InFlightDiagnostic()> emitError,
                             StringRef name, double time, double dt);

/// The rule as IR.
class FireBuilder : public StepBuilder {
public:
  /// `own` is the rule's state before the step (null without one),
  /// `coefficients` those of the rule.
  FireBuilder(OpBuilder &builder, Location loc, const FireRule &rule, Value own,
              ValueRange coefficients)
      : StepBuilder(builder, loc), rule(rule), own(own),
        coefficients(coefficients), threshold(coefficients.front()) {}

  /// Takes another threshold than the coefficient.
  void setThreshold(Value value) { threshold = value; }
  /// What the membrane sees of an input: 0 where the neuron ignores it.
  Value gate(Value input);
  /// Spike test, reset and refractory period after the potential moved from
  /// `before` to `moved`. Returns v and, where there is one, the rule's state;
  /// then what is emitted.
  SmallVector<Value> fire(Value before, Value moved);
  /// What the last `fire` gave as a number of the type of the potential.
  Value getNumber() { return asNumber(spikes); }

private:
  /// Spikes of one step: whether there are any, and how many where that can be
  /// something else than one.
  struct Spikes {
    Value any, number;
  };
  Value isActive();
  Value exceeds(Value v);
  Spikes count(Value v);
  Value asNumber(Spikes spikes);
  Value asInteger(Spikes spikes, unsigned width);
  Value reset(Value v, Spikes spikes);
  Spikes getEarly(Value before);
  Value resetLate(Value v, Spikes early);
  Value getOwnState();

  const FireRule &rule;
  Value own;
  ValueRange coefficients;
  Value threshold;
  Spikes spikes;
};

/// The member of `scalar` that holds a T.
template <typename T>
T &get(Scalar &scalar) {
  if constexpr (std::is_same_v<T, float>)
    return scalar.f32;
  else if constexpr (std::is_same_v<T, double>)
    return scalar.f64;
  else
    return scalar.integer;
}
template <typename T>
T get(const Scalar &scalar) {
  return get<T>(const_cast<Scalar &>(scalar));
}

/// The same rule in C++, for f32 and f64.
template <typename T>
class ReferenceFire {
public:
  /// `states` are those of the model; where the rule has a state it is the one
  /// at `ownIndex`.
  ReferenceFire(const FireRule &rule, MutableArrayRef<Scalar> states,
                unsigned ownIndex, ArrayRef<Scalar> coefficients)
      : rule(rule), coefficients(coefficients),
        own(rule.hasState() ? &states[ownIndex].integer : nullptr),
        threshold(get<T>(coefficients[0])) {}

  void setThreshold(T value) { threshold = value; }

  T gate(T input) const {
    return rule.refractory == RefractoryKind::ignore_input && *own > 0 ? T(0)
                                                                       : input;
  }

  /// Moves `v`, the potential before the step, to `moved` and beyond; returns
  /// what is emitted.
  int64_t step(T &v, T moved) {
    bool isRefractory = rule.hasRefractoryPeriod() && *own > 0;
    T next = moved;
    if (isRefractory && rule.refractory != RefractoryKind::ignore_input)
      next = v;
    T early = 0;
    if (rule.when == ResetTime::next_step)
      early = static_cast<T>(*own);
    else if (rule.when == ResetTime::once)
      early = count(v);
    next = afterReset(next, early);
    T spikes = count(rule.tested == TestTime::before ? v : next);
    if (isRefractory)
      spikes = 0;
    if (rule.when == ResetTime::same_step)
      next = afterReset(next, spikes);
    else if (rule.when == ResetTime::once)
      next = afterReset(next, spikes - early);
    if (rule.bound == BoundKind::lower && next < value(rule.getBoundIndex()))
      next = value(rule.getBoundIndex());
    v = next;
    int64_t emitted = toInteger(spikes);
    updateOwn(emitted);
    return emitted;
  }

private:
  bool test(T v) const {
    return rule.fires == FiresKind::above ? v > threshold : v >= threshold;
  }
  T count(T v) const {
    if (rule.spikes == SpikeKind::either_sign && test(-v))
      return -1;
    if (!test(v))
      return 0;
    return rule.spikes == SpikeKind::many ? std::floor(v / threshold) : T(1);
  }
  T afterReset(T v, T spikes) const {
    if (spikes == 0)
      return v;
    switch (rule.reset) {
    case ResetKind::subtract:
      return v - spikes * threshold;
    case ResetKind::to_value:
      return rule.spikes == SpikeKind::either_sign && spikes < 0
                 ? -value(rule.getResetIndex())
                 : value(rule.getResetIndex());
    case ResetKind::none:
      return v;
    }
    llvm_unreachable("unknown reset");
  }
  void updateOwn(int64_t emitted) {
    if (!own)
      return;
    if (rule.when == ResetTime::next_step)
      *own = emitted;
    else if (emitted != 0)
      *own = coefficients.back().integer;
    else if (*own > 0)
      --*own;
  }
  /// Stops at the end of an i32.
  static int64_t toInteger(T spikes) {
    return spikes >= T(0x1p31) ? INT32_MAX : static_cast<int64_t>(spikes);
  }
  T value(unsigned index) const { return get<T>(coefficients[index]); }

  const FireRule &rule;
  ArrayRef<Scalar> coefficients;
  int64_t *own;
  T threshold;
};

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_FIREANDRESET_H
