//===- CheckGraph.h - what is wrong with a NIR graph ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that a profile does not change: edges, parameters, shapes.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_CHECKGRAPH_H
#define SPIKEFORMER_IMPORT_NIR_CHECKGRAPH_H

#include "spikeformer/Import/NIR/Graph.h"

namespace spikeformer::nir {

using Shape = SmallVector<int64_t, 4>;

/// What arrives at a node and what leaves it, without batch and time axes.
struct NodeShapes {
  Shape input, output;
};

struct CheckResult {
  /// Of reading and of checking.
  Findings findings;
  /// By the names that `flatten` gives; also the inner Inputs and Outputs that
  /// it dissolves, as "block/input". Missing: what no Input reaches and what
  /// follows only from an error.
  NameMap<NodeShapes> shapes;
};

/// Finds everything that is wrong with `model` and the shape of every node.
CheckResult checkGraph(const Model &model);

/// One graph without sub-graphs: inner nodes are named "outer/inner", inner
/// Inputs and Outputs become the edges that they stand for. A source that
/// reaches a target in two ways has two edges, which both add. `graph` has
/// passed `checkGraph`. Errors: more than `maxEdges` edges.
llvm::Expected<Graph> flatten(const Graph &graph, size_t maxEdges = size_t(1)
                                                                    << 24);

/// The pair of an edge, for messages: "edge ('a', 'b')".
std::string describeEdge(const Edge &edge);

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_CHECKGRAPH_H
