//===- Activations.cpp - the activations of a float network ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Channels are found by walking back to a convolution, because importers and
// exporters put transposes and sums between it and its activation.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Conversion/TosaToSNN/Activations.h"
#include "Activation.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Conversion/TosaToSNN/TosaToSNN.h"
#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

//===----------------------------------------------------------------------===//
// Channels
//===----------------------------------------------------------------------===//

SmallVector<Operation *> spikeformer::findActivations(func::FuncOp function) {
  SmallVector<Operation *> result;
  for (Operation &op : function.front())
    if (matchActivation(&op))
      result.push_back(&op);
  return result;
}

std::optional<int64_t> spikeformer::getConvolutionAxis(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp, tosa::AvgPool2dOp,
          tosa::MaxPool2dOp>(op))
    return 3;
  if (auto transpose = dyn_cast<tosa::TransposeOp>(op)) {
    std::optional<int64_t> axis = getConvolutionAxis(transpose.getInput1());
    if (!axis)
      return std::nullopt;
    return llvm::find(transpose.getPerms(), *axis) -
           transpose.getPerms().begin();
  }
  if (!isa<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::ClampOp,
           tosa::MaximumOp, tosa::ConcatOp, tosa::FloorOp>(op))
    return std::nullopt;
  for (Value operand : op->getOperands())
    if (std::optional<int64_t> axis = getConvolutionAxis(operand))
      return axis;
  return std::nullopt;
}

/// Whether a convolution reads `value`, directly or through operations that
/// only move, sum or scale its elements.
static bool reachesConvolution(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    if (isa<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(user))
      return true;
    return isa<tosa::ReshapeOp, tosa::TransposeOp, tosa::IdentityOp,
               tosa::PadOp, tosa::SliceOp, tosa::ConcatOp, tosa::AvgPool2dOp,
               tosa::MaxPool2dOp, tosa::MulOp>(user) &&
           reachesConvolution(user->getResult(0));
  });
}

static ArrayRef<int64_t> getShape(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType()).getShape();
}

ActivationChannels::ActivationChannels(Operation *activation)
    : shape(getShape(activation).size(), 1) {
  ArrayRef<int64_t> extents = getShape(activation);
  std::optional<int64_t> axis = getConvolutionAxis(activation->getResult(0));
  bool isRow = llvm::all_of(extents.drop_back(),
                            [](int64_t extent) { return extent == 1; });
  if (!axis && isRow && !reachesConvolution(activation->getResult(0)))
    axis = extents.size() - 1;
  if (!axis)
    return;
  count = shape[*axis] = extents[*axis];
  for (int64_t extent : extents.drop_front(*axis + 1))
    inner *= extent;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

LogicalResult spikeformer::checkSamples(func::FuncOp function,
                                        ArrayRef<Tensor> samples) {
  if (samples.size() != function.getNumArguments())
    return function.emitError()
           << "calibration needs samples for " << function.getNumArguments()
           << " inputs, have " << samples.size();
  for (const Tensor &tensor : samples)
    if (tensor.getRank() == 0 || tensor.getShape().front() < 1 ||
        tensor.getShape().front() != samples.front().getShape().front())
      return function.emitError()
             << "calibration needs at least one sample, and as many for every "
                "input";
  return success();
}

FailureOr<SmallVector<Tensor>> spikeformer::runActivations(
    func::FuncOp function, ArrayRef<Operation *> observed,
    ArrayRef<Tensor> samples, unsigned threads, ActivationObserver observer) {
  TensorEvaluatorOptions options;
  options.threads = threads;
  FailureOr<TensorEvaluator> evaluator =
      TensorEvaluator::create(function, std::move(options));
  if (failed(evaluator))
    return failure();
  llvm::DenseMap<Value, size_t> numbers;
  for (auto [index, op] : llvm::enumerate(observed)) {
    if (failed(evaluator->observe(op->getResult(0))))
      return failure();
    numbers[op->getResult(0)] = index;
  }
  evaluator->setObserver([&](Value value, const Tensor &tensor) {
    observer(numbers.lookup(value), tensor);
  });
  return evaluator->run(samples);
}

//===----------------------------------------------------------------------===//
// Thresholds
//===----------------------------------------------------------------------===//

LogicalResult spikeformer::emitNeverActive(Operation *activation) {
  auto diagnostic = activation->emitOpError(
      "cannot be calibrated: need a sample on which it is active, have none");
  diagnostic.attachNote() << "calibrate on more or other samples";
  return diagnostic;
}

LogicalResult
spikeformer::setChannelThresholds(Operation *activation,
                                  const ActivationChannels &channels,
                                  ArrayRef<double> thresholds) {
  double largest = *llvm::max_element(thresholds);
  if (!(largest > 0))
    return emitNeverActive(activation);
  Tensor tensor(channels.shape, ElementType::f32);
  for (auto [to, from] : llvm::zip_equal(tensor.data<float>(), thresholds))
    to = static_cast<float>(from > 0 ? from : largest);
  activation->setAttr(thresholdAttrName,
                      getElementsAttr(tensor, activation->getContext()));
  return success();
}
