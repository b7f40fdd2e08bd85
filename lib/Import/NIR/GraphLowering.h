//===- GraphLowering.h - a flat graph to snn --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_NIR_GRAPHLOWERING_H
#define LIB_IMPORT_NIR_GRAPHLOWERING_H

#include "Wiring.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/SymbolTable.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Import/NIR/CheckGraph.h"

namespace spikeformer::nir {

/// Makes the module of one graph.
class GraphLowering {
public:
  /// `graph` is flat and has passed `checkGraph`, which gave `shapes`.
  GraphLowering(const Graph &graph, const NameMap<NodeShapes> &shapes,
                const Profile &profile, double dt, StringRef file,
                MLIRContext &context);

  /// Null after diagnostics, one for each node that cannot be said.
  OwningOpRef<ModuleOp> run();

private:
  /// Synapses with the same source.
  struct Synapses {
    mlir::Value source;
    snn::ConnectivityAttrInterface connectivity;
    Attribute weights;
    Attribute delay;
  };
  /// What arrives at a population.
  struct Current {
    SmallVector<Synapses> synapses;
    /// f32, empty for none.
    Tensor bias;
  };

  InFlightDiagnostic refuse(const Node &node);
  Location locate(const Node &node) const;
  const Shape &shapeOf(const Node *node) const;
  snn::SignalType analogue(ArrayRef<int64_t> shape);

  void addInputs();
  void addSignals(const Node &node);
  void addPopulation(const Node &node, ArrayRef<int64_t> shape,
                     snn::NeuronModelAttrInterface model,
                     ArrayRef<NamedAttribute> params, snn::SignalType type);
  void addNeuron(const Node &node);
  void addThreshold(const Node &node);
  void addLinear(const Node &node, ArrayRef<int64_t> shape);
  bool isInlined(const Node &node) const;
  bool isReshape(const Node &node) const;

  void connect(const Node &node);
  void enter(const Wire &wire, ArrayRef<int64_t> shape, Current &current);
  void enterWeights(const Node &node, Current &current);
  void enterDelay(const Node &node, Current &current);
  void project(snn::PopulationOp population, const Current &current);
  mlir::Value getSignal(const Node *node, ArrayRef<int64_t> shape);
  mlir::Value reshape(mlir::Value signal, ArrayRef<int64_t> shape);
  static void addBias(const Tensor &bias, Current &current);
  std::pair<snn::ConnectivityAttrInterface, Attribute>
  getWeights(const Node &node);
  snn::ConnectivityAttrInterface
  getWindows(const Node &node, ArrayRef<int64_t> kernel, int64_t groups);
  std::pair<snn::ConnectivityAttrInterface, Attribute>
  getChannelsLast(const Node &node);

  Attribute number(const Tensor &values, ArrayRef<int64_t> shape,
                   const llvm::Twine &name, bool isParam);
  FlatSymbolRefAttr parameter(const Tensor &values, const llvm::Twine &name);
  snn::ModelOp getModel(const Node &node);
  mlir::Value getResult(const Node &node);
  void finish();

  const Graph &graph;
  const NameMap<NodeShapes> &shapes;
  const Profile &profile;
  double dt;
  std::string file;
  Wiring wiring;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<SymbolTable> symbols;
  snn::NetworkOp network;
  /// What a node gives. Flattened signals are added when they are asked for.
  llvm::DenseMap<const Node *, mlir::Value> signals;
  llvm::DenseMap<const Node *, snn::PopulationOp> populations;
  llvm::DenseMap<const Node *, StringRef> names;
  /// The last node that reads a node.
  llvm::DenseMap<const Node *, const Node *> reader;
  bool failed = false;
};

} // namespace spikeformer::nir

#endif // LIB_IMPORT_NIR_GRAPHLOWERING_H
