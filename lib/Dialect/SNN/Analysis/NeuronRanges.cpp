//===- NeuronRanges.cpp - the neurons of a slice --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Analysis/NeuronRanges.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// True if `ranges` are row-major indices of `shape`.
static bool areFlat(ArrayRef<int64_t> ranges, ArrayRef<int64_t> shape) {
  return ranges.size() == 2 || shape.size() == 1;
}

LogicalResult snn::checkRanges(ArrayRef<int64_t> ranges,
                               ArrayRef<int64_t> shape) {
  if (areFlat(ranges, shape)) {
    int64_t end = ShapedType::getNumElements(shape), last = 0;
    bool good = !ranges.empty() && ranges.size() % 2 == 0;
    for (int64_t number : ranges) {
      good &= number >= last && number <= end;
      last = number;
    }
    return success(good);
  }
  if (ranges.size() != 2 * shape.size())
    return failure();
  bool good = true;
  for (auto [axis, extent] : llvm::enumerate(shape))
    good &= ranges[2 * axis] >= 0 && ranges[2 * axis] <= ranges[2 * axis + 1] &&
            ranges[2 * axis + 1] <= extent;
  return success(good);
}

/// Appends the row-major indices [first, end) below the coordinates `outer` of
/// the dimensions before `shape`.
static void appendRun(int64_t first, int64_t end, ArrayRef<int64_t> outer,
                      ArrayRef<int64_t> shape,
                      SmallVector<NeuronRanges> &boxes) {
  if (first >= end)
    return;
  int64_t row = ShapedType::getNumElements(shape.drop_front());
  auto add = [&](int64_t low, int64_t high) {
    NeuronRanges &box = boxes.emplace_back(outer);
    box.append({low, high});
    for (int64_t extent : shape.drop_front())
      box.append({0, extent});
  };
  int64_t low = first / row, high = end / row;
  if (first % row == 0 && end % row == 0)
    return add(low, high);
  auto addPart = [&](int64_t at, int64_t from, int64_t to) {
    SmallVector<int64_t> inner(outer);
    inner.append({at, at + 1});
    appendRun(from, to, inner, shape.drop_front(), boxes);
  };
  if (low == high)
    return addPart(low, first % row, end % row);
  if (first % row != 0)
    addPart(low++, first % row, row);
  if (low < high)
    add(low, high);
  addPart(high, 0, end % row);
}

SmallVector<NeuronRanges> snn::listBoxes(ArrayRef<int64_t> ranges,
                                         ArrayRef<int64_t> shape) {
  if (!areFlat(ranges, shape))
    return {NeuronRanges(ranges)};
  SmallVector<NeuronRanges> boxes;
  for (size_t i = 0; i < ranges.size(); i += 2)
    appendRun(ranges[i], ranges[i + 1], {}, shape, boxes);
  return boxes;
}

int64_t snn::countNeurons(ArrayRef<int64_t> ranges, ArrayRef<int64_t> shape) {
  bool flat = areFlat(ranges, shape);
  int64_t count = flat ? 0 : 1;
  for (size_t i = 0; i < ranges.size(); i += 2) {
    int64_t extent = ranges[i + 1] - ranges[i];
    count = flat ? count + extent : count * extent;
  }
  return count;
}

/// Visits the indices of a box below row-major index `first` of the dimensions
/// before.
static void visitBox(ArrayRef<int64_t> box, ArrayRef<int64_t> shape,
                     int64_t first, llvm::function_ref<void(int64_t)> visit) {
  if (shape.empty())
    return visit(first);
  for (int64_t at = box[0]; at < box[1]; ++at)
    visitBox(box.drop_front(2), shape.drop_front(), first * shape[0] + at,
             visit);
}

LogicalResult snn::forEachNeuron(ArrayRef<int64_t> ranges,
                                 ArrayRef<int64_t> shape,
                                 llvm::function_ref<void(int64_t)> visit) {
  if (failed(checkRanges(ranges, shape)))
    return failure();
  if (!areFlat(ranges, shape)) {
    visitBox(ranges, shape, 0, visit);
    return success();
  }
  for (size_t i = 0; i < ranges.size(); i += 2)
    for (int64_t neuron = ranges[i]; neuron < ranges[i + 1]; ++neuron)
      visit(neuron);
  return success();
}
