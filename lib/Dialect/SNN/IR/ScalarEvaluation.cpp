//===- ScalarEvaluation.cpp - scalar arith in C++ -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/ScalarEvaluation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace spikeformer;
using namespace spikeformer::snn;

namespace {

/// Operands and result of one operation, read as one C++ type.
class Evaluation {
public:
  Evaluation(Operation &op, ScalarFrame &frame) : op(op), frame(frame) {}

  Scalar operand(unsigned index) { return frame.lookup(op.getOperand(index)); }
  /// The operand as a signed number: an i1 that is set is -1.
  int64_t signedOperand(unsigned index) {
    int64_t value = operand(index).integer;
    return operandWidth(index) == 1 ? -value : value;
  }
  Type operandType(unsigned index) { return op.getOperand(index).getType(); }
  unsigned operandWidth(unsigned index) {
    return operandType(index).getIntOrFloatBitWidth();
  }
  Type resultType() { return op.getResult(0).getType(); }

  void set(Scalar value) { frame[op.getResult(0)] = value; }

  /// Wraps to the width of the result; i1 stays 0 or 1.
  void setInteger(int64_t value) {
    unsigned width = resultType().getIntOrFloatBitWidth();
    set(Scalar::of(width == 1 ? value & 1 : llvm::SignExtend64(value, width)));
  }
  void setFloat(double value) {
    set(resultType().isF32() ? Scalar::of(static_cast<float>(value))
                             : Scalar::of(value));
  }

  /// Operand `index` as the unsigned number of its bits.
  uint64_t bits(unsigned index) {
    return operand(index).integer &
           llvm::maskTrailingOnes<uint64_t>(operandWidth(index));
  }

  /// Applies `function` to the float operands in their own type: both f32 and
  /// f64 results are rounded once.
  template <typename Function>
  void unaryFloat(Function function) {
    if (resultType().isF32())
      set(Scalar::of(static_cast<float>(function(operand(0).f32))));
    else
      set(Scalar::of(static_cast<double>(function(operand(0).f64))));
  }
  template <typename Function>
  void binaryFloat(Function function) {
    if (resultType().isF32())
      set(Scalar::of(
          static_cast<float>(function(operand(0).f32, operand(1).f32))));
    else
      set(Scalar::of(
          static_cast<double>(function(operand(0).f64, operand(1).f64))));
  }
  template <typename Function>
  void binaryInteger(Function function) {
    setInteger(function(signedOperand(0), signedOperand(1)));
  }

private:
  Operation &op;
  ScalarFrame &frame;
};

/// One allowed operation: how to evaluate it.
using Rule = void (*)(Operation &, Evaluation);

} // namespace

static void evaluateConstant(Operation &op, Evaluation e) {
  Attribute value = cast<arith::ConstantOp>(op).getValue();
  if (auto number = dyn_cast<FloatAttr>(value))
    return e.setFloat(number.getValueAsDouble());
  e.setInteger(cast<IntegerAttr>(value).getValue().getSExtValue());
}

static bool compareFloat(arith::CmpFPredicate predicate, double a, double b) {
  bool unordered = std::isnan(a) || std::isnan(b);
  switch (predicate) {
  case arith::CmpFPredicate::AlwaysFalse:
    return false;
  case arith::CmpFPredicate::AlwaysTrue:
    return true;
  case arith::CmpFPredicate::ORD:
    return !unordered;
  case arith::CmpFPredicate::UNO:
    return unordered;
  case arith::CmpFPredicate::OEQ:
    return a == b;
  case arith::CmpFPredicate::UEQ:
    return unordered || a == b;
  case arith::CmpFPredicate::ONE:
    return !unordered && a != b;
  case arith::CmpFPredicate::UNE:
    return a != b;
  case arith::CmpFPredicate::OGT:
    return a > b;
  case arith::CmpFPredicate::UGT:
    return unordered || a > b;
  case arith::CmpFPredicate::OGE:
    return a >= b;
  case arith::CmpFPredicate::UGE:
    return unordered || a >= b;
  case arith::CmpFPredicate::OLT:
    return a < b;
  case arith::CmpFPredicate::ULT:
    return unordered || a < b;
  case arith::CmpFPredicate::OLE:
    return a <= b;
  case arith::CmpFPredicate::ULE:
    return unordered || a <= b;
  }
  llvm_unreachable("unknown predicate");
}

static void evaluateCmpF(Operation &op, Evaluation e) {
  bool isF32 = e.operandType(0).isF32();
  double a = isF32 ? e.operand(0).f32 : e.operand(0).f64;
  double b = isF32 ? e.operand(1).f32 : e.operand(1).f64;
  e.setInteger(compareFloat(cast<arith::CmpFOp>(op).getPredicate(), a, b));
}

static bool compareInteger(arith::CmpIPredicate predicate, int64_t a, int64_t b,
                           uint64_t ua, uint64_t ub) {
  switch (predicate) {
  case arith::CmpIPredicate::eq:
    return a == b;
  case arith::CmpIPredicate::ne:
    return a != b;
  case arith::CmpIPredicate::slt:
    return a < b;
  case arith::CmpIPredicate::sle:
    return a <= b;
  case arith::CmpIPredicate::sgt:
    return a > b;
  case arith::CmpIPredicate::sge:
    return a >= b;
  case arith::CmpIPredicate::ult:
    return ua < ub;
  case arith::CmpIPredicate::ule:
    return ua <= ub;
  case arith::CmpIPredicate::ugt:
    return ua > ub;
  case arith::CmpIPredicate::uge:
    return ua >= ub;
  }
  llvm_unreachable("unknown predicate");
}

static void evaluateCmpI(Operation &op, Evaluation e) {
  e.setInteger(compareInteger(cast<arith::CmpIOp>(op).getPredicate(),
                              e.signedOperand(0), e.signedOperand(1), e.bits(0),
                              e.bits(1)));
}

static void evaluateSelect(Operation &, Evaluation e) {
  e.set(e.operand(0).integer ? e.operand(1) : e.operand(2));
}

/// The verifier of snn.model has seen that the amount is below the width.
static void evaluateShift(Operation &op, Evaluation e) {
  uint64_t amount = e.bits(1);
  if (isa<arith::ShRSIOp>(op))
    return e.setInteger(e.operand(0).integer >> amount);
  e.setInteger(isa<arith::ShLIOp>(op) ? e.bits(0) << amount
                                      : e.bits(0) >> amount);
}

static void evaluateSIToFP(Operation &, Evaluation e) {
  if (e.resultType().isF32())
    return e.set(Scalar::of(static_cast<float>(e.signedOperand(0))));
  e.set(Scalar::of(static_cast<double>(e.signedOperand(0))));
}

static void evaluateUIToFP(Operation &, Evaluation e) {
  if (e.resultType().isF32())
    return e.set(Scalar::of(static_cast<float>(e.bits(0))));
  e.set(Scalar::of(static_cast<double>(e.bits(0))));
}

static double minimum(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return std::nan("");
  return a == b ? (std::signbit(a) ? a : b) : std::min(a, b);
}

static double maximum(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return std::nan("");
  return a == b ? (std::signbit(a) ? b : a) : std::max(a, b);
}

template <typename Op>
static void addRule(llvm::StringMap<Rule> &rules, Rule rule) {
  rules[Op::getOperationName()] = rule;
}

static void addFloatRules(llvm::StringMap<Rule> &rules) {
  addRule<arith::AddFOp>(rules, [](Operation &, Evaluation e) {
    e.binaryFloat([](auto a, auto b) { return a + b; });
  });
  addRule<arith::SubFOp>(rules, [](Operation &, Evaluation e) {
    e.binaryFloat([](auto a, auto b) { return a - b; });
  });
  addRule<arith::MulFOp>(rules, [](Operation &, Evaluation e) {
    e.binaryFloat([](auto a, auto b) { return a * b; });
  });
  addRule<arith::DivFOp>(rules, [](Operation &, Evaluation e) {
    e.binaryFloat([](auto a, auto b) { return a / b; });
  });
  addRule<arith::MinimumFOp>(
      rules, [](Operation &, Evaluation e) { e.binaryFloat(minimum); });
  addRule<arith::MaximumFOp>(
      rules, [](Operation &, Evaluation e) { e.binaryFloat(maximum); });
  addRule<arith::NegFOp>(rules, [](Operation &, Evaluation e) {
    e.unaryFloat([](auto a) { return -a; });
  });
  addRule<math::AbsFOp>(rules, [](Operation &, Evaluation e) {
    e.unaryFloat([](auto a) { return std::fabs(a); });
  });
  addRule<math::SqrtOp>(rules, [](Operation &, Evaluation e) {
    e.unaryFloat([](auto a) { return std::sqrt(a); });
  });
  addRule<math::FloorOp>(rules, [](Operation &, Evaluation e) {
    e.unaryFloat([](auto a) { return std::floor(a); });
  });
  addRule<math::CeilOp>(rules, [](Operation &, Evaluation e) {
    e.unaryFloat([](auto a) { return std::ceil(a); });
  });
  addRule<math::TruncOp>(rules, [](Operation &, Evaluation e) {
    e.unaryFloat([](auto a) { return std::trunc(a); });
  });
  addRule<math::RoundEvenOp>(rules, [](Operation &, Evaluation e) {
    e.unaryFloat([](auto a) { return std::nearbyint(a); });
  });
  addRule<math::CopySignOp>(rules, [](Operation &, Evaluation e) {
    e.binaryFloat([](auto a, auto b) { return std::copysign(a, b); });
  });
}

static void addIntegerRules(llvm::StringMap<Rule> &rules) {
  addRule<arith::AddIOp>(rules, [](Operation &, Evaluation e) {
    e.binaryInteger([](uint64_t a, uint64_t b) { return a + b; });
  });
  addRule<arith::SubIOp>(rules, [](Operation &, Evaluation e) {
    e.binaryInteger([](uint64_t a, uint64_t b) { return a - b; });
  });
  addRule<arith::MulIOp>(rules, [](Operation &, Evaluation e) {
    e.binaryInteger([](uint64_t a, uint64_t b) { return a * b; });
  });
  addRule<arith::AndIOp>(rules, [](Operation &, Evaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return a & b; });
  });
  addRule<arith::OrIOp>(rules, [](Operation &, Evaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return a | b; });
  });
  addRule<arith::XOrIOp>(rules, [](Operation &, Evaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return a ^ b; });
  });
  addRule<arith::MinSIOp>(rules, [](Operation &, Evaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return std::min(a, b); });
  });
  addRule<arith::MaxSIOp>(rules, [](Operation &, Evaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return std::max(a, b); });
  });
  addRule<math::AbsIOp>(rules, [](Operation &, Evaluation e) {
    int64_t a = e.operand(0).integer;
    e.setInteger(a < 0 ? -static_cast<uint64_t>(a) : a);
  });
  addRule<arith::ShLIOp>(rules, evaluateShift);
  addRule<arith::ShRSIOp>(rules, evaluateShift);
  addRule<arith::ShRUIOp>(rules, evaluateShift);
}

static void addConversionRules(llvm::StringMap<Rule> &rules) {
  addRule<arith::ConstantOp>(rules, evaluateConstant);
  addRule<arith::CmpFOp>(rules, evaluateCmpF);
  addRule<arith::CmpIOp>(rules, evaluateCmpI);
  addRule<arith::SelectOp>(rules, evaluateSelect);
  addRule<arith::SIToFPOp>(rules, evaluateSIToFP);
  addRule<arith::UIToFPOp>(rules, evaluateUIToFP);
  addRule<arith::ExtSIOp>(rules, [](Operation &, Evaluation e) {
    e.setInteger(e.signedOperand(0));
  });
  addRule<arith::ExtUIOp>(
      rules, [](Operation &, Evaluation e) { e.setInteger(e.bits(0)); });
  addRule<arith::TruncIOp>(rules, [](Operation &, Evaluation e) {
    e.setInteger(e.operand(0).integer);
  });
  addRule<arith::ExtFOp>(
      rules, [](Operation &, Evaluation e) { e.setFloat(e.operand(0).f32); });
  addRule<arith::TruncFOp>(
      rules, [](Operation &, Evaluation e) { e.setFloat(e.operand(0).f64); });
}

/// The table, made once.
static const llvm::StringMap<Rule> &getRules() {
  static const llvm::StringMap<Rule> rules = [] {
    llvm::StringMap<Rule> table;
    addFloatRules(table);
    addIntegerRules(table);
    addConversionRules(table);
    return table;
  }();
  return rules;
}

bool snn::isModelOperation(Operation &op) {
  return getRules().contains(op.getName().getStringRef());
}

void snn::evaluateScalar(Operation &op, ScalarFrame &frame) {
  getRules().lookup(op.getName().getStringRef())(op, Evaluation(op, frame));
}
