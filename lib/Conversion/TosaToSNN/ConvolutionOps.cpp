//===- ConvolutionOps.cpp - convolutions and concatenations ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dense, depthwise and grouped convolutions become one kind of projection. An
// input that was cut to the windows that use it is taken whole: the windows of
// the network stop by themselves.
//
//===----------------------------------------------------------------------===//

#include "GroupedConvolution.h"
#include "Translator.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

namespace {
/// What conv2d and depthwise_conv2d have in common.
struct Window {
  int64_t kernel[2];
  ArrayRef<int64_t> stride, dilation;
  /// Top, left, bottom, right.
  Padding pad;
};
} // namespace

/// TOSA's order is top, bottom, left, right.
static Padding toPadding(ArrayRef<int64_t> pad) {
  return {pad[0], pad[2], pad[1], pad[3]};
}

/// Extends `window` by the padding of the image. An image that was cut must
/// give the same windows when it is whole; a refusal if not.
static bool placeWindow(Translator &translator, Operation *op,
                        const Image &image, ArrayRef<int64_t> output,
                        Window &window) {
  for (unsigned side : {0, 1, 2, 3})
    window.pad[side] += image.signal.padding[side];
  int64_t extents[] = {image.height + image.cutHeight,
                       image.width + image.cutWidth};
  int64_t cuts[] = {image.cutHeight, image.cutWidth};
  for (unsigned axis : {0, 1}) {
    int64_t reach = (window.kernel[axis] - 1) * window.dilation[axis] + 1;
    int64_t room =
        extents[axis] + window.pad[axis] + window.pad[axis + 2] - reach;
    bool same = room / window.stride[axis] + 1 == output[axis];
    if (cuts[axis] == 0 || (same && window.pad[axis + 2] == 0))
      continue;
    translator.refuse(op, "layout",
                      "a slice that cuts off only what no window "
                      "reaches",
                      "one that takes away part of a window",
                      "pad instead of slicing");
    return false;
  }
  return true;
}

/// Sets the meaning of `result` to a convolution of `image`.
static void setConvolution(Translator &translator, Operation *op,
                           const Image &image, const Window &window,
                           Tensor weights, WeightLayout layout, int64_t groups,
                           const Tensor &bias) {
  ArrayRef<int64_t> extents =
      cast<RankedTensorType>(op->getResult(0).getType()).getShape();
  Window placed = window;
  if (!placeWindow(translator, op, image, extents.slice(1, 2), placed))
    return;
  Projection projection{image.signal,
                        snn::Conv2DAttr::get(op->getContext(), placed.kernel,
                                             placed.stride, placed.pad,
                                             placed.dilation, groups),
                        std::move(weights),
                        layout,
                        SignalNumbers(1),
                        op->getLoc()};
  int64_t shape[] = {layout.outputs, extents[1], extents[2]};
  int64_t sample[] = {1, shape[0], shape[1], shape[2]};
  SmallVector<double> biases(layout.outputs);
  for (auto [index, number] : llvm::enumerate(biases))
    number = bias.getAsDouble(bias.getNumElements() == 1 ? 0 : index);
  translator.set(
      op->getResult(0),
      Current{{projection},
              SignalNumbers(std::move(biases)),
              llvm::to_vector(ArrayRef(shape)),
              SignalView::getRowMajor(sample).transpose({0, 2, 3, 1})});
}

static void translateConv2D(Translator &translator, tosa::Conv2DOp op) {
  std::optional<Image> image = translator.getImage(op, op.getInput());
  std::optional<Tensor> weights = translator.getConstant(op, op.getWeight());
  std::optional<Tensor> bias = translator.getConstant(op, op.getBias());
  if (!image || !weights || !bias)
    return;
  // O, H, W, I.
  ArrayRef<int64_t> shape = weights->getShape();
  Window window{{shape[1], shape[2]},
                op.getStride(),
                op.getDilation(),
                toPadding(op.getPad())};
  int64_t taps = shape[1] * shape[2];
  WeightLayout layout{shape[0], shape[3], taps, taps * shape[3],
                      1,        shape[3], {},   shape[3]};
  setConvolution(translator, op, *image, window, *weights, layout, 1, *bias);
}

static void translateDepthwise(Translator &translator,
                               tosa::DepthwiseConv2DOp op) {
  std::optional<Image> image = translator.getImage(op, op.getInput());
  std::optional<Tensor> weights = translator.getConstant(op, op.getWeight());
  std::optional<Tensor> bias = translator.getConstant(op, op.getBias());
  if (!image || !weights || !bias)
    return;
  // H, W, channel, multiplier; outputs are numbered by channel, then
  // multiplier.
  ArrayRef<int64_t> shape = weights->getShape();
  Window window{{shape[0], shape[1]},
                op.getStride(),
                op.getDilation(),
                toPadding(op.getPad())};
  int64_t outputs = shape[2] * shape[3];
  WeightLayout layout{outputs, 1, shape[0] * shape[1], 1, 0, outputs, {}, 1};
  setConvolution(translator, op, *image, window, *weights, layout, shape[2],
                 *bias);
}

/// The constants of all groups one behind the other; the leading axis is the
/// outputs.
static std::optional<Tensor>
joinConstants(Translator &translator, const GroupedConvolution &grouped,
              llvm::function_ref<Value(tosa::Conv2DOp)> getOperand) {
  SmallVector<Tensor> parts;
  for (tosa::Conv2DOp conv : grouped.groups) {
    std::optional<Tensor> part = translator.getConstant(conv, getOperand(conv));
    if (!part)
      return std::nullopt;
    parts.push_back(*part);
  }
  SmallVector<int64_t> shape(parts.front().getShape());
  shape[0] *= parts.size();
  Tensor joined(shape, ElementType::f32);
  auto *to = static_cast<char *>(joined.getBytes());
  for (const Tensor &part : parts) {
    std::memcpy(to, part.getBytes(), part.getNumBytes());
    to += part.getNumBytes();
  }
  return joined;
}

static void translateGrouped(Translator &translator, tosa::ConcatOp op,
                             const GroupedConvolution &grouped) {
  std::optional<Image> image = translator.getImage(op, grouped.input);
  std::optional<Tensor> weights =
      joinConstants(translator, grouped,
                    [](tosa::Conv2DOp conv) { return conv.getWeight(); });
  std::optional<Tensor> bias = joinConstants(
      translator, grouped, [](tosa::Conv2DOp conv) { return conv.getBias(); });
  if (!image || !weights || !bias)
    return;
  tosa::Conv2DOp first = grouped.groups.front();
  ArrayRef<int64_t> shape = weights->getShape();
  Window window{{shape[1], shape[2]},
                first.getStride(),
                first.getDilation(),
                toPadding(first.getPad())};
  int64_t taps = shape[1] * shape[2];
  WeightLayout layout{shape[0], shape[3], taps, taps * shape[3],
                      1,        shape[3], {},   shape[3]};
  setConvolution(translator, op, *image, window, *weights, layout,
                 grouped.groups.size(), *bias);
}

void tosatosnn::translateConvolution(Translator &translator, Operation *op) {
  // Part of a grouped convolution, which the concatenation at its end stands
  // for.
  if (op->hasAttr(groupedAttrName))
    return;
  if (auto conv = dyn_cast<tosa::Conv2DOp>(op))
    return translateConv2D(translator, conv);
  translateDepthwise(translator, cast<tosa::DepthwiseConv2DOp>(op));
}

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

/// Whether the elements of `signal` lie as those of its value: one after
/// another, all of them.
static bool isRowMajor(const Signal &signal) {
  return !signal.isPadded() &&
         signal.view == SignalView::getRowMajor(signal.view.getShape()) &&
         signal.view.getNumElements() ==
             ShapedType::getNumElements(signal.getShape());
}

static bool emitAlike(Value a, Value b) {
  auto first = cast<snn::SignalType>(a.getType());
  auto second = cast<snn::SignalType>(b.getType());
  return first.getKind() == second.getKind() &&
         first.getLimit() == second.getLimit();
}

static void refuseAlphabets(Translator &translator, tosa::ConcatOp op) {
  translator.refuse(op, "concat", "operands whose neurons emit alike",
                    "spikes beside counts of pools, slices or inputs",
                    "pool behind the concatenation, or all of its operands");
}

/// Joins vectors one behind the other.
static void joinVectors(Translator &translator, tosa::ConcatOp op) {
  SmallVector<Value> values;
  SmallVector<double> heights;
  bool alike = true, ordered = true;
  for (Value operand : op.getInput1()) {
    std::optional<Signal> signal = translator.getSignal(op, operand);
    if (!signal)
      return;
    int64_t size = ShapedType::getNumElements(signal->getShape());
    ordered = ordered && isRowMajor(*signal);
    values.push_back(translator.getNetwork().reshape(*signal, size).value);
    llvm::append_range(heights, signal->height.expand(size));
    alike = alike && emitAlike(values.front(), values.back());
  }
  if (!ordered)
    return translator.refuse(op, "layout",
                             "vectors whose elements lie as their neurons do",
                             "another order of the elements, or a part of them",
                             "flatten with the channels first");
  if (!alike)
    return refuseAlphabets(translator, op);
  Value joined = translator.getNetwork().addConcat(values, op.getLoc());
  if (llvm::all_equal(heights))
    heights.resize(1);
  translator.set(op, Signal{joined, Value(), SignalNumbers(std::move(heights)),
                            SignalView::getRowMajor(
                                cast<ShapedType>(op.getType()).getShape())});
}

/// Joins images along their channels.
static void joinImages(Translator &translator, tosa::ConcatOp op) {
  SmallVector<Value> values;
  SmallVector<double> heights;
  bool sameAlphabet = true;
  for (Value operand : op.getInput1()) {
    std::optional<Image> image = translator.getImage(op, operand);
    if (!image)
      return;
    values.push_back(image->signal.value);
    llvm::append_range(heights, image->signal.height.expand(image->channels));
    sameAlphabet = sameAlphabet && emitAlike(values.front(), values.back()) &&
                   image->cutHeight == 0 && image->cutWidth == 0 &&
                   !image->signal.isPadded();
  }
  if (!sameAlphabet)
    return refuseAlphabets(translator, op);
  Value joined = translator.getNetwork().addConcat(values, op.getLoc());
  SmallVector<int64_t> sample{1};
  llvm::append_range(sample,
                     cast<snn::SignalType>(joined.getType()).getShape());
  translator.set(
      op, Signal{joined, Value(), SignalNumbers(std::move(heights)),
                 SignalView::getRowMajor(sample).transpose({0, 2, 3, 1})});
}

void tosatosnn::translateConcat(Translator &translator, tosa::ConcatOp op) {
  if (op->hasAttr(groupedAttrName)) {
    if (auto grouped = matchGroupedConvolution(op))
      return translateGrouped(translator, op, *grouped);
    return translator.refuse(
        op, "grouped", "the slices and convolutions of its groups, in order",
        "something else", "run this before passes that change them");
  }
  auto isTensor = [&](Value value) { return translator.isTensor(value); };
  if (llvm::all_of(op.getInput1(), isTensor))
    return translator.translateOther(op);
  if (op.getAxis() == 3 && cast<ShapedType>(op.getType()).getRank() == 4)
    return joinImages(translator, op);
  // With no extents in front, the operands lie one behind the other.
  auto shape = cast<ShapedType>(op.getType()).getShape();
  if (llvm::all_of(shape.take_front(op.getAxis()),
                   [](int64_t extent) { return extent == 1; }) &&
      shape.size() != 4)
    return joinVectors(translator, op);
  translator.refuse(
      op, "concat", "channels of images (axis 3 of 4), or flat vectors",
      "axis " + Twine(op.getAxis()) + " of " + Twine(shape.size()),
      "concatenate channels, or flatten before");
}
