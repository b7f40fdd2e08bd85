//===- QuantizationOps.cpp - QuantizeLinear and DequantizeLinear ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// They become `quant.qcast` and `quant.dcast`; between them values have the
// type `!quant.uniform`, and weights keep their integers.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Quantization.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
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
  if (count == 0)
    node.error("the scale has no elements");
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

void onnximport::addQuantizationOperators(OperatorTable &table) {
  table["QuantizeLinear"] = {
      importQuantizeLinear, 2, 3, input(0) | input(1), input(1) | input(2),
      {"axis", "saturate"}};
  table["DequantizeLinear"] = {importDequantizeLinear, 2,       3, input(1),
                               input(1) | input(2),    {"axis"}};
}
