//===- Loops.cpp - what TOSA cannot say -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "spikeformer/Support/TensorAttr.h"
#include "spikeformer/Support/VisitElements.h"
#include <limits>

using namespace spikeformer;
using namespace spikeformer::onnximport;

Value onnximport::buildLoops(Emitter &emit, ArrayRef<LoopInput> inputs,
                             LoopInput initial,
                             ArrayRef<utils::IteratorType> iterators,
                             LoopBody body) {
  SmallVector<Value> values;
  SmallVector<AffineMap> maps;
  for (const LoopInput &input : inputs) {
    values.push_back(input.value);
    maps.push_back(input.map);
  }
  maps.push_back(initial.map);
  auto loops = emit.create<linalg::GenericOp>(
      TypeRange(initial.value.getType()), values, ValueRange(initial.value),
      maps, iterators,
      [&](OpBuilder &builder, Location location, ValueRange elements) {
        linalg::YieldOp::create(builder, location,
                                body(builder, location, elements));
      });
  return loops.getResult(0);
}

/// Where an operand of shape `from` is read in loops over `to`.
static AffineMap getBroadcastMap(Builder &builder, ArrayRef<int64_t> from,
                                 ArrayRef<int64_t> to) {
  SmallVector<AffineExpr> positions;
  for (auto [axis, extent] : llvm::enumerate(from))
    positions.push_back(extent == 1 && to[axis] != 1
                            ? builder.getAffineConstantExpr(0)
                            : builder.getAffineDimExpr(axis));
  return AffineMap::get(to.size(), 0, positions, builder.getContext());
}

Value onnximport::buildElementwise(Emitter &emit, ArrayRef<Value> inputs,
                                   ArrayRef<int64_t> shape, ElementType type,
                                   LoopBody body) {
  OpBuilder &builder = emit.getBuilder();
  SmallVector<LoopInput> reads;
  for (Value input : inputs)
    reads.push_back({emit.toSignless(input),
                     getBroadcastMap(builder, getShape(input), shape)});
  Value empty = emit.create<tensor::EmptyOp>(
      shape, getBuiltinType(type, builder.getContext()));
  SmallVector<utils::IteratorType> iterators(shape.size(),
                                             utils::IteratorType::parallel);
  AffineMap identity = builder.getMultiDimIdentityMap(shape.size());
  Value result = buildLoops(emit, reads, {empty, identity}, iterators, body);
  return emit.fromSignless(result, type);
}

Value onnximport::makeNumber(OpBuilder &builder, Location location,
                             ElementType type, double number) {
  Type element = getBuiltinType(type, builder.getContext());
  TypedAttr value;
  if (isFloat(type))
    value = builder.getFloatAttr(element, number);
  else
    visitElementType(type, [&](auto zero) {
      using T = decltype(zero);
      // The largest 64-bit integer is no double.
      bool isTop = number >= static_cast<double>(std::numeric_limits<T>::max());
      T integer =
          isTop ? std::numeric_limits<T>::max() : static_cast<T>(number);
      value = builder.getIntegerAttr(element, static_cast<int64_t>(integer));
    });
  return arith::ConstantOp::create(builder, location, value);
}

Value onnximport::makeFilled(Emitter &emit, ArrayRef<int64_t> shape,
                             ElementType type, double number) {
  OpBuilder &builder = emit.getBuilder();
  Value element = makeNumber(builder, emit.getLocation(), type, number);
  Value empty = emit.create<tensor::EmptyOp>(shape, element.getType());
  return emit.create<linalg::FillOp>(ValueRange(element), ValueRange(empty))
      .getResult(0);
}

double onnximport::getLowest(ElementType type) {
  if (isFloat(type))
    return -std::numeric_limits<double>::infinity();
  return visitElementType(type, [](auto zero) {
    return static_cast<double>(std::numeric_limits<decltype(zero)>::lowest());
  });
}

Value onnximport::buildMaximum(OpBuilder &builder, Location location,
                               ElementType type, Value a, Value b) {
  if (isFloat(type))
    return arith::MaximumFOp::create(builder, location, a, b);
  if (isUnsigned(type))
    return arith::MaxUIOp::create(builder, location, a, b);
  return arith::MaxSIOp::create(builder, location, a, b);
}

Value onnximport::buildMinimum(OpBuilder &builder, Location location,
                               ElementType type, Value a, Value b) {
  if (isFloat(type))
    return arith::MinimumFOp::create(builder, location, a, b);
  if (isUnsigned(type))
    return arith::MinUIOp::create(builder, location, a, b);
  return arith::MinSIOp::create(builder, location, a, b);
}
