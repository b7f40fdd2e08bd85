//===- ArrangeMaxPools.cpp - the place of maximum pools -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A maximum and an activation that never falls change places without changing a
// number. Thresholds stay with the activation, so they must be such that a pool
// leaves them alone: one, or one per channel.
//
//===----------------------------------------------------------------------===//

#include "Activation.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <limits>

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

static constexpr StringRef choiceNames[] = {"refuse", "gate", "winner",
                                            "current", "average"};

ArrayRef<StringRef> spikeformer::getMaxPoolNames() { return choiceNames; }

std::optional<MaxPool> spikeformer::parseMaxPool(StringRef name) {
  const StringRef *found = llvm::find(choiceNames, name);
  if (found == std::end(choiceNames))
    return std::nullopt;
  return static_cast<MaxPool>(found - std::begin(choiceNames));
}

static RankedTensorType getType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

//===----------------------------------------------------------------------===//
// One kind of pool
//===----------------------------------------------------------------------===//

/// The maximum over the rows or columns of an image as a pool; over both in
/// turn it becomes one pool.
static void replaceReduction(Operation *reduction) {
  auto op = dyn_cast<tosa::ReduceMaxOp>(reduction);
  if (!op)
    return;
  Value input = op.getInput();
  ArrayRef<int64_t> shape = getType(input).getShape();
  if (shape.size() != 4 || (op.getAxis() != 1 && op.getAxis() != 2))
    return;
  int64_t kernel[] = {1, 1};
  kernel[op.getAxis() - 1] = shape[op.getAxis()];
  auto before = input.getDefiningOp<tosa::MaxPool2dOp>();
  int64_t other = 2 - op.getAxis();
  if (before && before->hasOneUse() && shape[other + 1] == 1 &&
      before.getKernel()[1 - other] == 1) {
    kernel[other] = before.getKernel()[other];
    input = before.getInput();
  }
  OpBuilder builder(op);
  auto pool =
      tosa::MaxPool2dOp::create(builder, op.getLoc(), op.getType(), input,
                                builder.getDenseI64ArrayAttr(kernel),
                                builder.getDenseI64ArrayAttr({1, 1}),
                                builder.getDenseI64ArrayAttr({0, 0, 0, 0}));
  op.replaceAllUsesWith(pool.getResult());
  op.erase();
  if (before && before.use_empty())
    before.erase();
}

//===----------------------------------------------------------------------===//
// Changing places
//===----------------------------------------------------------------------===//

/// Whether the attributes of an activation say the same of a pooled image.
static bool fitsPool(Operation *activation) {
  if (getType(activation->getResult(0)).getRank() != 4)
    return false;
  return llvm::all_of(activation->getDiscardableAttrs(), [](NamedAttribute a) {
    auto elements = dyn_cast<ElementsAttr>(a.getValue());
    if (!elements)
      return true;
    ArrayRef<int64_t> shape = elements.getShapedType().getShape();
    return shape.size() == 4 && shape[1] == 1 && shape[2] == 1;
  });
}

/// The activation of `like` on `input`, whose zero operand has no shape that
/// could be wrong.
static Value buildActivation(OpBuilder &builder, Location location,
                             Operation *like, Value input) {
  double upper = matchActivation(like)->upper;
  double bound = std::min<double>(upper, std::numeric_limits<float>::max());
  auto clamp = tosa::ClampOp::create(builder, location, input.getType(), input,
                                     builder.getF32FloatAttr(0),
                                     builder.getF32FloatAttr(bound));
  clamp->setDiscardableAttrs(like->getDiscardableAttrDictionary());
  return clamp;
}

/// max_pool(relu(x)), also of a part of relu(x) or with zeros around it,
/// becomes relu(max_pool(x)).
static void moveBeforeActivation(Operation *op) {
  auto pool = dyn_cast<tosa::MaxPool2dOp>(op);
  if (!pool)
    return;
  SmallVector<Operation *> moves;
  Operation *source = pool.getInput().getDefiningOp();
  while (
      isa_and_nonnull<tosa::SliceOp, tosa::PadOp, tosa::IdentityOp>(source)) {
    auto pad = dyn_cast<tosa::PadOp>(source);
    if (pad && !matchPattern(pad.getPadConst(), m_AnyZeroFloat()))
      return;
    moves.push_back(source);
    source = source->getOperand(0).getDefiningOp();
  }
  if (!source || !matchActivation(source) || !fitsPool(source))
    return;
  OpBuilder builder(pool);
  Value value = matchActivation(source)->input;
  for (Operation *move : llvm::reverse(moves)) {
    IRMapping mapping;
    mapping.map(move->getOperand(0), value);
    value = builder.clone(*move, mapping)->getResult(0);
  }
  IRMapping mapping;
  mapping.map(pool.getInput(), value);
  Value moved = builder.clone(*pool, mapping)->getResult(0);
  pool.replaceAllUsesWith(
      buildActivation(builder, pool.getLoc(), source, moved));
  pool.erase();
  for (Operation *move : moves)
    if (move->use_empty())
      move->erase();
  if (source->use_empty())
    source->erase();
}

/// The location without the name of its node.
static Location dropName(Location location) {
  auto name = dyn_cast<NameLoc>(location);
  return name ? Location(name.getChildLoc()) : location;
}

/// relu(max_pool(x)) becomes max_pool(relu(x)). The pool now gives what the
/// node of the activation gave, and takes its name.
static void moveBehindActivation(Operation *op) {
  std::optional<Activation> activation = matchActivation(op);
  auto pool = activation ? activation->input.getDefiningOp<tosa::MaxPool2dOp>()
                         : nullptr;
  if (!pool || !pool->hasOneUse() || !fitsPool(op))
    return;
  OpBuilder builder(op);
  Value active =
      buildActivation(builder, dropName(pool.getLoc()), op, pool.getInput());
  IRMapping mapping;
  mapping.map(pool.getInput(), active);
  Operation *moved = builder.clone(*pool, mapping);
  moved->setLoc(op->getLoc());
  op->getResult(0).replaceAllUsesWith(moved->getResult(0));
  op->erase();
  pool.erase();
  moveBehindActivation(active.getDefiningOp());
}

//===----------------------------------------------------------------------===//
// Averages
//===----------------------------------------------------------------------===//

static Value buildFloats(OpBuilder &builder, Location location, float number) {
  auto type = RankedTensorType::get(1, builder.getF32Type());
  return tosa::ConstOp::create(builder, location, type,
                               DenseElementsAttr::get(type, number));
}

/// Zeros around the image count, so that all windows have one divisor.
static Operation *replaceByAverage(tosa::MaxPool2dOp pool) {
  pool.emitRemark("a maximum over ")
      << pool.getKernel()[0] << "x" << pool.getKernel()[1]
      << " becomes an average, as max-pool=average asks; the float network "
         "was not trained with it";
  OpBuilder builder(pool);
  Value input = pool.getInput();
  Value zero = buildFloats(builder, pool.getLoc(), 0);
  ArrayRef<int64_t> pad = pool.getPad();
  if (llvm::any_of(pad, [](int64_t side) { return side != 0; })) {
    SmallVector<int64_t> shape(getType(input).getShape());
    shape[1] += pad[0] + pad[1];
    shape[2] += pad[2] + pad[3];
    auto sides = tosa::ConstShapeOp::create(
        builder, pool.getLoc(), tosa::shapeType::get(pool.getContext(), 8),
        builder.getIndexTensorAttr(
            {0, 0, pad[0], pad[1], pad[2], pad[3], 0, 0}));
    input = tosa::PadOp::create(
        builder, pool.getLoc(),
        RankedTensorType::get(shape, builder.getF32Type()), input, sides, zero);
  }
  auto average = tosa::AvgPool2dOp::create(
      builder, pool.getLoc(), pool.getType(), input, zero, zero,
      pool.getKernelAttr(), pool.getStrideAttr(),
      builder.getDenseI64ArrayAttr({0, 0, 0, 0}),
      TypeAttr::get(builder.getF32Type()));
  pool.replaceAllUsesWith(average.getResult());
  pool.erase();
  return average;
}

/// All maximum pools but those of the inputs alone, which stay in front of the
/// network.
static void replaceByAverages(Block &block) {
  llvm::SmallPtrSet<Operation *, 16> inside;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    auto isInside = [&](Value operand) {
      return inside.contains(operand.getDefiningOp());
    };
    if (!isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp, tosa::MatMulOp>(op) &&
        !llvm::any_of(op.getOperands(), isInside))
      continue;
    auto pool = dyn_cast<tosa::MaxPool2dOp>(op);
    inside.insert(pool ? replaceByAverage(pool) : &op);
  }
}

void spikeformer::arrangeMaxPools(func::FuncOp function, MaxPool choice) {
  if (choice == MaxPool::Refuse || !function.getBody().hasOneBlock())
    return;
  auto forEach = [&](auto rewrite) {
    for (Operation &op : llvm::make_early_inc_range(function.front()))
      rewrite(&op);
  };
  forEach(replaceReduction);
  forEach(choice == MaxPool::Current ? moveBeforeActivation
                                     : moveBehindActivation);
  if (choice == MaxPool::Average)
    replaceByAverages(function.front());
}
