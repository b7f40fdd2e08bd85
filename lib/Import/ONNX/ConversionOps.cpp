//===- ConversionOps.cpp - Cast -------------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Floats are truncated toward zero, as in C; what does not fit is undefined in
// ONNX and saturates here.
//
//===----------------------------------------------------------------------===//

#include "Loops.h"
#include "Operators.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "spikeformer/Support/TensorAttr.h"
#include "spikeformer/Support/VisitElements.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>
#include <limits>

using namespace spikeformer;
using namespace spikeformer::onnximport;
using ::onnx::TensorProto;

template <typename To, typename From>
static To convert(From value, ElementType to) {
  if (to == ElementType::boolean)
    return value != From(0);
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Limits = std::numeric_limits<To>;
    if (!(value > static_cast<From>(Limits::min())))
      return std::isnan(value) ? To(0) : Limits::min();
    if (value >= static_cast<From>(Limits::max()))
      return Limits::max();
  }
  return static_cast<To>(value);
}

static Tensor convertTensor(const Tensor &from, ElementType type) {
  Tensor result(from.getShape(), type);
  visitElementType(from.getElementType(), [&](auto source) {
    visitElementType(type, [&](auto target) {
      using From = decltype(source);
      using To = decltype(target);
      auto *in = static_cast<const From *>(from.getBytes());
      auto *out = static_cast<To *>(result.getBytes());
      for (int64_t i = 0, e = from.getNumElements(); i < e; ++i)
        out[i] = convert<To>(in[i], type);
    });
  });
  return result;
}

/// The conversion of integers; `bits` are those of the types.
static Value convertIntegers(Emitter &emit, Value input, RankedTensorType type,
                             ElementType from, unsigned fromBits,
                             unsigned toBits) {
  if (toBits < fromBits)
    return emit.create<arith::TruncIOp>(type, input);
  if (toBits == fromBits)
    return input;
  if (isUnsigned(from))
    return emit.create<arith::ExtUIOp>(type, input);
  return emit.create<arith::ExtSIOp>(type, input);
}

/// `input` (signless elements of `from`) as signless elements of `to`.
static Value buildConversion(Emitter &emit, Value input, ElementType from,
                             ElementType to) {
  Builder &builder = emit.getBuilder();
  auto type = RankedTensorType::get(getShape(input),
                                    getBuiltinType(to, builder.getContext()));
  if (isFloat(from) && isFloat(to)) {
    if (getElementSize(to) > getElementSize(from))
      return emit.create<arith::ExtFOp>(type, input);
    return emit.create<arith::TruncFOp>(type, input);
  }
  if (isFloat(from) && isUnsigned(to))
    return emit.create<arith::FPToUIOp>(type, input);
  if (isFloat(from))
    return emit.create<arith::FPToSIOp>(type, input);
  if (isFloat(to) && isUnsigned(from))
    return emit.create<arith::UIToFPOp>(type, input);
  if (isFloat(to))
    return emit.create<arith::SIToFPOp>(type, input);
  unsigned fromBits =
      cast<RankedTensorType>(input.getType()).getElementTypeBitWidth();
  return convertIntegers(emit, input, type, from, fromBits,
                         type.getElementTypeBitWidth());
}

/// Whether an element is not 0.
static Value buildIsNotZero(Emitter &emit, Value input, ElementType from) {
  return buildElementwise(
      emit, input, getShape(input), ElementType::boolean,
      [&](OpBuilder &builder, Location location, ValueRange elements) -> Value {
        Value zero = makeNumber(builder, location, from, 0);
        if (isFloat(from))
          return arith::CmpFOp::create(
              builder, location, arith::CmpFPredicate::UNE, elements[0], zero);
        return arith::CmpIOp::create(
            builder, location, arith::CmpIPredicate::ne, elements[0], zero);
      });
}

/// The wanted type: a number, or before operator set 6 its name.
static int64_t getWantedType(Node &node) {
  if (node.getOpset() >= 6)
    return node.getInteger("to", TensorProto::UNDEFINED);
  return llvm::StringSwitch<int64_t>(node.getString("to", ""))
      .Case("FLOAT", TensorProto::FLOAT)
      .Case("DOUBLE", TensorProto::DOUBLE)
      .Case("UINT8", TensorProto::UINT8)
      .Case("INT8", TensorProto::INT8)
      .Case("INT16", TensorProto::INT16)
      .Case("INT32", TensorProto::INT32)
      .Case("INT64", TensorProto::INT64)
      .Case("BOOL", TensorProto::BOOL)
      .Default(TensorProto::UNDEFINED);
}

static void importCast(Node &node) {
  int64_t wanted = getWantedType(node);
  node.getInteger("saturate", 1);
  if (!node.isReady())
    return;
  ElementType from = node.getElement(0);
  std::optional<ElementType> to = getHostType(wanted);
  if (!to)
    return node.error("a cast from " + getElementTypeName(from) + " to " +
                      getDataTypeName(wanted) + " is not supported");
  if (from == *to)
    return node.forward(0);
  if (const Tensor *tensor = node.getConstant(0))
    return node.setConstant(convertTensor(*tensor, *to));
  Emitter &emit = node.emit();
  Layout layout = node.getPreferredLayout();
  Value input = emit.toSignless(node.getValue(0, layout));
  Value result = *to == ElementType::boolean
                     ? buildIsNotZero(emit, input, from)
                     : buildConversion(emit, input, from, *to);
  node.setValue(emit.fromSignless(result, *to), layout);
}

void onnximport::addConversionOperators(OperatorTable &table) {
  table["Cast"] = {importCast, 1, 1, noInputs, noInputs, {"saturate", "to"}};
}
