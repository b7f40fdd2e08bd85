//===- ElementwiseOps.cpp - arithmetic and activations --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOSA has no division of floats: a / b is a * (1 / b), with both steps rounded
// to float32. For the powers of two of quantised activations that is exact.
// Relu and Clip keep ONNX's treatment of NaN, which TOSA calls PROPAGATE.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"
#include <limits>

using namespace spikeformer;
using namespace spikeformer::onnximport;

/// The common shape of all inputs; none after an error.
static std::optional<SmallVector<int64_t>> broadcastInputs(Node &node) {
  SmallVector<int64_t> shape;
  for (unsigned index = 0; index < node.getNumInputs(); ++index) {
    ArrayRef<int64_t> other = node.getShape(index);
    if (other.size() > shape.size())
      shape.insert(shape.begin(), other.size() - shape.size(), 1);
    for (auto [extent, wanted] : llvm::zip_equal(
             llvm::MutableArrayRef(shape).take_back(other.size()), other)) {
      if (extent == 1)
        extent = wanted;
      if (wanted == 1 || wanted == extent)
        continue;
      node.error("cannot broadcast " + formatShape(node.getShape(0)) + " and " +
                 formatShape(other));
      return std::nullopt;
    }
  }
  if (!node.checkSize(shape))
    return std::nullopt;
  return shape;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Element of a tensor of shape `shape` that meets element `index` of the
/// broadcast shape `to`.
static int64_t getBroadcastIndex(int64_t index, ArrayRef<int64_t> shape,
                                 ArrayRef<int64_t> to) {
  int64_t result = 0;
  int64_t stride = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    int64_t extent = shape[shape.size() - 1 - i];
    int64_t position = index % to[to.size() - 1 - i];
    index /= to[to.size() - 1 - i];
    result += (extent == 1 ? 0 : position) * stride;
    stride *= extent;
  }
  return result;
}

/// `fold(a, b)` on every pair of elements; false where it is undefined.
template <typename T>
static bool foldPairs(const Tensor &a, const Tensor &b, Tensor &result,
                      llvm::function_ref<std::optional<T>(T, T)> fold) {
  for (auto [index, element] : llvm::enumerate(result.data<T>())) {
    std::optional<T> value = fold(
        a.data<T>()[getBroadcastIndex(index, a.getShape(), result.getShape())],
        b.data<T>()[getBroadcastIndex(index, b.getShape(), result.getShape())]);
    if (!value)
      return false;
    element = *value;
  }
  return true;
}

template <typename T>
static std::optional<T> compute(StringRef op, T a, T b) {
  // Integers wrap, as in the frameworks that shapes come from.
  using Wide = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;
  Wide x = static_cast<Wide>(a);
  Wide y = static_cast<Wide>(b);
  if (op == "Add" || op == "Sum")
    return static_cast<T>(x + y);
  if (op == "Sub")
    return static_cast<T>(x - y);
  if (op == "Mul")
    return static_cast<T>(x * y);
  if (std::is_integral_v<T> && (b == 0 || b == T(-1)))
    return b == 0 ? std::nullopt : std::optional<T>(static_cast<T>(-x));
  return a / b;
}

/// Computes a node of two constants of one type, or reports an error; false if
/// it is no such node.
static bool foldBinary(Node &node, ArrayRef<int64_t> shape) {
  const Tensor *a = node.getConstant(0);
  const Tensor *b = node.getNumInputs() == 2 ? node.getConstant(1) : nullptr;
  if (!a || !b || a->getElementType() != b->getElementType())
    return false;
  if (!node.checkSize(shape, maxComputedElements))
    return true;
  Tensor result(shape, a->getElementType());
  bool defined = true;
  auto fold = [&](auto zero) {
    using T = decltype(zero);
    defined = foldPairs<T>(*a, *b, result, [&](T x, T y) {
      return compute<T>(node.getOperator(), x, y);
    });
  };
  if (a->getElementType() == ElementType::f32)
    fold(float());
  else if (a->getElementType() == ElementType::f64)
    fold(double());
  else if (a->getElementType() == ElementType::i64)
    fold(int64_t());
  else
    return false;
  if (defined)
    node.setConstant(result);
  else
    node.error("divides an integer constant by 0");
  return true;
}

//===----------------------------------------------------------------------===//
// Operators of two or more inputs
//===----------------------------------------------------------------------===//

/// 1 / input `index`, computed here if it is constant.
static Value getReciprocal(Node &node, unsigned index, int64_t rank,
                           Layout layout) {
  Value value = node.getBroadcast(index, rank, layout);
  const Tensor *tensor = node.getConstant(index);
  if (!tensor)
    return node.emit().create<tosa::ReciprocalOp>(value.getType(), value);
  SmallVector<int64_t> shape(rank - tensor->getRank(), 1);
  llvm::append_range(shape, tensor->getShape());
  Tensor inverse = tensor->clone().reshape(shape);
  for (float &element : inverse.data<float>())
    element = 1 / element;
  if (layout == Layout::ChannelsLast)
    inverse = transposeTensor(inverse, toChannelsLast);
  return node.emit().constant(inverse);
}

static void importArithmetic(Node &node) {
  if (!node.isReady())
    return;
  std::optional<SmallVector<int64_t>> shape = broadcastInputs(node);
  if (!shape || foldBinary(node, *shape))
    return;
  for (unsigned index = 0; index < node.getNumInputs(); ++index)
    if (!node.checkFloat(index))
      return;
  int64_t rank = shape->size();
  Layout layout = rank == 4 ? node.getPreferredLayout() : Layout::Logical;
  Emitter &emit = node.emit();
  StringRef op = node.getOperator();
  Value result = node.getBroadcast(0, rank, layout);
  for (unsigned index = 1; index < node.getNumInputs(); ++index) {
    if (op == "Div") {
      result = emit.multiply(result, getReciprocal(node, index, rank, layout));
      continue;
    }
    Value other = node.getBroadcast(index, rank, layout);
    if (op == "Sub")
      result = emit.subtract(result, other);
    else if (op == "Mul")
      result = emit.multiply(result, other);
    else
      result = emit.add(result, other);
  }
  node.setValue(result, layout);
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

constexpr float largest = std::numeric_limits<float>::max();

static void importRelu(Node &node) {
  if (!node.isReady())
    return;
  Layout layout = node.getPreferredLayout();
  node.setValue(node.emit().clamp(node.getValue(0, layout), 0, largest),
                layout);
}

/// A bound of Clip: an attribute up to operator set 10, an input since.
static float getBound(Node &node, unsigned index, StringRef name,
                      float defaultValue) {
  if (node.getOpset() < 11)
    return node.getFloat(name, defaultValue);
  if (!node.hasInput(index))
    return defaultValue;
  return node.getScalar(index).value_or(defaultValue);
}

static void importClip(Node &node) {
  if (!node.isReady())
    return;
  float min = getBound(node, 1, "min", -largest);
  float max = getBound(node, 2, "max", largest);
  if (!(min <= max))
    return node.error("the lower bound " + llvm::Twine(std::to_string(min)) +
                      " is not below the upper bound " + std::to_string(max));
  if (node.hasFailed())
    return;
  Layout layout = node.getPreferredLayout();
  node.setValue(node.emit().clamp(node.getValue(0, layout), min, max), layout);
}

template <typename OpTy>
static void importUnary(Node &node) {
  if (!node.isReady())
    return;
  Layout layout = node.getPreferredLayout();
  Value input = node.getValue(0, layout);
  node.setValue(node.emit().create<OpTy>(input.getType(), input), layout);
}

static void importNeg(Node &node) {
  if (!node.isReady())
    return;
  Layout layout = node.getPreferredLayout();
  Value input = node.getValue(0, layout);
  Value zeroPoint = node.emit().scalar(0);
  node.setValue(node.emit().create<tosa::NegateOp>(input.getType(), input,
                                                   zeroPoint, zeroPoint),
                layout);
}

void onnximport::addElementwiseOperators(OperatorTable &table) {
  for (StringRef name : {"Add", "Sub", "Mul", "Div"})
    table[name] = {importArithmetic, 2, 2, noInputs, noInputs, {}};
  table["Sum"] = {importArithmetic, 1, anyNumber, noInputs, noInputs, {}};
  table["Relu"] = {importRelu, 1, 1, allInputs, noInputs, {}};
  table["Clip"] = {importClip,    1, 3, input(0), input(1) | input(2),
                   {"max", "min"}};
  auto addUnary = [&](StringRef name, void (*import)(Node &)) {
    table[name] = {import, 1, 1, allInputs, noInputs, {}};
  };
  addUnary("Abs", importUnary<tosa::AbsOp>);
  addUnary("Ceil", importUnary<tosa::CeilOp>);
  addUnary("Exp", importUnary<tosa::ExpOp>);
  addUnary("Floor", importUnary<tosa::FloorOp>);
  addUnary("Log", importUnary<tosa::LogOp>);
  addUnary("Neg", importNeg);
  addUnary("Reciprocal", importUnary<tosa::ReciprocalOp>);
  addUnary("Sigmoid", importUnary<tosa::SigmoidOp>);
  addUnary("Tanh", importUnary<tosa::TanhOp>);
}
