//===- GraphLowering.cpp - a flat graph to snn ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Populations come first, without inputs, so that loops find what they refer
// to; then what arrives at each. Weights go into the projections of their one
// reader; where something else reads them, they get linear neurons.
//
//===----------------------------------------------------------------------===//

#include "GraphLowering.h"
#include "NeuronModels.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/TensorAttr.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

/// `values` themselves where they are f32: weights may be large.
static Tensor toFloat(const Tensor &values) {
  if (values.getElementType() == ElementType::f32)
    return values;
  Tensor result(values.getShape(), ElementType::f32);
  for (auto [index, element] : llvm::enumerate(result.data<float>()))
    element = static_cast<float>(values.getAsDouble(index));
  return result;
}

/// One f32 number per element of `shape`, from one in all, one per channel or
/// one per element.
static Tensor expand(const Tensor &values, ArrayRef<int64_t> shape) {
  Tensor result(shape, ElementType::f32);
  int64_t repeats = result.getNumElements() / values.getNumElements();
  for (auto [index, element] : llvm::enumerate(result.data<float>()))
    element = static_cast<float>(values.getAsDouble(index / repeats));
  return result;
}

static bool isWeights(const Node &node) {
  switch (node.info->nodeClass) {
  case NodeClass::matrix:
  case NodeClass::convolution:
  case NodeClass::pool:
    return true;
  default:
    return node.is(NodeType::Scale);
  }
}

GraphLowering::GraphLowering(const Graph &graph,
                             const NameMap<NodeShapes> &shapes,
                             const Profile &profile, double dt, StringRef file,
                             MLIRContext &context)
    : graph(graph), shapes(shapes), profile(profile), dt(dt), file(file),
      wiring(graph, profile), builder(&context) {
  for (const auto &[name, node] : graph.nodes) {
    names[&node] = name;
    for (const Wire &wire : wiring.getInputs(&node))
      reader[wire.source] = &node;
  }
}

Location GraphLowering::locate(const Node &node) const {
  return getPartLocation(builder.getContext(), file, node.path);
}

InFlightDiagnostic GraphLowering::refuse(const Node &node) {
  failed = true;
  return emitError(locate(node)) << node.info->name << " ";
}

const Shape &GraphLowering::shapeOf(const Node *node) const {
  return shapes.find(names.lookup(node).str())->second.output;
}

SignalType GraphLowering::analogue(ArrayRef<int64_t> shape) {
  return SignalType::getAnalogue(shape, builder.getF32Type());
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

FlatSymbolRefAttr GraphLowering::parameter(const Tensor &values,
                                           const llvm::Twine &name) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(network);
  ElementsAttr elements = getElementsAttr(values, builder.getContext());
  auto op =
      ParameterOp::create(builder, network.getLoc(), name.str(), StringAttr(),
                          elements.getShapedType(), elements);
  symbols->insert(op);
  return FlatSymbolRefAttr::get(op.getSymNameAttr());
}

/// One number if all are equal, else a parameter: of one number per element of
/// `shape`, or per channel.
Attribute GraphLowering::number(const Tensor &values, ArrayRef<int64_t> shape,
                                const llvm::Twine &name, bool isParam) {
  ArrayRef<float> elements = values.data<float>();
  if (llvm::all_equal(elements))
    return builder.getF64FloatAttr(elements.front());
  bool perChannel = values.getNumElements() != llvm::product_of(shape);
  FlatSymbolRefAttr symbol =
      parameter(values.reshape(perChannel ? shape.take_front() : shape), name);
  return isParam ? Attribute(ParamAttr::get(builder.getContext(), symbol))
                 : Attribute(symbol);
}

//===----------------------------------------------------------------------===//
// Signals
//===----------------------------------------------------------------------===//

void GraphLowering::addInputs() {
  for (const auto &[name, node] : graph.nodes)
    if (node.is(NodeType::Input))
      signals[&node] = network.getBody().front().addArgument(
          analogue(shapeOf(&node)), locate(node));
}

void GraphLowering::addPopulation(const Node &node, ArrayRef<int64_t> shape,
                                  NeuronModelAttrInterface model,
                                  ArrayRef<NamedAttribute> params,
                                  SignalType type) {
  Attribute receptor = ReceptorAttr::get(
      builder.getContext(), builder.getStringAttr("in"), 0,
      AccumulatorKind::ordered, builder.getF32Type(), 0, Attribute());
  auto population = PopulationOp::create(
      builder, locate(node), type, TypeRange(), names.lookup(&node),
      ValueRange(), builder.getArrayAttr(receptor), model,
      builder.getDictionaryAttr(params), IntegerAttr(), ArrayAttr());
  populations[&node] = population;
  signals[&node] = population.getSpikes();
}

ModelOp GraphLowering::getModel(const Node &node) {
  std::string name = (node.info->name + "." + profile.name).str();
  if (wiring.isRecurrent(&node) &&
      profile.rules.contains((node.info->name + "@recurrent").str()))
    name += ".recurrent";
  if (auto model = symbols->lookup<ModelOp>(name))
    return model;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(network);
  ModelOp model = buildModel(builder, network.getLoc(), name, node.info->type,
                             wiring.getRule(node));
  symbols->insert(model);
  return model;
}

void GraphLowering::addNeuron(const Node &node) {
  const Shape &shape = shapeOf(&node);
  const Rule &rule = wiring.getRule(node);
  SmallVector<NamedAttribute> params;
  for (const NeuronParam &param : computeParams(node, rule, dt))
    params.push_back(builder.getNamedAttr(
        param.name,
        number(param.values, shape, names.lookup(&node) + "." + param.name,
               /*isParam=*/true)));
  auto symbol = FlatSymbolRefAttr::get(getModel(node).getSymNameAttr());
  bool isBinary = isSpiking(node.info->type) && rule.fires != Fires::many;
  SignalType type = isBinary ? SignalType::get(builder.getContext(), shape,
                                               AlphabetKind::binary)
                             : analogue(shape);
  addPopulation(node, shape, CustomAttr::get(builder.getContext(), symbol),
                params, type);
}

void GraphLowering::addThreshold(const Node &node) {
  constexpr StringLiteral name = "Threshold";
  if (!symbols->lookup(name)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(network);
    symbols->insert(buildThreshold(builder, network.getLoc(), name));
  }
  const Shape &shape = shapeOf(&node);
  NamedAttribute param = builder.getNamedAttr(
      "threshold", number(toFloat(*node.findTensor("threshold")), shape,
                          names.lookup(&node) + ".threshold", true));
  addPopulation(
      node, shape,
      CustomAttr::get(builder.getContext(),
                      FlatSymbolRefAttr::get(builder.getContext(), name)),
      param,
      SignalType::get(builder.getContext(), shape, AlphabetKind::binary));
}

void GraphLowering::addLinear(const Node &node, ArrayRef<int64_t> shape) {
  addPopulation(node, shape,
                LinearAttr::get(builder.getContext(), builder.getF32Type()), {},
                analogue(shape));
}

/// Whether the weights go into the projections of their one reader.
bool GraphLowering::isInlined(const Node &node) const {
  if (!isWeights(node) || node.is(NodeType::Conv1d) ||
      wiring.getNumConsumers(&node) != 1)
    return false;
  const Node *target = reader.lookup(&node);
  return target->info->nodeClass == NodeClass::neuron ||
         target->is(NodeType::Threshold);
}

/// Whether only the shape changes.
bool GraphLowering::isReshape(const Node &node) const {
  ArrayRef<Wire> wires = wiring.getInputs(&node);
  bool moves = profile.flattensChannelsLast &&
               shapes.find(names.lookup(&node).str())->second.input.size() == 3;
  return node.is(NodeType::Flatten) && wires.size() == 1 &&
         wires[0].delay == 0 && !moves;
}

void GraphLowering::addSignals(const Node &node) {
  const Shape &shape = shapeOf(&node);
  if (node.info->nodeClass == NodeClass::neuron)
    return addNeuron(node);
  if (node.is(NodeType::Threshold))
    return addThreshold(node);
  if (node.is(NodeType::Conv1d))
    return addLinear(node, {shape[0], 1, shape[1]});
  bool isOutputOfSeveral =
      node.is(NodeType::Output) && wiring.getInputs(&node).size() > 1;
  if (node.is(NodeType::Delay) || isOutputOfSeveral ||
      (isWeights(node) && !isInlined(node)) ||
      (node.is(NodeType::Flatten) && !isReshape(node)))
    addLinear(node, shape);
}

mlir::Value GraphLowering::reshape(mlir::Value signal,
                                   ArrayRef<int64_t> shape) {
  auto type = cast<SignalType>(signal.getType());
  if (type.getShape() == shape)
    return signal;
  auto reshaped = SignalType::get(builder.getContext(), shape, type.getKind(),
                                  type.getLimit(), type.getCarrier());
  return ReshapeOp::create(builder, signal.getLoc(), reshaped, signal);
}

mlir::Value GraphLowering::getSignal(const Node *node,
                                     ArrayRef<int64_t> shape) {
  while (isReshape(*node))
    node = wiring.getInputs(node)[0].source;
  return reshape(signals.lookup(node), shape);
}

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
  const Shape &input = shapes.find(names.lookup(&node).str())->second.input;
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
    if (input.size() != 1)
      refuse(node) << "is applied to " << input.size()
                   << " axes: needs one; put a Flatten before it";
    return {DenseAttr::get(context), parameter(weight, name)};
  }
  if (node.is(NodeType::Conv1d))
    weight = weight.reshape({shape[0], shape[1], 1, shape[2]});
  shape = weight.getShape();
  return {
      getWindows(node, shape.take_back(2), (*node.getIntegers("groups"))[0]),
      parameter(weight, name)};
}

/// Element (c, h, w) becomes element (h, w, c).
std::pair<ConnectivityAttrInterface, Attribute>
GraphLowering::getChannelsLast(const Node &node) {
  StringRef name = names.lookup(&node);
  const Shape &shape = shapes.find(name.str())->second.input;
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

void GraphLowering::addBias(const Tensor &bias, Current &current) {
  if (!current.bias) {
    current.bias = toFloat(bias);
    return;
  }
  // Not in place: the sum so far may be the file's own.
  Tensor sum(bias.getShape(), ElementType::f32);
  for (auto [index, value] : llvm::enumerate(sum.data<float>()))
    value = current.bias.data<float>()[index] +
            static_cast<float>(bias.getAsDouble(index));
  current.bias = sum;
}

void GraphLowering::enterWeights(const Node &node, Current &current) {
  auto [connectivity, weights] = getWeights(node);
  Shape shape = shapes.find(names.lookup(&node).str())->second.input;
  if (node.is(NodeType::Conv1d))
    shape.insert(shape.begin() + 1, 1);
  for (const Wire &wire : wiring.getInputs(&node))
    current.synapses.push_back(
        {getSignal(wire.source, shape), connectivity, weights,
         builder.getI64IntegerAttr(wire.delay + profile.synapseDelay)});
  if (const Tensor *bias = node.findTensor("bias"))
    addBias(*bias, current);
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
    int64_t number = std::llrint(delay.getAsDouble(k) / dt);
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
    return enterWeights(*wire.source, current);
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
    enterWeights(node, current);
  } else if (node.is(NodeType::Delay)) {
    enterDelay(node, current);
  } else if (node.is(NodeType::Flatten) && profile.flattensChannelsLast &&
             shapes.find(names.lookup(&node).str())->second.input.size() == 3) {
    auto [connectivity, weights] = getChannelsLast(node);
    for (const Wire &wire : wiring.getInputs(&node))
      current.synapses.push_back(
          {getSignal(wire.source,
                     shapes.find(names.lookup(&node).str())->second.input),
           connectivity, weights, builder.getI64IntegerAttr(wire.delay)});
  } else {
    for (const Wire &wire : wiring.getInputs(&node))
      enter(wire, shape, current);
  }
  project(population, current);
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

/// What an Output gives.
mlir::Value GraphLowering::getResult(const Node &node) {
  if (PopulationOp population = populations.lookup(&node))
    return population.getSpikes();
  ArrayRef<Wire> wires = wiring.getInputs(&node);
  mlir::Value signal = getSignal(wires[0].source, shapeOf(&node));
  if (wires[0].delay == 0)
    return signal;
  return DelayOp::create(builder, locate(node), signal.getType(), signal,
                         builder.getI64IntegerAttr(wires[0].delay));
}

void GraphLowering::finish() {
  builder.setInsertionPointToEnd(&network.getBody().front());
  SmallVector<mlir::Value> results;
  SmallVector<Type> tensors, arguments;
  SmallVector<int32_t> readouts;
  auto tensorOf = [&](ArrayRef<int64_t> shape, unsigned lead, Type element) {
    SmallVector<int64_t> extents(lead, ShapedType::kDynamic);
    llvm::append_range(extents, shape);
    return RankedTensorType::get(extents, element);
  };
  for (const auto &[name, node] : graph.nodes) {
    if (node.is(NodeType::Input))
      arguments.push_back(tensorOf(shapeOf(&node), 2, builder.getF32Type()));
    if (!node.is(NodeType::Output))
      continue;
    results.push_back(getResult(node));
    auto type = cast<SignalType>(results.back().getType());
    bool counts = type.getKind() == AlphabetKind::binary;
    readouts.push_back(
        static_cast<int32_t>(counts ? Readout::count : Readout::membrane_last));
    tensors.push_back(
        tensorOf(type.getShape(), 1,
                 counts ? Type(builder.getI32Type()) : builder.getF32Type()));
  }
  OutputOp::create(builder, network.getLoc(), results);
  network.setFunctionType(
      builder.getFunctionType(network.getBody().front().getArgumentTypes(),
                              ValueRange(results).getTypes()));
  builder.setInsertionPointAfter(network);
  auto main = func::FuncOp::create(builder, network.getLoc(), "main",
                                   builder.getFunctionType(arguments, tensors));
  builder.setInsertionPointToStart(main.addEntryBlock());
  auto simulate = SimulateOp::create(
      builder, network.getLoc(), tensors, network.getSymName(),
      main.getArguments(), IntegerAttr(),
      static_cast<uint32_t>(SampleReset::per_sample), readouts);
  func::ReturnOp::create(builder, network.getLoc(), simulate.getResults());
  unsigned index = 0;
  for (const auto &[name, node] : graph.nodes)
    if (node.is(NodeType::Input))
      main.setArgAttr(index++, "snn.name", builder.getStringAttr(name));
}

OwningOpRef<ModuleOp> GraphLowering::run() {
  Location loc = getPartLocation(builder.getContext(), file, "");
  module = ModuleOp::create(loc);
  symbols = std::make_unique<SymbolTable>(*module);
  builder.setInsertionPointToEnd(module->getBody());
  network = NetworkOp::create(builder, loc, "network", StringAttr(),
                              builder.getFunctionType({}, {}));
  // Time constants in steps make a network without seconds.
  network->setAttr("dt", profile.dt == 1
                             ? Attribute(builder.getStringAttr("steps"))
                             : builder.getF64FloatAttr(dt));
  builder.setInsertionPointToStart(&network.getBody().emplaceBlock());
  addInputs();
  for (const auto &[name, node] : graph.nodes)
    addSignals(node);
  for (const auto &[name, node] : graph.nodes)
    connect(node);
  finish();
  return failed ? nullptr : std::move(module);
}
