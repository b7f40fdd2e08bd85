//===- DequantizeDynamic.cpp - scales that depend on the input ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A byte less the zero point, times the scale, is the input but for rounding,
// and sums of products keep the scale as a factor. So where the bytes are the
// input and the scale is 1, all that follows says the same without integers.
//
//===----------------------------------------------------------------------===//

#include "DequantizeDynamic.h"
#include "EvaluateConstants.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Matchers.h"
#include "spikeformer/Support/TensorAttr.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

namespace {

class DynamicDequantizer {
public:
  explicit DynamicDequantizer(func::FuncOp function) : function(function) {}
  LogicalResult run();

private:
  LogicalResult foldConstants(llvm::function_ref<bool(Value)> isWanted);
  Value getNumbers(Value integers);
  Value makeNumbers(Operation *op);
  Value makeMove(Operation *op);
  Value makeDifference(linalg::GenericOp op);
  Value makeProduct(linalg::BatchMatmulOp op);
  Value makeConvolution(linalg::Conv2DNhwgcGfhwcOp op);
  Value refuse(Operation *op);
  void replaceSums();
  void checkScale(Value scale);
  void dropScales();

  func::FuncOp function;
  /// Integers as float32, in units of their scale; null where refused.
  llvm::DenseMap<Value, Value> numbers;
  bool failed = false;
};

} // namespace

static Type getElement(Value value) {
  return getElementTypeOrSelf(value.getType());
}

static bool isInteger(Value value, unsigned bits) {
  return isa<RankedTensorType>(value.getType()) &&
         getElement(value).isInteger(bits);
}

static RankedTensorType getFloatType(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return RankedTensorType::get(type.getShape(),
                               Float32Type::get(value.getContext()));
}

/// Whether `op` gives elements of its first operand, or zeros around them.
static bool isMove(Operation *op) {
  return isa_and_nonnull<tensor::BitcastOp, tosa::ReshapeOp, tosa::TransposeOp,
                         tosa::SliceOp, tosa::PadOp>(op);
}

/// What makes the elements that `value` has in another order.
static Operation *getSource(Value value) {
  while (isMove(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value.getDefiningOp();
}

static Value createConstant(OpBuilder &builder, Location location,
                            RankedTensorType type, ArrayRef<float> elements) {
  return tosa::ConstOp::create(builder, location, type,
                               DenseElementsAttr::get(type, elements));
}

/// One zero.
static Value createZero(OpBuilder &builder, Location location) {
  auto type = RankedTensorType::get({1}, builder.getF32Type());
  return createConstant(builder, location, type, 0.0f);
}

static Value createReshape(OpBuilder &builder, Location location, Value input,
                           ArrayRef<int64_t> shape) {
  auto type = tosa::shapeType::get(builder.getContext(), shape.size());
  Value extents = tosa::ConstShapeOp::create(builder, location, type,
                                             builder.getIndexTensorAttr(shape));
  return tosa::ReshapeOp::create(
      builder, location, RankedTensorType::get(shape, builder.getF32Type()),
      input, extents);
}

static ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

Value DynamicDequantizer::refuse(Operation *op) {
  InFlightDiagnostic diagnostic =
      op->emitError() << "cannot dequantise the network: need sums of products "
                         "behind a dynamic quantisation, have '"
                      << op->getName() << "'";
  diagnostic.attachNote()
      << "export the model in QDQ form, or before it is quantised";
  failed = true;
  return nullptr;
}

/// Evaluates what depends on constants only.
LogicalResult
DynamicDequantizer::foldConstants(llvm::function_ref<bool(Value)> isWanted) {
  llvm::DenseSet<Value> constant;
  SmallVector<Value> values;
  for (Operation &op : function.front()) {
    auto isKnown = [&](Value value) { return constant.contains(value); };
    if (!isMemoryEffectFree(&op) || op.getNumResults() != 1 ||
        !llvm::all_of(op.getOperands(), isKnown))
      continue;
    constant.insert(op.getResult(0));
    if (op.getNumOperands() != 0 && isWanted(op.getResult(0)))
      values.push_back(op.getResult(0));
  }
  return values.empty() ? success() : evaluateConstants(function, values);
}

/// The same move of the numbers.
Value DynamicDequantizer::makeMove(Operation *op) {
  Value number = getNumbers(op->getOperand(0));
  if (!number || isa<tensor::BitcastOp>(op))
    return number;
  OpBuilder builder(op);
  Operation *moved = builder.clone(*op);
  moved->setOperand(0, number);
  if (isa<tosa::PadOp>(op)) {
    builder.setInsertionPoint(moved);
    moved->setOperand(2, createZero(builder, op->getLoc()));
  }
  moved->getResult(0).setType(getFloatType(op->getResult(0)));
  return moved->getResult(0);
}

/// Bytes less their own zero point are the input of their quantisation.
Value DynamicDequantizer::makeDifference(linalg::GenericOp op) {
  if (op.getInputs().size() != 2)
    return refuse(op);
  auto source =
      dyn_cast_or_null<linalg::GenericOp>(getSource(op.getInputs()[0]));
  Operation *zeroPoint = getSource(op.getInputs()[1]);
  if (!source || !source->hasAttr(dynamicQuantizeAttrName) || !zeroPoint ||
      zeroPoint != getSource(source.getInputs()[2]))
    return refuse(op);
  return getNumbers(op.getInputs()[0]);
}

Value DynamicDequantizer::makeProduct(linalg::BatchMatmulOp op) {
  Value left = getNumbers(op.getInputs()[0]);
  Value right = getNumbers(op.getInputs()[1]);
  if (!left || !right)
    return nullptr;
  OpBuilder builder(op);
  Value zero = createZero(builder, op.getLoc());
  return tosa::MatMulOp::create(builder, op.getLoc(),
                                getFloatType(op.getResult(0)), left, right,
                                zero, zero);
}

/// One group, or one channel in each: the only kinds TOSA has.
Value DynamicDequantizer::makeConvolution(linalg::Conv2DNhwgcGfhwcOp op) {
  Value image = getNumbers(op.getInputs()[0]);
  Value weights = getNumbers(op.getInputs()[1]);
  if (!image || !weights)
    return nullptr;
  SmallVector<int64_t> in(getShape(image)), kernel(getShape(weights));
  SmallVector<int64_t> out(getShape(op.getResult(0)));
  int64_t groups = kernel[0], filters = kernel[1], channels = kernel[4];
  if (groups != 1 && channels != 1)
    return refuse(op);
  OpBuilder builder(op);
  Location location = op.getLoc();
  int64_t outputs = groups * filters;
  Value input = createReshape(builder, location, image,
                              {in[0], in[1], in[2], groups * channels});
  auto type = RankedTensorType::get({out[0], out[1], out[2], outputs},
                                    builder.getF32Type());
  Value zero = createZero(builder, location);
  Value bias = createConstant(
      builder, location, RankedTensorType::get(outputs, builder.getF32Type()),
      0.0f);
  auto steps = [&](DenseIntElementsAttr attribute) {
    return builder.getDenseI64ArrayAttr(
        llvm::to_vector(attribute.getValues<int64_t>()));
  };
  auto build = [&](auto kind, Value filter) -> Value {
    return decltype(kind)::create(
        builder, location, type, input, filter, bias, zero, zero,
        builder.getDenseI64ArrayAttr({0, 0, 0, 0}), steps(op.getStrides()),
        steps(op.getDilations()), TypeAttr::get(builder.getF32Type()));
  };
  Value result;
  if (groups == 1) {
    Value filter = createReshape(builder, location, weights,
                                 ArrayRef(kernel).drop_front());
    result = build(tosa::Conv2DOp(), filter);
  } else {
    auto filterType = RankedTensorType::get(
        {kernel[2], kernel[3], groups, filters}, builder.getF32Type());
    Value flat = createReshape(builder, location, weights,
                               {groups, filters, kernel[2], kernel[3]});
    Value filter =
        tosa::TransposeOp::create(builder, location, filterType, flat,
                                  builder.getDenseI32ArrayAttr({2, 3, 0, 1}));
    result = build(tosa::DepthwiseConv2DOp(), filter);
  }
  return createReshape(builder, location, result, out);
}

Value DynamicDequantizer::makeNumbers(Operation *op) {
  if (op->hasAttr(dynamicQuantizeAttrName))
    return op->getOperand(0);
  if (isMove(op))
    return makeMove(op);
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<linalg::GenericOp>(
          [&](auto found) { return makeDifference(found); })
      .Case<linalg::BatchMatmulOp>(
          [&](auto found) { return makeProduct(found); })
      .Case<linalg::Conv2DNhwgcGfhwcOp>(
          [&](auto found) { return makeConvolution(found); })
      .Case<tosa::ConstOp>([&](tosa::ConstOp constant) -> Value {
        OpBuilder builder(constant);
        FailureOr<Tensor> integers =
            getTensor(constant.getValues(), [&] { return op->emitOpError(); });
        if (mlir::failed(integers)) {
          failed = true;
          return nullptr;
        }
        Tensor floats(integers->getShape(), ElementType::f32);
        for (auto [index, number] : llvm::enumerate(floats.data<float>()))
          number = static_cast<float>(integers->getAsDouble(index));
        return tosa::ConstOp::create(
            builder, op->getLoc(), getFloatType(constant),
            getElementsAttr(floats, builder.getContext()));
      })
      .Default([&](Operation *other) { return refuse(other); });
}

Value DynamicDequantizer::getNumbers(Value integers) {
  auto found = numbers.find(integers);
  if (found != numbers.end())
    return found->second;
  Operation *op = integers.getDefiningOp();
  Value result = op ? makeNumbers(op) : refuse(function);
  numbers[integers] = result;
  return result;
}

/// Refuses what reads a scale and is no product with it.
void DynamicDequantizer::checkScale(Value scale) {
  for (Operation *user : scale.getUsers()) {
    if (isMove(user))
      checkScale(user->getResult(0));
    else if (!isa<tosa::MulOp, linalg::GenericOp>(user))
      refuse(user);
  }
}

/// What read the scale reads 1.
void DynamicDequantizer::dropScales() {
  for (Operation &op : function.front()) {
    if (!op.hasAttr(dynamicQuantizeAttrName))
      continue;
    Value scale = op.getOperand(1);
    checkScale(scale);
    OpBuilder builder(scale.getContext());
    builder.setInsertionPointAfterValue(scale);
    auto type = cast<RankedTensorType>(scale.getType());
    Value one = createConstant(builder, op.getLoc(), type, 1.0f);
    scale.replaceAllUsesExcept(one, &op);
  }
}

/// Refuses what reads bytes, or their products, in another way than products
/// do; casts sums to the numbers that they are.
void DynamicDequantizer::replaceSums() {
  llvm::DenseSet<Value> integers;
  SmallVector<Operation *> casts;
  for (Operation &op : function.front()) {
    bool isRead = llvm::any_of(op.getOperands(), [&](Value operand) {
      return integers.contains(operand);
    });
    if (isRead && isa<arith::SIToFPOp>(op))
      casts.push_back(&op);
    else if (op.hasAttr(dynamicQuantizeAttrName) ||
             (isRead && (isMove(&op) || isa<linalg::LinalgOp>(op))))
      integers.insert_range(op.getResults());
    else if (isRead)
      refuse(&op);
  }
  for (Operation *cast : casts)
    if (Value number = getNumbers(cast->getOperand(0)))
      cast->getResult(0).replaceAllUsesWith(number);
}

LogicalResult DynamicDequantizer::run() {
  auto isDifference = [](Value value) {
    return isInteger(value, 32) && value.getDefiningOp<linalg::GenericOp>();
  };
  if (mlir::failed(foldConstants(isDifference)))
    return failure();
  replaceSums();
  dropScales();
  if (failed)
    return failure();
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.front())))
    if (isOpTriviallyDead(&op))
      op.erase();
  return foldConstants([](Value value) { return getElement(value).isF32(); });
}

LogicalResult tosatosnn::dequantizeDynamic(func::FuncOp function) {
  return DynamicDequantizer(function).run();
}
