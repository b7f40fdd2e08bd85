//===- Quantization.cpp - integers that stand for numbers -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quantization.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "spikeformer/Support/TensorAttr.h"
#include "spikeformer/Support/VisitElements.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

Tensor Quantization::getNumbers() const {
  Tensor numbers(integers.getShape(), ElementType::f32);
  int64_t inner = 1, extent = 1;
  if (axis) {
    extent = integers.getShape()[*axis];
    for (int64_t other : integers.getShape().drop_front(*axis + 1))
      inner *= other;
  }
  visitElementType(integers.getElementType(), [&](auto zero) {
    auto *from = static_cast<const decltype(zero) *>(integers.getBytes());
    for (auto [index, number] : llvm::enumerate(numbers.data<float>())) {
      size_t at = axis ? index / inner % extent : 0;
      // As the operator says: a difference of integers, then one product.
      double difference = static_cast<double>(from[index]) -
                          static_cast<double>(zeroPoints[at]);
      number = static_cast<float>(difference) * static_cast<float>(scales[at]);
    }
  });
  return numbers;
}

Weights Weights::permute(ArrayRef<int64_t> permutation) const {
  Weights result = *this;
  result.numbers = spikeformer::permute(numbers, permutation);
  if (quantized) {
    result.quantized->integers =
        spikeformer::permute(quantized->integers, permutation);
    if (quantized->axis)
      result.quantized->axis =
          llvm::find(permutation, *quantized->axis) - permutation.begin();
  }
  return result;
}

/// Where the axis lies among `to`, which has the other extents of `from` but
/// for ones; none if it is not there.
static std::optional<int64_t> followAxis(ArrayRef<int64_t> from, int64_t axis,
                                         ArrayRef<int64_t> to) {
  int64_t before = 1, passed = 1;
  for (int64_t extent : from.take_front(axis))
    before *= extent;
  for (auto [index, extent] : llvm::enumerate(to)) {
    if (passed == before && extent == from[axis])
      return index;
    passed *= extent;
  }
  return std::nullopt;
}

Weights Weights::reshape(ArrayRef<int64_t> shape) const {
  Weights result = *this;
  result.numbers = numbers.reshape(shape);
  if (!quantized)
    return result;
  if (quantized->axis) {
    std::optional<int64_t> axis =
        followAxis(numbers.getShape(), *quantized->axis, shape);
    if (!axis) {
      result.quantized.reset();
      return result;
    }
    result.quantized->axis = axis;
  }
  result.quantized->integers = quantized->integers.reshape(shape);
  return result;
}

Weights Weights::slice(int64_t begin, int64_t end) const {
  Weights result = *this;
  result.numbers = numbers.slice(begin, end).clone();
  if (!quantized)
    return result;
  Quantization &parts = *result.quantized;
  parts.integers = quantized->integers.slice(begin, end).clone();
  if (quantized->axis == 0) {
    parts.scales.assign(quantized->scales.begin() + begin,
                        quantized->scales.begin() + end);
    parts.zeroPoints.assign(quantized->zeroPoints.begin() + begin,
                            quantized->zeroPoints.begin() + end);
  }
  return result;
}

Type onnximport::getQuantizedType(MLIRContext *context, ElementType integers,
                                  ArrayRef<double> scales,
                                  ArrayRef<int64_t> zeroPoints,
                                  std::optional<int64_t> axis) {
  Type storage = getBuiltinType(integers, context);
  Type expressed = Float32Type::get(context);
  unsigned bits = storage.getIntOrFloatBitWidth();
  bool isSigned = !isUnsigned(integers);
  unsigned flags = isSigned ? quant::QuantizationFlags::Signed : 0;
  int64_t min =
      quant::QuantizedType::getDefaultMinimumForInteger(isSigned, bits);
  int64_t max =
      quant::QuantizedType::getDefaultMaximumForInteger(isSigned, bits);
  if (axis)
    return quant::UniformQuantizedPerAxisType::get(
        flags, storage, expressed, scales, zeroPoints,
        static_cast<int32_t>(*axis), min, max);
  return quant::UniformQuantizedType::get(
      flags, storage, expressed, scales.front(), zeroPoints.front(), min, max);
}

Value Weights::emit(Emitter &emit) const {
  if (!quantized)
    return emit.constant(numbers);
  MLIRContext *context = emit.getBuilder().getContext();
  ArrayRef<int64_t> shape = numbers.getShape();
  Value integers = emit.toSignless(emit.constant(quantized->integers));
  auto type = RankedTensorType::get(
      shape, getQuantizedType(context, quantized->integers.getElementType(),
                              quantized->scales, quantized->zeroPoints,
                              quantized->axis));
  Value typed = emit.create<quant::StorageCastOp>(type, integers);
  return emit.create<quant::DequantizeCastOp>(emit.getType(shape), typed);
}
