//===- PoolLoops.cpp - pools that TOSA has not ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops: n, c, one per output axis, one per window axis. What lies outside of
// the input is the neutral element.
//
//===----------------------------------------------------------------------===//

#include "PoolLoops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "spikeformer/Support/TensorAttr.h"
#include <limits>

using namespace spikeformer;
using namespace spikeformer::onnximport;

/// Index of nothing; larger than every position.
static constexpr double kNowhere =
    static_cast<double>(std::numeric_limits<int64_t>::max());

PoolLoops::PoolLoops(Node &node, const WindowAxes &placed)
    : node(node), emit(node.emit()), type(node.getElement(0)),
      shape(node.getShape(0)) {
  // A single axis was placed as the second of two.
  axes.assign(placed.end() - (shape.size() - 2), placed.end());
  SmallVector<int64_t> extents;
  for (const WindowAxis &axis : axes)
    extents.push_back(axis.kernel);
  kernel = emit.create<tensor::EmptyOp>(
      extents, getBuiltinType(type, emit.getBuilder().getContext()));
}

/// The covered part of the input with the padding, signless.
Value PoolLoops::getPadded(double filler) {
  SmallVector<int64_t> start(shape.size(), 0), size(shape);
  SmallVector<int64_t> before(shape.size(), 0), after(shape.size(), 0);
  for (auto [index, axis] : llvm::enumerate(axes)) {
    size[index + 2] = axis.covered;
    before[index + 2] = axis.before;
    after[index + 2] = axis.after + axis.overhang;
  }
  Value covered = emit.slice(node.getValue(0), start, size);
  return emit.toSignless(emit.pad(covered, before, after, filler));
}

SmallVector<int64_t> PoolLoops::getOutputShape() const {
  SmallVector<int64_t> result(ArrayRef<int64_t>(shape).take_front(2));
  for (const WindowAxis &axis : axes)
    result.push_back(axis.output);
  return result;
}

/// Positions of the padded input under the window; `leading` is 2 for a value
/// with N and C, 0 for one without.
AffineMap PoolLoops::getInputMap(unsigned leading) {
  Builder &builder = emit.getBuilder();
  SmallVector<AffineExpr> positions;
  for (unsigned i = 0; i < leading; ++i)
    positions.push_back(builder.getAffineDimExpr(i));
  for (auto [index, axis] : llvm::enumerate(axes))
    positions.push_back(builder.getAffineDimExpr(2 + index) * axis.stride +
                        builder.getAffineDimExpr(2 + axes.size() + index) *
                            axis.dilation);
  return AffineMap::get(2 + 2 * axes.size(), 0, positions,
                        builder.getContext());
}

AffineMap PoolLoops::getOutputMap() {
  MLIRContext *context = emit.getBuilder().getContext();
  return AffineMap::getMultiDimIdentityMap(2 + 2 * axes.size(), context)
      .getMajorSubMap(2 + axes.size());
}

Value PoolLoops::fold(ArrayRef<LoopInput> inputs, Value initial,
                      LoopBody body) {
  Builder &builder = emit.getBuilder();
  size_t outer = 2 + axes.size();
  AffineMap window = AffineMap::getMultiDimIdentityMap(outer + axes.size(),
                                                       builder.getContext())
                         .getMinorSubMap(axes.size());
  SmallVector<LoopInput> all(inputs);
  all.push_back({kernel, window});
  SmallVector<utils::IteratorType> iterators(outer,
                                             utils::IteratorType::parallel);
  iterators.append(axes.size(), utils::IteratorType::reduction);
  return buildLoops(emit, all, {initial, getOutputMap()}, iterators, body);
}

Value PoolLoops::buildMaximum() {
  double lowest = getLowest(type);
  padded = getPadded(lowest);
  Value initial = makeFilled(emit, getOutputShape(), type, lowest);
  maximum = fold({{padded, getInputMap(2)}}, initial,
                 [&](OpBuilder &builder, Location location, ValueRange read) {
                   return onnximport::buildMaximum(builder, location, type,
                                                   read[0], read.back());
                 });
  return emit.fromSignless(maximum, type);
}

/// Row-major position of each element of the padded input within its image.
Tensor PoolLoops::getPositions() const {
  SmallVector<int64_t> extents(getShape(padded).drop_front(2));
  Tensor positions(extents, ElementType::i64);
  for (auto [index, element] : llvm::enumerate(positions.data<int64_t>())) {
    int64_t rest = index, stride = 1;
    element = 0;
    for (size_t axis = extents.size(); axis-- > 0;) {
      int64_t place = rest % extents[axis] - axes[axis].before;
      // Padding is never a maximum, but must not count as a place either.
      bool isInside = place >= 0 && place < shape[axis + 2];
      element += isInside ? place * stride : 0;
      stride *= shape[axis + 2];
      rest /= extents[axis];
    }
  }
  return positions;
}

/// Adds where the image begins to positions within it, which count the first
/// spatial axis fastest if `columnsFirst`.
Value PoolLoops::addImageOffset(Value positions, bool columnsFirst) {
  ArrayRef<int64_t> extents = ArrayRef<int64_t>(shape).drop_front(2);
  int64_t size = *countElements(extents);
  SmallVector<int64_t> leading(shape.size(), 1);
  leading[0] = shape[0];
  leading[1] = shape[1];
  Tensor offsets(leading, ElementType::i64);
  for (auto [index, offset] : llvm::enumerate(offsets.data<int64_t>()))
    offset = static_cast<int64_t>(index) * size;
  auto body = [&](OpBuilder &builder, Location location,
                  ValueRange read) -> Value {
    auto number = [&](int64_t value) {
      return makeNumber(builder, location, ElementType::i64,
                        static_cast<double>(value));
    };
    Value place = read[0];
    if (columnsFirst) {
      Value rest = read[0];
      int64_t stride = size;
      place = number(0);
      for (int64_t extent : llvm::reverse(extents)) {
        stride /= extent;
        Value quotient =
            arith::DivSIOp::create(builder, location, rest, number(extent));
        Value whole =
            arith::MulIOp::create(builder, location, quotient, number(extent));
        Value remainder = arith::SubIOp::create(builder, location, rest, whole);
        Value step =
            arith::MulIOp::create(builder, location, remainder, number(stride));
        place = arith::AddIOp::create(builder, location, place, step);
        rest = quotient;
      }
    }
    return arith::AddIOp::create(builder, location, place, read[1]);
  };
  return buildElementwise(emit, {positions, emit.constant(offsets)},
                          getOutputShape(), ElementType::i64, body);
}

Value PoolLoops::buildMaximumIndex(bool columnsFirst) {
  Value initial =
      makeFilled(emit, getOutputShape(), ElementType::i64, kNowhere);
  auto body = [&](OpBuilder &builder, Location location,
                  ValueRange read) -> Value {
    // A NaN is a maximum, too.
    Value isMaximum;
    if (isFloat(type))
      isMaximum = arith::CmpFOp::create(
          builder, location, arith::CmpFPredicate::UEQ, read[0], read[2]);
    else
      isMaximum = arith::CmpIOp::create(
          builder, location, arith::CmpIPredicate::eq, read[0], read[2]);
    Value nowhere = makeNumber(builder, location, ElementType::i64, kNowhere);
    Value place =
        arith::SelectOp::create(builder, location, isMaximum, read[1], nowhere);
    return arith::MinSIOp::create(builder, location, place, read.back());
  };
  Value first = fold({{padded, getInputMap(2)},
                      {emit.constant(getPositions()), getInputMap(0)},
                      {maximum, getOutputMap()}},
                     initial, body);
  return addImageOffset(first, columnsFirst);
}

/// How many elements of each window count.
Tensor PoolLoops::getCounts(bool countPadding) const {
  SmallVector<int64_t> result(2, 1);
  for (const WindowAxis &axis : axes)
    result.push_back(axis.output);
  Tensor counts(result, ElementType::f32);
  for (auto [index, element] : llvm::enumerate(counts.data<float>())) {
    int64_t rest = index;
    element = 1;
    for (size_t at = axes.size(); at-- > 0;) {
      const WindowAxis &axis = axes[at];
      int64_t begin = countPadding ? 0 : axis.before;
      int64_t end = axis.before +
                    (countPadding ? axis.covered + axis.after : shape[at + 2]);
      int64_t first = rest % axis.output * axis.stride;
      int64_t inside = 0;
      for (int64_t i = 0; i < axis.kernel; ++i) {
        int64_t place = first + i * axis.dilation;
        inside += place >= begin && place < end;
      }
      element *= static_cast<float>(inside);
      rest /= axis.output;
    }
  }
  return counts;
}

Value PoolLoops::buildAverage(bool countPadding) {
  padded = getPadded(0);
  Value initial = makeFilled(emit, getOutputShape(), type, 0);
  Value sum = fold(
      {{padded, getInputMap(2)}}, initial,
      [](OpBuilder &builder, Location location, ValueRange read) -> Value {
        return arith::AddFOp::create(builder, location, read.back(), read[0]);
      });
  return buildElementwise(
      emit, {sum, emit.constant(getCounts(countPadding))}, getOutputShape(),
      type,
      [](OpBuilder &builder, Location location, ValueRange read) -> Value {
        return arith::DivFOp::create(builder, location, read[0], read[1]);
      });
}
