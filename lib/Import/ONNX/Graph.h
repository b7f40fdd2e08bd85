//===- Graph.h - the order of a model's nodes -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides which nodes matter and in what order they are visited. The standard
// wants nodes sorted; files of hand-made tools are not always, so the order is
// computed: the file's own wherever it is valid.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_GRAPH_H
#define LIB_IMPORT_ONNX_GRAPH_H

#include "Model.h"

namespace spikeformer::onnximport {

/// Name of a node: its own or, where it has none, that of its first output.
StringRef getNodeName(const ::onnx::NodeProto &node);

/// The nodes that the graph's outputs depend on, producers before users.
/// Reports every value that has no producer or two, and one cycle; the result
/// is then incomplete and `failed` is set.
class Graph {
public:
  explicit Graph(const Model &model);

  bool hasFailed() const { return failed; }
  ArrayRef<const ::onnx::NodeProto *> getNodes() const { return sorted; }
  /// Whether a node that matters or the graph's outputs read `value`.
  bool isUsed(StringRef value) const { return used.contains(value); }

private:
  static constexpr int64_t notANode = -1;

  void addSources();
  void addProducers();
  void markLive();
  void sort();
  void require(StringRef value, Location location);
  void reportCycle(ArrayRef<int64_t> missing);

  const Model &model;
  const ::onnx::GraphProto &graph;
  /// Index of the node that makes a value; `notANode` for inputs and
  /// initializers.
  llvm::StringMap<int64_t> producers;
  llvm::StringMap<bool> used;
  std::vector<bool> live;
  std::vector<int64_t> worklist;
  std::vector<const ::onnx::NodeProto *> sorted;
  bool failed = false;
};

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_GRAPH_H
