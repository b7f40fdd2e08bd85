//===- FireAndReset.cpp - what models of the IF family share --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// Longest refractory period in steps.
static constexpr double kMaxRefractorySteps = 1e9;

//===----------------------------------------------------------------------===//
// FireRule
//===----------------------------------------------------------------------===//

Type FireRule::getEmittedType(MLIRContext *context) const {
  switch (spikes) {
  case SpikeKind::one:
    return IntegerType::get(context, 1);
  case SpikeKind::either_sign:
    return IntegerType::get(context, 8);
  case SpikeKind::many:
    return IntegerType::get(context, 32);
  }
  llvm_unreachable("unknown spikes");
}

void FireRule::addTo(ModelLayout &layout, Type state,
                     StringRef threshold) const {
  Type i32 = IntegerType::get(state.getContext(), 32);
  layout.addParams({threshold});
  layout.addCoefficients(state, {threshold});
  if (reset == ResetKind::to_value) {
    layout.addParams({"v_reset"});
    layout.addCoefficients(state, {"v_reset"});
  }
  if (bound == BoundKind::lower) {
    layout.addParams({"v_min"});
    layout.addCoefficients(state, {"v_min"});
  }
  if (hasRefractoryPeriod()) {
    layout.addStates(i32, {"refractory"});
    layout.addParams({"t_ref"});
    layout.addCoefficients(i32, {"refractory_steps"});
  } else if (hasState()) {
    layout.addStates(i32, {"fired"});
  }
  layout.emitted = getEmittedType(state.getContext());
}

LogicalResult
FireRule::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                              ArrayRef<double> params, double dt,
                              MutableArrayRef<double> coefficients) const {
  std::copy(params.begin(), params.end(), coefficients.begin());
  if (spikes != SpikeKind::one &&
      failed(requirePositive(emitError, "v_threshold", params[0])))
    return failure();
  if (!hasRefractoryPeriod())
    return success();
  FailureOr<double> steps = countSteps(emitError, "t_ref", params.back(), dt);
  if (failed(steps))
    return failure();
  coefficients.back() = *steps;
  return success();
}

LogicalResult
FireRule::verify(function_ref<InFlightDiagnostic()> emitError) const {
  if (refractory == RefractoryKind::clamp &&
      (reset != ResetKind::to_value || when != ResetTime::same_step))
    return emitError() << "refractory = clamp needs reset = to_value and when "
                          "= same_step";
  if (hasRefractoryPeriod() && when != ResetTime::same_step)
    return emitError() << "refractory = " << stringifyRefractoryKind(refractory)
                       << " needs when = same_step";
  if (tested == TestTime::before &&
      (when != ResetTime::same_step || hasRefractoryPeriod()))
    return emitError() << "tested = before needs when = same_step and "
                          "refractory = none";
  if (when == ResetTime::once && spikes != SpikeKind::one)
    return emitError() << "when = once needs spikes = one";
  return success();
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

LogicalResult
snn::verifyFloatState(function_ref<InFlightDiagnostic()> emitError,
                      Type state) {
  if (state.isF32() || state.isF64())
    return success();
  return emitError() << "state needs f32 or f64, got " << state;
}

LogicalResult snn::requirePositive(function_ref<InFlightDiagnostic()> emitError,
                                   StringRef name, double value) {
  if (value > 0)
    return success();
  return emitError() << "param '" << name << "' needs a value above 0, got "
                     << value;
}

LogicalResult snn::requireFinite(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<StringRef> names,
                                 ArrayRef<double> values) {
  for (auto [name, value] : llvm::zip_equal(names, values))
    if (!std::isfinite(value))
      return emitError() << "param '" << name << "' needs a finite value, got "
                         << value;
  return success();
}

FailureOr<double> snn::countSteps(function_ref<InFlightDiagnostic()> emitError,
                                  StringRef name, double time, double dt) {
  double steps = std::nearbyint(time / dt);
  if (steps >= 0 && steps <= kMaxRefractorySteps)
    return steps;
  return emitError() << "param '" << name << "' needs 0 to "
                     << kMaxRefractorySteps << " steps, got " << time / dt;
}

//===----------------------------------------------------------------------===//
// FireBuilder
//===----------------------------------------------------------------------===//

Value FireBuilder::isActive() {
  return compare(arith::CmpIPredicate::eq, own, integer(0, own));
}

Value FireBuilder::gate(Value input) {
  if (rule.refractory != RefractoryKind::ignore_input)
    return input;
  return select(isActive(), input, number(0.0, input));
}

Value FireBuilder::exceeds(Value v) {
  return compare(rule.fires == FiresKind::above ? arith::CmpFPredicate::OGT
                                                : arith::CmpFPredicate::OGE,
                 v, threshold);
}

FireBuilder::Spikes FireBuilder::count(Value v) {
  Value up = exceeds(v);
  if (rule.spikes == SpikeKind::one)
    return {up, Value()};
  Value zero = number(0.0, v);
  if (rule.spikes == SpikeKind::many)
    return {up, select(up, make<math::FloorOp>(div(v, threshold)), zero)};
  Value down = exceeds(neg(v));
  Value sign = select(down, number(-1.0, v), select(up, number(1.0, v), zero));
  return {either(up, down), sign};
}

Value FireBuilder::asNumber(Spikes given) {
  if (given.number)
    return given.number;
  return select(given.any, number(1.0, threshold), number(0.0, threshold));
}

Value FireBuilder::asInteger(Spikes given, unsigned width) {
  if (given.number)
    return truncate(given.number, width);
  return make<arith::ExtUIOp>(
      withElement(threshold.getType(), builder.getIntegerType(width)),
      given.any);
}

Value FireBuilder::reset(Value v, Spikes given) {
  switch (rule.reset) {
  case ResetKind::subtract: {
    Value due = given.number ? mul(given.number, threshold) : threshold;
    return select(given.any, sub(v, due), v);
  }
  case ResetKind::to_value: {
    Value target = coefficients[rule.getResetIndex()];
    if (rule.spikes == SpikeKind::either_sign) {
      Value isNegative = compare(arith::CmpFPredicate::OLT, given.number,
                                 number(0.0, given.number));
      target = select(isNegative, neg(target), target);
    }
    return select(given.any, target, v);
  }
  case ResetKind::none:
    return v;
  }
  llvm_unreachable("unknown reset");
}

/// The spikes whose reset acts before the test.
FireBuilder::Spikes FireBuilder::getEarly(Value before) {
  if (rule.when == ResetTime::once)
    return count(before);
  Value any = compare(arith::CmpIPredicate::ne, own, integer(0, own));
  if (rule.spikes == SpikeKind::one)
    return {any, Value()};
  return {any, toFloat(own, threshold)};
}

/// The reset after the test; `early` are the spikes that had theirs before.
Value FireBuilder::resetLate(Value v, Spikes early) {
  if (rule.when == ResetTime::same_step)
    return reset(v, spikes);
  if (rule.when == ResetTime::next_step)
    return v;
  Spikes due{make<arith::XOrIOp>(spikes.any, early.any),
             sub(asNumber(spikes), asNumber(early))};
  return reset(v, due);
}

Value FireBuilder::getOwnState() {
  if (rule.when == ResetTime::next_step)
    return asInteger(spikes, 32);
  Value waited = make<arith::SubIOp>(own, integer(1, own));
  Value remaining = select(isActive(), integer(0, own), waited);
  return select(spikes.any, coefficients.back(), remaining);
}

SmallVector<Value> FireBuilder::fire(Value before, Value moved) {
  Value active = rule.hasRefractoryPeriod() ? isActive() : Value();
  Value v = moved;
  if (active && rule.refractory != RefractoryKind::ignore_input)
    v = select(active, moved, before);
  Spikes early;
  if (rule.when != ResetTime::same_step) {
    early = getEarly(before);
    v = reset(v, early);
  }
  spikes = count(rule.tested == TestTime::before ? before : v);
  if (active) {
    spikes.any = both(active, spikes.any);
    if (spikes.number)
      spikes.number = select(active, spikes.number, number(0.0, v));
  }
  v = resetLate(v, early);
  if (rule.bound == BoundKind::lower) {
    Value least = coefficients[rule.getBoundIndex()];
    v = select(compare(arith::CmpFPredicate::OLT, v, least), least, v);
  }
  SmallVector<Value> results{v};
  if (rule.hasState())
    results.push_back(getOwnState());
  results.push_back(rule.spikes == SpikeKind::one ? spikes.any
                    : rule.spikes == SpikeKind::either_sign
                        ? asInteger(spikes, 8)
                        : asInteger(spikes, 32));
  return results;
}
