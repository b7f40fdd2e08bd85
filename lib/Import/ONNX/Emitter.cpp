//===- Emitter.cpp - building TOSA ----------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"
#include "spikeformer/Support/TensorAttr.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::onnximport;

SmallVector<int64_t> onnximport::permuteShape(ArrayRef<int64_t> shape,
                                              ArrayRef<int64_t> permutation) {
  return llvm::map_to_vector(permutation,
                             [&](int64_t axis) { return shape[axis]; });
}

ArrayRef<int64_t> onnximport::getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// Copies one element at a time in the order of `to`; `strides` are those of
/// `from`, in elements, for the axes of `to`.
template <typename T>
static void copyStrided(const T *from, T *to, ArrayRef<int64_t> shape,
                        ArrayRef<int64_t> strides) {
  if (shape.empty()) {
    *to = *from;
    return;
  }
  int64_t inner = shape.back();
  int64_t outer = 1;
  for (int64_t extent : shape.drop_back())
    outer *= extent;
  SmallVector<int64_t> index(shape.size() - 1, 0);
  for (int64_t row = 0; row < outer; ++row) {
    for (int64_t i = 0; i < inner; ++i)
      *to++ = from[i * strides.back()];
    for (int64_t axis = shape.size() - 2; axis >= 0; --axis) {
      from += strides[axis];
      if (++index[axis] < shape[axis])
        break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

Tensor onnximport::transposeTensor(const Tensor &tensor,
                                   ArrayRef<int64_t> permutation) {
  ArrayRef<int64_t> shape = tensor.getShape();
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t axis = tensor.getRank() - 2; axis >= 0; --axis)
    strides[axis] = strides[axis + 1] * shape[axis + 1];
  strides = permuteShape(strides, permutation);
  Tensor result(permuteShape(shape, permutation), tensor.getElementType());
  if (tensor.getNumElements() == 0)
    return result;
  auto copy = [&](auto zero) {
    using T = decltype(zero);
    copyStrided(static_cast<const T *>(tensor.getBytes()),
                static_cast<T *>(result.getBytes()), result.getShape(),
                strides);
  };
  switch (getElementSize(tensor.getElementType())) {
  case 1:
    copy(uint8_t());
    break;
  case 4:
    copy(uint32_t());
    break;
  default:
    copy(uint64_t());
  }
  return result;
}

Emitter::Emitter(Block *block)
    : builder(block, block->end()), location(builder.getUnknownLoc()) {}

RankedTensorType Emitter::getType(ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, builder.getF32Type());
}

Value Emitter::insertConstant(Attribute attribute,
                              llvm::function_ref<Operation *()> create) {
  Value &value = constants[attribute];
  if (value)
    return value;
  OpBuilder::InsertionGuard guard(builder);
  if (lastConstant)
    builder.setInsertionPointAfter(lastConstant);
  else
    builder.setInsertionPointToStart(builder.getInsertionBlock());
  lastConstant = create();
  return value = lastConstant->getResult(0);
}

Value Emitter::constant(const Tensor &tensor) {
  ElementsAttr elements = getElementsAttr(tensor, builder.getContext());
  return insertConstant(elements, [&] {
    return create<tosa::ConstOp>(elements.getShapedType(), elements);
  });
}

Value Emitter::scalar(float value, int64_t rank) {
  Tensor tensor(SmallVector<int64_t>(rank, 1), ElementType::f32);
  tensor.data<float>().front() = value;
  return constant(tensor);
}

Value Emitter::shape(ArrayRef<int64_t> extents) {
  DenseIntElementsAttr elements = builder.getIndexTensorAttr(extents);
  return insertConstant(elements, [&] {
    return create<tosa::ConstShapeOp>(
        tosa::shapeType::get(builder.getContext(), extents.size()), elements);
  });
}

Value Emitter::transpose(Value input, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> composed(permutation);
  if (auto inner = input.getDefiningOp<tosa::TransposeOp>()) {
    for (int64_t &axis : composed)
      axis = inner.getPerms()[axis];
    input = inner.getInput1();
  }
  if (llvm::equal(composed, llvm::seq<int64_t>(0, composed.size())))
    return input;
  SmallVector<int32_t> perms(composed.begin(), composed.end());
  return create<tosa::TransposeOp>(
      getType(permuteShape(getShape(input), composed)), input,
      builder.getDenseI32ArrayAttr(perms));
}

Value Emitter::reshape(Value input, ArrayRef<int64_t> newShape) {
  if (auto inner = input.getDefiningOp<tosa::ReshapeOp>())
    input = inner.getInput1();
  if (getShape(input) == newShape)
    return input;
  return create<tosa::ReshapeOp>(getType(newShape), input, shape(newShape));
}

Value Emitter::slice(Value input, ArrayRef<int64_t> start,
                     ArrayRef<int64_t> size) {
  if (getShape(input) == size)
    return input;
  return create<tosa::SliceOp>(getType(size), input, shape(start), shape(size));
}

Value Emitter::pad(Value input, ArrayRef<int64_t> before,
                   ArrayRef<int64_t> after, float value) {
  SmallVector<int64_t> newShape(getShape(input));
  SmallVector<int64_t> padding;
  for (auto [axis, extent] : llvm::enumerate(newShape)) {
    padding.append({before[axis], after[axis]});
    extent += before[axis] + after[axis];
  }
  if (getShape(input) == ArrayRef<int64_t>(newShape))
    return input;
  return create<tosa::PadOp>(getType(newShape), input, shape(padding),
                             scalar(value));
}

Value Emitter::clamp(Value input, float min, float max) {
  return create<tosa::ClampOp>(input.getType(), input,
                               builder.getF32FloatAttr(min),
                               builder.getF32FloatAttr(max));
}

/// Shape of an elementwise result.
static SmallVector<int64_t> broadcast(Value a, Value b) {
  SmallVector<int64_t> shape(getShape(a));
  for (auto [extent, other] : llvm::zip_equal(shape, getShape(b)))
    extent = extent == 1 ? other : extent;
  return shape;
}

template <typename OpTy>
Value Emitter::elementwise(Value a, Value b) {
  return create<OpTy>(getType(broadcast(a, b)), a, b);
}

Value Emitter::add(Value a, Value b) { return elementwise<tosa::AddOp>(a, b); }

Value Emitter::subtract(Value a, Value b) {
  return elementwise<tosa::SubOp>(a, b);
}

Value Emitter::multiply(Value a, Value b) {
  Tensor noShift(1, ElementType::i8);
  return create<tosa::MulOp>(getType(broadcast(a, b)), a, b, constant(noShift));
}

Value Emitter::matmul(Value a, Value b) {
  ArrayRef<int64_t> left = getShape(a);
  Value zeroPoint = scalar(0);
  return create<tosa::MatMulOp>(getType({left[0], left[1], getShape(b)[2]}), a,
                                b, zeroPoint, zeroPoint);
}
