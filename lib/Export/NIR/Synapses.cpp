//===- Synapses.cpp - projections as nodes --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/BitVector.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

/// Elements of the largest matrix that synapses are written as.
static constexpr int64_t maxMatrix = int64_t(1) << 28;

/// Whether the signal is put together of parts of others.
static bool isPutTogether(mlir::Value signal) {
  while (Operation *op = signal.getDefiningOp()) {
    if (isa<SliceOp, ConcatOp>(op))
      return true;
    if (!isa<ReshapeOp, DelayOp>(op))
      return false;
    signal = op->getOperand(0);
  }
  return false;
}

bool GraphBuilder::isPlain(ProjectOp project) {
  auto number = dyn_cast_or_null<FloatAttr>(project.getWeightsAttr());
  bool isOne =
      !project.getWeightsAttr() || (number && number.getValueAsDouble() == 1.0);
  return isOne && isa<OneToOneAttr>(project.getConnectivity()) &&
         !isPutTogether(project.getSource());
}

std::optional<int64_t> GraphBuilder::getDelay(ProjectOp project) {
  if (auto delay = dyn_cast<IntegerAttr>(project.getDelay()))
    return delay.getInt();
  return std::nullopt;
}

/// Projections of the same weights, one behind the other, are one node with
/// several sources.
SmallVector<GraphBuilder::Group>
GraphBuilder::groupInputs(PopulationOp population) {
  SmallVector<Group> groups;
  for (mlir::Value input : population.getInputs()) {
    auto project = input.getDefiningOp<ProjectOp>();
    if (!groups.empty()) {
      ProjectOp before = groups.back().front();
      if (isa_and_nonnull<FlatSymbolRefAttr>(project.getWeightsAttr()) &&
          project.getWeightsAttr() == before.getWeightsAttr() &&
          project.getConnectivity() == before.getConnectivity() &&
          project.getSourceType().getShape() ==
              before.getSourceType().getShape() &&
          getDelay(project) && getDelay(before) &&
          !isPutTogether(project.getSource()) &&
          !isPutTogether(before.getSource())) {
        groups.back().push_back(project);
        continue;
      }
    }
    groups.push_back({project});
  }
  return groups;
}

std::string GraphBuilder::nameWeights(ProjectOp project,
                                      PopulationOp population) {
  FlatSymbolRefAttr symbol =
      dyn_cast_or_null<FlatSymbolRefAttr>(project.getWeightsAttr());
  if (auto seen = dyn_cast_or_null<ViewAttr>(project.getWeightsAttr()))
    symbol = seen.getParameter();
  StringRef name = symbol ? symbol.getValue() : "";
  if (name.consume_back(".weight") || name.consume_back(".weights"))
    return makeName(name);
  return makeName(population.getName() + ".in");
}

std::optional<Tensor> GraphBuilder::getNumbers(Operation *user,
                                               Attribute numbers,
                                               ArrayRef<int64_t> shape) {
  if (auto symbol = dyn_cast_or_null<FlatSymbolRefAttr>(numbers)) {
    FailureOr<Tensor> stored = loadParameter(user, symbol);
    if (mlir::failed(stored)) {
      failed = true;
      return std::nullopt;
    }
    if (stored->getElementType() == ElementType::f32 &&
        stored->getShape() == shape)
      return *stored;
  }
  Tensor tensor(shape, ElementType::f32);
  if (!numbers) {
    llvm::fill(tensor.data<float>(), 1.0f);
    return tensor;
  }
  bool isParam = isa<ParamAttr>(numbers);
  FailureOr<NumberView> view =
      isParam ? NumberView::createBroadcast(user, numbers, shape)
              : NumberView::create(user, numbers, shape);
  if (mlir::failed(view)) {
    failed = true;
    return std::nullopt;
  }
  for (auto [index, element] : llvm::enumerate(tensor.data<float>()))
    element = static_cast<float>((*view)[index]);
  return tensor;
}

//===----------------------------------------------------------------------===//
// Nodes of weights
//===----------------------------------------------------------------------===//

void GraphBuilder::addMatrix(StringRef name, Tensor weight,
                             ArrayRef<int64_t> output) {
  bool isLinear = choice.get(name).canRead(NodeType::Linear);
  Node &node =
      addNode(name, isLinear ? NodeType::Linear : NodeType::Affine, output);
  if (!isLinear)
    setTensor(node, "bias",
              Tensor(weight.getShape().drop_back(), ElementType::f32));
  setTensor(node, "weight", std::move(weight));
}

std::optional<Shape> GraphBuilder::addScale(StringRef name, ProjectOp project,
                                            ArrayRef<int64_t> shape) {
  auto scale = getNumbers(project, project.getWeightsAttr(), shape);
  if (!scale)
    return std::nullopt;
  setTensor(addNode(name, NodeType::Scale, shape), "scale", std::move(*scale));
  return Shape(shape);
}

/// Pads before and behind each axis as NIR says them; none if it cannot.
static std::optional<nir::Value> getPadding(Conv2DAttr windows,
                                            unsigned firstAxis) {
  ArrayRef<int64_t> pad = windows.getPad();
  bool isEven = true, isSame = true;
  SmallVector<int64_t> both;
  for (unsigned axis = firstAxis; axis < 2; ++axis) {
    int64_t total =
        windows.getDilation()[axis] * (windows.getKernel()[axis] - 1);
    isEven &= pad[axis] == pad[axis + 2];
    isSame &= windows.getStride()[axis] == 1 && pad[axis] == total / 2 &&
              pad[axis + 2] == total - total / 2;
    both.push_back(pad[axis]);
  }
  nir::Value value;
  if (!isEven && !isSame)
    return std::nullopt;
  if (!isEven) {
    value.kind = nir::Value::Kind::text;
    value.texts = {"same"};
    return value;
  }
  value.kind = nir::Value::Kind::number;
  SmallVector<int64_t> shape;
  if (firstAxis == 0)
    shape.push_back(2);
  value.tensor = Tensor(shape, ElementType::i64);
  llvm::copy(both, value.tensor.data<int64_t>().begin());
  return value;
}

/// A pool, if the weights are those of one.
bool GraphBuilder::addPool(StringRef name, Conv2DAttr windows,
                           const Tensor &weight, PopulationOp population) {
  ArrayRef<float> elements = weight.data<float>();
  ArrayRef<int64_t> kernel = windows.getKernel();
  float mean = 1.0f / (kernel[0] * kernel[1]);
  bool isSum = llvm::all_of(elements, [](float w) { return w == 1; });
  bool isMean = llvm::all_of(elements, [&](float w) { return w == mean; });
  auto padding = getPadding(windows, 0);
  NodeType type = isSum ? NodeType::SumPool2d : NodeType::AvgPool2d;
  if (!(isSum || isMean) || !padding || padding->getText() ||
      windows.getGroups() != weight.getShape()[0] ||
      weight.getShape()[1] != 1 || !llvm::all_equal(windows.getDilation()) ||
      windows.getDilation()[0] != 1 || !choice.get(name).canRead(type) ||
      population.getReceptorList()[0].getBias())
    return false;
  Node &node = addNode(name, type, population.getSignalType().getShape());
  setIntegers(node, "kernel_size", kernel);
  setIntegers(node, "stride", windows.getStride());
  node.parameters["padding"] = std::move(*padding);
  return true;
}

std::optional<Shape> GraphBuilder::addConvolution(StringRef name,
                                                  ProjectOp project,
                                                  PopulationOp population) {
  auto windows = cast<Conv2DAttr>(project.getConnectivity());
  Shape input(project.getSourceType().getShape());
  ArrayRef<int64_t> target = population.getSignalType().getShape();
  auto weight = getNumbers(project, project.getWeightsAttr(),
                           windows.getWeightShape(input, target));
  if (!weight)
    return std::nullopt;
  bool isFlat = shapes[nodes[population.getSpikes()]].size() == 2;
  if (!isFlat && addPool(name, windows, *weight, population))
    return input;
  auto padding = getPadding(windows, isFlat ? 1 : 0);
  if (!padding) {
    refuse(project) << "pads " << formatShape(windows.getPad())
                    << " (top, left, bottom, right): NIR pads both sides "
                       "alike, or as 'same'";
    return std::nullopt;
  }
  ArrayRef<int64_t> shape = weight->getShape();
  int64_t channels = shape[0];
  Node &node = addNode(name, isFlat ? NodeType::Conv1d : NodeType::Conv2d,
                       isFlat ? Shape{target[0], target[2]} : Shape(target));
  auto perAxis = [&](StringRef parameter, ArrayRef<int64_t> values) {
    setIntegers(node, parameter, isFlat ? values.take_back() : values, isFlat);
  };
  perAxis("input_shape", ArrayRef<int64_t>(input).drop_front());
  perAxis("stride", windows.getStride());
  perAxis("dilation", windows.getDilation());
  node.parameters["padding"] = std::move(*padding);
  setIntegers(node, "groups", {windows.getGroups()}, /*isScalar=*/true);
  setTensor(node, "bias", Tensor({channels}, ElementType::f32));
  if (isFlat) {
    setTensor(node, "weight", weight->reshape({shape[0], shape[1], shape[3]}));
    input.erase(input.begin() + 1);
  } else {
    setTensor(node, "weight", std::move(*weight));
  }
  return input;
}

std::optional<Shape> GraphBuilder::addConvolution1d(StringRef name,
                                                    ProjectOp project,
                                                    ArrayRef<int64_t> target) {
  auto windows = cast<Conv1DAttr>(project.getConnectivity());
  Shape input(project.getSourceType().getShape());
  auto weight = getNumbers(project, project.getWeightsAttr(),
                           windows.getWeightShape(input, target));
  if (!weight)
    return std::nullopt;
  ArrayRef<int64_t> pad = windows.getPad();
  if (pad[0] != pad[1]) {
    refuse(project) << "pads " << formatShape(pad)
                    << ": NIR pads both sides alike";
    return std::nullopt;
  }
  Node &node = addNode(name, NodeType::Conv1d, target);
  std::pair<StringRef, int64_t> integers[] = {
      {"input_shape", input[1]},
      {"stride", windows.getStride()},
      {"padding", pad[0]},
      {"groups", windows.getGroups()},
      {"dilation", windows.getDilation()}};
  for (auto [parameter, value] : integers)
    setIntegers(node, parameter, {value}, /*isScalar=*/true);
  setTensor(node, "bias", Tensor({target[0]}, ElementType::f32));
  setTensor(node, "weight", std::move(*weight));
  return input;
}

std::optional<Shape> GraphBuilder::addWeights(StringRef name, ProjectOp project,
                                              PopulationOp population) {
  Attribute connectivity = project.getConnectivity();
  ArrayRef<int64_t> target = population.getSignalType().getShape();
  if (isa<OneToOneAttr>(connectivity))
    return addScale(name, project, target);
  if (isa<Conv2DAttr>(connectivity))
    return addConvolution(name, project, population);
  if (isa<Conv1DAttr>(connectivity))
    return addConvolution1d(name, project, target);
  if (auto shape = addFlatten(name, project, population))
    return shape;
  if (auto shape = addRepeatedMatrix(name, project, population))
    return shape;
  if (!isa<DenseAttr>(connectivity) || target.size() != 1)
    return std::nullopt;
  int64_t sources = project.getSourceType().getNumElements();
  auto weight =
      getNumbers(project, project.getWeightsAttr(), {target[0], sources});
  if (weight)
    addMatrix(name, std::move(*weight), target);
  return Shape{sources};
}

//===----------------------------------------------------------------------===//
// All synapses
//===----------------------------------------------------------------------===//

void GraphBuilder::addExpanded(ProjectOp project, PopulationOp population,
                               std::optional<std::string> name,
                               SmallVectorImpl<std::string> &weights) {
  std::string target = nodes[population.getSpikes()];
  ArrayRef<int64_t> from = project.getSourceType().getShape();
  ArrayRef<int64_t> to = population.getSignalType().getShape();
  if (to.size() != 1) {
    refuse(project) << "has synapses that only a matrix says, and its target "
                    << "has shape " << formatShape(to)
                    << ": a matrix of NIR gives one axis; needs a population "
                       "of one axis";
    return;
  }
  auto table = project.getConnectivity().expand(project, from, to);
  auto parts = split(project.getSource(), project);
  if (mlir::failed(table) || !parts) {
    failed = true;
    return;
  }
  auto numbers = getNumbers(
      project, project.getWeightsAttr(),
      project.getWeightsAttr() && !isa<FloatAttr>(project.getWeightsAttr())
          ? project.getConnectivity().getWeightShape(from, to)
          : SmallVector<int64_t>{});
  if (!numbers)
    return;
  SmallVector<Tensor> matrices;
  SmallVector<llvm::BitVector> used;
  for (auto [value, delay] : parts->leaves) {
    int64_t size = cast<SignalType>(value.getType()).getNumElements();
    if (size * to[0] > maxMatrix) {
      refuse(project) << "needs a matrix of " << to[0] << "x" << size
                      << " numbers, more than the limit of " << maxMatrix;
      return;
    }
    matrices.emplace_back(Tensor({to[0], size}, ElementType::f32));
    used.emplace_back(size * to[0]);
  }
  ArrayRef<float> elements = numbers->data<float>();
  for (size_t source = 0; source + 1 < table->rows.size(); ++source)
    for (uint64_t k = table->rows[source]; k < table->rows[source + 1]; ++k) {
      auto [leaf, element] = parts->elements[source];
      int64_t columns = matrices[leaf].getShape()[1];
      int64_t place = table->targets[k] * columns + element;
      if (used[leaf].test(place)) {
        refuse(project) << "has several synapses between the same two neurons: "
                           "a matrix has one";
        return;
      }
      used[leaf].set(place);
      matrices[leaf].data<float>()[place] =
          elements[elements.size() == 1 ? 0 : table->weights[k]];
    }
  for (auto [index, leaf] : llvm::enumerate(parts->leaves)) {
    std::string own = name ? *name : nameWeights(project, population);
    int64_t size = matrices[index].getShape()[1];
    addMatrix(own, std::move(matrices[index]), to);
    weights.push_back(own);
    link(leaf.first, {size}, own, {*getDelay(project) + leaf.second}, project,
         name ? std::nullopt : std::optional(target));
    if (!name)
      addEdge(own, target);
  }
}

void GraphBuilder::addSynapses(const Group &group, PopulationOp population,
                               std::optional<std::string> name,
                               SmallVectorImpl<std::string> &weights) {
  ProjectOp first = group.front();
  std::string target = nodes[population.getSpikes()];
  if (!getDelay(first)) {
    refuse(first) << "has a delay per synapse: a Delay of NIR has one per "
                     "neuron; put a linear population with delayed one-to-one "
                     "synapses before it";
    return;
  }
  if (!name && isPlain(first)) {
    for (ProjectOp project : group)
      link(project.getSource(), shapes[target], target, {*getDelay(project)},
           project);
    return;
  }
  bool wasFailed = std::exchange(failed, false);
  std::string own = name ? *name : nameWeights(first, population);
  std::optional<Shape> input;
  if (!isPutTogether(first.getSource()))
    input = addWeights(own, first, population);
  bool isRefused = std::exchange(failed, failed || wasFailed);
  if (!input && !isRefused) {
    if (!name)
      taken.erase(own);
    return addExpanded(first, population, name, weights);
  }
  if (!input)
    return;
  weights.push_back(own);
  for (ProjectOp project : group)
    link(project.getSource(), *input, own, {*getDelay(project)}, project,
         name ? std::nullopt : std::optional(target));
  if (!name)
    addEdge(own, target);
}
