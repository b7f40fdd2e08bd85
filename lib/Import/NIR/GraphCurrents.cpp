//===- GraphCurrents.cpp - what arrives at the populations of a graph -----===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphLowering.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// Before and behind of an axis.
static std::pair<int64_t, int64_t> getPadding(const Node &node, unsigned axis,
                                              unsigned axes, int64_t span) {
  if (const nir::Value *value = node.find("padding"))
    if (std::optional<StringRef> word = value->getText()) {
      int64_t total = *word == "same" ? span : 0;
      return {total / 2, total - total / 2};
    }
  SmallVector<int64_t> padding = *node.getIntegers("padding");
  int64_t both = padding.size() == axes ? padding[axis] : padding[0];
  return {both, both};
}

ConnectivityAttrInterface GraphLowering::getWindows(const Node &node,
                                                    ArrayRef<int64_t> kernel,
                                                    int64_t groups) {
  auto pair = [&](StringRef name, int64_t fallback) {
    SmallVector<int64_t> values =
        node.getIntegers(name).value_or(SmallVector<int64_t>{fallback});
    if (node.is(NodeType::Conv1d))
      return SmallVector<int64_t>{1, values[0]};
    return SmallVector<int64_t>{values[0], values.back()};
  };
  SmallVector<int64_t> dilation = node.info->nodeClass == NodeClass::pool
                                      ? SmallVector<int64_t>{1, 1}
                                      : pair("dilation", 1);
  SmallVector<int64_t> pad(4, 0);
  bool isFlat = node.is(NodeType::Conv1d);
  for (unsigned axis = isFlat ? 1 : 0; axis < 2; ++axis)
    std::tie(pad[axis], pad[axis + 2]) =
        getPadding(node, isFlat ? 0 : axis, isFlat ? 1 : 2,
                   dilation[axis] * (kernel[axis] - 1));
  return Conv2DAttr::get(builder.getContext(), kernel, pair("stride", 1), pad,
                         dilation, groups);
}

std::pair<ConnectivityAttrInterface, Attribute>
GraphLowering::getWeights(const Node &node) {
  std::string name = (names.lookup(&node) + ".weight").str();
  const Shape &input = getInputShape(node);
  MLIRContext *context = builder.getContext();
  if (node.is(NodeType::Scale))
    return {
        OneToOneAttr::get(context),
        number(expand(*node.findTensor("scale"), input), input, name, false)};
  if (node.info->nodeClass == NodeClass::pool) {
    SmallVector<int64_t> kernel = *node.getIntegers("kernel_size");
    kernel = {kernel[0], kernel.back()};
    Tensor ones({input[0], 1, kernel[0], kernel[1]}, ElementType::f32);
    bool isMean = node.is(NodeType::AvgPool2d);
    llvm::fill(ones.data<float>(), isMean ? 1.0f / (kernel[0] * kernel[1]) : 1);
    return {getWindows(node, kernel, input[0]), parameter(ones, name)};
  }
  Tensor weight = toFloat(*node.findTensor("weight"));
  ArrayRef<int64_t> shape = weight.getShape();
  if (node.info->nodeClass == NodeClass::matrix) {
    if (input.size() != 1 || shape.size() != 2)
      return getRepeatedMatrix(node, weight);
    return {DenseAttr::get(context), parameter(weight, name)};
  }
  if (node.is(NodeType::Conv1d))
    weight = weight.reshape({shape[0], shape[1], 1, shape[2]});
  shape = weight.getShape();
  return {
      getWindows(node, shape.take_back(2), (*node.getIntegers("groups"))[0]),
      parameter(weight, name)};
}

/// A matrix, or one of each place, on the last axis.
std::pair<ConnectivityAttrInterface, Attribute>
GraphLowering::getRepeatedMatrix(const Node &node, const Tensor &weight) {
  StringRef name = names.lookup(&node);
  ArrayRef<int64_t> shape = weight.getShape();
  int64_t outs = shape[shape.size() - 2], ins = shape.back();
  int64_t sources = llvm::product_of(getInputShape(node));
  int64_t matrices = weight.getNumElements() / (outs * ins);
  Tensor rows({sources + 1}, ElementType::i64);
  Tensor columns({sources * outs}, ElementType::i64);
  Tensor numbers({sources * outs}, ElementType::f32);
  ArrayRef<float> elements = weight.data<float>();
  for (int64_t source = 0; source < sources; ++source) {
    int64_t place = source / ins, in = source % ins;
    int64_t matrix = place % matrices;
    rows.data<int64_t>()[source] = source * outs;
    for (int64_t out = 0; out < outs; ++out) {
      columns.data<int64_t>()[source * outs + out] = place * outs + out;
      numbers.data<float>()[source * outs + out] =
          elements[(matrix * outs + out) * ins + in];
    }
  }
  rows.data<int64_t>().back() = sources * outs;
  return {CSRAttr::get(builder.getContext(), parameter(rows, name + ".rows"),
                       parameter(columns, name + ".columns")),
          parameter(numbers, name + ".weight")};
}

/// Element (c, h, w) becomes element (h, w, c).
std::pair<ConnectivityAttrInterface, Attribute>
GraphLowering::getChannelsLast(const Node &node) {
  StringRef name = names.lookup(&node);
  const Shape &shape = getInputShape(node);
  int64_t channels = shape[0], places = shape[1] * shape[2];
  Tensor rows({channels * places + 1}, ElementType::i64);
  Tensor columns({channels * places}, ElementType::i64);
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t place = 0; place < places; ++place) {
      int64_t source = c * places + place;
      rows.data<int64_t>()[source] = source;
      columns.data<int64_t>()[source] = place * channels + c;
    }
  rows.data<int64_t>().back() = channels * places;
  return {CSRAttr::get(builder.getContext(), parameter(rows, name + ".rows"),
                       parameter(columns, name + ".columns")),
          builder.getF64FloatAttr(1)};
}

//===----------------------------------------------------------------------===//
// Currents
//===----------------------------------------------------------------------===//

/// The bias of a matrix counts on the last axes, other ones per channel.
static Tensor expandBias(const Node &node, ArrayRef<int64_t> shape) {
  const Tensor &bias = *node.findTensor("bias");
  if (node.info->nodeClass != NodeClass::matrix || shape.size() == 1)
    return expand(bias, shape);
  Tensor result(shape, ElementType::f32);
  for (auto [index, element] : llvm::enumerate(result.data<float>()))
    element =
        static_cast<float>(bias.getAsDouble(index % bias.getNumElements()));
  return result;
}

void GraphLowering::addBias(const Node &node, ArrayRef<int64_t> shape,
                            Current &current) {
  // Conv nodes have one whether or not the file does: nir writes zeros.
  bool isAbsent = !node.findTensor("bias");
  if (isAbsent && node.info->nodeClass != NodeClass::convolution)
    return;
  Tensor bias =
      isAbsent ? Tensor(shape, ElementType::f32) : expandBias(node, shape);
  if (!current.bias) {
    current.bias = bias;
    return;
  }
  for (auto [sum, term] :
       llvm::zip_equal(current.bias.data<float>(), bias.data<float>()))
    sum = sum + term;
}

void GraphLowering::enterWeights(const Node &node, ArrayRef<int64_t> target,
                                 Current &current) {
  auto [connectivity, weights] = getWeights(node);
  Shape shape = getInputShape(node);
  if (node.is(NodeType::Conv1d))
    shape.insert(shape.begin() + 1, 1);
  int64_t more = wiring.getProfile(node).synapseDelay;
  for (const Wire &wire : wiring.getInputs(&node))
    current.synapses.push_back({getSignal(wire.source, shape), connectivity,
                                weights,
                                builder.getI64IntegerAttr(wire.delay + more)});
  addBias(node, target, current);
}

/// Elements without a delay have synapses of their own: one delay for each
/// weight is at least 1.
void GraphLowering::enterDelay(const Node &node, Current &current) {
  const Shape &shape = shapeOf(&node);
  Tensor delay = expand(*node.findTensor("delay"), shape);
  int64_t count = llvm::product_of(shape);
  Tensor steps(shape, ElementType::i64), now(shape, ElementType::f32),
      later(shape, ElementType::f32);
  for (int64_t k = 0; k < count; ++k) {
    int64_t number = std::llrint(delay.getAsDouble(k) / getStep(node));
    steps.data<int64_t>()[k] = std::max<int64_t>(number, 1);
    now.data<float>()[k] = number == 0;
    later.data<float>()[k] = number != 0;
  }
  StringRef name = names.lookup(&node);
  bool isUniform = llvm::all_equal(steps.data<int64_t>()) &&
                   llvm::all_equal(now.data<float>());
  for (const Wire &wire : wiring.getInputs(&node)) {
    mlir::Value signal = getSignal(wire.source, shape);
    auto add = [&](const Tensor &weights, Attribute delays) {
      current.synapses.push_back(
          {signal, OneToOneAttr::get(builder.getContext()),
           number(weights, shape, name + ".mask", false), delays});
    };
    if (isUniform) {
      bool isNow = now.data<float>().front() != 0;
      add(isNow ? now : later,
          builder.getI64IntegerAttr(
              wire.delay + (isNow ? 0 : steps.data<int64_t>().front())));
      continue;
    }
    if (llvm::any_of(now.data<float>(), [](float on) { return on != 0; }))
      add(now, builder.getI64IntegerAttr(wire.delay));
    Tensor total = steps.reshape(shape);
    if (wire.delay != 0) {
      total = Tensor(shape, ElementType::i64);
      for (auto [to, from] :
           llvm::zip_equal(total.data<int64_t>(), steps.data<int64_t>()))
        to = from + wire.delay;
    }
    add(later, ParamAttr::get(builder.getContext(),
                              parameter(total, name + ".steps")));
  }
}

void GraphLowering::enter(const Wire &wire, ArrayRef<int64_t> shape,
                          Current &current) {
  if (isInlined(*wire.source))
    return enterWeights(*wire.source, shape, current);
  current.synapses.push_back(
      {getSignal(wire.source, shape), OneToOneAttr::get(builder.getContext()),
       builder.getF64FloatAttr(1), builder.getI64IntegerAttr(wire.delay)});
}

void GraphLowering::project(PopulationOp population, const Current &current) {
  ArrayRef<int64_t> shape = population.getSignalType().getShape();
  auto type = CurrentType::get(builder.getContext(), shape);
  SmallVector<mlir::Value> currents;
  for (const Synapses &synapses : current.synapses)
    currents.push_back(ProjectOp::create(builder, population.getLoc(), type,
                                         synapses.source, synapses.connectivity,
                                         synapses.weights, synapses.delay));
  Attribute bias;
  if (current.bias)
    bias = number(current.bias, shape, population.getName() + ".bias", true);
  population.getInputsMutable().assign(currents);
  population.setReceptorsAttr(builder.getArrayAttr(ReceptorAttr::get(
      builder.getContext(), builder.getStringAttr("in"), currents.size(),
      AccumulatorKind::ordered, builder.getF32Type(), 0, bias)));
}

void GraphLowering::connect(const Node &node) {
  PopulationOp population = populations.lookup(&node);
  if (!population)
    return;
  builder.setInsertionPoint(population);
  Current current;
  ArrayRef<int64_t> shape = population.getSignalType().getShape();
  if (isWeights(node)) {
    enterWeights(node, shape, current);
  } else if (node.is(NodeType::Delay)) {
    enterDelay(node, current);
  } else if (movesChannels(node)) {
    auto [connectivity, weights] = getChannelsLast(node);
    for (const Wire &wire : wiring.getInputs(&node))
      current.synapses.push_back({getSignal(wire.source, getInputShape(node)),
                                  connectivity, weights,
                                  builder.getI64IntegerAttr(wire.delay)});
  } else {
    for (const Wire &wire : wiring.getInputs(&node))
      enter(wire, shape, current);
  }
  project(population, current);
}
