//===- Checks.h - the parts of checkGraph -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function per question; each says all that is wrong with its part.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_NIR_CHECKS_H
#define LIB_IMPORT_NIR_CHECKS_H

#include "FlatGraph.h"
#include "llvm/ADT/DenseSet.h"

namespace spikeformer::nir {

/// Shapes, networks and products of extents end here: below, no product of two
/// extents overflows.
constexpr int64_t maxElements = int64_t(1) << 31;

/// "INDEX of the row-major array": "[1, 2]", nothing for a scalar.
std::string formatIndex(ArrayRef<int64_t> shape, int64_t index);

/// A Tensor with one element, which stands for all.
inline bool isSingle(const Tensor &tensor) {
  return tensor.getNumElements() == 1;
}

/// The parameters of one node: which there are and what they hold. True if they
/// tell the node's shape.
bool checkParameters(const Node &node, Findings &findings);

/// Agreement of the shapes of one node's parameters, which hold what they
/// should. True if they tell the node's shape.
bool checkParameterShapes(const Node &node, Findings &findings);

/// Edges, Inputs and Outputs of `graph` itself, without its sub-graphs. False
/// if an edge is wrong, so that what it reaches is not known.
bool checkEdges(const Graph &graph, Findings &findings);

/// Cycles without neuron or delay.
void checkCycles(const FlatGraph &graph, Findings &findings);

/// Nodes that no Input reaches, and nodes that reach no Output.
void checkReachability(const FlatGraph &graph, Findings &findings);

/// The shape that leaves `node` when `input` arrives, both without batch and
/// time axes.
struct ShapeStep {
  std::optional<Shape> output;
  /// What is wrong, if there is no output: with the edge that brings the input,
  /// or with the node.
  std::string edgeProblem, nodeProblem;
};
/// `node` has passed the checks of parameters and is no Input.
ShapeStep inferOutput(const Node &node, ArrayRef<int64_t> input);

/// What leaves `node` whatever arrives, if that is known.
std::optional<Shape> getOwnShape(const Node &node);

/// Shapes of all nodes from the Inputs on; nodes in `broken` have none.
NameMap<NodeShapes> inferShapes(const FlatGraph &graph,
                                const llvm::DenseSet<const Node *> &broken,
                                Findings &findings);

} // namespace spikeformer::nir

#endif // LIB_IMPORT_NIR_CHECKS_H
