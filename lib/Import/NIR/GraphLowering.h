//===- GraphLowering.h - a flat graph to snn --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_NIR_GRAPHLOWERING_H
#define LIB_IMPORT_NIR_GRAPHLOWERING_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/SymbolTable.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Import/NIR/CheckGraph.h"
#include "spikeformer/Import/NIR/ImportNIR.h"
#include "spikeformer/Import/NIR/Semantics.h"
#include "spikeformer/Import/NIR/Wiring.h"

namespace spikeformer::nir {

/// Whether the node multiplies its input by weights.
bool isWeights(const Node &node);

/// The values as f32; themselves where they are: weights may be large.
Tensor toFloat(const Tensor &values);

/// One f32 number per element of `shape`, from one in all, one per channel or
/// one per element.
Tensor expand(const Tensor &values, ArrayRef<int64_t> shape);

/// Makes the module of one graph.
class GraphLowering {
public:
  /// `graph` is flat and has passed `checkGraph`, which gave `shapes`.
  GraphLowering(const Graph &graph, const NameMap<NodeShapes> &shapes,
                const ProfileChoice &choice, const Semantics &semantics,
                StringRef file, MLIRContext &context);

  /// `semantics` has a step, if it is not that of the profiles; its lists of
  /// inputs and outputs are complete or empty.
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

  Location locate(const Node &node) const;
  const Shape &shapeOf(const Node *node) const;
  const Shape &getInputShape(const Node &node) const;
  double getStep(const Node &node) const {
    return semantics.dt.value_or(wiring.getProfile(node).dt);
  }
  snn::SignalType analogue(ArrayRef<int64_t> shape);

  /// Nodes of a type, in the order of their names or in `order`.
  SmallVector<const Node *> listBorder(NodeType type,
                                       ArrayRef<std::string> order) const;
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
  /// Whether it is a Flatten that moves channels to the end first.
  bool movesChannels(const Node &node) const;

  void connect(const Node &node);
  void enter(const Wire &wire, ArrayRef<int64_t> shape, Current &current);
  void enterWeights(const Node &node, ArrayRef<int64_t> target,
                    Current &current);
  void enterDelay(const Node &node, Current &current);
  void project(snn::PopulationOp population, const Current &current);
  mlir::Value getSignal(const Node *node, ArrayRef<int64_t> shape);
  mlir::Value reshape(mlir::Value signal, ArrayRef<int64_t> shape);
  static void addBias(const Node &node, ArrayRef<int64_t> shape,
                      Current &current);
  std::pair<snn::ConnectivityAttrInterface, Attribute>
  getWeights(const Node &node);
  snn::ConnectivityAttrInterface
  getWindows(const Node &node, ArrayRef<int64_t> kernel, int64_t groups);
  std::pair<snn::ConnectivityAttrInterface, Attribute>
  getRepeatedMatrix(const Node &node, const Tensor &weight);
  std::pair<snn::ConnectivityAttrInterface, Attribute>
  getChannelsLast(const Node &node);

  Attribute number(const Tensor &values, ArrayRef<int64_t> shape,
                   const llvm::Twine &name, bool isParam);
  FlatSymbolRefAttr parameter(const Tensor &values, const llvm::Twine &name);
  snn::ModelOp getModel(const Node &node);
  mlir::Value getResult(const Node &node);
  Type getArgument(const Node &node, int64_t steps);
  snn::Readout getReadout(size_t index, snn::SignalType type);
  snn::SimulateOp simulate(mlir::func::FuncOp main, ArrayRef<int32_t> readouts);
  SmallVector<StringRef> listChoice();
  void finish();

  const Graph &graph;
  const NameMap<NodeShapes> &shapes;
  const ProfileChoice &choice;
  const Semantics &semantics;
  std::string file;
  std::vector<std::string> choiceTexts;
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
};

} // namespace spikeformer::nir

#endif // LIB_IMPORT_NIR_GRAPHLOWERING_H
