//===- PoolingOps.cpp - MaxPool, AveragePool and the global one -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOSA's pools leave padding out of the maximum and out of the divisor. Padding
// that counts (`count_include_pad`) is therefore added as zeros beforehand;
// what a window overhangs in ceil mode never counts.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Window.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

/// TOSA wants less padding than kernel; more would make empty windows.
static bool checkPadding(Node &node, const WindowAxes &axes) {
  for (const WindowAxis &axis : axes) {
    if (axis.before < axis.kernel && axis.after + axis.overhang < axis.kernel)
      continue;
    node.error("a padding of " +
               llvm::Twine(std::max(axis.before, axis.after + axis.overhang)) +
               " is not less than the kernel's " + llvm::Twine(axis.kernel));
    return false;
  }
  return true;
}

/// The place of the window over the first input; none after an error.
static std::optional<WindowAxes> placePool(Node &node, Window &window) {
  ArrayRef<int64_t> shape = node.getShape(0);
  if (shape.size() < 3) {
    node.error("the input has the shape " + formatShape(shape) +
               "; need N, C and one or two spatial axes");
    return std::nullopt;
  }
  std::optional<WindowAxes> axes = window.place(shape.drop_front(2));
  if (!axes)
    return std::nullopt;
  for (const WindowAxis &axis : *axes)
    if (axis.dilation != 1)
      node.error("a pool with a dilation of " + llvm::Twine(axis.dilation) +
                 " is not supported");
  if (node.hasFailed() ||
      !node.checkSize(
          {shape[0], shape[1], (*axes)[0].output, (*axes)[1].output}))
    return std::nullopt;
  return axes;
}

static RankedTensorType getPoolType(Emitter &emit, Value image,
                                    const WindowAxes &axes) {
  ArrayRef<int64_t> shape = getShape(image);
  return emit.getType({shape[0], axes[0].output, axes[1].output, shape[3]});
}

static void importMaxPool(Node &node) {
  Window window(node);
  // The order in which indices count; there are none.
  node.getInteger("storage_order", 0);
  if (!node.isReady())
    return;
  std::optional<WindowAxes> axes = placePool(node, window);
  if (!axes || !checkPadding(node, *axes))
    return;
  Emitter &emit = node.emit();
  OpBuilder &builder = emit.getBuilder();
  Value image = sliceToCovered(node, getImage(node), *axes);
  setImage(node, emit.create<tosa::MaxPool2dOp>(
                     getPoolType(emit, image, *axes), image,
                     getAxesAttr(builder, *axes, &WindowAxis::kernel),
                     getAxesAttr(builder, *axes, &WindowAxis::stride),
                     getPadAttr(builder, *axes)));
}

static Value buildAverage(Emitter &emit, Value image, const WindowAxes &axes) {
  OpBuilder &builder = emit.getBuilder();
  Value zeroPoint = emit.scalar(0);
  return emit.create<tosa::AvgPool2dOp>(
      getPoolType(emit, image, axes), image, zeroPoint, zeroPoint,
      getAxesAttr(builder, axes, &WindowAxis::kernel),
      getAxesAttr(builder, axes, &WindowAxis::stride),
      getPadAttr(builder, axes), TypeAttr::get(builder.getF32Type()));
}

static void importAveragePool(Node &node) {
  Window window(node);
  bool countPadding = node.getInteger("count_include_pad", 0) != 0;
  if (!node.isReady())
    return;
  std::optional<WindowAxes> axes = placePool(node, window);
  if (!axes)
    return;
  Value image = sliceToCovered(node, getImage(node), *axes);
  if (countPadding) {
    auto &[rows, columns] = *axes;
    image = node.emit().pad(image, {0, rows.before, columns.before, 0},
                            {0, rows.after, columns.after, 0}, 0);
    rows.before = rows.after = columns.before = columns.after = 0;
  }
  if (checkPadding(node, *axes))
    setImage(node, buildAverage(node.emit(), image, *axes));
}

/// The mean of a whole image, as an image of one pixel.
static Value buildMean(Node &node) {
  Value image = getImage(node);
  WindowAxes axes;
  for (auto [index, axis] : llvm::enumerate(axes)) {
    axis.kernel = getShape(image)[index + 1];
    axis.output = 1;
  }
  return buildAverage(node.emit(), image, axes);
}

/// Whether the input has N, C and one or two spatial axes; an error if not.
static bool checkIsImage(Node &node) {
  size_t rank = node.getShape(0).size();
  if (rank == 3 || rank == 4)
    return true;
  node.error("the input has the shape " + formatShape(node.getShape(0)) +
             "; need N, C and one or two spatial axes");
  return false;
}

static void importGlobalAveragePool(Node &node) {
  if (node.isReady() && checkIsImage(node))
    setImage(node, buildMean(node));
}

/// Some exporters write a global average pool as ReduceMean over the spatial
/// axes; of any other mean there is no use in a network that is converted.
static void importReduceMean(Node &node) {
  bool keepAxes = node.getInteger("keepdims", 1) != 0;
  if (!node.isReady() || !checkIsImage(node))
    return;
  std::optional<SmallVector<int64_t>> axes = node.getIntegersOf(1, "axes");
  int64_t rank = node.getShape(0).size();
  if (axes)
    for (int64_t &axis : *axes)
      axis = node.normalizeAxis(axis, rank);
  if (node.hasFailed())
    return;
  if (axes)
    llvm::sort(*axes);
  if (!axes || !llvm::equal(*axes, llvm::seq<int64_t>(2, rank)))
    return node.error("a mean is supported only over all spatial axes");
  ArrayRef<int64_t> shape = node.getShape(0);
  Value mean = buildMean(node);
  if (keepAxes)
    return setImage(node, mean);
  // With one pixel, both layouts have their elements in the same order.
  node.setValue(node.emit().reshape(mean, shape.take_front(2)));
}

void onnximport::addPoolingOperators(OperatorTable &table) {
  SmallVector<StringRef> attributes =
      llvm::to_vector(ArrayRef(windowAttributes));
  attributes.append({"ceil_mode", "storage_order"});
  table["MaxPool"] = {importMaxPool, 1, 1, allInputs, noInputs, attributes};
  attributes.back() = "count_include_pad";
  table["AveragePool"] = {importAveragePool, 1,        1,
                          allInputs,         noInputs, attributes};
  table["GlobalAveragePool"] = {
      importGlobalAveragePool, 1, 1, allInputs, noInputs, {}};
  table["ReduceMean"] = {importReduceMean, 1,        2,
                         input(0),         noInputs, {"axes", "keepdims"}};
}
