//===- ArithmeticOps.cpp - elementwise operators of two or more inputs ----===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOSA has no division of floats: a / b is a * (1 / b), with both steps rounded
// to float32. For the powers of two of quantised activations that is exact.
// Other elements than float32 are loops.
//
//===----------------------------------------------------------------------===//

#include "Loops.h"
#include "Operators.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "spikeformer/Support/VisitElements.h"
#include <cmath>

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
  if (op == "Max" || op == "Min")
    return (op == "Max" ? a > b : a < b) ? a : b;
  if (op == "Pow")
    return static_cast<T>(std::pow(static_cast<double>(a), b));
  if (std::is_integral_v<T> && (b == 0 || (std::is_signed_v<T> && b == T(-1))))
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
  bool defined = visitElementType(a->getElementType(), [&](auto zero) {
    using T = decltype(zero);
    return foldPairs<T>(*a, *b, result, [&](T x, T y) {
      return compute<T>(node.getOperator(), x, y);
    });
  });
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
    inverse = permute(inverse, toChannelsLast);
  return node.emit().constant(inverse);
}

/// One element of a result that is not float32.
static Value computeElement(OpBuilder &builder, Location location, StringRef op,
                            ElementType type, Value a, Value b) {
  auto make = [&](auto real, auto integer) -> Value {
    if (isFloat(type))
      return decltype(real)::create(builder, location, a, b);
    return decltype(integer)::create(builder, location, a, b);
  };
  if (op == "Max")
    return buildMaximum(builder, location, type, a, b);
  if (op == "Min")
    return buildMinimum(builder, location, type, a, b);
  if (op == "Sub")
    return make(arith::SubFOp(), arith::SubIOp());
  if (op == "Mul")
    return make(arith::MulFOp(), arith::MulIOp());
  if (op == "Div" && isUnsigned(type))
    return arith::DivUIOp::create(builder, location, a, b);
  if (op == "Div")
    return make(arith::DivFOp(), arith::DivSIOp());
  return make(arith::AddFOp(), arith::AddIOp());
}

/// The operator on elements that TOSA does not compute.
static void importLoops(Node &node, ArrayRef<int64_t> shape) {
  ElementType type = node.getElement(0);
  for (unsigned index = 1; index < node.getNumInputs(); ++index)
    if (node.getElement(index) != type)
      return node.error("input " + llvm::Twine(index) + " is " +
                        getElementTypeName(node.getElement(index)) +
                        ", but input 0 is " + getElementTypeName(type) +
                        "; cast one of them");
  if (type == ElementType::boolean || node.getOperator() == "Pow")
    return node.error("'" + node.getOperator() + "' of " +
                      getElementTypeName(type) +
                      " is not supported; cast to float32 before it");
  Value result = node.getBroadcast(0, shape.size(), Layout::Logical);
  for (unsigned index = 1; index < node.getNumInputs(); ++index) {
    Value other = node.getBroadcast(index, shape.size(), Layout::Logical);
    result = buildElementwise(
        node.emit(), {result, other}, shape, type,
        [&](OpBuilder &builder, Location location, ValueRange elements) {
          return computeElement(builder, location, node.getOperator(), type,
                                elements[0], elements[1]);
        });
  }
  node.setValue(result);
}

/// Whether `value` is a constant with one value per channel, or one for all.
static bool isChannelConstant(Value value, int64_t channelAxis) {
  if (!value.getDefiningOp<tosa::ConstOp>())
    return false;
  for (auto [axis, extent] : llvm::enumerate(getShape(value)))
    if (extent != 1 && static_cast<int64_t>(axis) != channelAxis)
      return false;
  return true;
}

/// What exporters of other frameworks write as a product and then a sum with
/// values per channel is tagged as the batch norm that it is.
static void tagScaleAndShift(Emitter &emit, Value result, Layout layout) {
  auto sum = result.getDefiningOp<tosa::AddOp>();
  int64_t rank = getShape(result).size();
  int64_t channelAxis = layout == Layout::Logical ? 1 : rank - 1;
  if (!sum || rank < 2 || !isChannelConstant(sum.getInput2(), channelAxis))
    return;
  auto product = sum.getInput1().getDefiningOp<tosa::MulOp>();
  if (!product || product->hasAttr("snn.batch_norm") || !product->hasOneUse() ||
      !isChannelConstant(product.getInput2(), channelAxis))
    return;
  Builder &builder = emit.getBuilder();
  product->setAttr("snn.batch_norm", builder.getStringAttr("scale"));
  sum->setAttr("snn.batch_norm", builder.getStringAttr("shift"));
}

static Value buildFloats(Node &node, Value a, unsigned index, int64_t rank,
                         Layout layout) {
  Emitter &emit = node.emit();
  StringRef op = node.getOperator();
  if (op == "Div")
    return emit.multiply(a, getReciprocal(node, index, rank, layout));
  Value b = node.getBroadcast(index, rank, layout);
  if (op == "Sub")
    return emit.subtract(a, b);
  if (op == "Mul")
    return emit.multiply(a, b);
  if (op == "Max")
    return emit.maximum(a, b);
  if (op == "Min")
    return emit.minimum(a, b);
  if (op == "Pow")
    return emit.power(a, b);
  return emit.add(a, b);
}

/// Before operator set 7 the second input lay at `axis` of the first, if
/// `broadcast` was set, and had no axes of extent 1 behind.
static void alignOldBroadcast(Node &node) {
  bool broadcasts = node.getInteger("broadcast", 0) != 0;
  bool hasAxis = node.hasAttribute("axis");
  int64_t axis = node.getInteger("axis", 0);
  if (!node.isReady() || node.getOpset() >= 7 || !broadcasts || !hasAxis)
    return;
  ArrayRef<int64_t> other = node.getShape(1);
  int64_t rank = node.getShape(0).size();
  axis = node.normalizeAxis(axis, rank);
  SmallVector<int64_t> shape(other);
  if (axis + static_cast<int64_t>(other.size()) > rank)
    return node.error("axis " + llvm::Twine(axis) + " leaves no room for " +
                      formatShape(other) + " in rank " + llvm::Twine(rank));
  shape.resize(rank - axis, 1);
  node.reshapeInput(1, shape);
}

static void importArithmetic(Node &node) {
  alignOldBroadcast(node);
  if (!node.isReady())
    return;
  std::optional<SmallVector<int64_t>> shape = broadcastInputs(node);
  if (!shape || foldBinary(node, *shape))
    return;
  if (node.getNumInputs() == 1)
    return node.forward(0);
  if (!node.isFloat32(0))
    return importLoops(node, *shape);
  for (unsigned index = 0; index < node.getNumInputs(); ++index)
    if (!node.checkFloat(index))
      return;
  int64_t rank = shape->size();
  Layout layout = rank == 4 ? node.getPreferredLayout() : Layout::Logical;
  Value result = node.getBroadcast(0, rank, layout);
  for (unsigned index = 1; index < node.getNumInputs(); ++index)
    result = buildFloats(node, result, index, rank, layout);
  tagScaleAndShift(node.emit(), result, layout);
  node.setValue(result, layout);
}

/// A product of two factors is a product; other powers are TOSA's.
static void importPow(Node &node) {
  const Tensor *exponent = node.getConstant(1);
  if (!node.isReady())
    return;
  bool isSquare =
      exponent && exponent->getNumElements() == 1 &&
      exponent->getAsDouble(0) == 2 && node.isFloat32(0) &&
      !node.getConstant(0) &&
      exponent->getRank() <= static_cast<int64_t>(node.getShape(0).size());
  if (!isSquare)
    return importArithmetic(node);
  Layout layout = node.getPreferredLayout();
  Value base = node.getValue(0, layout);
  node.setValue(node.emit().multiply(base, base), layout);
}

void onnximport::addArithmeticOperators(OperatorTable &table) {
  for (StringRef name : {"Add", "Sub", "Mul", "Div"})
    table[name] = {importArithmetic, 2,        2,
                   noInputs,         noInputs, {"axis", "broadcast"}};
  for (StringRef name : {"Sum", "Max", "Min"})
    table[name] = {importArithmetic, 1, anyNumber, noInputs, noInputs, {}};
  table["Pow"] = {importPow, 2, 2, noInputs, noInputs, {"axis", "broadcast"}};
}
