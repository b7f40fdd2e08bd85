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
#include "PoolLoops.h"
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
               "; need N, C and spatial axes");
    return std::nullopt;
  }
  std::optional<WindowAxes> axes = window.place(shape.drop_front(2));
  if (!axes)
    return std::nullopt;
  SmallVector<int64_t> result(shape.take_front(2));
  for (const WindowAxis &axis : *axes)
    result.push_back(axis.output);
  if (node.hasFailed() || !node.checkSize(result))
    return std::nullopt;
  return axes;
}

/// Whether TOSA has the pool: float32, one or two axes, no dilation.
static bool isTosaPool(Node &node, const WindowAxes &axes) {
  return node.isFloat32(0) && axes.size() == 2 &&
         llvm::all_of(
             axes, [](const WindowAxis &axis) { return axis.dilation == 1; });
}

static RankedTensorType getPoolType(Emitter &emit, Value image,
                                    const WindowAxes &axes) {
  ArrayRef<int64_t> shape = getShape(image);
  return emit.getType({shape[0], axes[0].output, axes[1].output, shape[3]});
}

static void setTosaMaximum(Node &node, const WindowAxes &axes) {
  Emitter &emit = node.emit();
  OpBuilder &builder = emit.getBuilder();
  Value image = sliceToCovered(node, getImage(node), axes);
  setImage(node, emit.create<tosa::MaxPool2dOp>(
                     getPoolType(emit, image, axes), image,
                     getAxesAttr(builder, axes, &WindowAxis::kernel),
                     getAxesAttr(builder, axes, &WindowAxis::stride),
                     getPadAttr(builder, axes)));
}

static void importMaxPool(Node &node) {
  Window window(node);
  bool columnsFirst = node.getInteger("storage_order", 0) != 0;
  if (!node.isReady())
    return;
  std::optional<WindowAxes> axes = placePool(node, window);
  if (!axes || !checkPadding(node, *axes))
    return;
  if (isTosaPool(node, *axes) && !node.wantsOutput(1))
    return setTosaMaximum(node, *axes);
  if (node.getElement(0) == ElementType::boolean)
    return node.error("'MaxPool' of bool is not supported; cast the input to "
                      "float32");
  PoolLoops loops(node, *axes);
  node.setValue(loops.buildMaximum());
  if (node.wantsOutput(1))
    node.setValue(loops.buildMaximumIndex(columnsFirst), Layout::Logical, 1);
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
  if (!isTosaPool(node, *axes)) {
    if (checkPadding(node, *axes))
      node.setValue(PoolLoops(node, *axes).buildAverage(countPadding));
    return;
  }
  Value image = sliceToCovered(node, getImage(node), *axes);
  if (countPadding) {
    WindowAxis &rows = axes->front(), &columns = axes->back();
    image = node.emit().pad(image, {0, rows.before, columns.before, 0},
                            {0, rows.after, columns.after, 0}, 0);
    rows.before = rows.after = columns.before = columns.after = 0;
  }
  if (checkPadding(node, *axes))
    setImage(node, buildAverage(node.emit(), image, *axes));
}

/// A window as large as the image.
static WindowAxes coverImage(ArrayRef<int64_t> extents) {
  WindowAxes axes;
  for (int64_t extent : extents) {
    axes.emplace_back();
    axes.back().kernel = axes.back().covered = extent;
    axes.back().output = 1;
  }
  return axes;
}

Value onnximport::buildGlobalAverage(Node &node) {
  Value image = getImage(node);
  return buildAverage(node.emit(), image,
                      coverImage(getShape(image).slice(1, 2)));
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
    setImage(node, buildGlobalAverage(node));
}

static void importGlobalMaxPool(Node &node) {
  if (node.isReady() && checkIsImage(node))
    setTosaMaximum(node, coverImage(getShape(getImage(node)).slice(1, 2)));
}

void onnximport::addPoolingOperators(OperatorTable &table) {
  SmallVector<StringRef> attributes =
      llvm::to_vector(ArrayRef(windowAttributes));
  attributes.append({"ceil_mode", "storage_order"});
  table["MaxPool"] = {importMaxPool, 1, 1, noInputs, noInputs, attributes, 2};
  attributes.back() = "count_include_pad";
  table["AveragePool"] = {importAveragePool, 1,        1,
                          allInputs,         noInputs, attributes};
  table["GlobalAveragePool"] = {
      importGlobalAveragePool, 1, 1, allInputs, noInputs, {}};
  table["GlobalMaxPool"] = {importGlobalMaxPool, 1, 1, allInputs, noInputs, {}};
}
