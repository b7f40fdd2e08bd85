//===- Emitter.cpp - building TOSA ----------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "spikeformer/Support/QuantizedElements.h"
#include "spikeformer/Support/TensorAttr.h"
#include "spikeformer/Support/VisitElements.h"
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

bool onnximport::isUnsigned(ElementType type) {
  return type == ElementType::boolean || type == ElementType::u8 ||
         type == ElementType::u16 || type == ElementType::u32 ||
         type == ElementType::u64;
}

ElementType onnximport::getElement(Value value) {
  return *getStoredType(
      cast<RankedTensorType>(value.getType()).getElementType());
}

Tensor onnximport::makeSingle(double number, ElementType type, int64_t rank) {
  Tensor tensor(SmallVector<int64_t>(rank, 1), type);
  visitElementType(type, [&](auto zero) {
    *static_cast<decltype(zero) *>(tensor.getBytes()) =
        static_cast<decltype(zero)>(number);
  });
  return tensor;
}

Emitter::Emitter(Block *block)
    : builder(block, block->end()), location(builder.getUnknownLoc()) {}

RankedTensorType Emitter::getType(ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, builder.getF32Type());
}

RankedTensorType Emitter::getType(ArrayRef<int64_t> shape, ElementType type) {
  Type element = getBuiltinType(type, builder.getContext());
  if (isUnsigned(type) && type != ElementType::boolean)
    element = builder.getIntegerType(element.getIntOrFloatBitWidth(),
                                     /*isSigned=*/false);
  return RankedTensorType::get(shape, element);
}

RankedTensorType Emitter::getTypeLike(ArrayRef<int64_t> shape, Value like) {
  return cast<RankedTensorType>(like.getType()).clone(shape);
}

Value Emitter::insertConstant(Attribute attribute, Type type,
                              llvm::function_ref<Operation *()> create) {
  Value &value = constants[{attribute, type}];
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

/// Whether TOSA has constants of `type`.
static bool isTosaElement(ElementType type) {
  switch (type) {
  case ElementType::f32:
  case ElementType::boolean:
  case ElementType::i8:
  case ElementType::i16:
  case ElementType::i32:
    return true;
  default:
    return false;
  }
}

/// The elements of `tensor`; one of them where all are the same, so that
/// weights that a model fills in with one number take no space.
static ElementsAttr getCompactAttr(const Tensor &tensor, MLIRContext *context) {
  size_t size = getElementSize(tensor.getElementType());
  const auto *bytes = static_cast<const char *>(tensor.getBytes());
  size_t total = tensor.getNumBytes();
  if (tensor.getNumElements() <= maxInlineElements ||
      std::memcmp(bytes, bytes + size, total - size) != 0)
    return getElementsAttr(tensor, context);
  ElementsAttr first = getElementsAttr(
      tensor.reshape(tensor.getNumElements()).slice(0, 1).clone(), context);
  return cast<DenseElementsAttr>(first).resizeSplat(
      RankedTensorType::get(tensor.getShape(), first.getElementType()));
}

Value Emitter::constant(const Tensor &tensor) {
  ElementType type = tensor.getElementType();
  ElementsAttr elements = getCompactAttr(tensor, builder.getContext());
  return insertConstant(
      elements, getType(tensor.getShape(), type), [&]() -> Operation * {
        // TOSA has no tensors without elements.
        if (isTosaElement(type) && tensor.getNumElements() != 0)
          return create<tosa::ConstOp>(elements.getShapedType(), elements);
        auto value = create<arith::ConstantOp>(elements);
        return isUnsigned(type) ? fromSignless(value, type).getDefiningOp()
                                : value;
      });
}

Value Emitter::toSignless(Value input) {
  auto type = cast<RankedTensorType>(input.getType());
  if (isa<quant::QuantizedType>(type.getElementType()))
    return create<quant::StorageCastOp>(
        type.clone(getBuiltinType(getElement(input), builder.getContext())),
        input);
  if (!type.getElementType().isUnsignedInteger())
    return input;
  return create<tensor::BitcastOp>(
      type.clone(getBuiltinType(getElement(input), builder.getContext())),
      input);
}

Value Emitter::toStored(Value input) {
  return isa<quant::QuantizedType>(getElementTypeOrSelf(input.getType()))
             ? fromSignless(toSignless(input), getElement(input))
             : input;
}

Value Emitter::fromSignless(Value input, ElementType type) {
  RankedTensorType wanted = getType(getShape(input), type);
  if (input.getType() == wanted)
    return input;
  return create<tensor::BitcastOp>(wanted, input);
}

Value Emitter::scalar(float value, int64_t rank) {
  return constant(makeSingle(value, ElementType::f32, rank));
}

Value Emitter::shape(ArrayRef<int64_t> extents) {
  DenseIntElementsAttr elements = builder.getIndexTensorAttr(extents);
  auto type = tosa::shapeType::get(builder.getContext(), extents.size());
  return insertConstant(elements, type, [&] {
    return create<tosa::ConstShapeOp>(type, elements);
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
      getTypeLike(permuteShape(getShape(input), composed), input), input,
      builder.getDenseI32ArrayAttr(perms));
}

Value Emitter::reshape(Value input, ArrayRef<int64_t> newShape) {
  if (auto inner = input.getDefiningOp<tosa::ReshapeOp>())
    input = inner.getInput1();
  if (getShape(input) == newShape)
    return input;
  return create<tosa::ReshapeOp>(getTypeLike(newShape, input), input,
                                 shape(newShape));
}

Value Emitter::slice(Value input, ArrayRef<int64_t> start,
                     ArrayRef<int64_t> size) {
  if (getShape(input) == size)
    return input;
  return create<tosa::SliceOp>(getTypeLike(size, input), input, shape(start),
                               shape(size));
}

Value Emitter::pad(Value input, ArrayRef<int64_t> before,
                   ArrayRef<int64_t> after, double value) {
  SmallVector<int64_t> newShape(getShape(input));
  SmallVector<int64_t> padding;
  for (auto [axis, extent] : llvm::enumerate(newShape)) {
    padding.append({before[axis], after[axis]});
    extent += before[axis] + after[axis];
  }
  if (getShape(input) == ArrayRef<int64_t>(newShape))
    return input;
  return create<tosa::PadOp>(getTypeLike(newShape, input), input,
                             shape(padding),
                             constant(makeSingle(value, getElement(input))));
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

Value Emitter::maximum(Value a, Value b) {
  return create<tosa::MaximumOp>(getType(broadcast(a, b)), a, b);
}

Value Emitter::minimum(Value a, Value b) {
  return create<tosa::MinimumOp>(getType(broadcast(a, b)), a, b);
}

Value Emitter::power(Value a, Value b) {
  return elementwise<tosa::PowOp>(a, b);
}

Value Emitter::matmul(Value a, Value b) {
  ArrayRef<int64_t> left = getShape(a);
  Value zeroPoint = scalar(0);
  return create<tosa::MatMulOp>(getType({left[0], left[1], getShape(b)[2]}), a,
                                b, zeroPoint, zeroPoint);
}
