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
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Dialect/SNN/IR/ReadoutTypes.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Import/NIR/NeuronModels.h"
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/TensorAttr.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

Tensor nir::toFloat(const Tensor &values) {
  if (values.getElementType() == ElementType::f32)
    return values;
  Tensor result(values.getShape(), ElementType::f32);
  for (auto [index, element] : llvm::enumerate(result.data<float>()))
    element = static_cast<float>(values.getAsDouble(index));
  return result;
}

Tensor nir::expand(const Tensor &values, ArrayRef<int64_t> shape) {
  Tensor result(shape, ElementType::f32);
  int64_t repeats = result.getNumElements() / values.getNumElements();
  for (auto [index, element] : llvm::enumerate(result.data<float>()))
    element = static_cast<float>(values.getAsDouble(index / repeats));
  return result;
}

bool nir::isWeights(const Node &node) {
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
                             const ProfileChoice &choice,
                             const Semantics &semantics, StringRef file,
                             MLIRContext &context)
    : graph(graph), shapes(shapes), choice(choice), semantics(semantics),
      file(file), wiring(graph, choice), builder(&context) {
  for (const auto &[name, node] : graph.nodes) {
    names[&node] = name;
    for (const Wire &wire : wiring.getInputs(&node))
      reader[wire.source] = &node;
  }
}

Location GraphLowering::locate(const Node &node) const {
  return getPartLocation(builder.getContext(), file, node.path);
}

const Shape &GraphLowering::shapeOf(const Node *node) const {
  return shapes.find(names.lookup(node).str())->second.output;
}

const Shape &GraphLowering::getInputShape(const Node &node) const {
  return shapes.find(names.lookup(&node).str())->second.input;
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

/// One number of each channel, if all of a channel are equal.
static std::optional<Tensor> reducePerChannel(const Tensor &values) {
  ArrayRef<float> elements = values.data<float>();
  int64_t channels = values.getShape().front();
  size_t places = elements.size() / channels;
  Tensor result({channels}, ElementType::f32);
  for (auto [channel, number] : llvm::enumerate(result.data<float>())) {
    ArrayRef<float> own = elements.slice(channel * places, places);
    if (!llvm::all_equal(own))
      return std::nullopt;
    number = own.front();
  }
  return result;
}

/// One number if all are equal, else a parameter: of one number per channel
/// where that is enough for a param, else per element of `shape`.
Attribute GraphLowering::number(const Tensor &values, ArrayRef<int64_t> shape,
                                const llvm::Twine &name, bool isParam) {
  ArrayRef<float> elements = values.data<float>();
  if (llvm::all_equal(elements))
    return builder.getF64FloatAttr(elements.front());
  bool perChannel = values.getNumElements() != llvm::product_of(shape);
  Tensor stored = values.reshape(perChannel ? shape.take_front() : shape);
  if (isParam && !perChannel && shape.size() > 1)
    if (std::optional<Tensor> reduced = reducePerChannel(stored))
      stored = *reduced;
  FlatSymbolRefAttr symbol = parameter(stored, name);
  return isParam ? Attribute(ParamAttr::get(builder.getContext(), symbol))
                 : Attribute(symbol);
}

//===----------------------------------------------------------------------===//
// Signals
//===----------------------------------------------------------------------===//

SmallVector<const Node *>
GraphLowering::listBorder(NodeType type, ArrayRef<std::string> order) const {
  SmallVector<const Node *> nodes;
  for (const std::string &name : order)
    nodes.push_back(&graph.nodes.find(name)->second);
  if (order.empty())
    for (const auto &[name, node] : graph.nodes)
      if (node.is(type))
        nodes.push_back(&node);
  return nodes;
}

void GraphLowering::addInputs() {
  for (const Node *node : listBorder(NodeType::Input, semantics.inputs))
    signals[node] = network.getBody().front().addArgument(
        analogue(shapeOf(node)), locate(*node));
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
  std::string name =
      (node.info->name + "." + wiring.getProfile(node).name).str();
  if (wiring.hasRuleForLoops(node))
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
  for (const NeuronParam &param : computeParams(node, rule, getStep(node)))
    params.push_back(builder.getNamedAttr(
        param.name,
        number(param.values, shape, names.lookup(&node) + "." + param.name,
               /*isParam=*/true)));
  auto symbol = FlatSymbolRefAttr::get(getModel(node).getSymNameAttr());
  MLIRContext *context = builder.getContext();
  SignalType type = analogue(shape);
  if (isSpiking(node.info->type) && rule.fires == Fires::many)
    type = SignalType::get(context, shape, AlphabetKind::graded, 0,
                           IntegerType::get(context, 32, IntegerType::Signed));
  else if (isSpiking(node.info->type))
    type = SignalType::get(context, shape, AlphabetKind::binary);
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

bool GraphLowering::movesChannels(const Node &node) const {
  return node.is(NodeType::Flatten) &&
         wiring.getProfile(node).flattensChannelsLast &&
         getInputShape(node).size() == 3;
}

/// Whether only the shape changes.
bool GraphLowering::isReshape(const Node &node) const {
  ArrayRef<Wire> wires = wiring.getInputs(&node);
  return node.is(NodeType::Flatten) && wires.size() == 1 &&
         wires[0].delay == 0 && !movesChannels(node);
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

/// What is read from output `index`.
Readout GraphLowering::getReadout(size_t index, SignalType type) {
  bool isAnalogue = type.getKind() == AlphabetKind::analogue;
  Readout readout = isAnalogue ? Readout::membrane_last : Readout::count;
  if (index < semantics.readouts.size())
    readout = symbolizeReadout(semantics.readouts[index]).value_or(readout);
  return readout;
}

/// [sample, step, ...shape], without steps where one value holds for all.
Type GraphLowering::getArgument(const Node &node, int64_t steps) {
  SmallVector<int64_t> extents{ShapedType::kDynamic};
  if (!llvm::is_contained(semantics.held, names.lookup(&node)))
    extents.push_back(steps);
  llvm::append_range(extents, shapeOf(&node));
  return RankedTensorType::get(extents, builder.getF32Type());
}

SimulateOp GraphLowering::simulate(func::FuncOp main,
                                   ArrayRef<int32_t> readouts) {
  IntegerAttr steps;
  if (semantics.timesteps)
    steps = builder.getI64IntegerAttr(*semantics.timesteps);
  auto reset =
      semantics.keepsState ? SampleReset::never : SampleReset::per_sample;
  return SimulateOp::create(builder, network.getLoc(), main.getResultTypes(),
                            network.getSymName(), main.getArguments(), steps,
                            static_cast<uint32_t>(reset), readouts);
}

void GraphLowering::finish() {
  builder.setInsertionPointToEnd(&network.getBody().front());
  SmallVector<mlir::Value> results;
  SmallVector<Type> tensors, arguments;
  SmallVector<int32_t> readouts;
  int64_t steps = semantics.timesteps.value_or(ShapedType::kDynamic);
  SmallVector<const Node *> inputs =
      listBorder(NodeType::Input, semantics.inputs);
  SmallVector<const Node *> outputs =
      listBorder(NodeType::Output, semantics.outputs);
  for (const Node *node : inputs)
    arguments.push_back(getArgument(*node, steps));
  for (const Node *node : outputs) {
    results.push_back(getResult(*node));
    auto type = cast<SignalType>(results.back().getType());
    Readout readout = getReadout(readouts.size(), type);
    readouts.push_back(static_cast<int32_t>(readout));
    tensors.push_back(getReadoutType(readout, type));
  }
  OutputOp::create(builder, network.getLoc(), results);
  network.setFunctionType(
      builder.getFunctionType(network.getBody().front().getArgumentTypes(),
                              ValueRange(results).getTypes()));
  builder.setInsertionPointAfter(network);
  auto main = func::FuncOp::create(builder, network.getLoc(), "main",
                                   builder.getFunctionType(arguments, tensors));
  builder.setInsertionPointToStart(main.addEntryBlock());
  func::ReturnOp::create(builder, network.getLoc(),
                         simulate(main, readouts).getResults());
  for (auto [index, node] : llvm::enumerate(inputs))
    main.setArgAttr(index, "snn.name",
                    builder.getStringAttr(names.lookup(node)));
  for (auto [index, node] : llvm::enumerate(outputs))
    main.setResultAttr(index, "snn.name",
                       builder.getStringAttr(names.lookup(node)));
}

/// The profiles as flags spell them, in the order of names.
SmallVector<StringRef> GraphLowering::listChoice() {
  auto spell = [&](const Profile &profile) {
    return profile.name + "@" + profile.version;
  };
  choiceTexts.push_back(spell(*choice.common));
  for (const auto &[name, node] : graph.nodes)
    if (auto own = choice.byNode.find(name); own != choice.byNode.end())
      choiceTexts.push_back(name + "=" + spell(*own->second));
  return SmallVector<StringRef>(choiceTexts.begin(), choiceTexts.end());
}

OwningOpRef<ModuleOp> GraphLowering::run() {
  Location loc = getPartLocation(builder.getContext(), file, "");
  module = ModuleOp::create(loc);
  (*module)->setAttr(profilesAttrName, builder.getStrArrayAttr(listChoice()));
  symbols = std::make_unique<SymbolTable>(*module);
  builder.setInsertionPointToEnd(module->getBody());
  network = NetworkOp::create(builder, loc, "network", StringAttr(),
                              builder.getFunctionType({}, {}));
  // Time constants in steps make a network without seconds.
  double dt = semantics.dt.value_or(choice.common->dt);
  network->setAttr("dt", choice.common->dt == 1
                             ? Attribute(builder.getStringAttr("steps"))
                             : builder.getF64FloatAttr(dt));
  builder.setInsertionPointToStart(&network.getBody().emplaceBlock());
  addInputs();
  for (const auto &[name, node] : graph.nodes)
    addSignals(node);
  for (const auto &[name, node] : graph.nodes)
    connect(node);
  finish();
  return std::move(module);
}
