//===- GraphBuilder.cpp - a network as a graph of NIR ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "FitNeuron.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

/// How far a factor may be from what the parameters give, in floats.
static constexpr uint32_t maxDistance = 1;

GraphBuilder::GraphBuilder(NetworkOp network, ArrayRef<Profile> known,
                           std::vector<std::string> inputs,
                           std::vector<std::string> outputs,
                           const ProfileChoice &choice,
                           std::optional<double> dt)
    : inputs(std::move(inputs)), outputs(std::move(outputs)), network(network),
      choice(choice), dt(dt),
      reader(network->getParentOfType<ModuleOp>(), known) {
  graph.path = "/node";
  graph.edgesKnown = true;
}

InFlightDiagnostic GraphBuilder::refuse(Operation *op) {
  failed = true;
  return op->emitOpError();
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

std::string GraphBuilder::makeName(const llvm::Twine &base) {
  std::string name = base.str();
  for (unsigned number = 2; !taken.insert(name).second; ++number)
    name = (base + "_" + llvm::Twine(number)).str();
  return name;
}

Node &GraphBuilder::addNode(StringRef name, NodeType type,
                            ArrayRef<int64_t> output) {
  Node node;
  node.info = llvm::find_if(
      getNodeTypes(), [&](const NodeInfo &info) { return info.type == type; });
  node.typeName = node.info->name.str();
  shapes[name] = Shape(output);
  if (!choice.get(name).canRead(type))
    refuse(network) << "needs the node " << node.info->name << " '" << name
                    << "', which the software of profile '"
                    << choice.get(name).name << "' does not read";
  return graph.nodes.insert({name.str(), std::move(node)}).first->second;
}

void GraphBuilder::setTensor(Node &node, StringRef name, Tensor tensor) {
  nir::Value value;
  value.kind = nir::Value::Kind::number;
  value.tensor = std::move(tensor);
  node.parameters[name.str()] = std::move(value);
}

void GraphBuilder::setIntegers(Node &node, StringRef name,
                               ArrayRef<int64_t> integers, bool isScalar) {
  SmallVector<int64_t> shape;
  if (!isScalar)
    shape.push_back(integers.size());
  Tensor tensor(shape, ElementType::i64);
  llvm::copy(integers, tensor.data<int64_t>().begin());
  setTensor(node, name, std::move(tensor));
}

void GraphBuilder::addEdge(StringRef source, StringRef target) {
  graph.edges.push_back({source.str(), target.str(), "/node/edges"});
}

void GraphBuilder::addInputs() {
  for (std::string &name : inputs)
    name = makeName(name);
  for (auto [name, argument] :
       llvm::zip_equal(inputs, network.getBody().getArguments())) {
    auto type = cast<SignalType>(argument.getType());
    if (type.getKind() == AlphabetKind::ternary)
      refuse(network) << "takes the ternary signal '" << name
                      << "': spikes of NIR have no sign; needs values";
    Node &node = addNode(name, NodeType::Input, type.getShape());
    setIntegers(node, "shape", type.getShape());
    nodes[argument] = name;
  }
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

void GraphBuilder::checkPopulation(PopulationOp population) {
  if (population.getOnsetStep() != 0)
    refuse(population) << "begins in step " << population.getOnsetStep()
                       << ": neurons of NIR begin in step 0; needs onset 0";
  if (population.getSignalType().getKind() == AlphabetKind::ternary)
    refuse(population) << "emits ternary spikes: those of NIR have no sign";
  for (OpResult state : population.getStates())
    if (!state.use_empty())
      refuse(population)
          << "gives the state '"
          << cast<StringAttr>(
                 (*population.getExposed())[state.getResultNumber() - 1])
                 .getValue()
          << "' to other nodes: a node of NIR gives its spikes or, as LI, its "
             "potential";
  if (population.getReceptorList().size() != 1)
    refuse(population) << "has " << population.getReceptorList().size()
                       << " receptors: a node of NIR has one input";
  for (ReceptorAttr receptor : population.getReceptorList()) {
    if (receptor.getAccumulator() == AccumulatorKind::ordered &&
        receptor.getType().isF32())
      continue;
    // A type in a diagnostic is quoted; here it is part of a word.
    std::string type;
    llvm::raw_string_ostream(type) << receptor.getType();
    refuse(population) << "accumulates "
                       << stringifyAccumulatorKind(receptor.getAccumulator())
                       << "<" << type
                       << ">: NIR adds in f32; needs ordered<f32>";
  }
}

/// Whether it is a linear population of a Conv1d: windows over one axis, of
/// signals that have only that one.
static bool isAlongOneAxis(PopulationOp population) {
  ArrayRef<int64_t> shape = population.getSignalType().getShape();
  if (!isa<LinearAttr>(population.getModel()) || shape.size() != 3 ||
      shape[1] != 1 || population.getInputs().empty())
    return false;
  return llvm::all_of(population.getInputs(), [](mlir::Value input) {
    auto project = input.getDefiningOp<ProjectOp>();
    auto windows = dyn_cast<Conv2DAttr>(project.getConnectivity());
    auto reshape = project.getSource().getDefiningOp<ReshapeOp>();
    return windows && reshape && windows.getKernel()[0] == 1 &&
           windows.getStride()[0] == 1 && windows.getDilation()[0] == 1 &&
           windows.getPad()[0] == 0 && windows.getPad()[2] == 0 &&
           cast<SignalType>(reshape.getSource().getType()).getShape().size() ==
               2;
  });
}

/// Makes the node of a population that needs nothing but its params.
void GraphBuilder::addPopulation(PopulationOp population) {
  std::string name = makeName(population.getName());
  nodes[population.getSpikes()] = name;
  Shape shape(population.getSignalType().getShape());
  if (isAlongOneAxis(population))
    shape.erase(shape.begin() + 1);
  shapes[name] = shape;
  checkPopulation(population);
  if (isa<LinearAttr>(population.getModel()))
    return;
  if (std::optional<Attribute> threshold = reader.readThreshold(population)) {
    Node &node = addNode(name, NodeType::Threshold, shape);
    if (auto numbers = getNumbers(population, *threshold, shape))
      setTensor(node, "threshold", std::move(*numbers));
    return;
  }
  std::optional<Neuron> neuron = reader.read(population);
  if (!neuron) {
    failed = true;
    return;
  }
  // The type may change when the loops are known, its class does not.
  Node node;
  node.info = llvm::find_if(getNodeTypes(), [&](const NodeInfo &info) {
    return info.type == neuron->type;
  });
  graph.nodes.insert({name, std::move(node)});
  neurons.insert({name, {population, std::move(*neuron)}});
}

/// Whether all that it does is adding up an output of the network.
bool GraphBuilder::isOutputNode(PopulationOp population,
                                ArrayRef<Group> groups) const {
  return groups.size() > 1 && population->hasOneUse() &&
         isa<OutputOp>(*population->user_begin()) &&
         !population.getReceptorList()[0].getBias() &&
         llvm::all_of(groups, [](const Group &group) {
           return isPlain(ProjectOp(group.front())) && getDelay(group.front());
         });
}

/// A linear population is what its synapses are.
void GraphBuilder::connectLinear(PopulationOp population,
                                 ArrayRef<Group> groups) {
  std::string name = nodes[population.getSpikes()];
  bool isPlainSum = llvm::all_of(
      groups, [](const Group &group) { return isPlain(group.front()); });
  bool waits = llvm::any_of(groups, [](const Group &group) {
    return getDelay(group.front()).value_or(1) != 0;
  });
  if (!population.getReceptorList()[0].getBias() && waits &&
      addDelay(name, groups, population))
    return;
  SmallVector<std::string> weights;
  if (groups.size() == 1 && !isPlainSum) {
    addSynapses(groups[0], population, name, weights);
    return addBias(population, weights);
  }
  Shape shape = shapes[name];
  Node &node = addNode(name, NodeType::Scale, shape);
  Tensor ones(shape, ElementType::f32);
  llvm::fill(ones.data<float>(), 1.0f);
  setTensor(node, "scale", std::move(ones));
  for (const Group &group : groups)
    addSynapses(group, population, std::nullopt, weights);
  addBias(population, weights);
}

void GraphBuilder::connect(PopulationOp population) {
  // A population whose synapses are refused has no place for its bias.
  bool wasFailed = std::exchange(failed, false);
  SmallVector<Group> groups = groupInputs(population);
  bool isLinear = isa<LinearAttr>(population.getModel());
  if (isLinear && !isOutputNode(population, groups))
    connectLinear(population, groups);
  SmallVector<std::string> weights;
  for (const Group &group : groups)
    if (!isLinear)
      addSynapses(group, population, std::nullopt, weights);
  if (!isLinear)
    addBias(population, weights);
  failed |= wasFailed;
}

void GraphBuilder::connectOutputs() {
  OutputOp output = network.getOutput();
  for (std::string &name : outputs)
    if (auto population = output.getOperand(&name - outputs.data())
                              .getDefiningOp<PopulationOp>();
        population && isOutputNode(population, groupInputs(population)))
      name = nodes[population.getSpikes()];
    else
      name = makeName(name);
  for (auto [name, value] : llvm::zip_equal(outputs, output.getValues())) {
    ArrayRef<int64_t> shape = cast<SignalType>(value.getType()).getShape();
    auto population = value.getDefiningOp<PopulationOp>();
    SmallVector<Group> groups;
    if (population)
      groups = groupInputs(population);
    Shape given(shape);
    if (population && nodes.contains(value) && isAlongOneAxis(population))
      given = shapes[nodes[value]];
    Node &node = addNode(name, NodeType::Output, given);
    setIntegers(node, "shape", given);
    if (population && isOutputNode(population, groups))
      for (const Group &group : groups) {
        ProjectOp project = group.front();
        link(project.getSource(), shape, name, {*getDelay(project)},
             population);
      }
    else
      link(value, given, name, {0}, output);
  }
}

void GraphBuilder::fitNeurons() {
  Wiring wiring(graph, choice);
  for (auto &[name, entry] : neurons) {
    auto &[population, neuron] = entry;
    Node &node = graph.nodes.find(name)->second;
    const Profile &profile = choice.get(name);
    auto fitted = fitNeuron(neuron, profile, wiring.isRecurrent(&node),
                            getStep(name), shapes[name]);
    if (!fitted) {
      refuse(population) << "is no neuron of profile '" << profile.name
                         << "': it " << llvm::toString(fitted.takeError());
      continue;
    }
    if (fitted->distance > maxDistance)
      refuse(population) << "needs a " << fitted->farthest
                         << " that no parameter gives under profile '"
                         << profile.name << "'; the nearest is "
                         << fitted->distance << " floats away";
    else if (fitted->distance != 0)
      population.emitWarning("the ")
          << fitted->farthest << " is " << fitted->distance
          << " unit in the last place away under profile '" << profile.name
          << "': spikes may differ by rounding";
    if (neuron.roundsOtherwise)
      population.emitWarning(
          "the model adds up in another order than profile '")
          << profile.name << "' does: spikes may differ by rounding";
    node = Node();
    node.info = llvm::find_if(getNodeTypes(), [&](const NodeInfo &info) {
      return info.type == fitted->type;
    });
    node.typeName = node.info->name.str();
    node.parameters = std::move(fitted->parameters);
  }
}

bool GraphBuilder::build() {
  for (PopulationOp population : network.getBody().getOps<PopulationOp>())
    taken.insert(population.getName());
  addInputs();
  taken.clear();
  for (const std::string &name : inputs)
    taken.insert(name);
  for (PopulationOp population : network.getBody().getOps<PopulationOp>())
    addPopulation(population);
  if (failed)
    return false;
  for (PopulationOp population : network.getBody().getOps<PopulationOp>())
    connect(population);
  connectOutputs();
  if (failed)
    return false;
  sortGraph();
  fitNeurons();
  return !failed && settleDelays();
}
