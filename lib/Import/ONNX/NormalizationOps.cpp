//===- NormalizationOps.cpp - batch norm, LRN, dropout --------------------===//
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
#include "spikeformer/Support/VisitElements.h"
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
  node.getInteger("is_test", 0);
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

/// In inference the input itself; the mask then keeps everything.
static void importDropout(Node &node) {
  float ratio = node.getFloat("ratio", 0.5f);
  node.getInteger("seed", 0);
  node.getInteger("is_test", 0);
  if (!node.isReady())
    return;
  if (const Tensor *stated = node.getConstant(1))
    ratio = static_cast<float>(stated->getNumElements() ? stated->getAsDouble(0)
                                                        : 0);
  const Tensor *training = node.getConstant(2);
  if (training && training->getNumElements() && training->getAsDouble(0) != 0 &&
      ratio != 0)
    return node.error("training_mode is true; export the network for "
                      "inference");
  node.forward(0);
  if (!node.wantsOutput(1) ||
      !node.checkSize(node.getShape(0), maxComputedElements))
    return;
  // Up to operator set 9 a mask was of the type of the data.
  bool isOld = node.getOpset() < 10;
  Tensor mask(node.getShape(0),
              isOld ? node.getElement(0) : ElementType::boolean);
  visitElementType(mask.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(static_cast<T *>(mask.getBytes()), mask.getNumElements(), T(1));
  });
  node.setConstant(mask, 1);
}

/// y = x / (bias + alpha / size * (sum of x^2 over `size` channels))^beta. With
/// the channels as an axis of an image, the sum over `size` is an average pool.
static void importLRN(Node &node) {
  float alpha = node.getFloat("alpha", 0.0001f);
  float beta = node.getFloat("beta", 0.75f);
  float bias = node.getFloat("bias", 1);
  int64_t size = node.getInteger("size", 0);
  if (!node.isReady())
    return;
  ArrayRef<int64_t> shape = node.getShape(0);
  if (size < 1 || shape.size() != 4 || size > maxElements)
    return node.error("the size is " + llvm::Twine(size) + " and the input " +
                      formatShape(shape) +
                      "; need a positive size and N, C, H, W");
  Emitter &emit = node.emit();
  OpBuilder &builder = emit.getBuilder();
  Value image = node.getValue(0, Layout::ChannelsLast);
  int64_t pixels = shape[2] * shape[3];
  Value square = emit.reshape(emit.multiply(image, image),
                              {shape[0], pixels, shape[1], 1});
  Value padded =
      emit.pad(square, {0, 0, (size - 1) / 2, 0}, {0, 0, size / 2, 0}, 0);
  Value zeroPoint = emit.scalar(0);
  Value mean = emit.create<tosa::AvgPool2dOp>(
      square.getType(), padded, zeroPoint, zeroPoint,
      builder.getDenseI64ArrayAttr({1, size}),
      builder.getDenseI64ArrayAttr({1, 1}),
      builder.getDenseI64ArrayAttr({0, 0, 0, 0}),
      TypeAttr::get(builder.getF32Type()));
  Value scaled = emit.add(emit.multiply(mean, emit.scalar(alpha, 4)),
                          emit.scalar(bias, 4));
  Value factor =
      emit.reshape(emit.power(scaled, emit.scalar(-beta, 4)), getShape(image));
  node.setValue(emit.multiply(image, factor), Layout::ChannelsLast);
}

void onnximport::addNormalizationOperators(OperatorTable &table) {
  table["BatchNormalization"] = {
      importBatchNormalization,
      5,
      5,
      allInputs,
      input(1) | input(2) | input(3) | input(4),
      {"epsilon", "is_test", "momentum", "spatial", "training_mode"}};
  table["Dropout"] = {importDropout,
                      1,
                      3,
                      noInputs,
                      input(1) | input(2),
                      {"is_test", "ratio", "seed"},
                      2};
  table["LRN"] = {importLRN, 1,        1,
                  allInputs, noInputs, {"alpha", "beta", "bias", "size"}};
}
