//===- Accumulate.cpp - the chip's integer neuron -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One step, twice: as IR for the JIT and as C++ for the interpreter. The two
// share no rule, so that comparing them means something.
//
//===----------------------------------------------------------------------===//

#include "IR/TemplateDialect.h"
#include "TargetModel/Chip.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectImplementation.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::templ;
using snn::ModelVariable;
using snn::ResetKind;
using snn::Scalar;

#define GET_ATTRDEF_CLASSES
#include "IR/TemplateAttributes.cpp.inc"

void TemplateDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "IR/TemplateAttributes.cpp.inc"
      >();
}

LogicalResult
AccumulateAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                       unsigned leak, ResetKind reset) {
  if (!leakRange.contains(leak)) // accumulate_c1
    return emitError() << "leak needs a shift of " << leakRange.low << " to "
                       << leakRange.high << " bits, got " << leak;
  if (reset == ResetKind::none) // accumulate_c2
    return emitError() << "reset needs subtract or to_value, got none";
  return success();
}

//===----------------------------------------------------------------------===//
// Structure and numbers
//===----------------------------------------------------------------------===//

SmallVector<ModelVariable> AccumulateAttr::getStates(Operation *) const {
  return {{"v", IntegerType::get(getContext(), 32)}};
}

SmallVector<StringRef> AccumulateAttr::getParamNames(Operation *) const {
  SmallVector<StringRef> names{"v_init", "v_threshold"};
  if (getReset() == ResetKind::to_value)
    names.push_back("v_reset");
  return names;
}

SmallVector<ModelVariable> AccumulateAttr::getReceptors(Operation *) const {
  return {{"in", IntegerType::get(getContext(), 32)}};
}

SmallVector<ModelVariable>
AccumulateAttr::getCoefficients(Operation *user) const {
  SmallVector<StringRef> params = getParamNames(user);
  SmallVector<ModelVariable> coefficients;
  for (StringRef name : ArrayRef(params).drop_front())
    coefficients.push_back({name.str(), IntegerType::get(getContext(), 32)});
  return coefficients;
}

Type AccumulateAttr::getSpikeType(Operation *) const {
  return IntegerType::get(getContext(), 1);
}

LogicalResult AccumulateAttr::computeCoefficients(
    function_ref<InFlightDiagnostic()> emitError, Operation *user,
    ArrayRef<double> params, double,
    MutableArrayRef<double> coefficients) const {
  for (auto [name, value] : llvm::zip_equal(getParamNames(user), params)) {
    Range range = name == "v_threshold" ? thresholdRange : potentialRange;
    if (!range.contains(value) || value != std::trunc(value))
      return emitError() << "param '" << name << "' needs an integer from "
                         << range.low << " to " << range.high << ", got "
                         << value;
  }
  llvm::copy(params.drop_front(), coefficients.begin());
  return success();
}

void AccumulateAttr::computeInitialState(Operation *, ArrayRef<double> params,
                                         MutableArrayRef<double> states) const {
  states[0] = params[0];
}

//===----------------------------------------------------------------------===//
// One step
//===----------------------------------------------------------------------===//

/// An i32 constant, scalar or vector as `like`.
static Value makeConstant(OpBuilder &builder, Location loc, int64_t value,
                          Value like) {
  TypedAttr attribute = builder.getI32IntegerAttr(value);
  if (auto vector = dyn_cast<VectorType>(like.getType()))
    attribute = DenseElementsAttr::get(vector, Attribute(attribute));
  return arith::ConstantOp::create(builder, loc, attribute);
}

static Value clamp(OpBuilder &builder, Location loc, Value value, Range range) {
  Value low = makeConstant(builder, loc, range.low, value);
  Value high = makeConstant(builder, loc, range.high, value);
  Value raised = arith::MaxSIOp::create(builder, loc, value, low);
  return arith::MinSIOp::create(builder, loc, raised, high);
}

SmallVector<Value> AccumulateAttr::buildStep(OpBuilder &builder, Location loc,
                                             Operation *, ValueRange states,
                                             ValueRange inputs,
                                             ValueRange coefficients) const {
  Value v = states[0], threshold = coefficients[0];
  if (getLeak() != 0) {
    Value shift = makeConstant(builder, loc, getLeak(), v);
    Value leak = arith::ShRSIOp::create(builder, loc, v, shift);
    v = arith::SubIOp::create(builder, loc, v, leak);
  }
  // An input beyond 2^20 moves every potential to the end of its range; bounded
  // to it, the sum cannot leave 32 bits.
  Value input = clamp(builder, loc, inputs[0], {-(1 << 20), 1 << 20});
  Value sum = arith::AddIOp::create(builder, loc, v, input);
  Value moved = clamp(builder, loc, sum, potentialRange);
  Value fires = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge,
                                      moved, threshold);
  Value after =
      getReset() == ResetKind::subtract
          ? arith::SubIOp::create(builder, loc, moved, threshold).getResult()
          : coefficients[1];
  return {arith::SelectOp::create(builder, loc, fires, after, moved), fires};
}

Scalar AccumulateAttr::referenceStep(Operation *,
                                     MutableArrayRef<Scalar> states,
                                     ArrayRef<Scalar> inputs,
                                     ArrayRef<Scalar> coefficients) const {
  int64_t &v = states[0].integer;
  int64_t threshold = coefficients[0].integer;
  if (getLeak() != 0)
    v -= llvm::divideFloorSigned(v, int64_t(1) << getLeak());
  v = std::clamp(v + inputs[0].integer, potentialRange.low,
                 potentialRange.high);
  bool fires = v >= threshold;
  if (fires)
    v = getReset() == ResetKind::subtract ? v - threshold
                                          : coefficients[1].integer;
  return Scalar::of(static_cast<int64_t>(fires));
}
