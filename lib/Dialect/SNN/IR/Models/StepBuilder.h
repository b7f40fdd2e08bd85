//===- StepBuilder.h - elementwise arithmetic of a step ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_STEPBUILDER_H
#define SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_STEPBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer::snn {

/// Appends operations on scalars or vectors of one length.
class StepBuilder {
public:
  StepBuilder(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  template <typename Op, typename... Args>
  Value make(Args... args) {
    return Op::create(builder, loc, args...).getResult();
  }

  Value add(Value a, Value b) { return make<arith::AddFOp>(a, b); }
  Value sub(Value a, Value b) { return make<arith::SubFOp>(a, b); }
  Value mul(Value a, Value b) { return make<arith::MulFOp>(a, b); }
  Value div(Value a, Value b) { return make<arith::DivFOp>(a, b); }
  Value neg(Value a) { return make<arith::NegFOp>(a); }
  Value exp(Value a) { return make<math::ExpOp>(a); }
  Value select(Value condition, Value a, Value b) {
    return make<arith::SelectOp>(condition, a, b);
  }
  Value compare(arith::CmpFPredicate predicate, Value a, Value b) {
    return make<arith::CmpFOp>(predicate, a, b);
  }
  Value compare(arith::CmpIPredicate predicate, Value a, Value b) {
    return make<arith::CmpIOp>(predicate, a, b);
  }
  Value both(Value a, Value b) { return make<arith::AndIOp>(a, b); }
  Value either(Value a, Value b) { return make<arith::OrIOp>(a, b); }

  /// A constant of the type of `like`.
  Value number(double value, Value like) {
    Type type = getElementTypeOrSelf(like.getType());
    return constant(builder.getFloatAttr(type, value), like.getType());
  }
  Value integer(int64_t value, Value like) {
    Type type = getElementTypeOrSelf(like.getType());
    return constant(builder.getIntegerAttr(type, value), like.getType());
  }
  /// `value`, a float, toward zero as integers of `width` bits.
  Value truncate(Value value, unsigned width) {
    return make<arith::FPToSIOp>(
        withElement(value.getType(), builder.getIntegerType(width)), value);
  }
  /// `value`, integers, in the type of `like`, floats.
  Value toFloat(Value value, Value like) {
    return make<arith::SIToFPOp>(like.getType(), value);
  }

protected:
  /// The type of `shape` with elements of `element`.
  static Type withElement(Type shape, Type element) {
    auto vector = dyn_cast<VectorType>(shape);
    return vector ? Type(vector.clone(element)) : element;
  }
  Value constant(TypedAttr element, Type type) {
    TypedAttr attr = element;
    if (auto vector = dyn_cast<VectorType>(type))
      attr = DenseElementsAttr::get(vector, Attribute(element));
    return make<arith::ConstantOp>(attr);
  }

  OpBuilder &builder;
  Location loc;
};

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_STEPBUILDER_H
