//===- FlatGraph.h - a NIR graph without sub-graphs -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shapes, cycles and reachability do not care where a sub-graph begins: they
// are found on one graph in which inner Inputs and Outputs are nodes that pass
// on what they get.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_NIR_FLATGRAPH_H
#define LIB_IMPORT_NIR_FLATGRAPH_H

#include "spikeformer/Import/NIR/CheckGraph.h"

namespace spikeformer::nir {

/// All nodes of a graph and its sub-graphs, by index.
struct FlatGraph {
  struct FlatNode {
    /// "outer/inner".
    std::string name;
    const Node *node;
    /// An Input or Output of a sub-graph.
    bool isPort;
    SmallVector<unsigned, 2> successors, predecessors;
  };
  struct FlatEdge {
    unsigned source, target;
    /// As the file has it.
    const Edge *edge;
  };

  std::vector<FlatNode> nodes;
  std::vector<FlatEdge> edges;

  /// Edges that do not lead from one node to one node are left out.
  explicit FlatGraph(const Graph &graph);

  bool is(unsigned index, NodeType type) const {
    return nodes[index].node->is(type) && !nodes[index].isPort;
  }

private:
  /// Adds the nodes of `graph`; `prefix` is "" or "outer/".
  void addNodes(const Graph &graph, const std::string &prefix);
  void addEdges(const Graph &graph, const std::string &prefix);
  /// The node that an edge of `graph` means by `name`: in a sub-graph its one
  /// node of type `port`.
  std::optional<unsigned> resolve(const Graph &graph, const std::string &prefix,
                                  const std::string &name, NodeType port) const;

  llvm::StringMap<unsigned> indices;
};

/// Names of the nodes of that type, in order.
SmallVector<StringRef> findNodes(const Graph &graph, NodeType type);

} // namespace spikeformer::nir

#endif // LIB_IMPORT_NIR_FLATGRAPH_H
