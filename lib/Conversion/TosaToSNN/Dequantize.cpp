//===- Dequantize.cpp - a float network of a quantised one ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Neurons count, which rounds already: of a cast to integers and back only its
// range matters, and of that only what an activation does. Exporters merge a
// ReLU into the cast behind it, so a range from 0 is where it has to come back.
//
//===----------------------------------------------------------------------===//

#include "Activation.h"
#include "DequantizeDynamic.h"
#include "EvaluateConstants.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "spikeformer/Conversion/TosaToSNN/Passes.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include "llvm/ADT/TypeSwitch.h"

namespace spikeformer {
#define GEN_PASS_DEF_TOSADEQUANTIZEPASS
#include "spikeformer/Conversion/TosaToSNN/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

namespace {

class Dequantizer {
public:
  explicit Dequantizer(func::FuncOp function) : function(function) {}
  LogicalResult run();

private:
  LogicalResult foldConstants();
  void findOutside();
  void replaceQuantize(quant::QuantizeCastOp op);
  void replaceStorage(quant::StorageCastOp op);
  void replaceMove(Operation *op);
  void replace(Operation *op);

  func::FuncOp function;
  /// Computed of constants, or of the inputs before the first weights.
  llvm::DenseSet<Value> constant, outside;
  /// Quantised values, and the integers that store them, as float32.
  llvm::DenseMap<Value, Value> real;
  /// What the integers of such a value stand for.
  llvm::DenseMap<Value, Type> quantized;
  bool failed = false;
};

/// The numbers that integers of a type can stand for.
struct Range {
  double low, high;
};

} // namespace

static bool isCast(Operation *op) {
  return isa<quant::QuantizeCastOp, quant::DequantizeCastOp,
             quant::StorageCastOp>(op);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Weights, stored as integers, become numbers.
LogicalResult Dequantizer::foldConstants() {
  SmallVector<Value> numbers;
  for (Operation &op : function.front()) {
    auto isKnown = [&](Value value) { return constant.contains(value); };
    if (!isMemoryEffectFree(&op) || op.getNumRegions() != 0 ||
        !llvm::all_of(op.getOperands(), isKnown))
      continue;
    constant.insert_range(op.getResults());
    if (isa<quant::DequantizeCastOp>(op))
      numbers.push_back(op.getResult(0));
  }
  if (numbers.empty())
    return success();
  if (mlir::failed(evaluateConstants(function, numbers)))
    return failure();
  // What replaced them is as constant as they were.
  for (Operation &op : function.front())
    if (isa<tosa::ConstOp>(op))
      constant.insert(op.getResult(0));
  return success();
}

//===----------------------------------------------------------------------===//
// What comes before the network
//===----------------------------------------------------------------------===//

/// What is computed of the inputs alone stays as it is, integers as well.
void Dequantizer::findOutside() {
  outside.insert_range(function.getArguments());
  for (Operation &op : function.front()) {
    auto isBefore = [&](Value value) {
      return outside.contains(value) || constant.contains(value);
    };
    bool hasWeights =
        isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp, tosa::MatMulOp>(op);
    if (!hasWeights && llvm::all_of(op.getOperands(), isBefore))
      outside.insert_range(op.getResults());
  }
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

/// The widest range of a channel.
static std::optional<Range> getRange(Type type) {
  auto element = dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(type));
  if (!element)
    return std::nullopt;
  double min = static_cast<double>(element.getStorageTypeMin());
  double max = static_cast<double>(element.getStorageTypeMax());
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    auto zero = static_cast<double>(uniform.getZeroPoint());
    return Range{uniform.getScale() * (min - zero),
                 uniform.getScale() * (max - zero)};
  }
  auto uniform = dyn_cast<quant::UniformQuantizedPerAxisType>(element);
  if (!uniform)
    return std::nullopt;
  Range range{0, 0};
  for (auto [scale, point] :
       llvm::zip_equal(uniform.getScales(), uniform.getZeroPoints())) {
    auto zero = static_cast<double>(point);
    range.low = std::min(range.low, scale * (min - zero));
    range.high = std::max(range.high, scale * (max - zero));
  }
  return range;
}

/// An operation that gives elements of its first operand in another order.
static bool isMove(Operation *op) {
  return isa_and_nonnull<tosa::ReshapeOp, tosa::TransposeOp, tosa::SliceOp,
                         tosa::IdentityOp>(op);
}

/// Whether `value` is never negative, whatever the input.
static bool isNonNegative(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (matchActivation(op))
    return true;
  if (isMove(op) || isa<tosa::AvgPool2dOp, tosa::MaxPool2dOp>(op))
    return isNonNegative(op->getOperand(0));
  if (isa<tosa::ConcatOp, tosa::AddOp>(op))
    return llvm::all_of(op->getOperands(), isNonNegative);
  return isa<tosa::SigmoidOp, tosa::ExpOp, tosa::AbsOp>(op);
}

/// The activation that `value` comes from, if nothing else reads it.
static Operation *findActivation(Value value) {
  while (value.hasOneUse()) {
    Operation *op = value.getDefiningOp();
    if (!op || matchActivation(op))
      return op;
    if (!isMove(op))
      return nullptr;
    value = op->getOperand(0);
  }
  return nullptr;
}

static Value createClamp(OpBuilder &builder, Location location, Value input,
                         double high) {
  return tosa::ClampOp::create(
      builder, location, input.getType(), input, builder.getF32FloatAttr(0),
      builder.getF32FloatAttr(static_cast<float>(high)));
}

/// Lets the activation `op` end at `high` if it does not before.
static void bound(Operation *op, double high) {
  Activation activation = *matchActivation(op);
  if (activation.upper <= high)
    return;
  OpBuilder builder(op);
  Value clamp = createClamp(builder, op->getLoc(), activation.input, high);
  clamp.getDefiningOp()->setDiscardableAttrs(
      op->getDiscardableAttrDictionary());
  op->getResult(0).replaceAllUsesWith(clamp);
  op->erase();
}

/// The location of the float value that a cast is for: the name under which
/// others know it.
static Location getNumberLoc(quant::QuantizeCastOp op) {
  for (Operation *user : op->getUsers())
    if (isa<quant::DequantizeCastOp>(user))
      return user->getLoc();
  return op.getLoc();
}

/// Rounding vanishes. A range from 0 is an activation, or bounds the one before
/// it; any other range only says how large the value was on the samples that
/// chose it.
void Dequantizer::replaceQuantize(quant::QuantizeCastOp op) {
  Value input = op.getInput();
  std::optional<Range> range = getRange(op.getType());
  quantized[op] = getElementTypeOrSelf(op.getType());
  real[op] = input;
  if (!range || range->high <= 0)
    return;
  if (Operation *activation = findActivation(input)) {
    bound(activation, range->high);
    real[op] = op.getInput();
  } else if (range->low == 0 && !isNonNegative(input)) {
    OpBuilder builder(op);
    real[op] = createClamp(builder, getNumberLoc(op), input, range->high);
  }
}

//===----------------------------------------------------------------------===//
// Everything else that is quantised
//===----------------------------------------------------------------------===//

/// Quantised values and their integers are the same number here, as long as
/// nobody reads the integers in another scale.
void Dequantizer::replaceStorage(quant::StorageCastOp op) {
  Value number = real.lookup(op.getInput());
  Type element = quantized.lookup(op.getInput());
  Type own = getElementTypeOrSelf(op.getType());
  if (isa<quant::QuantizedType>(own) && own != element) {
    InFlightDiagnostic diagnostic = op.emitError()
                                    << "cannot dequantise the network: need "
                                       "integers that are read in the scale "
                                       "they were written in, "
                                    << element << ", have " << own;
    diagnostic.attachNote() << "export the model with a DequantizeLinear and a "
                               "QuantizeLinear where the scale changes";
    failed = true;
    return;
  }
  real[op] = number;
  quantized[op] = element;
}

/// A move of quantised elements moves the numbers.
void Dequantizer::replaceMove(Operation *op) {
  if (!isMove(op) && !isa<tosa::ConcatOp, tosa::MaxPool2dOp>(op)) {
    InFlightDiagnostic diagnostic =
        op->emitError()
        << "cannot dequantise the network: need operations on quantised values "
           "that move or compare them, have '"
        << op->getName() << "'";
    diagnostic.attachNote()
        << "export the model in QDQ form, or before it is quantised";
    failed = true;
    return;
  }
  OpBuilder builder(op);
  Operation *moved = builder.clone(*op);
  Value number;
  for (OpOperand &operand : moved->getOpOperands())
    if ((number = real.lookup(operand.get())))
      operand.set(number);
  Value result = op->getResult(0);
  auto type = cast<RankedTensorType>(result.getType());
  moved->getResult(0).setType(
      RankedTensorType::get(type.getShape(), builder.getF32Type()));
  real[result] = moved->getResult(0);
  for (Value operand : op->getOperands())
    if (Type element = quantized.lookup(operand))
      quantized[result] = element;
}

void Dequantizer::replace(Operation *op) {
  auto isReal = [&](Value value) { return real.contains(value); };
  if (auto quantize = dyn_cast<quant::QuantizeCastOp>(op)) {
    if (!outside.contains(quantize))
      replaceQuantize(quantize);
  } else if (!llvm::any_of(op->getOperands(), isReal)) {
    return;
  } else if (auto dequantize = dyn_cast<quant::DequantizeCastOp>(op)) {
    dequantize.replaceAllUsesWith(real.lookup(dequantize.getInput()));
  } else if (auto storage = dyn_cast<quant::StorageCastOp>(op)) {
    replaceStorage(storage);
  } else {
    replaceMove(op);
  }
}

LogicalResult Dequantizer::run() {
  bool isQuantized = false, isDynamic = false;
  function.walk([&](Operation *op) {
    isQuantized |= isCast(op);
    isDynamic |= op->hasAttr(dynamicQuantizeAttrName);
  });
  if (!isQuantized && !isDynamic)
    return success();
  if (!function.getBody().hasOneBlock())
    return function.emitError("cannot dequantise the network: need a function "
                              "of one block, have ")
           << function.getBody().getBlocks().size();
  if (isDynamic && mlir::failed(dequantizeDynamic(function)))
    return failure();
  if (mlir::failed(foldConstants()))
    return failure();
  findOutside();
  SmallVector<Operation *> ops =
      llvm::map_to_vector(function.front(), [](Operation &op) { return &op; });
  for (Operation *op : ops)
    replace(op);
  if (failed)
    return failure();
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.front())))
    if (isOpTriviallyDead(&op))
      op.erase();
  return success();
}

LogicalResult spikeformer::dequantize(func::FuncOp function) {
  return Dequantizer(function).run();
}

namespace {
struct TosaDequantizePass
    : spikeformer::impl::TosaDequantizePassBase<TosaDequantizePass> {
  using Base::Base;

  void runOnOperation() override {
    if (failed(dequantize(getOperation())))
      signalPassFailure();
  }
};
} // namespace
