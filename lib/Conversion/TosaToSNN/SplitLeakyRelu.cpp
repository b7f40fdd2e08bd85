//===- SplitLeakyRelu.cpp - activations with a slope below 0 --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x where it is positive, else a x, is relu(x) - a relu(-x): two populations of
// which one sends nothing while the other does. Their sum is no signal, so what
// is linear behind it is done to each of them, and the results are added. In
// float32 both forms give the same numbers up to the sum of a product.
//
//===----------------------------------------------------------------------===//

#include "Activation.h"
#include "GroupedConvolution.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Matchers.h"
#include "spikeformer/Conversion/TosaToSNN/Passes.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include <limits>

namespace spikeformer {
#define GEN_PASS_DEF_TOSASPLITLEAKYRELUPASS
#include "spikeformer/Conversion/TosaToSNN/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

namespace {

/// x where it is positive, else `slopes` times x.
struct Leaky {
  Value input;
  DenseElementsAttr slopes;
};

/// Two signals whose sum is a value.
struct Halves {
  Value positive, negative;
};

class Splitter {
public:
  explicit Splitter(func::FuncOp function) : function(function) {}
  void run();

private:
  void findLeaky();
  void split(Operation *op, const Leaky &leaky);
  void visit(Operation *op);
  Halves cloneEach(Operation *op, llvm::function_ref<bool(Value)> isPart);
  void addUp(Operation *op, Halves parts);
  void addOperands(Operation *op);

  func::FuncOp function;
  /// Behind the first weights and in front of the last.
  SmallVector<Operation *> found;
  /// By the value whose sum they are.
  llvm::DenseMap<Value, Halves> halves;
  /// Of such halves, where something else needs it.
  llvm::DenseMap<Value, Value> sums;
};

} // namespace

static bool hasWeights(Operation *op) {
  return isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp, tosa::MatMulOp>(op);
}

/// The constant factors of `value` if it is `input` times such.
static DenseElementsAttr matchSlopes(Value value, Value input) {
  auto product = value.getDefiningOp<tosa::MulOp>();
  DenseElementsAttr slopes;
  if (!product || product.getType() != input.getType())
    return nullptr;
  Value a = product.getInput1(), b = product.getInput2();
  if (a != input)
    std::swap(a, b);
  if (a != input || !matchPattern(b, m_Constant(&slopes)) ||
      !slopes.getElementType().isF32())
    return nullptr;
  return slopes;
}

static bool isWithin(DenseElementsAttr slopes, float low, float high) {
  return llvm::all_of(slopes.getValues<float>(), [&](float slope) {
    return slope >= low && slope <= high;
  });
}

/// The two forms that there are: a maximum, or for any slope a choice.
static std::optional<Leaky> matchLeaky(Operation *op) {
  if (auto maximum = dyn_cast<tosa::MaximumOp>(op)) {
    for (unsigned index : {0, 1}) {
      Value input = op->getOperand(index);
      DenseElementsAttr slopes = matchSlopes(op->getOperand(1 - index), input);
      if (slopes && isWithin(slopes, 0, 1))
        return Leaky{input, slopes};
    }
    return std::nullopt;
  }
  auto select = dyn_cast<tosa::SelectOp>(op);
  if (!select)
    return std::nullopt;
  Value input = select.getInput2();
  Operation *compare = select.getInput1().getDefiningOp();
  if (!isa_and_nonnull<tosa::GreaterEqualOp, tosa::GreaterOp>(compare) ||
      compare->getOperand(0) != input ||
      !matchPattern(compare->getOperand(1), m_AnyZeroFloat()))
    return std::nullopt;
  DenseElementsAttr slopes = matchSlopes(select.getInput3(), input);
  return slopes ? std::optional<Leaky>({input, slopes}) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

static Value createProduct(OpBuilder &builder, Location location, Value value,
                           DenseElementsAttr factors) {
  auto shiftType = RankedTensorType::get(1, builder.getI8Type());
  Value constant =
      tosa::ConstOp::create(builder, location, factors.getType(), factors);
  Value shift = tosa::ConstOp::create(
      builder, location, shiftType,
      DenseElementsAttr::get(shiftType, static_cast<int8_t>(0)));
  return tosa::MulOp::create(builder, location, value.getType(), value,
                             constant, shift);
}

static Value createActivation(OpBuilder &builder, Location location,
                              Value value) {
  auto clamp = tosa::ClampOp::create(
      builder, location, value.getType(), value, builder.getF32FloatAttr(0),
      builder.getF32FloatAttr(std::numeric_limits<float>::max()));
  clamp->setAttr(activationPartAttrName, builder.getUnitAttr());
  return clamp;
}

/// The name of a part of node "n" is "n.part".
static Location getPartLoc(Operation *op, StringRef part) {
  auto name = dyn_cast<NameLoc>(op->getLoc());
  if (!name)
    return op->getLoc();
  return NameLoc::get(
      StringAttr::get(op->getContext(), name.getName().getValue() + part),
      name.getChildLoc());
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

void Splitter::findLeaky() {
  llvm::DenseSet<Value> behind, before;
  auto isBehind = [&](Value value) { return behind.contains(value); };
  auto isBefore = [&](Value value) { return before.contains(value); };
  for (Operation &op : function.front())
    if (hasWeights(&op) || llvm::any_of(op.getOperands(), isBehind))
      behind.insert_range(op.getResults());
  for (Operation &op : llvm::reverse(function.front()))
    if (hasWeights(&op) || llvm::any_of(op.getResults(), isBefore))
      before.insert_range(op.getOperands());
  for (Operation &op : function.front()) {
    std::optional<Leaky> leaky = matchLeaky(&op);
    if (leaky && isBehind(leaky->input) && isBefore(op.getResult(0)))
      found.push_back(&op);
  }
}

/// The maximum pool that alone reads `op`, if it gives the same in front of it:
/// the activation never falls and is one for each channel.
static tosa::MaxPool2dOp findPool(Operation *op, const Leaky &leaky) {
  if (!op->hasOneUse())
    return nullptr;
  auto pool = dyn_cast<tosa::MaxPool2dOp>(*op->user_begin());
  int64_t count = leaky.slopes.getNumElements();
  bool commutes = count == leaky.slopes.getType().getShape().back() &&
                  isWithin(leaky.slopes, 0, std::numeric_limits<float>::max());
  return commutes ? pool : nullptr;
}

void Splitter::split(Operation *op, const Leaky &leaky) {
  Value input = leaky.input, result = op->getResult(0);
  OpBuilder builder(op);
  if (tosa::MaxPool2dOp pool = findPool(op, leaky)) {
    builder.setInsertionPoint(pool);
    Operation *pooled = builder.clone(*pool);
    pooled->setOperand(0, input);
    input = pooled->getResult(0);
    result = pool;
  }
  Location location = op->getLoc();
  auto oneType = RankedTensorType::get(
      SmallVector<int64_t>(leaky.slopes.getType().getRank(), 1),
      builder.getF32Type());
  Value mirrored = createProduct(builder, location, input,
                                 DenseElementsAttr::get(oneType, -1.0f));
  SmallVector<float> factors;
  for (float slope : leaky.slopes.getValues<float>())
    factors.push_back(-slope);
  Value positive =
      createActivation(builder, getPartLoc(op, ".positive"), input);
  Value below =
      createActivation(builder, getPartLoc(op, ".negative"), mirrored);
  halves[result] = {positive,
                    createProduct(builder, location, below,
                                  DenseElementsAttr::get(leaky.slopes.getType(),
                                                         ArrayRef(factors)))};
}

/// `op` on the positive and on the negative halves of those of its operands
/// that `isPart` names. A bias is added once.
Halves Splitter::cloneEach(Operation *op,
                           llvm::function_ref<bool(Value)> isPart) {
  OpBuilder builder(op);
  Operation *positive = builder.clone(*op);
  Operation *negative = builder.clone(*op);
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    if (!isPart(operand))
      continue;
    positive->setOperand(index, halves[operand].positive);
    negative->setOperand(index, halves[operand].negative);
  }
  if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(op)) {
    builder.setInsertionPoint(negative);
    auto type = cast<RankedTensorType>(op->getOperand(2).getType());
    negative->setOperand(
        2, tosa::ConstOp::create(builder, op->getLoc(), type,
                                 DenseElementsAttr::get(type, 0.0f)));
  }
  return {positive->getResult(0), negative->getResult(0)};
}

/// What read the result of `op` reads the sum of `parts`.
void Splitter::addUp(Operation *op, Halves parts) {
  OpBuilder builder(op);
  Value result = op->getResult(0);
  Value sum = tosa::AddOp::create(builder, op->getLoc(), result.getType(),
                                  parts.positive, parts.negative);
  result.replaceAllUsesWith(sum);
}

/// Gives `op` the sums of its operands that are halves.
void Splitter::addOperands(Operation *op) {
  for (OpOperand &operand : op->getOpOperands()) {
    auto parts = halves.find(operand.get());
    if (parts == halves.end())
      continue;
    Value &sum = sums[operand.get()];
    if (!sum) {
      Operation *owner = operand.get().getDefiningOp();
      OpBuilder builder(owner);
      sum =
          tosa::AddOp::create(builder, owner->getLoc(), operand.get().getType(),
                              parts->second.positive, parts->second.negative);
    }
    operand.set(sum);
  }
}

/// Whether `op` of a sum of its first operand is the sum of what it makes of
/// the summands.
static bool isLinear(Operation *op) {
  if (auto pad = dyn_cast<tosa::PadOp>(op))
    return matchPattern(pad.getPadConst(), m_AnyZeroFloat());
  return isa<tosa::ReshapeOp, tosa::TransposeOp, tosa::SliceOp,
             tosa::IdentityOp, tosa::AvgPool2dOp>(op) ||
         hasWeights(op);
}

void Splitter::visit(Operation *op) {
  auto isPart = [&](Value value) { return halves.contains(value); };
  unsigned count = llvm::count_if(op->getOperands(), isPart);
  if (count == 0)
    return;
  bool joins = isa<tosa::ConcatOp>(op) && count == op->getNumOperands();
  bool scales = isa<tosa::MulOp>(op) && count == 1 &&
                llvm::any_of(op->getOperands().take_front(2), [](Value value) {
                  return matchPattern(value, m_Constant());
                });
  bool isSingle = count == 1 && isPart(op->getOperand(0)) && isLinear(op);
  if (!joins && !scales && !isSingle)
    return addOperands(op);
  Halves parts = cloneEach(op, isPart);
  // A grouped convolution is whole at its concatenation.
  bool isGroup = op->hasAttr(groupedAttrName);
  if (hasWeights(op) ? !isGroup : joins && isGroup)
    addUp(op, parts);
  else
    halves[op->getResult(0)] = parts;
}

void Splitter::run() {
  findLeaky();
  if (found.empty())
    return;
  SmallVector<Operation *> ops =
      llvm::map_to_vector(function.front(), [](Operation &op) { return &op; });
  for (Operation *op : ops) {
    if (llvm::is_contained(found, op))
      split(op, *matchLeaky(op));
    else if (op->getNumResults() != 1 || !halves.contains(op->getResult(0)))
      visit(op);
  }
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.front())))
    if (isOpTriviallyDead(&op))
      op.erase();
}

void spikeformer::splitLeakyRelu(func::FuncOp function) {
  if (function.getBody().hasOneBlock())
    Splitter(function).run();
}

namespace {
struct TosaSplitLeakyReluPass
    : spikeformer::impl::TosaSplitLeakyReluPassBase<TosaSplitLeakyReluPass> {
  using Base::Base;

  void runOnOperation() override { splitLeakyRelu(getOperation()); }
};
} // namespace
