//===- NormalizationOps.cpp - batch norm, softmax, dropout ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A batch norm becomes one product and one sum with constants per channel; both
// carry `snn.batch_norm`, by which folding recognises them. The constants are
// computed in double and rounded once.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::onnximport;

/// Whether the four parameters have one value per channel; an error if not.
static bool checkParameters(Node &node) {
  ArrayRef<int64_t> shape = node.getShape(0);
  if (shape.size() < 2) {
    node.error("the input has the shape " + formatShape(shape) +
               "; need a batch and a channel axis");
    return false;
  }
  static constexpr StringRef names[] = {"scale", "B", "mean", "var"};
  for (auto [index, name] : llvm::enumerate(names)) {
    ArrayRef<int64_t> parameter = node.getShape(index + 1);
    if (parameter == shape.slice(1, 1))
      continue;
    node.error("'" + name + "' has the shape " + formatShape(parameter) +
               ", but the input has " + llvm::Twine(shape[1]) + " channels");
    return false;
  }
  return true;
}

static void importBatchNormalization(Node &node) {
  float epsilon = node.getFloat("epsilon", 1e-5f);
  node.getFloat("momentum", 0);
  if (node.getInteger("training_mode", 0) != 0)
    node.error("training_mode is 1; export the network for inference");
  if (node.getInteger("spatial", 1) != 1)
    node.error("spatial is 0; only one value per channel is supported");
  if (!node.isReady() || !checkParameters(node))
    return;
  int64_t channels = node.getShape(0)[1];
  int64_t rank = node.getShape(0).size();
  Layout layout = node.getPreferredLayout();
  SmallVector<int64_t> shape(rank, 1);
  shape[layout == Layout::Logical ? 1 : rank - 1] = channels;
  Tensor scale(shape, ElementType::f32);
  Tensor shift(shape, ElementType::f32);
  for (int64_t c = 0; c < channels; ++c) {
    auto parameter = [&](unsigned index) -> double {
      return node.getConstant(index)->data<float>()[c];
    };
    double factor =
        parameter(1) / std::sqrt(parameter(4) + static_cast<double>(epsilon));
    double offset = parameter(2) - parameter(3) * factor;
    if (!std::isfinite(static_cast<float>(factor)) ||
        !std::isfinite(static_cast<float>(offset)))
      return node.error("the variance or another parameter of channel " +
                        llvm::Twine(c) + " makes the result no finite number");
    scale.data<float>()[c] = static_cast<float>(factor);
    shift.data<float>()[c] = static_cast<float>(offset);
  }
  Emitter &emit = node.emit();
  StringAttr scaleTag = emit.getBuilder().getStringAttr("scale");
  StringAttr shiftTag = emit.getBuilder().getStringAttr("shift");
  Value product = emit.multiply(node.getValue(0, layout), emit.constant(scale));
  product.getDefiningOp()->setAttr("snn.batch_norm", scaleTag);
  Value sum = emit.add(product, emit.constant(shift));
  sum.getDefiningOp()->setAttr("snn.batch_norm", shiftTag);
  node.setValue(sum, layout);
}

/// Softmax over the last axis of `input`, with the maximum taken off first.
static Value buildSoftmax(Emitter &emit, Value input, int64_t axis) {
  IntegerAttr axisAttr = emit.getBuilder().getI32IntegerAttr(axis);
  SmallVector<int64_t> shape(getShape(input));
  shape[axis] = 1;
  RankedTensorType reduced = emit.getType(shape);
  Value max = emit.create<tosa::ReduceMaxOp>(reduced, input, axisAttr);
  Value shifted = emit.subtract(input, max);
  Value exp = emit.create<tosa::ExpOp>(shifted.getType(), shifted);
  Value sum = emit.create<tosa::ReduceSumOp>(reduced, exp, axisAttr);
  Value inverse = emit.create<tosa::ReciprocalOp>(reduced, sum);
  return emit.multiply(exp, inverse);
}

static void importSoftmax(Node &node) {
  bool flattens = node.getOpset() < 13;
  int64_t axis = node.getInteger("axis", flattens ? 1 : -1);
  if (!node.isReady())
    return;
  ArrayRef<int64_t> shape = node.getShape(0);
  axis = node.normalizeAxis(axis, shape.size());
  if (node.hasFailed())
    return;
  Value input = node.getValue(0);
  if (!flattens)
    return node.setValue(buildSoftmax(node.emit(), input, axis));
  // Up to operator set 12 all axes from `axis` on are normalised together.
  int64_t rows = *countElements(shape.take_front(axis));
  int64_t columns = *countElements(shape.drop_front(axis));
  Value matrix = node.emit().reshape(input, {rows, columns});
  node.setValue(
      node.emit().reshape(buildSoftmax(node.emit(), matrix, 1), shape));
}

static void importDropout(Node &node) {
  node.getFloat("ratio", 0);
  node.getInteger("seed", 0);
  if (!node.isReady())
    return;
  const Tensor *training = node.getConstant(2);
  if (training && training->getNumElements() && training->getAsDouble(0) != 0)
    return node.error("training_mode is true; export the network for "
                      "inference");
  node.forward(0);
}

void onnximport::addNormalizationOperators(OperatorTable &table) {
  table["BatchNormalization"] = {
      importBatchNormalization,
      5,
      5,
      allInputs,
      input(1) | input(2) | input(3) | input(4),
      {"epsilon", "momentum", "spatial", "training_mode"}};
  table["Softmax"] = {importSoftmax, 1, 1, allInputs, noInputs, {"axis"}};
  table["Dropout"] = {importDropout,    1, 3, input(0), input(1) | input(2),
                      {"ratio", "seed"}};
}
