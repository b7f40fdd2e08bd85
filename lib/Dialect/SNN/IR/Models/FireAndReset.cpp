//===- FireAndReset.cpp - what models of the IF family share --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

/// Longest refractory period in steps.
static constexpr double kMaxRefractorySteps = 1e9;

//===----------------------------------------------------------------------===//
// FireRule
//===----------------------------------------------------------------------===//

void FireRule::appendStates(MLIRContext *context,
                            SmallVectorImpl<ModelVariable> &states) const {
  Type i32 = IntegerType::get(context, 32);
  if (refractory == RefractoryKind::clamp)
    states.push_back({"refractory", i32});
  else if (when == ResetTime::next_step)
    states.push_back({"fired", i32});
}

void FireRule::appendParamNames(SmallVectorImpl<StringRef> &names) const {
  names.push_back("v_threshold");
  if (reset == ResetKind::to_value)
    names.push_back("v_reset");
  if (refractory == RefractoryKind::clamp)
    names.push_back("t_ref");
}

void FireRule::appendCoefficients(
    Type state, SmallVectorImpl<ModelVariable> &coefficients) const {
  coefficients.push_back({"v_threshold", state});
  if (reset == ResetKind::to_value)
    coefficients.push_back({"v_reset", state});
  if (refractory == RefractoryKind::clamp)
    coefficients.push_back(
        {"refractory_steps", IntegerType::get(state.getContext(), 32)});
}

LogicalResult
FireRule::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                              ArrayRef<double> params, double dt,
                              MutableArrayRef<double> coefficients) const {
  std::copy(params.begin(), params.end(), coefficients.begin());
  if (refractory != RefractoryKind::clamp)
    return success();
  double steps = std::nearbyint(params.back() / dt);
  if (!(steps >= 0 && steps <= kMaxRefractorySteps))
    return emitError() << "param 't_ref' needs 0 to " << kMaxRefractorySteps
                       << " steps, got " << params.back() / dt;
  coefficients.back() = steps;
  return success();
}

LogicalResult
FireRule::verify(function_ref<InFlightDiagnostic()> emitError) const {
  if (refractory == RefractoryKind::clamp &&
      (reset != ResetKind::to_value || when != ResetTime::same_step))
    return emitError() << "refractory = clamp needs reset = to_value and when "
                          "= same_step";
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

//===----------------------------------------------------------------------===//
// StepBuilder
//===----------------------------------------------------------------------===//

Value StepBuilder::integer(int64_t value, Value like) {
  Type type = like.getType();
  TypedAttr attr;
  if (auto vector = dyn_cast<VectorType>(type))
    attr = DenseElementsAttr::get(
        vector, builder.getIntegerAttr(vector.getElementType(), value));
  else
    attr = builder.getIntegerAttr(type, value);
  return arith::ConstantOp::create(builder, loc, attr);
}

Value StepBuilder::exceeds(FiresKind fires, Value v, Value threshold) {
  auto predicate = fires == FiresKind::above ? arith::CmpFPredicate::OGT
                                             : arith::CmpFPredicate::OGE;
  return arith::CmpFOp::create(builder, loc, predicate, v, threshold);
}

Value StepBuilder::resetTo(ResetKind reset, Value v, ValueRange coefficients) {
  switch (reset) {
  case ResetKind::subtract:
    return sub(v, coefficients[0]);
  case ResetKind::to_value:
    return coefficients[1];
  case ResetKind::none:
    return v;
  }
  llvm_unreachable("unknown reset");
}

SmallVector<Value> StepBuilder::fire(const FireRule &rule, Value before,
                                     Value moved, Value state,
                                     ValueRange coefficients) {
  if (rule.refractory == RefractoryKind::clamp) {
    Value zero = integer(0, state);
    Value active = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                         state, zero);
    Value v = select(active, moved, before);
    Value fires = arith::AndIOp::create(
        builder, loc, active, exceeds(rule.fires, v, coefficients[0]));
    Value waited =
        arith::SubIOp::create(builder, loc, state, integer(1, state));
    Value remaining = select(active, zero, waited);
    return {select(fires, resetTo(rule.reset, v, coefficients), v),
            select(fires, coefficients.back(), remaining), fires};
  }
  if (rule.when == ResetTime::next_step) {
    Value fired = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne,
                                        state, integer(0, state));
    Value v = select(fired, resetTo(rule.reset, moved, coefficients), moved);
    Value fires = exceeds(rule.fires, v, coefficients[0]);
    return {v, select(fires, integer(1, state), integer(0, state)), fires};
  }
  Value fires = exceeds(rule.fires, moved, coefficients[0]);
  return {select(fires, resetTo(rule.reset, moved, coefficients), moved),
          fires};
}
