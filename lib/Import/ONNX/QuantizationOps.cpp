//===- QuantizationOps.cpp - QuantizeLinear and its relatives -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// They become `quant.qcast` and `quant.dcast`; between them values have the
// type `!quant.uniform`, and weights keep their integers. A type has no scale
// that depends on the input, so DynamicQuantizeLinear is loops.
//
//===----------------------------------------------------------------------===//

#include "Loops.h"
#include "Operators.h"
#include "Quantization.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "spikeformer/Support/TensorAttr.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::onnximport;

namespace {

/// Scales and zero points of a node, checked.
struct Parameters {
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  std::optional<int64_t> axis;
};

} // namespace

/// The parameters in inputs 1 and 2; none after an error.
static std::optional<Parameters> getParameters(Node &node, int64_t axis) {
  const Tensor *scale = node.getConstant(1);
  const Tensor *zero = node.getConstant(2);
  ArrayRef<int64_t> shape = node.getShape(0);
  Parameters parameters;
  int64_t count = scale->getNumElements();
  if (scale->getRank() > 1 || (zero && zero->getNumElements() != count)) {
    node.error("scale " + formatShape(scale->getShape()) +
               " is no number or vector as long as the zero point; blocks are "
               "not supported");
    return std::nullopt;
  }
  if (scale->getRank() == 1 && count > 1) {
    axis = node.normalizeAxis(axis, shape.size());
    if (!node.hasFailed() && shape[axis] != count)
      node.error(llvm::Twine(count) + " scales do not fit axis " +
                 llvm::Twine(axis) + " of " + formatShape(shape));
    parameters.axis = axis;
  }
  for (int64_t i = 0; i < count; ++i) {
    double value = scale->getAsDouble(i);
    if (!(value > 0) || !std::isfinite(value))
      node.error("scale " + llvm::Twine(i) + " is " +
                 llvm::Twine(std::to_string(value)) + ", need more than 0");
    parameters.scales.push_back(value);
    parameters.zeroPoints.push_back(
        zero ? static_cast<int64_t>(zero->getAsDouble(i)) : 0);
  }
  if (node.hasFailed())
    return std::nullopt;
  return parameters;
}

static bool isStored(ElementType type) {
  return type == ElementType::i8 || type == ElementType::u8 ||
         type == ElementType::i16 || type == ElementType::u16 ||
         type == ElementType::i32;
}

static RankedTensorType getType(Node &node, ArrayRef<int64_t> shape,
                                ElementType integers,
                                const Parameters &parameters) {
  return RankedTensorType::get(
      shape, getQuantizedType(node.emit().getBuilder().getContext(), integers,
                              parameters.scales, parameters.zeroPoints,
                              parameters.axis));
}

static void importQuantizeLinear(Node &node) {
  int64_t axis = node.getInteger("axis", 1);
  node.getInteger("saturate", 1);
  if (!node.isReady())
    return;
  const Tensor *zero = node.getConstant(2);
  ElementType integers = zero ? zero->getElementType() : ElementType::u8;
  std::optional<Parameters> parameters = getParameters(node, axis);
  if (!parameters)
    return;
  if (!isStored(integers))
    return node.error("the zero point is " + getElementTypeName(integers) +
                      ", need an integer of 8 or 16 bits");
  Value input = node.getValue(0);
  node.setValue(node.emit().create<quant::QuantizeCastOp>(
      getType(node, getShape(input), integers, *parameters), input));
}

static void importDequantizeLinear(Node &node) {
  int64_t axis = node.getInteger("axis", 1);
  if (!node.isReady())
    return;
  ElementType integers = node.getElement(0);
  if (!isStored(integers))
    return node.error("input 0 is " + getElementTypeName(integers) +
                      ", need an integer of 8, 16 or 32 bits");
  std::optional<Parameters> parameters = getParameters(node, axis);
  if (!parameters)
    return;
  if (const Tensor *tensor = node.getConstant(0)) {
    Quantization quantized = {*tensor, parameters->scales,
                              parameters->zeroPoints, parameters->axis};
    return node.setWeights({quantized.getNumbers(), quantized});
  }
  Emitter &emit = node.emit();
  Value input = node.getValue(0);
  ArrayRef<int64_t> shape = getShape(input);
  RankedTensorType type = getType(node, shape, integers, *parameters);
  if (input.getType() != type)
    input = emit.create<quant::StorageCastOp>(type, emit.toSignless(input));
  node.setValue(
      emit.create<quant::DequantizeCastOp>(emit.getType(shape), input));
}

//===----------------------------------------------------------------------===//
// DynamicQuantizeLinear
//===----------------------------------------------------------------------===//

/// The least or the largest element of `input`, in as many axes.
template <typename OpTy>
static Value reduceAll(Emitter &emit, Value input) {
  SmallVector<int64_t> shape(getShape(input));
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    if (extent == 1)
      continue;
    extent = 1;
    input = emit.create<OpTy>(emit.getType(shape), input,
                              emit.getBuilder().getI32IntegerAttr(axis));
  }
  return input;
}

namespace {

/// Arithmetic of float32 in the body of a loop.
struct Floats {
  OpBuilder &builder;
  Location location;

  Value number(double value) const {
    return makeNumber(builder, location, ElementType::f32, value);
  }
  template <typename OpTy>
  Value make(ValueRange operands) const {
    return OpTy::create(builder, location, operands);
  }
  /// An integer as the nearest of 0 to 255.
  Value toByte(Value value) const {
    Value low = make<arith::MaximumFOp>({value, number(0)});
    Value high = make<arith::MinimumFOp>({low, number(255)});
    return arith::FPToUIOp::create(builder, location, builder.getI8Type(),
                                   high);
  }
  /// The nearest integer, the even one of two.
  Value round(Value value) const { return make<math::RoundEvenOp>(value); }
};

} // namespace

/// The scale of the range from `low` to `high`, widened to hold 0.
static Value buildScale(Emitter &emit, Value low, Value high) {
  return buildElementwise(
      emit, {low, high}, getShape(low), ElementType::f32,
      [](OpBuilder &builder, Location location, ValueRange read) -> Value {
        Floats floats{builder, location};
        Value zero = floats.number(0);
        Value bottom = floats.make<arith::MinimumFOp>({read[0], zero});
        Value top = floats.make<arith::MaximumFOp>({read[1], zero});
        Value extent = floats.make<arith::SubFOp>({top, bottom});
        Value scale = floats.make<arith::DivFOp>({extent, floats.number(255)});
        // ONNX leaves the scale of zeros open; this is ONNX Runtime's.
        Value isZero = arith::CmpFOp::create(
            builder, location, arith::CmpFPredicate::OEQ, scale, zero);
        return arith::SelectOp::create(builder, location, isZero,
                                       floats.number(1), scale);
      });
}

static Value buildZeroPoint(Emitter &emit, Value low, Value scale) {
  return buildElementwise(
      emit, {low, scale}, getShape(low), ElementType::u8,
      [](OpBuilder &builder, Location location, ValueRange read) -> Value {
        Floats floats{builder, location};
        Value zero = floats.number(0);
        Value bottom = floats.make<arith::MinimumFOp>({read[0], zero});
        Value steps = floats.make<arith::DivFOp>({bottom, read[1]});
        Value place = floats.make<arith::SubFOp>({zero, steps});
        return floats.toByte(floats.round(place));
      });
}

static Value buildBytes(Emitter &emit, Value input, Value scale,
                        Value zeroPoint) {
  return buildElementwise(
      emit, {input, scale, zeroPoint}, getShape(input), ElementType::u8,
      [](OpBuilder &builder, Location location, ValueRange read) -> Value {
        Floats floats{builder, location};
        Value steps = floats.make<arith::DivFOp>({read[0], read[1]});
        Value zero = arith::UIToFPOp::create(builder, location,
                                             builder.getF32Type(), read[2]);
        return floats.toByte(
            floats.make<arith::AddFOp>({floats.round(steps), zero}));
      });
}

/// The range is that of all elements of one sample.
static void importDynamicQuantizeLinear(Node &node) {
  if (!node.isReady())
    return;
  Emitter &emit = node.emit();
  Layout layout = node.getPreferredLayout();
  Value input = node.getValue(0, layout);
  bool isNumber = getShape(input).empty();
  if (isNumber)
    input = emit.reshape(input, {1});
  Value low = reduceAll<tosa::ReduceMinOp>(emit, input);
  Value high = reduceAll<tosa::ReduceMaxOp>(emit, input);
  Value scale = buildScale(emit, low, high);
  Value zeroPoint = buildZeroPoint(emit, low, scale);
  Value bytes = buildBytes(emit, input, scale, zeroPoint);
  // Loops on input, scale and zero point, by which a float network is made of
  // this one.
  Value loops = bytes.getDefiningOp<tensor::BitcastOp>().getSource();
  loops.getDefiningOp()->setAttr("snn.dynamic_quantize",
                                 emit.getBuilder().getUnitAttr());
  node.setValue(isNumber ? emit.reshape(bytes, {}) : bytes, layout);
  node.setValue(emit.reshape(scale, {}), Layout::Logical, 1);
  node.setValue(emit.reshape(zeroPoint, {}), Layout::Logical, 2);
}

void onnximport::addQuantizationOperators(OperatorTable &table) {
  table["QuantizeLinear"] = {
      importQuantizeLinear, 2, 3, input(0) | input(1), input(1) | input(2),
      {"axis", "saturate"}};
  table["DequantizeLinear"] = {importDequantizeLinear, 2,       3, input(1),
                               input(1) | input(2),    {"axis"}};
  table["DynamicQuantizeLinear"] = {
      importDynamicQuantizeLinear, 1, 1, allInputs, noInputs, {}, 3};
}
