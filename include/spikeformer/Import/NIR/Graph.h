//===- Graph.h - a NIR file in memory ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The contents of a NIR file as they are stored: nothing is computed, nothing
// is guessed, and what cannot be a parameter is kept as a description of what
// it is. Checking and lowering work on this model and never see HDF5.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_GRAPH_H
#define SPIKEFORMER_IMPORT_NIR_GRAPH_H

#include "spikeformer/Import/NIR/NodeTypes.h"
#include "spikeformer/Support/HDF5/Findings.h"
#include "spikeformer/Support/HDF5/Value.h"
#include <memory>

namespace spikeformer::nir {

using hdf5::Finding;
using hdf5::Findings;
using hdf5::NameMap;
using hdf5::quote;
using hdf5::Value;

struct Graph;

/// A node as the file has it.
struct Node {
  /// Null if `typeName` is no type of NIR's.
  const NodeInfo *info = nullptr;
  /// Empty if the file has none; that has been reported.
  std::string typeName;
  /// Where it lies in the file: "/node/nodes/fc".
  std::string path;
  NameMap<Value> parameters;
  /// Names of nested groups are joined by '/'.
  NameMap<Value> metadata;
  /// Of a NIRGraph, and of nothing else.
  std::shared_ptr<const Graph> subgraph;

  bool is(NodeType type) const { return info && info->type == type; }
  /// The parameter of that name, null if the file has none.
  const Value *find(StringRef name) const;
  /// The array of that name, null if there is none or it holds no numbers.
  const Tensor *findTensor(StringRef name) const;
  /// The integers of that name in row-major order; if absent the default of the
  /// type's table. None: neither, or not integers (floats with integral values
  /// are).
  std::optional<SmallVector<int64_t>> getIntegers(StringRef name) const;
  /// Where parameter `name` lies in the file.
  std::string getPath(StringRef name) const { return path + "/" + name.str(); }
};

/// A signal's way from node to node.
struct Edge {
  std::string source, target;
  /// The dataset that lists it: "/node/edges".
  std::string path;
};

struct Graph {
  /// Its group: "/node".
  std::string path;
  NameMap<Node> nodes;
  std::vector<Edge> edges;
  /// False if the file's edges could not be read; that has been reported.
  bool edgesKnown = false;
};

/// Puts nodes into the order of their names, level by level: as groups in
/// groups are ordered.
void sortNodes(Graph &graph);

/// A whole file.
struct Model {
  std::string file;
  /// What `/version` says; empty if nothing.
  std::string version;
  /// Empty if there is none; that has been reported.
  std::optional<Graph> graph;
  /// Of the graph itself; names of nested groups are joined by '/'.
  NameMap<Value> metadata;
  /// What was wrong while reading.
  Findings findings;
};

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_GRAPH_H
