//===- GraphCoding.cpp - a model as bytes ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphCoding.h"
#include "spikeformer/Support/HDF5/Coding.h"

using namespace spikeformer;
using namespace spikeformer::nir;

/// More levels than any limit allows; a parent's stack bears them.
static constexpr unsigned maxCodedDepth = 1024;

namespace {
class Encoder : public hdf5::Encoder {
public:
  using hdf5::Encoder::encode;
  using hdf5::Encoder::Encoder;

  void encode(const Model &model) {
    put(model.version);
    encode(model.findings);
    put(model.graph.has_value());
    if (model.graph)
      encode(*model.graph);
    encode(model.metadata);
  }

private:
  void encode(const Node &node) {
    put(node.typeName);
    put(node.path);
    encode(node.parameters);
    encode(node.metadata);
    put(node.subgraph != nullptr);
    if (node.subgraph)
      encode(*node.subgraph);
  }

  void encode(const Graph &graph) {
    put(graph.path);
    put(graph.edgesKnown);
    put(graph.edges.size());
    for (const Edge &edge : graph.edges) {
      put(edge.source);
      put(edge.target);
    }
    put(graph.nodes.size());
    for (const auto &[name, node] : graph.nodes) {
      put(name);
      encode(node);
    }
  }
};

class Decoder : public hdf5::Decoder {
public:
  using hdf5::Decoder::Decoder;

  std::optional<Model> decode() {
    Model model;
    model.version = getText();
    getFindings(model.findings);
    if (getNumber())
      model.graph = getGraph();
    model.metadata = getValues();
    if (!isComplete())
      return std::nullopt;
    return model;
  }

private:
  Node getNode() {
    Node node;
    node.typeName = getText();
    node.info = findNodeType(node.typeName);
    node.path = getText();
    node.parameters = getValues();
    node.metadata = getValues();
    if (getNumber())
      node.subgraph = std::make_shared<Graph>(getGraph());
    return node;
  }

  Graph getGraph() {
    Graph graph;
    failed |= ++depth > maxCodedDepth;
    graph.path = getText();
    graph.edgesKnown = getNumber();
    for (uint64_t i = 0, e = getCount(); i < e && !failed; ++i) {
      std::string source = getText();
      graph.edges.push_back(
          {std::move(source), getText(), graph.path + "/edges"});
    }
    for (uint64_t i = 0, e = getCount(); i < e && !failed; ++i) {
      std::string name = getText();
      graph.nodes.insert({std::move(name), getNode()});
    }
    --depth;
    return graph;
  }

  unsigned depth = 0;
};
} // namespace

std::string nir::encodeModel(const Model &model, const WorkerOutput &output) {
  Encoder encoder(output);
  encoder.encode(model);
  return encoder.take();
}

std::optional<Model> nir::decodeModel(const WorkerResult &result) {
  return Decoder(result).decode();
}
