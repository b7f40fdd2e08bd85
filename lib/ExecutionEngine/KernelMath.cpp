//===- KernelMath.cpp - elementary functions in kernels -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A number type for MathAlgorithms.h whose operations append to IR, and the
// conversion to integers.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/KernelMath.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"
#include "spikeformer-rt/MathAlgorithms.h"
#include <cmath>

using namespace spikeformer;

namespace {
/// `like` with another element type.
Type withElement(Type like, Type element) {
  if (auto vector = dyn_cast<VectorType>(like))
    return vector.clone(element);
  return element;
}

/// A value of one kind, and where to append what is made of it.
struct Node {
  ImplicitLocOpBuilder *builder;
  Value value;

  Value constant(TypedAttr element) const {
    Type type = withElement(value.getType(), element.getType());
    TypedAttr attribute = element;
    if (auto vector = dyn_cast<VectorType>(type))
      attribute = DenseElementsAttr::get(vector, element);
    return arith::ConstantOp::create(*builder, attribute);
  }
  template <typename OpTy>
  Value make(Value a, Value b) const {
    return OpTy::create(*builder, a, b);
  }
};

struct Mask : Node {
  friend Mask operator&(Mask a, Mask b) {
    return {{a.builder, a.make<arith::AndIOp>(a.value, b.value)}};
  }
  friend Mask operator|(Mask a, Mask b) {
    return {{a.builder, a.make<arith::OrIOp>(a.value, b.value)}};
  }
};

struct Bits : Node {
  template <typename OpTy>
  Bits with(Bits b) const {
    return {{builder, make<OpTy>(value, b.value)}};
  }
  Bits splat(uint64_t x) const {
    return {{builder, constant(builder->getI64IntegerAttr(int64_t(x)))}};
  }
  friend Bits operator+(Bits a, Bits b) { return a.with<arith::AddIOp>(b); }
  friend Bits operator-(Bits a, Bits b) { return a.with<arith::SubIOp>(b); }
  friend Bits operator&(Bits a, Bits b) { return a.with<arith::AndIOp>(b); }
  friend Bits operator|(Bits a, Bits b) { return a.with<arith::OrIOp>(b); }
  friend Bits operator^(Bits a, Bits b) { return a.with<arith::XOrIOp>(b); }
  friend Bits operator+(Bits a, uint64_t b) { return a + a.splat(b); }
  friend Bits operator-(Bits a, uint64_t b) { return a - a.splat(b); }
  friend Bits operator&(Bits a, uint64_t b) { return a & a.splat(b); }
  friend Bits operator|(Bits a, uint64_t b) { return a | a.splat(b); }
  friend Bits operator<<(Bits a, uint64_t n) {
    return a.with<arith::ShLIOp>(a.splat(n));
  }
  friend Bits operator>>(Bits a, uint64_t n) {
    return a.with<arith::ShRUIOp>(a.splat(n));
  }
};

struct Float : Node {
  template <typename OpTy>
  Float with(Float b) const {
    return {{builder, make<OpTy>(value, b.value)}};
  }
  Mask compare(arith::CmpFPredicate predicate, Float b) const {
    return {
        {builder, arith::CmpFOp::create(*builder, predicate, value, b.value)}};
  }
  Float splat(double x) const {
    return {{builder, constant(builder->getF64FloatAttr(x))}};
  }
  friend Float operator+(Float a, Float b) { return a.with<arith::AddFOp>(b); }
  friend Float operator-(Float a, Float b) { return a.with<arith::SubFOp>(b); }
  friend Float operator*(Float a, Float b) { return a.with<arith::MulFOp>(b); }
  friend Float operator/(Float a, Float b) { return a.with<arith::DivFOp>(b); }
  friend Float operator+(Float a, double b) { return a + a.splat(b); }
  friend Float operator-(Float a, double b) { return a - a.splat(b); }
  friend Float operator*(Float a, double b) { return a * a.splat(b); }
  friend Float operator/(double a, Float b) { return b.splat(a) / b; }
  friend Float operator-(double a, Float b) { return b.splat(a) - b; }
  friend Mask operator<(Float a, Float b) {
    return a.compare(arith::CmpFPredicate::OLT, b);
  }
  friend Mask operator<=(Float a, Float b) {
    return a.compare(arith::CmpFPredicate::OLE, b);
  }
  friend Mask operator==(Float a, Float b) {
    return a.compare(arith::CmpFPredicate::OEQ, b);
  }
  friend Mask operator<(Float a, double b) { return a < a.splat(b); }
  friend Mask operator==(Float a, double b) { return a == a.splat(b); }
};

Bits bitsOf(Float x) {
  Type type = withElement(x.value.getType(), x.builder->getI64Type());
  return {{x.builder, arith::BitcastOp::create(*x.builder, type, x.value)}};
}
Float asFloat(Bits x) {
  Type type = withElement(x.value.getType(), x.builder->getF64Type());
  return {{x.builder, arith::BitcastOp::create(*x.builder, type, x.value)}};
}
Float select(Mask condition, Float a, Float b) {
  return {{a.builder, arith::SelectOp::create(*a.builder, condition.value,
                                              a.value, b.value)}};
}
Float splat(Float like, double value) { return like.splat(value); }

/// Widens the operands to f64, builds, and rounds the result to their type.
Value build(OpBuilder &builder, Location loc, ArrayRef<Value> operands,
            llvm::function_ref<Float(ArrayRef<Float>)> function) {
  ImplicitLocOpBuilder b(loc, builder);
  Type type = operands.front().getType();
  Type wide = withElement(type, b.getF64Type());
  SmallVector<Float, 2> numbers;
  for (Value operand : operands)
    numbers.push_back(
        {{&b, type == wide ? operand
                           : Value(arith::ExtFOp::create(b, wide, operand))}});
  Value result = function(numbers).value;
  return type == wide ? result
                      : Value(arith::TruncFOp::create(b, type, result));
}
} // namespace

Value spikeformer::buildExp(OpBuilder &builder, Location loc, Value x) {
  return build(builder, loc, x,
               [](ArrayRef<Float> n) { return rt::expF64(n[0]); });
}

Value spikeformer::buildLog(OpBuilder &builder, Location loc, Value x) {
  return build(builder, loc, x,
               [](ArrayRef<Float> n) { return rt::logF64(n[0]); });
}

Value spikeformer::buildTanh(OpBuilder &builder, Location loc, Value x) {
  assert(getElementTypeOrSelf(x).isF32() && "tanh is defined for f32");
  return build(builder, loc, x,
               [](ArrayRef<Float> n) { return rt::tanhForF32(n[0]); });
}

Value spikeformer::buildPow(OpBuilder &builder, Location loc, Value x,
                            Value y) {
  assert(getElementTypeOrSelf(x).isF32() && "pow is defined for f32");
  return build(builder, loc, {x, y},
               [](ArrayRef<Float> n) { return rt::powForF32(n[0], n[1]); });
}

Value spikeformer::buildTruncation(OpBuilder &builder, Location loc, Value x,
                                   IntegerType element) {
  ImplicitLocOpBuilder b(loc, builder);
  Type type = x.getType(), result = withElement(type, element);
  auto floatElement = cast<FloatType>(getElementTypeOrSelf(type));
  unsigned width = element.getWidth();
  Node like{&b, x};
  auto number = [&](double value) {
    return like.constant(b.getFloatAttr(floatElement, value));
  };
  auto compare = [&](arith::CmpFPredicate predicate, double value) -> Value {
    return arith::CmpFOp::create(b, predicate, x, number(value));
  };
  double end = std::ldexp(1.0, static_cast<int>(width) - 1);
  Value below = compare(arith::CmpFPredicate::OLT, -end);
  Value above = compare(arith::CmpFPredicate::OGE, end);
  Value outside = arith::OrIOp::create(b, arith::OrIOp::create(b, below, above),
                                       compare(arith::CmpFPredicate::UNO, 0.0));
  Value safe = arith::SelectOp::create(b, outside, number(0.0), x);
  // Processors convert to integers of 32 or 64 bits.
  IntegerType wide = b.getIntegerType(width > 32 ? 64 : 32);
  Value integer =
      arith::FPToSIOp::create(b, withElement(type, wide), safe).getResult();
  if (wide != element)
    integer = arith::TruncIOp::create(b, result, integer);
  auto select = [&](Value condition, const llvm::APInt &value) {
    return arith::SelectOp::create(
        b, condition, like.constant(b.getIntegerAttr(element, value)), integer);
  };
  integer = select(below, llvm::APInt::getSignedMinValue(width));
  return select(above, llvm::APInt::getSignedMaxValue(width));
}
