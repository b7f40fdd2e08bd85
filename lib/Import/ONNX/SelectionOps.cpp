//===- SelectionOps.cpp - Slice, Gather, Split and Expand -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parts of tensors. On constants all of them fold, which is how shapes that a
// graph computes become known.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::onnximport;

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

namespace {

/// Elements first, first + step, ... of an axis.
struct Cut {
  int64_t first = 0;
  int64_t step = 1;
  int64_t count = 0;
};

} // namespace

/// One axis of extent `extent` by the rule of ONNX, which is Python's.
static Cut getRange(int64_t start, int64_t end, int64_t step, int64_t extent) {
  auto clampTo = [&](int64_t value, int64_t low, int64_t high) {
    if (value < 0)
      value = value < -extent ? low : value + extent;
    return std::clamp(value, low, high);
  };
  if (step > 0) {
    start = clampTo(start, 0, extent);
    end = clampTo(end, 0, extent);
  } else {
    start = clampTo(start, 0, std::max<int64_t>(extent - 1, 0));
    // Before the first element is -1, which clampTo would count from the end.
    end = end < -extent ? -1 : clampTo(end, -1, extent - 1);
  }
  int64_t length = step > 0 ? end - start : start - end;
  int64_t stride = step > 0 ? step : -step;
  return {start, step, length > 0 ? (length + stride - 1) / stride : 0};
}

/// The ranges of all axes; none after an error.
static std::optional<SmallVector<Cut>> getRanges(Node &node) {
  auto starts = node.getIntegersOf(1, "starts");
  auto ends = node.getIntegersOf(2, "ends");
  auto axes = node.getIntegersOf(3, "axes");
  auto steps = node.getIntegersOf(4, "steps");
  ArrayRef<int64_t> shape = node.getShape(0);
  if (!node.hasFailed() && (!starts || !ends))
    node.error("'starts' or 'ends' is missing");
  if (node.hasFailed())
    return std::nullopt;
  size_t count = starts->size();
  if (!axes)
    axes = llvm::to_vector(llvm::seq<int64_t>(0, count));
  if (!steps)
    steps = SmallVector<int64_t>(count, 1);
  if (ends->size() != count || axes->size() != count ||
      steps->size() != count || count > shape.size()) {
    node.error("'starts', 'ends', 'axes' and 'steps' need one value for each "
               "axis that is cut");
    return std::nullopt;
  }
  SmallVector<Cut> ranges;
  for (int64_t extent : shape)
    ranges.push_back({0, 1, extent});
  for (size_t i = 0; i < count; ++i) {
    int64_t axis = node.normalizeAxis((*axes)[i], shape.size());
    int64_t step = (*steps)[i];
    if (step == 0 || step == INT64_MIN)
      node.error("the step of axis " + llvm::Twine(axis) + " is " +
                 llvm::Twine(step));
    if (node.hasFailed())
      return std::nullopt;
    ranges[axis] = getRange((*starts)[i], (*ends)[i], step, shape[axis]);
  }
  return ranges;
}

/// Copies the elements of `ranges`, odometer-wise.
static Tensor sliceTensor(const Tensor &from, ArrayRef<Cut> ranges) {
  SmallVector<int64_t> shape, index(ranges.size(), 0);
  for (const Cut &range : ranges)
    shape.push_back(range.count);
  Tensor result(shape, from.getElementType());
  size_t size = getElementSize(from.getElementType());
  for (int64_t i = 0, e = result.getNumElements(); i < e; ++i) {
    int64_t position = 0;
    for (auto [axis, range] : llvm::enumerate(ranges))
      position = position * from.getShape()[axis] + range.first +
                 index[axis] * range.step;
    std::memcpy(static_cast<char *>(result.getBytes()) + i * size,
                static_cast<const char *>(from.getBytes()) + position * size,
                size);
    for (size_t axis = ranges.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis])
        break;
      index[axis] = 0;
    }
  }
  return result;
}

/// Takes every `step`-th element of `axis`: the axis is filled up to a multiple
/// of the step and split in two, of which the second keeps its first element.
static Value takeEvery(Emitter &emit, Value input, int64_t axis, int64_t step,
                       int64_t count) {
  SmallVector<int64_t> shape(getShape(input));
  SmallVector<int64_t> none(shape.size(), 0), after(shape.size(), 0);
  after[axis] = count * step - shape[axis];
  Value whole = emit.pad(input, none, after, 0);
  shape[axis] = count;
  shape.insert(shape.begin() + axis + 1, step);
  Value split = emit.reshape(whole, shape);
  shape[axis + 1] = 1;
  Value taken = emit.slice(split, SmallVector<int64_t>(shape.size(), 0), shape);
  shape.erase(shape.begin() + axis + 1);
  return emit.reshape(taken, shape);
}

static Value buildSlice(Emitter &emit, Value input, ArrayRef<Cut> ranges) {
  SmallVector<int64_t> start, size;
  for (const Cut &range : ranges) {
    int64_t stride = range.step > 0 ? range.step : -range.step;
    int64_t length = (range.count - 1) * stride + 1;
    start.push_back(range.step > 0 ? range.first : range.first - length + 1);
    size.push_back(length);
  }
  Value result = emit.slice(input, start, size);
  for (auto [axis, range] : llvm::enumerate(ranges)) {
    if (range.step < 0 && range.count > 1)
      result = emit.create<tosa::ReverseOp>(
          result.getType(), result, emit.getBuilder().getI32IntegerAttr(axis));
    int64_t stride = range.step > 0 ? range.step : -range.step;
    if (stride > 1 && range.count > 1)
      result = takeEvery(emit, result, axis, stride, range.count);
  }
  return result;
}

static void importSlice(Node &node) {
  if (!node.isReady())
    return;
  std::optional<SmallVector<Cut>> ranges = getRanges(node);
  if (!ranges)
    return;
  if (const Tensor *tensor = node.getConstant(0))
    return node.setConstant(sliceTensor(*tensor, *ranges));
  SmallVector<int64_t> shape;
  for (const Cut &range : *ranges)
    shape.push_back(range.count);
  if (llvm::is_contained(shape, 0))
    return node.setConstant(Tensor(shape, node.getElement(0)));
  Layout layout = node.getPreferredLayout();
  if (layout == Layout::ChannelsLast)
    ranges = llvm::map_to_vector(toChannelsLast,
                                 [&](int64_t axis) { return (*ranges)[axis]; });
  node.setValue(buildSlice(node.emit(), node.getValue(0, layout), *ranges),
                layout);
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

/// The indices from 0; none after an error.
static std::optional<SmallVector<int64_t>> getIndices(Node &node,
                                                      int64_t extent) {
  std::optional<SmallVector<int64_t>> indices =
      node.getIntegersOf(1, "indices");
  if (!indices)
    return std::nullopt;
  for (int64_t &index : *indices) {
    if (index < -extent || index >= extent) {
      node.error("index " + llvm::Twine(index) +
                 " is out of range for an axis of " + llvm::Twine(extent));
      return std::nullopt;
    }
    index += index < 0 ? extent : 0;
  }
  return indices;
}

static Tensor gatherTensor(const Tensor &from, int64_t axis,
                           ArrayRef<int64_t> indices, ArrayRef<int64_t> shape) {
  Tensor result(shape, from.getElementType());
  ArrayRef<int64_t> extents = from.getShape();
  int64_t outer = *countElements(extents.take_front(axis));
  int64_t inner = *countElements(extents.drop_front(axis + 1)) *
                  getElementSize(from.getElementType());
  auto *to = static_cast<char *>(result.getBytes());
  for (int64_t row = 0; row < outer; ++row)
    for (int64_t index : indices) {
      std::memcpy(to,
                  static_cast<const char *>(from.getBytes()) +
                      (row * extents[axis] + index) * inner,
                  inner);
      to += inner;
    }
  return result;
}

static void importGather(Node &node) {
  int64_t axis = node.getInteger("axis", 0);
  if (!node.isReady())
    return;
  ArrayRef<int64_t> from = node.getShape(0);
  axis = node.normalizeAxis(axis, from.size());
  if (node.hasFailed())
    return;
  std::optional<SmallVector<int64_t>> indices = getIndices(node, from[axis]);
  if (!indices)
    return;
  SmallVector<int64_t> shape(from.take_front(axis));
  llvm::append_range(shape, node.getShape(1));
  llvm::append_range(shape, from.drop_front(axis + 1));
  if (!node.checkSize(shape))
    return;
  if (const Tensor *tensor = node.getConstant(0))
    return node.setConstant(gatherTensor(*tensor, axis, *indices, shape));
  if (llvm::is_contained(shape, 0))
    return node.setConstant(Tensor(shape, node.getElement(0)));
  Emitter &emit = node.emit();
  int64_t outer = *countElements(from.take_front(axis));
  int64_t inner = *countElements(from.drop_front(axis + 1));
  int64_t count = indices->size();
  Tensor rows({outer, count}, ElementType::i32);
  for (int64_t i = 0; i < outer * count; ++i)
    rows.data<int32_t>()[i] = static_cast<int32_t>((*indices)[i % count]);
  Value values = emit.reshape(node.getValue(0), {outer, from[axis], inner});
  Value result = emit.create<tosa::GatherOp>(
      emit.getTypeLike({outer, count, inner}, values), values,
      emit.constant(rows));
  node.setValue(emit.reshape(result, shape));
}

//===----------------------------------------------------------------------===//
// Split and Expand
//===----------------------------------------------------------------------===//

/// Extents of the parts; none after an error.
static std::optional<SmallVector<int64_t>> getParts(Node &node,
                                                    int64_t extent) {
  std::optional<SmallVector<int64_t>> parts = node.getIntegersOf(1, "split");
  if (node.hasFailed())
    return std::nullopt;
  int64_t count = node.getNumOutputs();
  if (!parts) {
    int64_t part = (extent + count - 1) / count;
    parts.emplace(count, part);
    parts->back() = extent - part * (count - 1);
  }
  int64_t sum = 0;
  bool isBad = static_cast<int64_t>(parts->size()) != count;
  for (int64_t part : *parts) {
    isBad |= part <= 0 || part > extent;
    sum += isBad ? 0 : part;
  }
  if (!isBad && sum == extent)
    return parts;
  node.error("parts of " + formatShape(*parts) + " do not make up the " +
             llvm::Twine(count) + " outputs of an extent of " +
             llvm::Twine(extent));
  return std::nullopt;
}

static void importSplit(Node &node) {
  int64_t axis = node.getInteger("axis", 0);
  node.getInteger("num_outputs", 0);
  if (!node.isReady())
    return;
  axis = node.normalizeAxis(axis, node.getShape(0).size());
  if (node.hasFailed())
    return;
  std::optional<SmallVector<int64_t>> parts =
      getParts(node, node.getShape(0)[axis]);
  if (!parts)
    return;
  SmallVector<Cut> ranges;
  for (int64_t extent : node.getShape(0))
    ranges.push_back({0, 1, extent});
  for (auto [index, part] : llvm::enumerate(*parts)) {
    ranges[axis].count = part;
    if (const Tensor *tensor = node.getConstant(0))
      node.setConstant(sliceTensor(*tensor, ranges), index);
    else
      node.setValue(buildSlice(node.emit(), node.getValue(0), ranges),
                    Layout::Logical, index);
    ranges[axis].first += part;
  }
}

static void importExpand(Node &node) {
  if (!node.isReady())
    return;
  std::optional<SmallVector<int64_t>> wanted = node.getIntegersOf(1, "shape");
  if (!wanted)
    return;
  ArrayRef<int64_t> from = node.getShape(0);
  size_t rank = std::max(from.size(), wanted->size());
  SmallVector<int64_t> shape(rank - from.size(), 1), times(rank, 1);
  llvm::append_range(shape, from);
  node.reshapeInput(0, shape);
  for (auto [axis, extent] : llvm::enumerate(*wanted)) {
    size_t at = axis + rank - wanted->size();
    if (extent == 1 || extent == shape[at])
      continue;
    if (shape[at] != 1 || extent < 1)
      return node.error("cannot expand " + formatShape(from) + " to " +
                        formatShape(*wanted));
    times[at] = extent;
  }
  SmallVector<int64_t> result(shape);
  for (auto [extent, factor] : llvm::zip_equal(result, times))
    extent *= factor;
  bool isConstant = node.getConstant(0);
  if (!node.checkSize(result, isConstant ? maxComputedElements : maxElements))
    return;
  if (result == shape)
    return node.forward(0);
  if (isConstant) {
    Tensor tensor = *node.getConstant(0);
    SmallVector<Cut> ranges;
    for (auto [factor, extent] : llvm::zip_equal(times, result))
      ranges.push_back({0, factor == 1 ? 1 : 0, extent});
    return node.setConstant(sliceTensor(tensor, ranges));
  }
  Emitter &emit = node.emit();
  Value input = node.getValue(0);
  node.setValue(emit.create<tosa::TileOp>(emit.getTypeLike(result, input),
                                          input, emit.shape(times)));
}

void onnximport::addSelectionOperators(OperatorTable &table) {
  table["Slice"] = {importSlice, 1,        5,
                    noInputs,    noInputs, {"axes", "ends", "starts"}};
  table["Gather"] = {importGather, 2, 2, noInputs, noInputs, {"axis"}};
  table["Split"] = {importSplit, 1,        2,
                    noInputs,    noInputs, {"axis", "num_outputs", "split"},
                    anyNumber};
  table["Expand"] = {importExpand, 2, 2, noInputs, noInputs, {}};
}
