//===- ConvertTosaToSNN.cpp - make a spiking network of a TOSA function ---===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The walk: the meaning of every value in order, then the output population,
// then the function is made to simulate the network. What lies before the first
// weights stays in the function, and so does what follows the last.
//
//===----------------------------------------------------------------------===//

#include "Activation.h"
#include "Translator.h"
#include "spikeformer/Conversion/TosaToSNN/Passes.h"
#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

namespace spikeformer {
#define GEN_PASS_DEF_CONVERTTOSATOSNNPASS
#include "spikeformer/Conversion/TosaToSNN/Passes.h.inc"
} // namespace spikeformer

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

Translator::Translator(func::FuncOp function, const TosaToSNNOptions &options,
                       ConversionReport &report)
    : function(function), options(options), report(report),
      network(function, options) {}

double Translator::getSmallestChange() const {
  return std::ldexp(1.0, -static_cast<int>(options.deltaBits));
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

/// Whether `type` is a tensor of one sample.
static bool isSample(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() && tensor.getRank() > 0 &&
         tensor.getDimSize(0) == 1;
}

bool Translator::checkFunction() {
  if (options.timesteps < 1)
    refuse(function, "timesteps", "a number of steps from 1 on",
           Twine(options.timesteps), "give the number of steps, such as 32");
  if (options.deltaBits < 0 || options.deltaBits > 24)
    refuse(function, "delta_bits", "0 to 24 bits of a change",
           Twine(options.deltaBits), "give the number of bits, such as 8");
  if (options.levels < 1 || options.levels > maxLevels)
    refuse(function, "levels", "1 to " + Twine(maxLevels) + " levels",
           Twine(options.levels), "give the number of levels, such as 15");
  if (!function.getBody().hasOneBlock())
    refuse(function, "function", "a function of one block",
           Twine(function.getBody().getBlocks().size()),
           "convert the function that holds the network");
  if (function.getNumResults() != 1)
    refuse(function, "output", "one output", Twine(function.getNumResults()),
           "export the network with the output that is to be read");
  for (Type type : llvm::concat<const Type>(function.getArgumentTypes(),
                                            function.getResultTypes())) {
    if (isSample(type))
      continue;
    std::string text;
    llvm::raw_string_ostream(text) << type;
    refuse(function, "sample",
           "tensors of static shape whose leading extent is 1, the sample",
           text,
           "export the network with a batch of 1 or a dynamic batch axis");
  }
  return refused.empty();
}

void Translator::translate(Operation *op) {
  TypeSwitch<Operation *>(op)
      .Case<tosa::Conv2DOp, tosa::DepthwiseConv2DOp>(
          [&](auto) { translateConvolution(*this, op); })
      .Case([&](tosa::ConcatOp concat) { translateConcat(*this, concat); })
      .Case([&](tosa::MatMulOp matmul) { translateMatMul(*this, matmul); })
      .Case<tosa::AddOp, tosa::SubOp>([&](auto) { translateSum(*this, op); })
      .Case([&](tosa::MulOp mul) { translateProduct(*this, mul); })
      .Case<tosa::AvgPool2dOp, tosa::MaxPool2dOp>(
          [&](auto) { translatePool(*this, op); })
      .Case<tosa::ReshapeOp, tosa::TransposeOp, tosa::SliceOp, tosa::PadOp,
            tosa::IdentityOp>([&](auto) { translateShape(*this, op); })
      .Case<tosa::ClampOp, tosa::MaximumOp>(
          [&](auto) { translateActivation(*this, op); })
      .Case([&](tosa::FloorOp floor) { translateFloor(*this, floor); })
      .Case([&](func::ReturnOp op) { translateReturn(op); })
      .Default([&](Operation *) {
        if (op->getNumResults() != 1 || !isConstant(op->getResult(0)))
          translateOther(op);
      });
}

/// Where the network ends if `op` comes behind it: the output of a tail, or the
/// only operand that is a signal or a current. Null if it does not.
static Value getOutputBefore(Translator &translator, Operation *op) {
  Value output;
  for (Value operand : op->getOperands()) {
    if (Translator::isConstant(operand))
      continue;
    const auto *tail = translator.getIf<Tail>(operand);
    Value candidate = tail ? tail->output : operand;
    if (translator.getIf<Unknown>(candidate) ||
        translator.isTensor(candidate) || (output && output != candidate))
      return Value();
    output = candidate;
  }
  return output;
}

void Translator::translateOther(Operation *op) {
  auto matters = [&](Value operand) { return !isConstant(operand); };
  auto operands = llvm::make_filter_range(op->getOperands(), matters);
  auto isUnknown = [&](Value value) {
    return getIf<Unknown>(value) != nullptr;
  };
  if (op->getNumRegions() != 0 || op->getNumResults() != 1) {
    refuse(op, "operation", "an operation of one result",
           "'" + op->getName().getStringRef() + "'",
           "compute this outside of the network");
    return;
  }
  Value result = op->getResult(0);
  if (llvm::all_of(operands, [&](Value value) { return isTensor(value); }) &&
      isSample(result.getType())) {
    auto shape = cast<RankedTensorType>(result.getType()).getShape();
    set(result, Signal{Value(), result, SignalNumbers(1),
                       SignalView::getRowMajor(shape)});
    return;
  }
  if (llvm::any_of(operands, isUnknown))
    return;
  if (Value end = getOutputBefore(*this, op)) {
    Operation *first = op;
    for (Value operand : operands)
      if (const auto *tail = getIf<Tail>(operand))
        first = tail->first;
    set(result, Tail{end, first});
    return;
  }
  refuse(op, "operation",
         "a sum, a convolution, a product with constant weights, an average "
         "pool or a ReLU",
         "'" + op->getName().getStringRef() + "' of values inside the network",
         "replace it in the trained network");
}

//===----------------------------------------------------------------------===//
// The end of the network
//===----------------------------------------------------------------------===//

void Translator::translateReturn(func::ReturnOp op) {
  Value result = op.getOperand(0);
  const auto *tail = getIf<Tail>(result);
  output = tail ? tail->output : result;
  if (isTensor(output)) {
    refuse(op, "output", "weights between input and output", "none",
           "nothing of this function can become spikes");
    return;
  }
  std::optional<Current> current = getCurrent(op, output);
  // Nothing is built of a network that is thrown away.
  if (!current || !refused.empty())
    return;
  outputShape = current->shape;
  outputView = current->view;
  Operation *last = output.getDefiningOp();
  network.finish(network.addSums(*current, "output", last->getLoc()));
  if (StringRef node = getNodeName(last); !node.empty())
    relations.push_back(
        {StringAttr::get(op.getContext(), "output"),
         DictionaryAttr::get(op.getContext(),
                             {{StringAttr::get(op.getContext(), "value"),
                               StringAttr::get(op.getContext(), node)}})});
}

static Value buildReshape(OpBuilder &builder, Location location, Value value,
                          ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getShape() == shape)
    return value;
  auto extents = tosa::ConstShapeOp::create(
      builder, location,
      tosa::shapeType::get(builder.getContext(), shape.size()),
      builder.getIndexTensorAttr(shape));
  return tosa::ReshapeOp::create(
      builder, location, RankedTensorType::get(shape, type.getElementType()),
      value, extents);
}

/// `value`, elements of a signal, in the order of `view`.
static Value buildView(OpBuilder &builder, Location location, Value value,
                       const SignalView &view) {
  SmallVector<int64_t> extents;
  SmallVector<int32_t> permutation;
  view.getTransposition(extents, permutation);
  if (!llvm::is_sorted(permutation)) {
    value = buildReshape(builder, location, value, extents);
    SmallVector<int64_t> transposed = llvm::map_to_vector(
        permutation, [&](int32_t axis) { return extents[axis]; });
    value = tosa::TransposeOp::create(
        builder, location,
        RankedTensorType::get(transposed, builder.getF32Type()), value,
        builder.getDenseI32ArrayAttr(permutation));
  }
  return buildReshape(builder, location, value, view.getShape());
}

/// The float network's result: `sum` over the steps, divided by their number.
static Value buildMean(OpBuilder &builder, Location location, Value sum,
                       int64_t timesteps) {
  auto type = cast<RankedTensorType>(sum.getType());
  SmallVector<int64_t> ones(type.getRank(), 1);
  auto factorType = RankedTensorType::get(ones, builder.getF32Type());
  auto factor = tosa::ConstOp::create(
      builder, location, factorType,
      DenseElementsAttr::get(factorType, static_cast<float>(1.0 / timesteps)));
  auto shiftType = RankedTensorType::get(1, builder.getI8Type());
  auto shift = tosa::ConstOp::create(
      builder, location, shiftType,
      DenseElementsAttr::get(shiftType, static_cast<int8_t>(0)));
  return tosa::MulOp::create(builder, location, type, sum, factor, shift);
}

void Translator::simulate() {
  OpBuilder builder(function.getContext());
  builder.setInsertionPointAfterValue(output);
  Location location = output.getLoc();
  SmallVector<int64_t> shape{1};
  llvm::append_range(shape, outputShape);
  Type type = RankedTensorType::get(shape, builder.getF32Type());
  auto simulation = snn::SimulateOp::create(
      builder, location, type, options.network, network.getInputs(),
      builder.getI64IntegerAttr(options.timesteps),
      static_cast<uint32_t>(snn::SampleReset::per_sample),
      static_cast<int32_t>(network.sendsChanges() ? snn::Readout::membrane_last
                                                  : snn::Readout::current_sum));
  Value result = simulation.getResult(0);
  if (!network.sendsChanges())
    result = buildMean(builder, location, result, options.timesteps);
  result = buildView(builder, location, result, *outputView);
  output.replaceUsesWithIf(result, [&](OpOperand &use) {
    return simulation->isBeforeInBlock(use.getOwner());
  });
}

void Translator::eraseDead() {
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.front())))
    if (isOpTriviallyDead(&op))
      op.erase();
}

//===----------------------------------------------------------------------===//
// Relations
//===----------------------------------------------------------------------===//

void Translator::record(StringRef name, Operation *op,
                        const SignalNumbers &threshold,
                        const SignalView &view) {
  std::optional<int64_t> activation;
  if (matchActivation(op))
    activation = llvm::count_if(*op->getBlock(), [&](Operation &other) {
      return other.isBeforeInBlock(op) && matchActivation(&other);
    });
  report.populations.push_back({name.str(), view.getNumElements(),
                                llvm::to_vector(threshold.get()), activation,
                                view.getIndices()});
  StringRef node = getNodeName(op);
  if (node.empty() || op->hasAttr(activationPartAttrName))
    return;
  Builder builder(function.getContext());
  SmallVector<NamedAttribute> entry;
  // A message of changes stands for no part of the activation.
  if (!network.sendsChanges())
    entry.push_back(builder.getNamedAttr("theta", network.getThreshold()));
  entry.push_back(builder.getNamedAttr("value", builder.getStringAttr(node)));
  relations.push_back(
      builder.getNamedAttr(name, builder.getDictionaryAttr(entry)));
}

void Translator::addRelation() {
  auto module = function->getParentOfType<ModuleOp>();
  Builder builder(module.getContext());
  NamedAttribute details[] = {
      builder.getNamedAttr("metric", builder.getStringAttr("activation")),
      builder.getNamedAttr("populations", builder.getDictionaryAttr(relations)),
      builder.getNamedAttr("timesteps",
                           builder.getI64IntegerAttr(options.timesteps))};
  snn::appendRelation(module, "convert", snn::RelationKind::approximates,
                      details);
}

LogicalResult Translator::run() {
  if (checkFunction()) {
    arrangeMaxPools(function, options.maxPool);
    for (BlockArgument argument : function.getArguments()) {
      auto shape = cast<ShapedType>(argument.getType()).getShape();
      set(argument, Signal{Value(), argument, SignalNumbers(1),
                           SignalView::getRowMajor(shape)});
    }
    // Transposes of tensors are added on the way and need no translation.
    SmallVector<Operation *> ops = llvm::map_to_vector(
        function.front(), [](Operation &op) { return &op; });
    for (Operation *op : ops)
      translate(op);
  }
  if (!refused.empty()) {
    network.discard();
    for (Operation *transpose : transposes)
      transpose->erase();
    return failure();
  }
  simulate();
  eraseDead();
  addRelation();
  return success();
}

LogicalResult spikeformer::convertTosaToSNN(func::FuncOp function,
                                            const TosaToSNNOptions &options,
                                            ConversionReport &report) {
  return Translator(function, options, report).run();
}

namespace {
struct ConvertTosaToSNNPass
    : spikeformer::impl::ConvertTosaToSNNPassBase<ConvertTosaToSNNPass> {
  using Base::Base;

  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>(function);
    if (!main) {
      getOperation().emitError() << "there is no function @" << function;
      return signalPassFailure();
    }
    std::optional<MaxPool> choice = parseMaxPool(maxPool);
    if (!choice) {
      main.emitError("cannot convert with max-pool=")
          << maxPool << "; there are " << llvm::join(getMaxPoolNames(), ", ");
      return signalPassFailure();
    }
    std::optional<NeuronKind> kind = parseNeuronKind(neuron);
    if (!kind) {
      main.emitError("cannot convert with neuron=")
          << neuron << "; there are " << llvm::join(getNeuronKindNames(), ", ");
      return signalPassFailure();
    }
    ConversionReport report;
    TosaToSNNOptions options{timesteps, network,      *choice, *kind,
                             deltaBits, startsAtHalf, levels};
    if (failed(convertTosaToSNN(main, options, report)))
      signalPassFailure();
  }
};
} // namespace
