//===- ShapeOps.cpp - operations that only move elements ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// They change how a value lies in its signal and nothing in the network;
// neurons and weights stay where they are.
//
//===----------------------------------------------------------------------===//

#include "GroupedConvolution.h"
#include "Translator.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

static std::optional<SmallVector<int64_t>> getExtents(Value shape) {
  DenseElementsAttr elements;
  if (!matchPattern(shape, m_Constant(&elements)))
    return std::nullopt;
  return llvm::to_vector(elements.getValues<int64_t>());
}

/// Whether `value` goes through slices and zeros to maximum pools and nowhere
/// else.
static bool isPooled(Value value) {
  return llvm::all_of(value.getUsers(), [](Operation *user) {
    return isa<tosa::MaxPool2dOp>(user) ||
           (isa<tosa::SliceOp, tosa::PadOp>(user) &&
            isPooled(user->getResult(0)));
  });
}

/// How the result of `op` lies in the signal of `view`; none if it is not a
/// part of the signal in regular steps.
static std::optional<SignalView> getView(Operation *op,
                                         const SignalView &view) {
  if (isa<tosa::IdentityOp>(op))
    return view;
  if (auto transpose = dyn_cast<tosa::TransposeOp>(op))
    return view.transpose(transpose.getPerms());
  if (auto slice = dyn_cast<tosa::SliceOp>(op)) {
    auto start = getExtents(slice.getStart());
    auto size = getExtents(slice.getSize());
    return start && size ? view.slice(*start, *size) : std::nullopt;
  }
  return view.reshape(
      cast<RankedTensorType>(op->getResult(0).getType()).getShape());
}

/// The zeros around the image that `op` adds; none if it does anything else.
static std::optional<Padding> getPadding(tosa::PadOp op) {
  std::optional<SmallVector<int64_t>> pads = getExtents(op.getPadding());
  if (!pads || pads->size() != 8 ||
      !matchPattern(op.getPadConst(), m_AnyZeroFloat()))
    return std::nullopt;
  // Before and after of N, H, W, C.
  for (unsigned index : {0, 1, 6, 7})
    if ((*pads)[index] != 0)
      return std::nullopt;
  return Padding{(*pads)[2], (*pads)[4], (*pads)[3], (*pads)[5]};
}

static std::optional<Signal> move(Operation *op, Signal signal) {
  if (auto pad = dyn_cast<tosa::PadOp>(op)) {
    std::optional<Padding> padding = getPadding(pad);
    if (!padding || signal.view.getRank() != 4)
      return std::nullopt;
    for (unsigned side : {0, 1, 2, 3})
      signal.padding[side] += (*padding)[side];
    return signal;
  }
  // A padding belongs to the axes that it was put on.
  if (signal.isPadded())
    return std::nullopt;
  std::optional<SignalView> view = getView(op, signal.view);
  if (!view)
    return std::nullopt;
  signal.view = *view;
  return signal;
}

void tosatosnn::translateShape(Translator &translator, Operation *op) {
  Value operand = op->getOperand(0), result = op->getResult(0);
  // Part of a grouped convolution, which the concatenation at its end stands
  // for.
  if (op->hasAttr(groupedAttrName) || translator.getIf<Unknown>(operand))
    return;
  if (const auto *signal = translator.getIf<Signal>(operand)) {
    if (std::optional<Signal> moved = move(op, *signal))
      return translator.set(result, *moved);
    if (signal->isTensor())
      return translator.translateOther(op);
  } else if (const auto *current = translator.getIf<Current>(operand)) {
    std::optional<SignalView> view;
    if (isa<tosa::ReshapeOp, tosa::TransposeOp, tosa::IdentityOp>(op))
      view = getView(op, current->view);
    if (view) {
      Current moved = *current;
      moved.view = *view;
      return translator.set(result, std::move(moved));
    }
    // A slice or zeros in front of a maximum of sums, which are a signal then.
    if (translator.getMaxPool() == MaxPool::Current && isPooled(result))
      if (auto moved = move(op, translator.getSums(op, *current)))
        return translator.set(result, *moved);
  } else {
    return translator.translateOther(op);
  }
  translator.refuse(
      op, "layout",
      "a reshape or transpose, or zeros in front of a convolution",
      "'" + op->getName().getStringRef() + "' that is neither",
      "leave it out of the trained network");
}
