//===- ReductionOps.cpp - sums, means and extremes over axes --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One axis at a time, in TOSA. The mean over all spatial axes of an image is a
// global average pool, which is what exporters write it for.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include "Window.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

/// The axes, sorted: an attribute, or an input since operator set 13 or 18. All
/// axes if none are named. None after an error.
static std::optional<SmallVector<int64_t>> getAxes(Node &node) {
  bool isIdentity = node.getInteger("noop_with_empty_axes", 0) != 0;
  std::optional<SmallVector<int64_t>> axes = node.getIntegersOf(1, "axes");
  int64_t rank = node.getShape(0).size();
  if (!axes || axes->empty())
    axes = isIdentity ? SmallVector<int64_t>()
                      : llvm::to_vector(llvm::seq<int64_t>(0, rank));
  for (int64_t &axis : *axes)
    axis = node.normalizeAxis(axis, rank);
  if (node.hasFailed())
    return std::nullopt;
  llvm::sort(*axes);
  axes->erase(llvm::unique(*axes), axes->end());
  return axes;
}

static Value reduceAxis(Node &node, Value input, int64_t axis) {
  Emitter &emit = node.emit();
  SmallVector<int64_t> shape(getShape(input));
  shape[axis] = 1;
  RankedTensorType type = emit.getType(shape);
  IntegerAttr attribute = emit.getBuilder().getI32IntegerAttr(axis);
  StringRef op = node.getOperator();
  if (op == "ReduceMax")
    return emit.create<tosa::ReduceMaxOp>(type, input, attribute);
  if (op == "ReduceMin")
    return emit.create<tosa::ReduceMinOp>(type, input, attribute);
  if (op == "ReduceProd")
    return emit.create<tosa::ReduceProductOp>(type, input, attribute);
  return emit.create<tosa::ReduceSumOp>(type, input, attribute);
}

/// Sums and products of integers, with which graphs compute shapes; false for
/// other nodes.
static bool foldIntegers(Node &node, ArrayRef<int64_t> axes, bool keepAxes) {
  const Tensor *tensor = node.getConstant(0);
  StringRef op = node.getOperator();
  if (!tensor || tensor->getElementType() != ElementType::i64 ||
      axes.size() != node.getShape(0).size() ||
      (op != "ReduceProd" && op != "ReduceSum"))
    return false;
  uint64_t value = op == "ReduceProd";
  for (int64_t element : tensor->data<int64_t>())
    value = op == "ReduceProd" ? value * static_cast<uint64_t>(element)
                               : value + static_cast<uint64_t>(element);
  Tensor result(SmallVector<int64_t>(keepAxes ? axes.size() : 0, 1),
                ElementType::i64);
  result.data<int64_t>().front() = static_cast<int64_t>(value);
  node.setConstant(result);
  return true;
}

static void importReduction(Node &node) {
  bool keepAxes = node.getInteger("keepdims", 1) != 0;
  if (!node.isReady())
    return;
  std::optional<SmallVector<int64_t>> axes = getAxes(node);
  if (!axes || foldIntegers(node, *axes, keepAxes) || !node.checkFloat(0))
    return;
  int64_t rank = node.getShape(0).size();
  SmallVector<int64_t> shape;
  int64_t count = 1;
  for (auto [axis, extent] : llvm::enumerate(node.getShape(0))) {
    bool isReduced = llvm::is_contained(*axes, static_cast<int64_t>(axis));
    count *= isReduced ? extent : 1;
    if (!isReduced || keepAxes)
      shape.push_back(isReduced ? 1 : extent);
  }
  Emitter &emit = node.emit();
  bool isMean = node.getOperator() == "ReduceMean";
  if (isMean && (rank == 3 || rank == 4) &&
      llvm::equal(*axes, llvm::seq<int64_t>(2, rank))) {
    Value mean = buildGlobalAverage(node);
    if (keepAxes)
      return setImage(node, mean);
    // With one pixel, both layouts have their elements in the same order.
    return node.setValue(emit.reshape(mean, shape));
  }
  Value result = node.getValue(0);
  if (node.getOperator() == "ReduceSumSquare")
    result = emit.multiply(result, result);
  for (int64_t axis : *axes)
    result = reduceAxis(node, result, axis);
  if (isMean && count > 1)
    result = emit.multiply(result,
                           emit.scalar(1.0f / static_cast<float>(count), rank));
  node.setValue(emit.reshape(result, shape));
}

static void importArgMax(Node &node) {
  int64_t axis = node.getInteger("axis", 0);
  bool keepAxes = node.getInteger("keepdims", 1) != 0;
  if (node.getInteger("select_last_index", 0) != 0)
    node.error("select_last_index is 1; only the first maximum is supported");
  if (!node.isReady())
    return;
  axis = node.normalizeAxis(axis, node.getShape(0).size());
  if (node.hasFailed())
    return;
  SmallVector<int64_t> shape(node.getShape(0));
  shape.erase(shape.begin() + axis);
  Emitter &emit = node.emit();
  Value index = emit.create<tosa::ArgMaxOp>(
      emit.getType(shape, ElementType::i32), node.getValue(0),
      emit.getBuilder().getI32IntegerAttr(axis));
  Value wide =
      emit.create<arith::ExtSIOp>(emit.getType(shape, ElementType::i64), index);
  if (keepAxes)
    shape.insert(shape.begin() + axis, 1);
  node.setValue(emit.reshape(wide, shape));
}

void onnximport::addReductionOperators(OperatorTable &table) {
  for (StringRef name : {"ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd",
                         "ReduceSum", "ReduceSumSquare"})
    table[name] = {importReduction,
                   1,
                   2,
                   noInputs,
                   input(1),
                   {"axes", "keepdims", "noop_with_empty_axes"}};
  table["ArgMax"] = {
      importArgMax, 1,        1,
      allInputs,    noInputs, {"axis", "keepdims", "select_last_index"}};
}
