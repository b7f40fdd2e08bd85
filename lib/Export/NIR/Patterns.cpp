//===- Patterns.cpp - what some linear populations are --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

/// Rows and columns of sparse synapses; none after a diagnostic.
static std::optional<std::pair<Tensor, Tensor>> readSparse(ProjectOp project) {
  auto sparse = dyn_cast<CSRAttr>(project.getConnectivity());
  if (!sparse)
    return std::nullopt;
  FailureOr<Tensor> rows = loadParameter(project, sparse.getRows());
  FailureOr<Tensor> columns = loadParameter(project, sparse.getColumns());
  if (mlir::failed(rows) || mlir::failed(columns))
    return std::nullopt;
  return std::pair(*rows, *columns);
}

/// A Flatten that moves channels to the end, if the synapses say that.
std::optional<Shape> GraphBuilder::addFlatten(StringRef name, ProjectOp project,
                                              PopulationOp population) {
  Shape from(project.getSourceType().getShape());
  auto weight = dyn_cast_or_null<FloatAttr>(project.getWeightsAttr());
  if (!choice.get(name).flattensChannelsLast || from.size() != 3 ||
      population.getSignalType().getShape().size() != 1 || !weight ||
      weight.getValueAsDouble() != 1 || !isa<LinearAttr>(population.getModel()))
    return std::nullopt;
  auto sparse = readSparse(project);
  if (!sparse)
    return std::nullopt;
  int64_t channels = from[0], places = from[1] * from[2];
  if (sparse->second.getNumElements() != channels * places)
    return std::nullopt;
  for (int64_t source = 0; source < channels * places; ++source) {
    int64_t target = source % places * channels + source / places;
    if (sparse->first.getAsDouble(source) != source ||
        sparse->second.getAsDouble(source) != target)
      return std::nullopt;
  }
  Node &node = addNode(name, NodeType::Flatten, {channels * places});
  setIntegers(node, "input_type", from);
  setIntegers(node, "start_dim", {0}, /*isScalar=*/true);
  setIntegers(node, "end_dim", {-1}, /*isScalar=*/true);
  return from;
}

/// A matrix for each place, on the last axis.
std::optional<Shape> GraphBuilder::addRepeatedMatrix(StringRef name,
                                                     ProjectOp project,
                                                     PopulationOp population) {
  Shape from(project.getSourceType().getShape());
  Shape to(population.getSignalType().getShape());
  auto symbol = dyn_cast_or_null<FlatSymbolRefAttr>(project.getWeightsAttr());
  if (from.size() < 2 || from.size() != to.size() || !symbol ||
      ArrayRef<int64_t>(from).drop_back() != ArrayRef<int64_t>(to).drop_back())
    return std::nullopt;
  auto sparse = readSparse(project);
  int64_t ins = from.back(), outs = to.back();
  int64_t sources = llvm::product_of(from);
  if (!sparse || sparse->second.getNumElements() != sources * outs)
    return std::nullopt;
  auto numbers = getNumbers(project, symbol, {sources * outs});
  if (!numbers)
    return std::nullopt;
  Shape shape(to);
  shape.push_back(ins);
  Tensor weight(shape, ElementType::f32);
  for (int64_t source = 0; source < sources; ++source) {
    if (sparse->first.getAsDouble(source) != source * outs)
      return std::nullopt;
    int64_t place = source / ins;
    for (int64_t out = 0; out < outs; ++out) {
      int64_t synapse = source * outs + out, target = place * outs + out;
      if (sparse->second.getAsDouble(synapse) != target)
        return std::nullopt;
      weight.data<float>()[target * ins + source % ins] =
          numbers->data<float>()[synapse];
    }
  }
  addMatrix(name, std::move(weight), to);
  return from;
}

//===----------------------------------------------------------------------===//
// Delays
//===----------------------------------------------------------------------===//

/// Adds to `steps` the delays of those elements that the synapses reach, which
/// no others may have reached; false if that is no delay of elements.
static bool addSteps(ProjectOp project, ArrayRef<int64_t> shape,
                     MutableArrayRef<int64_t> steps) {
  if (!isa<OneToOneAttr>(project.getConnectivity()))
    return false;
  auto weights =
      project.getWeightsAttr()
          ? NumberView::create(project, project.getWeightsAttr(), shape)
          : FailureOr<NumberView>(failure());
  auto delays = NumberView::createBroadcast(project, project.getDelay(), shape);
  if (mlir::failed(delays) ||
      (project.getWeightsAttr() && mlir::failed(weights)))
    return false;
  for (auto [index, own] : llvm::enumerate(steps)) {
    double weight = mlir::succeeded(weights) ? (*weights)[index] : 1;
    if (weight == 0)
      continue;
    if (weight != 1 || own >= 0)
      return false;
    own = static_cast<int64_t>((*delays)[index]);
  }
  return true;
}

/// A Delay, if all that the synapses do is to delay each element.
bool GraphBuilder::addDelay(StringRef name, ArrayRef<Group> groups,
                            PopulationOp population) {
  ArrayRef<int64_t> shape = population.getSignalType().getShape();
  llvm::MapVector<mlir::Value, SmallVector<int64_t>> steps;
  for (const Group &group : groups)
    for (ProjectOp project : group) {
      auto &own = steps[project.getSource()];
      if (own.empty())
        own.assign(llvm::product_of(shape), -1);
      if (!addSteps(project, shape, own))
        return false;
    }
  for (auto &[source, own] : steps)
    if (llvm::is_contained(own, -1))
      return false;
  addNode(name, NodeType::Delay, shape);
  for (auto &[source, own] : steps)
    link(source, shape, name, own, population);
  return true;
}

//===----------------------------------------------------------------------===//
// Biases
//===----------------------------------------------------------------------===//

/// Gives the bias, in the shape of the node's output, to the node; false if it
/// cannot have it.
bool GraphBuilder::setBias(Node &node, const Tensor &bias) {
  if (node.info->nodeClass == NodeClass::matrix) {
    const NodeInfo *affine = findNodeType("Affine");
    node.info = affine;
    node.typeName = affine->name.str();
    setTensor(node, "bias", bias);
    return true;
  }
  if (node.info->nodeClass != NodeClass::convolution)
    return false;
  int64_t channels = bias.getShape()[0];
  int64_t places = bias.getNumElements() / channels;
  Tensor reduced({channels}, ElementType::f32);
  for (int64_t channel = 0; channel < channels; ++channel) {
    ArrayRef<float> own = bias.data<float>().slice(channel * places, places);
    if (!llvm::all_equal(own))
      return false;
    reduced.data<float>()[channel] = own.front();
  }
  setTensor(node, "bias", std::move(reduced));
  return true;
}

void GraphBuilder::addBias(PopulationOp population,
                           ArrayRef<std::string> weights) {
  Attribute bias = population.getReceptorList()[0].getBias();
  if (!bias || failed)
    return;
  FailureOr<NumberView> view = NumberView::createBroadcast(
      population, bias, population.getSignalType().getShape());
  if (mlir::failed(view)) {
    failed = true;
    return;
  }
  Tensor values(population.getSignalType().getShape(), ElementType::f32);
  for (auto [index, value] : llvm::enumerate(values.data<float>()))
    value = static_cast<float>((*view)[index]);
  for (const std::string &name : weights)
    if (setBias(graph.nodes.find(name)->second, values))
      return;
  if (llvm::all_of(values.data<float>(), [](float v) { return v == 0; }))
    return;
  refuse(population) << "has a bias, which NIR has only with weights, one per "
                        "channel behind a convolution: needs dense weights, or "
                        "a bias per channel and a convolution";
}
