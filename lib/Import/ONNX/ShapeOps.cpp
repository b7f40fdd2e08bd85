//===- ShapeOps.cpp - operators that only move elements -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All of them see ONNX's order of the axes; those that keep the axes apart
// (Concat, Pad) leave an image in the layout it has. Shapes must be known at
// import. Each works on constants as well.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

/// Sets the result to the first input in another shape.
static void setReshaped(Node &node, ArrayRef<int64_t> shape) {
  if (node.getConstant(0))
    return node.setWeights(node.getWeights(0).reshape(shape));
  node.setValue(node.emit().reshape(node.getValue(0), shape));
}

static void importFlatten(Node &node) {
  int64_t axis = node.getInteger("axis", 1);
  if (!node.isReady())
    return;
  ArrayRef<int64_t> shape = node.getShape(0);
  int64_t rank = shape.size();
  // The one operator whose axis may be the rank itself.
  if (axis != rank)
    axis = node.normalizeAxis(axis, rank);
  if (!node.hasFailed())
    setReshaped(node, {*countElements(shape.take_front(axis)),
                       *countElements(shape.drop_front(axis))});
}

static void importReshape(Node &node) {
  bool allowZero = node.getInteger("allowzero", 0) != 0;
  if (!node.isReady())
    return;
  std::optional<SmallVector<int64_t>> wanted = node.getIntegersOf(1, "shape");
  if (!wanted)
    return node.error("'shape' is missing");
  ArrayRef<int64_t> from = node.getShape(0);
  auto fail = [&] {
    node.error("cannot reshape " + formatShape(from) + " to " +
               formatShape(*wanted));
  };
  SmallVector<int64_t> shape(*wanted);
  int64_t *unknown = nullptr;
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    if (extent == 0 && !allowZero) {
      if (axis >= from.size())
        return fail();
      extent = from[axis];
    } else if (extent == -1 && !unknown) {
      unknown = &extent;
      extent = 1;
    }
  }
  int64_t total = *countElements(from);
  std::optional<int64_t> known = countElements(shape);
  if (!known)
    return fail();
  if (unknown && *known != 0 && total % *known == 0)
    *unknown = total / *known;
  if (countElements(shape) != total)
    return fail();
  setReshaped(node, shape);
}

static void importTranspose(Node &node) {
  SmallVector<int64_t> permutation = node.getIntegers("perm");
  if (!node.isReady())
    return;
  int64_t rank = node.getShape(0).size();
  if (permutation.empty())
    llvm::append_range(permutation, llvm::reverse(llvm::seq<int64_t>(0, rank)));
  SmallVector<int64_t> sorted(permutation);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank)))
    return node.error("perm " + formatShape(permutation) +
                      " is no permutation of the " + llvm::Twine(rank) +
                      " axes of the input");
  if (node.getConstant(0))
    return node.setWeights(node.getWeights(0).permute(permutation));
  node.setValue(node.emit().transpose(node.getValue(0), permutation));
}

static void importSqueeze(Node &node) {
  if (!node.isReady())
    return;
  std::optional<SmallVector<int64_t>> axes = node.getIntegersOf(1, "axes");
  ArrayRef<int64_t> from = node.getShape(0);
  SmallVector<bool> dropped(from.size(), false);
  if (!axes)
    for (auto [axis, extent] : llvm::enumerate(from))
      dropped[axis] = extent == 1;
  else
    for (int64_t axis : *axes) {
      axis = node.normalizeAxis(axis, from.size());
      if (node.hasFailed())
        return;
      if (from[axis] != 1)
        return node.error("axis " + llvm::Twine(axis) + " has the extent " +
                          llvm::Twine(from[axis]) + ", need 1");
      dropped[axis] = true;
    }
  SmallVector<int64_t> shape;
  for (auto [axis, extent] : llvm::enumerate(from))
    if (!dropped[axis])
      shape.push_back(extent);
  if (!node.hasFailed())
    setReshaped(node, shape);
}

static void importUnsqueeze(Node &node) {
  if (!node.isReady())
    return;
  std::optional<SmallVector<int64_t>> axes = node.getIntegersOf(1, "axes");
  if (!axes)
    return node.error("'axes' is missing");
  ArrayRef<int64_t> from = node.getShape(0);
  int64_t rank = from.size() + axes->size();
  SmallVector<bool> added(rank, false);
  for (int64_t axis : *axes) {
    axis = node.normalizeAxis(axis, rank);
    if (node.hasFailed())
      return;
    if (added[axis])
      return node.error("axis " + llvm::Twine(axis) + " is named twice");
    added[axis] = true;
  }
  SmallVector<int64_t> shape;
  for (bool isNew : added) {
    shape.push_back(isNew ? 1 : from.front());
    if (!isNew)
      from = from.drop_front();
  }
  setReshaped(node, shape);
}

/// The shape of a concatenation; none after an error.
static std::optional<SmallVector<int64_t>> getConcatShape(Node &node,
                                                          int64_t axis) {
  SmallVector<int64_t> shape(node.getShape(0));
  for (unsigned index = 1; index < node.getNumInputs(); ++index) {
    SmallVector<int64_t> other(node.getShape(index));
    bool fits = other.size() == shape.size();
    if (fits) {
      shape[axis] += other[axis];
      other[axis] = shape[axis];
      fits = other == shape;
    }
    if (!fits) {
      node.error("cannot concatenate " + formatShape(node.getShape(0)) +
                 " and " + formatShape(node.getShape(index)) + " along axis " +
                 llvm::Twine(axis));
      return std::nullopt;
    }
  }
  if (!node.checkSize(shape))
    return std::nullopt;
  return shape;
}

/// Joins integer vectors, of which exporters make the shapes of Reshape; false
/// if an input is something else.
static bool foldConcat(Node &node) {
  SmallVector<int64_t> values;
  for (unsigned index = 0; index < node.getNumInputs(); ++index) {
    const Tensor *tensor = node.getConstant(index);
    if (!tensor || tensor->getRank() != 1 ||
        tensor->getElementType() != ElementType::i64)
      return false;
    llvm::append_range(values, tensor->data<int64_t>());
  }
  Tensor result(static_cast<int64_t>(values.size()), ElementType::i64);
  llvm::copy(values, result.data<int64_t>().begin());
  node.setConstant(result);
  return true;
}

static void importConcat(Node &node) {
  // Before operator set 4 it was 1 unless stated.
  if (!node.hasAttribute("axis") && node.getOpset() >= 4)
    node.error("'axis' is missing");
  int64_t axis = node.getInteger("axis", 1);
  if (!node.isReady())
    return;
  axis = node.normalizeAxis(axis, node.getShape(0).size());
  if (node.hasFailed() || foldConcat(node))
    return;
  std::optional<SmallVector<int64_t>> shape = getConcatShape(node, axis);
  if (!shape)
    return;
  Layout layout = node.getPreferredLayout();
  SmallVector<Value> parts;
  for (unsigned index = 0; index < node.getNumInputs(); ++index) {
    if (node.getElement(index) != node.getElement(0))
      return node.error("input " + llvm::Twine(index) + " is " +
                        getElementTypeName(node.getElement(index)) +
                        ", but input 0 is " +
                        getElementTypeName(node.getElement(0)));
    if (llvm::is_contained(node.getShape(index), 0))
      continue;
    parts.push_back(node.getValue(index, layout));
  }
  if (parts.empty())
    return node.setConstant(Tensor(*shape, node.getElement(0)));
  if (layout == Layout::ChannelsLast) {
    shape = permuteShape(*shape, toChannelsLast);
    axis = fromChannelsLast[axis];
  }
  Emitter &emit = node.emit();
  node.setValue(emit.create<tosa::ConcatOp>(
                    emit.getTypeLike(*shape, parts.front()), parts,
                    emit.getBuilder().getI32IntegerAttr(axis)),
                layout);
}

/// The padding of Pad: begins, then ends; none after an error.
static std::optional<SmallVector<int64_t>> getPadding(Node &node) {
  // Operator set 1 called them paddings.
  std::optional<SmallVector<int64_t>> pads =
      node.getIntegersOf(1, node.getOpset() < 2 ? "paddings" : "pads");
  size_t rank = node.getShape(0).size();
  if (!pads || pads->size() != 2 * rank || llvm::any_of(*pads, [](int64_t pad) {
        return pad < 0 || pad > maxElements;
      })) {
    node.error("'pads' needs two values from 0 on for each of the " +
               llvm::Twine(rank) + " axes");
    return std::nullopt;
  }
  SmallVector<int64_t> shape(node.getShape(0));
  for (size_t axis = 0; axis < rank; ++axis)
    shape[axis] += (*pads)[axis] + (*pads)[axis + rank];
  if (!node.checkSize(shape))
    return std::nullopt;
  return pads;
}

/// The constant of input 2, of the type of the data.
static double getPadValue(Node &node) {
  const Tensor *tensor = node.getConstant(2);
  if (tensor && tensor->getNumElements() == 1 &&
      tensor->getElementType() == node.getElement(0))
    return tensor->getAsDouble(0);
  node.error("input 2 is not a constant " +
             getElementTypeName(node.getElement(0)) + " of one element");
  return 0;
}

static void importPad(Node &node) {
  std::string mode = node.getString("mode", "constant");
  double value = node.getFloat("value", 0);
  if (mode != "constant")
    node.error("mode '" + mode + "' is not supported, only 'constant'");
  if (node.hasInput(3))
    node.error("'axes' (input 3) is not supported; pad all axes");
  if (!node.isReady())
    return;
  if (node.hasInput(2))
    value = getPadValue(node);
  std::optional<SmallVector<int64_t>> pads = getPadding(node);
  if (!pads || node.hasFailed())
    return;
  if (llvm::all_of(*pads, [](int64_t pad) { return pad == 0; }))
    return node.forward(0);
  size_t rank = node.getShape(0).size();
  SmallVector<int64_t> before(ArrayRef<int64_t>(*pads).take_front(rank));
  SmallVector<int64_t> after(ArrayRef<int64_t>(*pads).take_back(rank));
  Layout layout = node.getPreferredLayout();
  if (layout == Layout::ChannelsLast) {
    before = permuteShape(before, toChannelsLast);
    after = permuteShape(after, toChannelsLast);
  }
  node.setValue(node.emit().pad(node.getValue(0, layout), before, after, value),
                layout);
}

void onnximport::addShapeOperators(OperatorTable &table) {
  table["Flatten"] = {importFlatten, 1, 1, noInputs, noInputs, {"axis"}};
  // The shape was an attribute before operator set 5.
  table["Reshape"] = {importReshape, 1,        2,
                      noInputs,      noInputs, {"allowzero", "shape"}};
  table["Transpose"] = {importTranspose, 1, 1, noInputs, noInputs, {"perm"}};
  table["Squeeze"] = {importSqueeze, 1, 2, noInputs, noInputs, {"axes"}};
  table["Unsqueeze"] = {importUnsqueeze, 1, 2, noInputs, noInputs, {"axes"}};
  table["Concat"] = {importConcat, 1, anyNumber, noInputs, noInputs, {"axis"}};
  table["Pad"] = {importPad, 1,        4,
                  noInputs,  noInputs, {"mode", "paddings", "pads", "value"}};
}
