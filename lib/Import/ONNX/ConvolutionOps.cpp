//===- ConvolutionOps.cpp - Conv and ConvInteger --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOSA knows dense and depthwise convolutions. Other groups are computed one by
// one on slices of the channels; the operations carry `snn.grouped = groups`,
// so that a target with grouped convolutions can put them together again.
// Integers, which TOSA has only signed, are one linalg op for all groups.
//
//===----------------------------------------------------------------------===//

#include "Loops.h"
#include "Operators.h"
#include "Window.h"
#include "ZeroPoint.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

namespace {

struct Convolution {
  Node &node;
  WindowAxes axes;
  int64_t groups;
  Value image;
  /// O, I / groups, H, W.
  Weights weights;
  /// O.
  Weights bias;

  SmallVector<int64_t> getOutputShape(int64_t channels) const {
    return {getShape(image)[0], axes[0].output, axes[1].output, channels};
  }
  template <typename OpTy>
  OpTy build(Value input, const Weights &filter, const Weights &shift);
  Value buildGroups();
};

} // namespace

template <typename OpTy>
OpTy Convolution::build(Value input, const Weights &filter,
                        const Weights &shift) {
  Emitter &emit = node.emit();
  OpBuilder &builder = emit.getBuilder();
  Value filterValue = filter.emit(emit);
  Value shiftValue = shift.emit(emit);
  Value zeroPoint = emit.scalar(0);
  return emit.create<OpTy>(
      emit.getType(getOutputShape(shift.numbers.getShape()[0])), input,
      filterValue, shiftValue, zeroPoint, zeroPoint, getPadAttr(builder, axes),
      getAxesAttr(builder, axes, &WindowAxis::stride),
      getAxesAttr(builder, axes, &WindowAxis::dilation),
      TypeAttr::get(builder.getF32Type()));
}

Value Convolution::buildGroups() {
  Emitter &emit = node.emit();
  IntegerAttr tag = emit.getBuilder().getI64IntegerAttr(groups);
  ArrayRef<int64_t> shape = getShape(image);
  int64_t channels = shape[3] / groups;
  int64_t filters = weights.numbers.getShape()[0] / groups;
  SmallVector<Value> results;
  for (int64_t group = 0; group < groups; ++group) {
    Value part = emit.slice(image, {0, 0, 0, group * channels},
                            {shape[0], shape[1], shape[2], channels});
    part.getDefiningOp()->setAttr("snn.grouped", tag);
    Weights filter = weights.slice(group * filters, (group + 1) * filters);
    Weights shift = bias.slice(group * filters, (group + 1) * filters);
    auto conv =
        build<tosa::Conv2DOp>(part, filter.permute(toChannelsLast), shift);
    conv->setAttr("snn.grouped", tag);
    results.push_back(conv);
  }
  auto concat = emit.create<tosa::ConcatOp>(
      emit.getType(getOutputShape(weights.numbers.getShape()[0])), results,
      emit.getBuilder().getI32IntegerAttr(3));
  concat->setAttr("snn.grouped", tag);
  return concat;
}

/// O, 1, H, W of a depthwise convolution as H, W, channel, multiplier.
static Weights getDepthwiseWeights(const Weights &weights, int64_t channels) {
  ArrayRef<int64_t> shape = weights.numbers.getShape();
  return weights.reshape({channels, shape[0] / channels, shape[2], shape[3]})
      .permute({2, 3, 0, 1});
}

/// Whether shapes of input and weights fit; an error if not.
static bool checkShapes(Node &node, int64_t groups) {
  ArrayRef<int64_t> input = node.getShape(0);
  ArrayRef<int64_t> weights = node.getShape(1);
  if (input.size() < 3 || input.size() > 4 || weights.size() != input.size())
    node.error("input " + formatShape(input) + " and weights " +
               formatShape(weights) + " need the same rank, 3 or 4");
  else if (groups < 1 || input[1] % groups || weights[0] % groups)
    node.error("group is " + llvm::Twine(groups) + ", which does not divide " +
               llvm::Twine(input[1]) + " input and " + llvm::Twine(weights[0]) +
               " output channels");
  else if (weights[1] != input[1] / groups)
    node.error("weights " + formatShape(weights) + " take " +
               llvm::Twine(weights[1]) + " channels, but the input has " +
               llvm::Twine(input[1] / groups) + " per group");
  return !node.hasFailed();
}

/// The windows of a node whose shapes fit; none after an error.
static std::optional<WindowAxes> placeWindow(Node &node, Window &window) {
  window.setKernel(node.getShape(1).drop_front(2));
  std::optional<WindowAxes> axes = window.place(node.getShape(0).drop_front(2));
  if (!axes || node.hasFailed() ||
      !node.checkSize({node.getShape(0)[0], node.getShape(1)[0],
                       (*axes)[0].output, (*axes)[1].output}))
    return std::nullopt;
  return axes;
}

/// Weights of one spatial axis get a second of extent 1.
static Weights getWeights(const Weights &weights) {
  ArrayRef<int64_t> shape = weights.numbers.getShape();
  if (shape.size() == 4)
    return weights;
  return weights.reshape({shape[0], shape[1], 1, shape[2]});
}

static void importConv(Node &node) {
  Window window(node);
  int64_t groups = node.getInteger("group", 1);
  if (!node.isReady() || !checkShapes(node, groups))
    return;
  int64_t filters = node.getShape(1)[0];
  if (node.hasInput(2) && node.getShape(2) != ArrayRef(filters))
    return node.error("the bias has the shape " +
                      formatShape(node.getShape(2)) + ", need " +
                      llvm::Twine(filters));
  std::optional<WindowAxes> axes = placeWindow(node, window);
  if (!axes)
    return;
  Weights weights = getWeights(node.getWeights(1));
  Weights bias{Tensor(filters, ElementType::f32), std::nullopt};
  if (node.hasInput(2))
    bias = node.getWeights(2);
  Value image = sliceToCovered(node, getImage(node), *axes);
  int64_t channels = node.getShape(0)[1];
  Convolution conv{node, *axes, groups, image, weights, bias};
  if (groups == 1)
    setImage(node, conv.build<tosa::Conv2DOp>(
                       image, weights.permute(toChannelsLast), bias));
  else if (groups == channels)
    setImage(node, conv.build<tosa::DepthwiseConv2DOp>(
                       image, getDepthwiseWeights(weights, channels), bias));
  else
    setImage(node, conv.buildGroups());
}

/// Input `index` less its zero points along `axis`, channels last; a single
/// spatial axis is the second of two. Null after an error.
static Value getIntegerImage(Node &node, unsigned index, unsigned zeroIndex,
                             int64_t axis) {
  bool isImage = node.getShape(index).size() == 4;
  Value integers =
      getDifference(node, index, zeroIndex, axis,
                    isImage ? Layout::ChannelsLast : Layout::Logical);
  if (!integers || isImage)
    return integers;
  ArrayRef<int64_t> shape = getShape(integers);
  Value image =
      node.emit().reshape(integers, {shape[0], shape[1], 1, shape[2]});
  return node.emit().transpose(image, toChannelsLast);
}

/// N, H, W, groups, channels by groups, filters, H, W, channels. Zeros around
/// what is left of the zero point: the padding is the zero point.
static Value buildIntegers(Node &node, const WindowAxes &axes, int64_t groups,
                           Value image, Value weights) {
  Emitter &emit = node.emit();
  Value covered = sliceToCovered(node, image, axes);
  Value padded = emit.pad(covered, {0, axes[0].before, axes[1].before, 0},
                          {0, axes[0].after, axes[1].after, 0}, 0);
  ArrayRef<int64_t> input = getShape(padded);
  ArrayRef<int64_t> kernel = getShape(weights);
  int64_t samples = input[0], filters = kernel[0] / groups;
  Value operands[] = {
      emit.reshape(padded, {samples, input[1], input[2], groups, kernel[3]}),
      emit.reshape(weights,
                   {groups, filters, kernel[1], kernel[2], kernel[3]})};
  int64_t rows = axes[0].output, columns = axes[1].output;
  Value zeros = makeFilled(emit, {samples, rows, columns, groups, filters},
                           ElementType::i32, 0);
  Builder &builder = emit.getBuilder();
  auto steps = [&](int64_t WindowAxis::*member) {
    return builder.getI64TensorAttr({axes[0].*member, axes[1].*member});
  };
  auto sums = emit.create<linalg::Conv2DNhwgcGfhwcOp>(
      TypeRange(zeros.getType()), ValueRange(operands), ValueRange(zeros),
      steps(&WindowAxis::stride), steps(&WindowAxis::dilation));
  return emit.reshape(sums.getResult(0),
                      {samples, rows, columns, groups * filters});
}

static void importConvInteger(Node &node) {
  Window window(node);
  int64_t groups = node.getInteger("group", 1);
  if (!node.isReady() || !checkShapes(node, groups))
    return;
  std::optional<WindowAxes> axes = placeWindow(node, window);
  if (!axes)
    return;
  Value image = getIntegerImage(node, 0, 2, -1);
  Value weights = getIntegerImage(node, 1, 3, 0);
  if (image && weights)
    setImage(node, buildIntegers(node, *axes, groups, image, weights));
}

void onnximport::addConvolutionOperators(OperatorTable &table) {
  SmallVector<StringRef> attributes =
      llvm::to_vector(ArrayRef(windowAttributes));
  attributes.push_back("group");
  table["ConvInteger"] = {importConvInteger, 2,        4,
                          noInputs,          noInputs, attributes};
  table["Conv"] = {importConv,          2,         3, allInputs,
                   input(1) | input(2), attributes};
}
