//===- GraphBuilder.h - a network as a graph of NIR -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Populations become nodes of their names, projections become weights between
// them. Where a step is lost or won on the way is settled at the end, when the
// loops are known.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EXPORT_NIR_GRAPHBUILDER_H
#define LIB_EXPORT_NIR_GRAPHBUILDER_H

#include "Neuron.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Import/NIR/CheckGraph.h"
#include "spikeformer/Import/NIR/Wiring.h"
#include "llvm/ADT/StringSet.h"
#include <map>

namespace spikeformer::nir {

/// Makes the graph of one network. Names are those of the network; they need
/// not be names that a file can have.
class GraphBuilder {
public:
  /// `inputs` and `outputs` are names for what the network takes and gives. A
  /// step is `dt`, or that of each node's profile.
  GraphBuilder(snn::NetworkOp network, ArrayRef<Profile> known,
               std::vector<std::string> inputs,
               std::vector<std::string> outputs, const ProfileChoice &choice,
               std::optional<double> dt);

  /// False after diagnostics, one for each thing that cannot be said.
  bool build();

  Graph graph;
  /// As given, but no name occurs twice.
  std::vector<std::string> inputs, outputs;

private:
  /// A signal that nodes give, one behind the other, `delay` steps late.
  struct Source {
    SmallVector<std::string, 4> nodes;
    int64_t delay = 0;
  };
  /// A way from a node to one that takes its signal.
  struct Link {
    /// Names, from the first to the last.
    SmallVector<std::string, 4> nodes;
    /// Steps that it takes in the network: one number, or one per element of
    /// the Delay on the way.
    SmallVector<int64_t> wanted;
    Operation *op;
  };
  /// Elements of a signal that is put together of others.
  struct Parts {
    SmallVector<std::pair<mlir::Value, int64_t>> leaves;
    /// For each element the leaf and the element of it.
    std::vector<std::pair<unsigned, int64_t>> elements;
  };
  using Group = SmallVector<snn::ProjectOp, 2>;

  // GraphBuilder.cpp: nodes.
  InFlightDiagnostic refuse(Operation *op);
  std::string makeName(const llvm::Twine &base);
  Node &addNode(StringRef name, NodeType type, ArrayRef<int64_t> output);
  static void setTensor(Node &node, StringRef name, Tensor tensor);
  static void setIntegers(Node &node, StringRef name,
                          ArrayRef<int64_t> integers, bool isScalar = false);
  void addEdge(StringRef source, StringRef target);
  void addInputs();
  void addPopulation(snn::PopulationOp population);
  void checkPopulation(snn::PopulationOp population);
  void connect(snn::PopulationOp population);
  void connectLinear(snn::PopulationOp population, ArrayRef<Group> groups);
  bool isOutputNode(snn::PopulationOp population, ArrayRef<Group> groups) const;
  void connectOutputs();
  void fitNeurons();

  // Signals.cpp: what a signal is in the graph.
  std::optional<Source> resolve(mlir::Value signal, ArrayRef<int64_t> shape,
                                Operation *user);
  std::optional<std::string> resolvePool(snn::PoolOp pool, Operation *user);
  bool view(Source &source, ArrayRef<int64_t> shape, bool isDelayed,
            Operation *user);
  std::optional<Parts> split(mlir::Value signal, Operation *user);
  /// Connects `signal` to the node `target`, which takes it in `shape`.
  void link(mlir::Value signal, ArrayRef<int64_t> shape, StringRef target,
            ArrayRef<int64_t> delay, Operation *user,
            std::optional<std::string> behind = std::nullopt);

  // Synapses.cpp: projections as nodes.
  static bool isPlain(snn::ProjectOp project);
  static std::optional<int64_t> getDelay(snn::ProjectOp project);
  SmallVector<Group> groupInputs(snn::PopulationOp population);
  std::string nameWeights(snn::ProjectOp project, snn::PopulationOp population);
  /// Adds the nodes between the sources of `group` and a population. With
  /// `name` the node of weights is that of the population.
  void addSynapses(const Group &group, snn::PopulationOp population,
                   std::optional<std::string> name,
                   SmallVectorImpl<std::string> &weights);
  void addPlain(const Group &group, StringRef target);
  /// A node of weights and the shape that it takes; none after a diagnostic.
  std::optional<Shape> addWeights(StringRef name, snn::ProjectOp project,
                                  snn::PopulationOp population);
  void addMatrix(StringRef name, Tensor weight, ArrayRef<int64_t> output);
  std::optional<Shape> addConvolution(StringRef name, snn::ProjectOp project,
                                      snn::PopulationOp population);
  std::optional<Shape> addConvolution1d(StringRef name, snn::ProjectOp project,
                                        ArrayRef<int64_t> target);
  bool addPool(StringRef name, snn::Conv2DAttr windows, const Tensor &weight,
               snn::PopulationOp population);
  std::optional<Shape> addScale(StringRef name, snn::ProjectOp project,
                                ArrayRef<int64_t> shape);
  /// Any synapses as matrices, one for each part of the source.
  void addExpanded(snn::ProjectOp project, snn::PopulationOp population,
                   std::optional<std::string> name,
                   SmallVectorImpl<std::string> &weights);
  std::optional<Tensor> getNumbers(Operation *user, Attribute numbers,
                                   ArrayRef<int64_t> shape);

  // Patterns.cpp: what only some linear populations are.
  std::optional<Shape> addFlatten(StringRef name, snn::ProjectOp project,
                                  snn::PopulationOp population);
  std::optional<Shape> addRepeatedMatrix(StringRef name, snn::ProjectOp project,
                                         snn::PopulationOp population);
  bool addDelay(StringRef name, ArrayRef<Group> groups,
                snn::PopulationOp population);
  void addBias(snn::PopulationOp population, ArrayRef<std::string> weights);
  bool setBias(Node &node, const Tensor &bias);

  // Delays.cpp: which steps the reader adds.
  bool settleDelays();
  int64_t countSteps(const Wiring &wiring, const Link &link) const;
  const std::string *findDelay(const Link &link) const;
  bool insertDelays(const Wiring &wiring);
  void sortGraph();

  double getStep(StringRef node) const {
    return dt.value_or(choice.get(node).dt);
  }

  snn::NetworkOp network;
  const ProfileChoice &choice;
  std::optional<double> dt;
  NeuronReader reader;
  llvm::StringSet<> taken;
  /// What nodes give.
  llvm::StringMap<Shape> shapes;
  /// Nodes of populations, inputs and pools.
  llvm::DenseMap<mlir::Value, std::string> nodes;
  /// Flattens by what they are of.
  std::map<std::tuple<std::string, std::vector<int64_t>, bool>, std::string>
      views;
  NameMap<std::pair<snn::PopulationOp, Neuron>> neurons;
  std::vector<Link> links;
  bool failed = false;
};

} // namespace spikeformer::nir

#endif // LIB_EXPORT_NIR_GRAPHBUILDER_H
