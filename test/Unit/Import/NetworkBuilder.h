//===- NetworkBuilder.h - NIR graphs for tests ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes graphs in memory, as the reader makes them of files.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_IMPORT_NETWORKBUILDER_H
#define SPIKEFORMER_TEST_UNIT_IMPORT_NETWORKBUILDER_H

#include "spikeformer/Import/NIR/CheckGraph.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <initializer_list>

namespace spikeformer::nir {

/// Numbers 1 of the given shape.
inline Value ones(ArrayRef<int64_t> shape, double number = 1) {
  Value value;
  value.kind = Value::Kind::number;
  value.tensor = Tensor(shape, ElementType::f64);
  for (double &element : value.tensor.data<double>())
    element = number;
  return value;
}

/// A list of floats.
inline Value list(ArrayRef<double> numbers) {
  Value value = ones({static_cast<int64_t>(numbers.size())});
  llvm::copy(numbers, value.tensor.data<double>().begin());
  return value;
}

/// A list of integers; `integer` is a scalar.
inline Value integers(ArrayRef<int64_t> numbers) {
  Value value;
  value.kind = Value::Kind::number;
  value.tensor =
      Tensor({static_cast<int64_t>(numbers.size())}, ElementType::i64);
  llvm::copy(numbers, value.tensor.data<int64_t>().begin());
  return value;
}
inline Value integer(int64_t number) {
  Value value = integers({number});
  value.tensor = value.tensor.reshape({});
  return value;
}

inline Value text(StringRef string) {
  Value value;
  value.kind = Value::Kind::text;
  value.texts.push_back(string.str());
  return value;
}

using Parameters = std::initializer_list<std::pair<const char *, Value>>;

/// A graph that grows.
class Network {
public:
  explicit Network(std::string path = "/node") {
    graph.path = std::move(path);
    graph.edgesKnown = true;
  }

  Network &add(const char *name, const char *type, Parameters parameters = {}) {
    Node &node = graph.nodes[name];
    node.typeName = type;
    node.info = findNodeType(type);
    node.path = graph.path + "/nodes/" + name;
    for (const auto &[parameter, value] : parameters)
      node.parameters[parameter] = value;
    return *this;
  }
  Network &add(const char *name, const Network &subgraph) {
    add(name, "NIRGraph");
    graph.nodes[name].subgraph = std::make_shared<Graph>(subgraph.graph);
    return *this;
  }
  Network &input(ArrayRef<int64_t> shape) {
    return add("in", "Input", {{"shape", integers(shape)}});
  }
  Network &output(ArrayRef<int64_t> shape) {
    return add("out", "Output", {{"shape", integers(shape)}});
  }
  /// Edges along the names.
  Network &chain(ArrayRef<const char *> names) {
    for (size_t i = 0; i + 1 < names.size(); ++i)
      graph.edges.push_back({names[i], names[i + 1], graph.path + "/edges"});
    return *this;
  }

  CheckResult check() const {
    Model model;
    model.graph = graph;
    return checkGraph(model);
  }
  /// "error /path: message" and "warning /path: message".
  std::vector<std::string> findings() const {
    std::vector<std::string> texts;
    CheckResult result = check();
    for (const Finding &finding : result.findings.get())
      texts.push_back((finding.isError ? "error " : "warning ") +
                      finding.location + ": " + finding.message);
    return texts;
  }
  /// Shape that leaves the node; {-1} if it is not known.
  std::vector<int64_t> shape(const char *name) const {
    CheckResult result = check();
    const auto *found = result.shapes.find(name);
    if (found == result.shapes.end())
      return {-1};
    const Shape &shape = found->second.output;
    return std::vector<int64_t>(shape.begin(), shape.end());
  }

  Graph graph;
};

/// A LIF of parameters of that shape.
inline void addLIF(Network &network, const char *name,
                   ArrayRef<int64_t> shape) {
  network.add(name, "LIF",
              {{"tau", ones(shape)},
               {"r", ones(shape)},
               {"v_leak", ones(shape, 0)},
               {"v_threshold", ones(shape)},
               {"v_reset", ones(shape, 0)}});
}

} // namespace spikeformer::nir

#endif // SPIKEFORMER_TEST_UNIT_IMPORT_NETWORKBUILDER_H
