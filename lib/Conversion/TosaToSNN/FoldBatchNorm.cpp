//===- FoldBatchNorm.cpp - fold constants per channel into weights --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks from each operation with weights along its only users, gathers scale
// and shift of what it passes, and writes both into weights and bias at once:
// however long the chain, a weight is rounded once.
//
//===----------------------------------------------------------------------===//

#include "GroupedConvolution.h"
#include "spikeformer/Conversion/TosaToSNN/Passes.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include "spikeformer/Support/TensorAttr.h"

namespace spikeformer {
#define GEN_PASS_DEF_TOSAFOLDBATCHNORMPASS
#include "spikeformer/Conversion/TosaToSNN/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

namespace {

/// y = scale * x + shift per channel, done by `ops` in this order.
struct Chain {
  SmallVector<double> scale, shift;
  SmallVector<Operation *> ops;
};

class Folder {
public:
  LogicalResult run(func::FuncOp function);

private:
  std::optional<Tensor> getConstant(Operation *op, Value value);
  std::optional<SmallVector<double>> getPerChannel(Operation *op, Value value,
                                                   int64_t channels);
  bool append(Chain &chain, Operation *op, Value input);
  Chain gather(Value value);

  template <typename ConvOp>
  void foldConvolution(ConvOp op);
  void foldGrouped(tosa::ConcatOp concat, const GroupedConvolution &grouped);
  void foldMatMul(tosa::MatMulOp op);
  template <typename ConvOp>
  bool setWeights(ConvOp op, ArrayRef<double> scale, ArrayRef<double> shift);

  bool failed = false;
};

} // namespace

static ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// The float32 data of a constant; none for anything else.
std::optional<Tensor> Folder::getConstant(Operation *op, Value value) {
  ElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) ||
      !elements.getElementType().isF32())
    return std::nullopt;
  FailureOr<Tensor> tensor =
      getTensor(elements, [&] { return op->emitOpError(); });
  failed |= mlir::failed(tensor);
  return mlir::failed(tensor) ? std::nullopt : std::optional<Tensor>(*tensor);
}

/// A constant with one number per channel, or one in all.
std::optional<SmallVector<double>>
Folder::getPerChannel(Operation *op, Value value, int64_t channels) {
  std::optional<Tensor> tensor = getConstant(op, value);
  if (!tensor)
    return std::nullopt;
  int64_t count = tensor->getNumElements();
  if (count != 1 && (count != channels || tensor->getShape().back() != count))
    return std::nullopt;
  SmallVector<double> numbers;
  for (int64_t channel = 0; channel < channels; ++channel)
    numbers.push_back(tensor->getAsDouble(count == 1 ? 0 : channel));
  return numbers;
}

/// Adds what `op` does to `input`; false if it is not affine per channel.
bool Folder::append(Chain &chain, Operation *op, Value input) {
  if (!isa<tosa::MulOp, tosa::AddOp, tosa::SubOp>(op) ||
      op->getResult(0).getType() != input.getType())
    return false;
  bool isFirst = op->getOperand(0) == input;
  std::optional<SmallVector<double>> numbers =
      getPerChannel(op, op->getOperand(isFirst), chain.scale.size());
  if (!numbers)
    return false;
  bool negatesInput = isa<tosa::SubOp>(op) && !isFirst;
  bool negatesConstant = isa<tosa::SubOp>(op) && isFirst;
  for (auto [scale, shift, number] :
       llvm::zip_equal(chain.scale, chain.shift, *numbers)) {
    if (isa<tosa::MulOp>(op)) {
      scale *= number;
      shift *= number;
      continue;
    }
    scale = negatesInput ? -scale : scale;
    shift =
        (negatesInput ? -shift : shift) + (negatesConstant ? -number : number);
  }
  chain.ops.push_back(op);
  return true;
}

/// The affine operations behind `value`, whose last axis is the channels.
Chain Folder::gather(Value value) {
  int64_t channels = getShape(value).back();
  Chain chain{
      SmallVector<double>(channels, 1), SmallVector<double>(channels, 0), {}};
  while (value.hasOneUse()) {
    Operation *user = *value.user_begin();
    bool reshapes = isa<tosa::ReshapeOp>(user) &&
                    getShape(user->getResult(0)).size() > 0 &&
                    getShape(user->getResult(0)).back() == channels;
    if (!reshapes && !append(chain, user, value))
      break;
    value = user->getResult(0);
  }
  return chain;
}

static void eraseIfDead(Value value) {
  Operation *op = value.getDefiningOp();
  if (op && isOpTriviallyDead(op))
    op->erase();
}

/// Replaces `op` and erases it and the constants that only it used.
static void replaceOp(Operation *op, Value value) {
  SmallVector<Value> operands(op->getOperands());
  op->getResult(0).replaceAllUsesWith(value);
  op->erase();
  for (Value operand : operands)
    if (operand != value)
      eraseIfDead(operand);
}

/// The operand of a chain's operation that is no constant.
static Value getInput(Operation *op) {
  return op->getOperand(matchPattern(op->getOperand(0), m_Constant()) ? 1 : 0);
}

/// A constant behind `old`.
static Value createConstant(Value old, Location location,
                            const Tensor &tensor) {
  OpBuilder builder(old.getContext());
  builder.setInsertionPointAfterValue(old);
  ElementsAttr elements = getElementsAttr(tensor, builder.getContext());
  return tosa::ConstOp::create(builder, location, elements.getShapedType(),
                               elements);
}

static Tensor toTensor(ArrayRef<int64_t> shape, ArrayRef<double> numbers) {
  Tensor tensor(shape, ElementType::f32);
  llvm::transform(numbers, tensor.data<float>().begin(),
                  [](double number) { return static_cast<float>(number); });
  return tensor;
}

/// `weights` times the scale of each output. Outputs are the leading axis or
/// what is left at the end.
static Tensor scaleWeights(const Tensor &weights, ArrayRef<double> scale,
                           bool outputsLead) {
  Tensor result(weights.getShape(), ElementType::f32);
  ArrayRef<float> from = weights.data<float>();
  float *to = result.data<float>().data();
  size_t outputs = scale.size(), inner = from.size() / outputs;
  // The two loops that give `to` in its order.
  size_t rows = outputsLead ? outputs : inner;
  size_t columns = outputsLead ? inner : outputs;
  for (size_t row = 0, index = 0; row < rows; ++row)
    for (size_t column = 0; column < columns; ++column, ++index)
      to[index] =
          static_cast<float>(from[index] * scale[outputsLead ? row : column]);
  return result;
}

/// Gives a convolution weights times `scale` and bias times `scale` plus
/// `shift`; false if they are no constants.
template <typename ConvOp>
bool Folder::setWeights(ConvOp op, ArrayRef<double> scale,
                        ArrayRef<double> shift) {
  std::optional<Tensor> weights = getConstant(op, op.getWeight());
  std::optional<Tensor> bias = getConstant(op, op.getBias());
  if (!weights || !bias)
    return false;
  SmallVector<double> biases;
  for (auto [index, factor] : llvm::enumerate(scale))
    biases.push_back(
        bias->getAsDouble(bias->getNumElements() == 1 ? 0 : index) * factor +
        shift[index]);
  Value old[] = {op.getWeight(), op.getBias()};
  bool outputsLead = std::is_same_v<ConvOp, tosa::Conv2DOp>;
  op.getWeightMutable().assign(createConstant(
      old[0], old[0].getLoc(), scaleWeights(*weights, scale, outputsLead)));
  op.getBiasMutable().assign(
      createConstant(old[1], old[1].getLoc(),
                     toTensor(static_cast<int64_t>(biases.size()), biases)));
  for (Value value : old)
    eraseIfDead(value);
  return true;
}

template <typename ConvOp>
void Folder::foldConvolution(ConvOp op) {
  Chain chain = gather(op);
  if (chain.ops.empty() || !setWeights(op, chain.scale, chain.shift))
    return;
  for (Operation *done : chain.ops)
    replaceOp(done, getInput(done));
}

void Folder::foldGrouped(tosa::ConcatOp concat,
                         const GroupedConvolution &grouped) {
  Chain chain = gather(concat);
  if (chain.ops.empty())
    return;
  for (tosa::Conv2DOp conv : grouped.groups)
    if (!getConstant(conv, conv.getWeight()) ||
        !getConstant(conv, conv.getBias()))
      return;
  size_t channels = chain.scale.size() / grouped.groups.size();
  for (auto [index, conv] : llvm::enumerate(grouped.groups))
    setWeights(conv, ArrayRef(chain.scale).slice(index * channels, channels),
               ArrayRef(chain.shift).slice(index * channels, channels));
  for (Operation *done : chain.ops)
    replaceOp(done, getInput(done));
}

/// A matrix product has no bias of its own: the last operation becomes it.
void Folder::foldMatMul(tosa::MatMulOp op) {
  Chain chain = gather(op);
  std::optional<Tensor> weights = getConstant(op, op.getB());
  bool isNormal = chain.ops.empty() ||
                  (chain.ops.size() == 1 && isa<tosa::AddOp>(chain.ops[0]));
  if (isNormal || !weights || getShape(op.getB())[0] != 1)
    return;
  // The last operation becomes the sum, in its place and at the first's
  // location.
  Operation *last = chain.ops.back();
  Value old = op.getB();
  Location location = chain.ops.front()->getLoc();
  SmallVector<int64_t> shape(getShape(last->getResult(0)).size(), 1);
  shape.back() = chain.shift.size();
  Value bias = createConstant(old, location, toTensor(shape, chain.shift));
  OpBuilder builder(last);
  Value sum = tosa::AddOp::create(
      builder, location, last->getResult(0).getType(), getInput(last), bias);
  replaceOp(last, sum);
  for (Operation *done : ArrayRef(chain.ops).drop_back())
    replaceOp(done, getInput(done));
  if (llvm::all_of(chain.scale, [](double factor) { return factor == 1; }))
    return;
  op.getBMutable().assign(createConstant(
      old, old.getLoc(), scaleWeights(*weights, chain.scale, false)));
  eraseIfDead(old);
}

LogicalResult Folder::run(func::FuncOp function) {
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) {
    if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp, tosa::MatMulOp,
            tosa::ConcatOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    if (auto conv = dyn_cast<tosa::Conv2DOp>(op))
      foldConvolution(conv);
    else if (auto depthwise = dyn_cast<tosa::DepthwiseConv2DOp>(op))
      foldConvolution(depthwise);
    else if (auto matmul = dyn_cast<tosa::MatMulOp>(op))
      foldMatMul(matmul);
    else if (auto grouped = matchGroupedConvolution(cast<tosa::ConcatOp>(op)))
      foldGrouped(cast<tosa::ConcatOp>(op), *grouped);
  }
  return success(!failed);
}

LogicalResult spikeformer::foldBatchNorm(func::FuncOp function) {
  return Folder().run(function);
}

namespace {
struct TosaFoldBatchNormPass
    : spikeformer::impl::TosaFoldBatchNormPassBase<TosaFoldBatchNormPass> {
  using Base::Base;

  void runOnOperation() override {
    if (failed(foldBatchNorm(getOperation())))
      signalPassFailure();
  }
};
} // namespace
