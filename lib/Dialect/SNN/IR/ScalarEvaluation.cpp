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
#include "spikeformer-rt/Math.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace spikeformer;
using namespace spikeformer::snn;

using Rule = ScalarInstruction::Rule;

/// Operands and result of one instruction, read as one C++ type.
class snn::ScalarEvaluation {
public:
  ScalarEvaluation(const ScalarInstruction &instruction, Scalar *frame)
      : instruction(instruction), frame(frame) {}

  Scalar operand(unsigned index) const {
    return frame[instruction.operands[index]];
  }
  /// The operand as a signed number: an i1 that is set is -1.
  int64_t signedOperand(unsigned index) const {
    int64_t value = operand(index).integer;
    return instruction.operandWidth == 1 ? -value : value;
  }
  /// Operand `index` as the unsigned number of its bits. The operands of every
  /// instruction that asks for it have the width of the first.
  uint64_t bits(unsigned index) const {
    return operand(index).integer &
           llvm::maskTrailingOnes<uint64_t>(instruction.operandWidth);
  }
  uint64_t predicate() const { return instruction.predicate; }
  bool hasF32Operand() const { return instruction.operandWidth == 32; }
  bool hasF32Result() const { return instruction.resultWidth == 32; }
  double floatOperand(unsigned index) const {
    return hasF32Operand() ? operand(index).f32 : operand(index).f64;
  }
  unsigned resultWidth() const { return instruction.resultWidth; }

  void set(Scalar value) { frame[instruction.result] = value; }
  /// Wraps to the width of the result; i1 stays 0 or 1.
  void setInteger(int64_t value) {
    unsigned width = instruction.resultWidth;
    set(Scalar::of(width == 1 ? value & 1 : llvm::SignExtend64(value, width)));
  }

  /// Applies `function` to the float operands in their own type: both f32 and
  /// f64 results are rounded once.
  template <typename Function>
  void unaryFloat(Function function) {
    if (hasF32Result())
      set(Scalar::of(static_cast<float>(function(operand(0).f32))));
    else
      set(Scalar::of(static_cast<double>(function(operand(0).f64))));
  }
  template <typename Function>
  void binaryFloat(Function function) {
    if (hasF32Result())
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
  /// Sets a float from an integer, rounded once.
  template <typename Integer>
  void setFloat(Integer value) {
    set(hasF32Result() ? Scalar::of(static_cast<float>(value))
                       : Scalar::of(static_cast<double>(value)));
  }

private:
  const ScalarInstruction &instruction;
  Scalar *frame;
};

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

static bool compareFloat(const ScalarEvaluation &e) {
  return compareFloat(static_cast<arith::CmpFPredicate>(e.predicate()),
                      e.floatOperand(0), e.floatOperand(1));
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

static bool compareInteger(const ScalarEvaluation &e) {
  return compareInteger(static_cast<arith::CmpIPredicate>(e.predicate()),
                        e.signedOperand(0), e.signedOperand(1), e.bits(0),
                        e.bits(1));
}

/// `value` toward zero, stopped at the ends of a signed integer.
static int64_t truncate(double value, unsigned width) {
  if (std::isnan(value))
    return 0;
  double end = std::ldexp(1.0, static_cast<int>(width) - 1);
  if (value >= end)
    return llvm::maxIntN(width);
  return value < -end ? llvm::minIntN(width) : static_cast<int64_t>(value);
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
  addRule<arith::AddFOp>(rules, [](ScalarEvaluation e) {
    e.binaryFloat([](auto a, auto b) { return a + b; });
  });
  addRule<arith::SubFOp>(rules, [](ScalarEvaluation e) {
    e.binaryFloat([](auto a, auto b) { return a - b; });
  });
  addRule<arith::MulFOp>(rules, [](ScalarEvaluation e) {
    e.binaryFloat([](auto a, auto b) { return a * b; });
  });
  addRule<arith::DivFOp>(rules, [](ScalarEvaluation e) {
    e.binaryFloat([](auto a, auto b) { return a / b; });
  });
  addRule<arith::MinimumFOp>(
      rules, [](ScalarEvaluation e) { e.binaryFloat(minimum); });
  addRule<arith::MaximumFOp>(
      rules, [](ScalarEvaluation e) { e.binaryFloat(maximum); });
  addRule<arith::NegFOp>(rules, [](ScalarEvaluation e) {
    e.unaryFloat([](auto a) { return -a; });
  });
  addRule<math::AbsFOp>(rules, [](ScalarEvaluation e) {
    e.unaryFloat([](auto a) { return std::fabs(a); });
  });
  addRule<math::SqrtOp>(rules, [](ScalarEvaluation e) {
    e.unaryFloat([](auto a) { return std::sqrt(a); });
  });
  addRule<math::FloorOp>(rules, [](ScalarEvaluation e) {
    e.unaryFloat([](auto a) { return std::floor(a); });
  });
  addRule<math::CeilOp>(rules, [](ScalarEvaluation e) {
    e.unaryFloat([](auto a) { return std::ceil(a); });
  });
  addRule<math::TruncOp>(rules, [](ScalarEvaluation e) {
    e.unaryFloat([](auto a) { return std::trunc(a); });
  });
  addRule<math::RoundEvenOp>(rules, [](ScalarEvaluation e) {
    e.unaryFloat([](auto a) { return std::nearbyint(a); });
  });
  addRule<math::ExpOp>(
      rules, [](ScalarEvaluation e) { e.unaryFloat(sfrt_exp_f64_v1); });
  addRule<math::LogOp>(
      rules, [](ScalarEvaluation e) { e.unaryFloat(sfrt_log_f64_v1); });
  addRule<math::CopySignOp>(rules, [](ScalarEvaluation e) {
    e.binaryFloat([](auto a, auto b) { return std::copysign(a, b); });
  });
}

static void addIntegerRules(llvm::StringMap<Rule> &rules) {
  addRule<arith::AddIOp>(rules, [](ScalarEvaluation e) {
    e.binaryInteger([](uint64_t a, uint64_t b) { return a + b; });
  });
  addRule<arith::SubIOp>(rules, [](ScalarEvaluation e) {
    e.binaryInteger([](uint64_t a, uint64_t b) { return a - b; });
  });
  addRule<arith::MulIOp>(rules, [](ScalarEvaluation e) {
    e.binaryInteger([](uint64_t a, uint64_t b) { return a * b; });
  });
  addRule<arith::AndIOp>(rules, [](ScalarEvaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return a & b; });
  });
  addRule<arith::OrIOp>(rules, [](ScalarEvaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return a | b; });
  });
  addRule<arith::XOrIOp>(rules, [](ScalarEvaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return a ^ b; });
  });
  addRule<arith::MinSIOp>(rules, [](ScalarEvaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return std::min(a, b); });
  });
  addRule<arith::MaxSIOp>(rules, [](ScalarEvaluation e) {
    e.binaryInteger([](int64_t a, int64_t b) { return std::max(a, b); });
  });
  addRule<math::AbsIOp>(rules, [](ScalarEvaluation e) {
    int64_t a = e.operand(0).integer;
    e.setInteger(a < 0 ? -static_cast<uint64_t>(a) : a);
  });
  // The verifier of snn.model has seen that the amount is below the width.
  addRule<arith::ShLIOp>(
      rules, [](ScalarEvaluation e) { e.setInteger(e.bits(0) << e.bits(1)); });
  addRule<arith::ShRSIOp>(rules, [](ScalarEvaluation e) {
    e.setInteger(e.operand(0).integer >> e.bits(1));
  });
  addRule<arith::ShRUIOp>(
      rules, [](ScalarEvaluation e) { e.setInteger(e.bits(0) >> e.bits(1)); });
}

static void addConversionRules(llvm::StringMap<Rule> &rules) {
  addRule<arith::CmpFOp>(
      rules, [](ScalarEvaluation e) { e.setInteger(compareFloat(e)); });
  addRule<arith::CmpIOp>(
      rules, [](ScalarEvaluation e) { e.setInteger(compareInteger(e)); });
  addRule<arith::SelectOp>(rules, [](ScalarEvaluation e) {
    e.set(e.operand(e.operand(0).integer ? 1 : 2));
  });
  addRule<arith::SIToFPOp>(
      rules, [](ScalarEvaluation e) { e.setFloat(e.signedOperand(0)); });
  addRule<arith::UIToFPOp>(rules,
                           [](ScalarEvaluation e) { e.setFloat(e.bits(0)); });
  addRule<arith::FPToSIOp>(rules, [](ScalarEvaluation e) {
    e.setInteger(truncate(e.floatOperand(0), e.resultWidth()));
  });
  addRule<arith::ExtSIOp>(
      rules, [](ScalarEvaluation e) { e.setInteger(e.signedOperand(0)); });
  addRule<arith::ExtUIOp>(rules,
                          [](ScalarEvaluation e) { e.setInteger(e.bits(0)); });
  addRule<arith::TruncIOp>(
      rules, [](ScalarEvaluation e) { e.setInteger(e.operand(0).integer); });
  addRule<arith::ExtFOp>(
      rules, [](ScalarEvaluation e) { e.setFloat(e.operand(0).f32); });
  addRule<arith::TruncFOp>(
      rules, [](ScalarEvaluation e) { e.setFloat(e.operand(0).f64); });
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
  return isa<arith::ConstantOp>(op) ||
         getRules().contains(op.getName().getStringRef());
}

//===----------------------------------------------------------------------===//
// ScalarProgram
//===----------------------------------------------------------------------===//

static Scalar getConstant(arith::ConstantOp constant) {
  Attribute value = constant.getValue();
  if (auto number = dyn_cast<FloatAttr>(value))
    return Scalar::round(number.getValueAsDouble(), number.getType());
  APInt integer = cast<IntegerAttr>(value).getValue();
  return Scalar::of(integer.getBitWidth() == 1
                        ? static_cast<int64_t>(integer.getZExtValue())
                        : integer.getSExtValue());
}

static uint64_t getPredicate(Operation &op) {
  if (auto compare = dyn_cast<arith::CmpFOp>(op))
    return static_cast<uint64_t>(compare.getPredicate());
  if (auto compare = dyn_cast<arith::CmpIOp>(op))
    return static_cast<uint64_t>(compare.getPredicate());
  return 0;
}

ScalarProgram::ScalarProgram(ModelOp model) {
  llvm::DenseMap<Value, unsigned> slots;
  auto addSlot = [&](Value value, Scalar initial) {
    slots[value] = initialFrame.size();
    initialFrame.push_back(initial);
  };
  for (Value argument : model.getBody().getArguments())
    addSlot(argument, Scalar());
  for (Operation &op : model.getBody().front().without_terminator()) {
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      addSlot(constant, getConstant(constant));
      continue;
    }
    ScalarInstruction instruction{};
    instruction.rule = getRules().lookup(op.getName().getStringRef());
    for (auto [index, operand] : llvm::enumerate(op.getOperands()))
      instruction.operands[index] = slots.lookup(operand);
    instruction.operandWidth =
        op.getOperand(0).getType().getIntOrFloatBitWidth();
    instruction.resultWidth = op.getResult(0).getType().getIntOrFloatBitWidth();
    instruction.predicate = getPredicate(op);
    addSlot(op.getResult(0), Scalar());
    instruction.result = slots.lookup(op.getResult(0));
    instructions.push_back(instruction);
  }
  for (Value state : model.getYield().getStates())
    newStates.push_back(slots.lookup(state));
  emitted = slots.lookup(model.getYield().getEmitted());
}

Scalar ScalarProgram::run(MutableArrayRef<Scalar> states,
                          ArrayRef<Scalar> inputs, ArrayRef<Scalar> params,
                          std::vector<Scalar> &frame) const {
  auto slot = llvm::copy(states, frame.begin());
  slot = llvm::copy(inputs, slot);
  llvm::copy(params, slot);
  for (const ScalarInstruction &instruction : instructions)
    instruction.rule(ScalarEvaluation(instruction, frame.data()));
  for (auto [state, value] : llvm::zip_equal(states, newStates))
    state = frame[value];
  return frame[emitted];
}
