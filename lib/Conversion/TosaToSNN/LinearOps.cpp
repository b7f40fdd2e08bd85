//===- LinearOps.cpp - matrix products, sums, scalings --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum lists the projections of both sides: a residual branch becomes synapses
// of the same population. Constant factors wait in the projections until the
// weights are made, so a weight is rounded once however many factors it meets.
//
//===----------------------------------------------------------------------===//

#include "Translator.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

void tosatosnn::translateMatMul(Translator &translator, tosa::MatMulOp op) {
  std::optional<Signal> signal = translator.getSignal(op, op.getA());
  std::optional<Tensor> weights = translator.getConstant(op, op.getB());
  if (!signal || !weights)
    return;
  // Sample, rows, inputs and sample, inputs, outputs.
  ArrayRef<int64_t> left = cast<ShapedType>(op.getA().getType()).getShape();
  ArrayRef<int64_t> right = weights->getShape();
  if (left[0] != 1 || left[1] != 1)
    return translator.refuse(op, "rows", "one row per sample",
                             Twine(left[0] * left[1]),
                             "flatten a sample before the product");
  int64_t sources = ShapedType::getNumElements(signal->getShape());
  int64_t inputs = right[1], outputs = right[2];
  WeightLayout layout{
      outputs, inputs, 1, 1, outputs, 0, signal->view.getIndices(), sources};
  Projection projection{translator.getNetwork().reshape(*signal, sources),
                        snn::DenseAttr::get(op.getContext()),
                        *weights,
                        std::move(layout),
                        SignalNumbers(1),
                        op.getLoc()};
  translator.set(op, Current{{projection},
                             SignalNumbers(0.0),
                             {outputs},
                             SignalView::getRowMajor({1, 1, outputs})});
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

static SignalNumbers getNumbers(const Tensor &constant,
                                const Current &current) {
  return SignalNumbers::fromConstant(constant, current.view,
                                     current.shape.front());
}

/// Whether the result has the shape of `value`: then nothing of `value` is
/// repeated.
static bool keepsShape(Operation *op, Value value) {
  return op->getResult(0).getType() == value.getType();
}

static void refuseBroadcast(Translator &translator, Operation *op) {
  translator.refuse(op, "broadcast", "operands of one shape",
                    "a value that is repeated along an axis",
                    "export the network without the broadcast");
}

/// Multiplies `current` by `factor`.
static void scale(Current &current, const SignalNumbers &factor) {
  for (Projection &projection : current.projections)
    projection.scale = SignalNumbers::combine(projection.scale, factor,
                                              std::multiplies<double>());
  current.bias =
      SignalNumbers::combine(current.bias, factor, std::multiplies<double>());
  if (current.levelHeight)
    current.levelHeight = SignalNumbers::combine(*current.levelHeight, factor,
                                                 std::multiplies<double>());
}

/// The sum of two currents; none after a refusal.
static std::optional<Current> add(Translator &translator, Operation *op,
                                  Current a, const Current &b) {
  if (a.shape != b.shape || !(a.view == b.view)) {
    translator.refuse(op, "layout", "operands whose elements lie alike",
                      "another order of the elements",
                      "leave out the transpose or reshape before one of them");
    return std::nullopt;
  }
  llvm::append_range(a.projections, b.projections);
  a.bias = SignalNumbers::combine(a.bias, b.bias, std::plus<double>());
  return a;
}

/// `value` plus or minus a constant.
static void addConstant(Translator &translator, Operation *op, Value value,
                        Value constant, double valueSign, double constantSign) {
  if (!keepsShape(op, value))
    return refuseBroadcast(translator, op);
  std::optional<Current> current = translator.getCurrent(op, value);
  std::optional<Tensor> tensor = translator.getConstant(op, constant);
  if (!current || !tensor)
    return;
  if (valueSign != 1)
    scale(*current, SignalNumbers(valueSign));
  current->bias = SignalNumbers::combine(
      current->bias, getNumbers(*tensor, *current),
      [&](double bias, double number) { return bias + constantSign * number; });
  translator.set(op->getResult(0), std::move(*current));
}

static bool isTail(Translator &translator, Value value) {
  return translator.getIf<Tail>(value) != nullptr;
}

/// Whether `op` is not of the network: before it or behind it.
static bool isOutside(Translator &translator, Operation *op) {
  auto isBefore = [&](Value value) {
    return translator.isTensor(value) || Translator::isConstant(value);
  };
  return llvm::all_of(op->getOperands(), isBefore) ||
         llvm::any_of(op->getOperands(),
                      [&](Value value) { return isTail(translator, value); });
}

/// Whether an operand depends on a refused operation.
static bool hasUnknown(Translator &translator, Operation *op) {
  return llvm::any_of(op->getOperands(), [&](Value value) {
    return !Translator::isConstant(value) && translator.getIf<Unknown>(value);
  });
}

void tosatosnn::translateSum(Translator &translator, Operation *op) {
  if (hasUnknown(translator, op))
    return;
  if (isOutside(translator, op))
    return translator.translateOther(op);
  Value a = op->getOperand(0), b = op->getOperand(1);
  double sign = isa<tosa::SubOp>(op) ? -1 : 1;
  if (Translator::isConstant(b))
    return addConstant(translator, op, a, b, 1, sign);
  if (Translator::isConstant(a))
    return addConstant(translator, op, b, a, sign, 1);
  if (!keepsShape(op, a) || !keepsShape(op, b))
    return refuseBroadcast(translator, op);
  std::optional<Current> left = translator.getCurrent(op, a);
  std::optional<Current> right = translator.getCurrent(op, b);
  if (!left || !right)
    return;
  if (sign != 1)
    scale(*right, SignalNumbers(sign));
  if (std::optional<Current> sum = add(translator, op, *left, *right))
    translator.set(op->getResult(0), std::move(*sum));
}

//===----------------------------------------------------------------------===//
// Products with constants
//===----------------------------------------------------------------------===//

/// Whether every projection has a weight of its own for each of the factors.
static bool takesFactor(const Current &current, const SignalNumbers &factor) {
  return llvm::all_of(current.projections, [&](const Projection &projection) {
    return !isa<snn::Conv2DAttr>(projection.connectivity) ||
           static_cast<int64_t>(factor.get().size()) <= current.shape.front();
  });
}

/// A signal times a constant is a signal whose spikes are higher or lower.
static void scaleSignal(Translator &translator, tosa::MulOp op, Signal signal,
                        const Tensor &constant) {
  SmallVector<int64_t> shape = signal.getShape();
  SignalNumbers factor =
      SignalNumbers::fromConstant(constant, signal.view, shape.front());
  signal.height =
      SignalNumbers::combine(signal.height, factor, std::multiplies<double>());
  translator.set(op, std::move(signal));
}

void tosatosnn::translateProduct(Translator &translator, tosa::MulOp op) {
  Value a = op.getInput1(), b = op.getInput2();
  if (Translator::isConstant(a))
    std::swap(a, b);
  if (hasUnknown(translator, op))
    return;
  if (isOutside(translator, op) || !Translator::isConstant(b))
    return translator.translateOther(op);
  if (!keepsShape(op, a))
    return refuseBroadcast(translator, op);
  std::optional<Current> current = translator.getCurrent(op, a);
  std::optional<Tensor> constant = translator.getConstant(op, b);
  if (!current || !constant)
    return;
  if (const auto *signal = translator.getIf<Signal>(a))
    return scaleSignal(translator, op, *signal, *constant);
  SignalNumbers factor = getNumbers(*constant, *current);
  if (!takesFactor(*current, factor))
    return translator.refuse(op, "scale", "one factor per channel",
                             "one per element behind a convolution",
                             "scale the channels as a whole");
  scale(*current, factor);
  translator.set(op, std::move(*current));
}
