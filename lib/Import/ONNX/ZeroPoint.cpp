//===- ZeroPoint.cpp - integers less their zero point ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ZeroPoint.h"
#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

/// The shape of the zero point beside `shape`, in as many axes; none if it does
/// not fit.
static std::optional<SmallVector<int64_t>>
alignZeroPoint(ArrayRef<int64_t> zero, ArrayRef<int64_t> shape, int64_t axis) {
  SmallVector<int64_t> aligned(shape.size(), 1);
  if (*countElements(zero) == 1)
    return aligned;
  auto rank = static_cast<int64_t>(shape.size());
  if (zero.size() == 1 && axis >= 0 && zero[0] == shape[axis]) {
    aligned[axis] = zero[0];
    return aligned;
  }
  if (zero.size() != shape.size())
    return std::nullopt;
  for (auto [index, extent] : llvm::enumerate(zero)) {
    auto at = static_cast<int64_t>(index);
    bool mayVary = at == axis || at < rank - 2;
    if (extent != 1 && !(mayVary && extent == shape[index]))
      return std::nullopt;
  }
  return SmallVector<int64_t>(zero);
}

static bool checkTypes(Node &node, unsigned index, unsigned zeroIndex) {
  ElementType type = node.getElement(index);
  if (type != ElementType::i8 && type != ElementType::u8)
    node.error("input " + llvm::Twine(index) + " is " +
               getElementTypeName(type) + ", need int8 or uint8");
  else if (node.hasInput(zeroIndex) && node.getElement(zeroIndex) != type)
    node.error("the zero point (input " + llvm::Twine(zeroIndex) + ") is " +
               getElementTypeName(node.getElement(zeroIndex)) +
               ", but the integers are " + getElementTypeName(type));
  return !node.hasFailed();
}

Value onnximport::getDifference(Node &node, unsigned index, unsigned zeroIndex,
                                int64_t axis, Layout layout) {
  if (!checkTypes(node, index, zeroIndex))
    return nullptr;
  ArrayRef<int64_t> shape = node.getShape(index);
  Emitter &emit = node.emit();
  Value integers = node.getValue(index, layout);
  SmallVector<Value> operands = {integers};
  if (node.hasInput(zeroIndex)) {
    ArrayRef<int64_t> zero = node.getShape(zeroIndex);
    auto aligned = alignZeroPoint(zero, shape, axis);
    if (!aligned) {
      node.error("the zero point (input " + llvm::Twine(zeroIndex) +
                 ") has the shape " + formatShape(zero) +
                 ", which does not fit the integers " + formatShape(shape));
      return nullptr;
    }
    if (layout == Layout::ChannelsLast)
      aligned = permuteShape(*aligned, toChannelsLast);
    operands.push_back(emit.reshape(node.getValue(zeroIndex), *aligned));
  }
  bool isSigned = !isUnsigned(node.getElement(index));
  return buildElementwise(
      emit, operands, getShape(integers), ElementType::i32,
      [&](OpBuilder &builder, Location location, ValueRange read) -> Value {
        Type wide = builder.getI32Type();
        auto extend = [&](Value value) -> Value {
          if (isSigned)
            return arith::ExtSIOp::create(builder, location, wide, value);
          return arith::ExtUIOp::create(builder, location, wide, value);
        };
        Value number = extend(read[0]);
        if (operands.size() == 1)
          return number;
        return arith::SubIOp::create(builder, location, number,
                                     extend(read[1]));
      });
}
