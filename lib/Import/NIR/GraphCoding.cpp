//===- GraphCoding.cpp - a model as bytes ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphCoding.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::nir;

/// More levels than any limit allows; a parent's stack bears them.
static constexpr unsigned maxCodedDepth = 1024;

namespace {
class Encoder {
public:
  explicit Encoder(const WorkerOutput &output) : output(output) {}

  void encode(const Model &model) {
    put(model.version);
    put(model.findings.get().size());
    for (const Finding &finding : model.findings.get()) {
      put(finding.isError);
      put(finding.location);
      put(finding.message);
    }
    put(model.graph.has_value());
    if (model.graph)
      encode(*model.graph);
  }

  std::string take() { return std::move(bytes); }

private:
  void put(uint64_t number) {
    bytes.append(reinterpret_cast<const char *>(&number), sizeof(number));
  }
  void put(StringRef text) {
    put(text.size());
    bytes.append(text.data(), text.size());
  }
  void put(const std::string &text) { put(StringRef(text)); }
  void put(ArrayRef<int64_t> shape) {
    put(shape.size());
    for (int64_t extent : shape)
      put(static_cast<uint64_t>(extent));
  }

  void encode(const Value &value) {
    put(static_cast<uint64_t>(value.kind));
    put(value.description);
    if (value.kind == Value::Kind::number) {
      put(static_cast<uint64_t>(value.tensor.getElementType()));
      put(value.tensor.getShape());
      put(output.getOffset(value.tensor.getBytes()));
    } else if (value.kind == Value::Kind::text) {
      put(value.textShape);
      put(value.texts.size());
      for (const std::string &text : value.texts)
        put(text);
    }
  }

  void encode(const NameMap<Value> &values) {
    put(values.size());
    for (const auto &[name, value] : values) {
      put(name);
      encode(value);
    }
  }

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

  const WorkerOutput &output;
  std::string bytes;
};

/// Every function gives false, or something empty, once `failed`.
class Decoder {
public:
  explicit Decoder(const WorkerResult &result)
      : result(result), rest(result.message) {}

  std::optional<Model> decode() {
    Model model;
    model.version = getText();
    for (uint64_t i = 0, e = getCount(); i < e && !failed; ++i) {
      bool isError = getNumber();
      std::string location = getText();
      model.findings.add(isError, location, getText());
    }
    if (getNumber())
      model.graph = getGraph();
    if (failed || !rest.empty())
      return std::nullopt;
    return model;
  }

private:
  uint64_t getNumber() {
    uint64_t number = 0;
    failed |= rest.size() < sizeof(number);
    if (failed)
      return 0;
    std::memcpy(&number, rest.data(), sizeof(number));
    rest = rest.drop_front(sizeof(number));
    return number;
  }
  /// A number of things that follow, of at least 8 bytes each.
  uint64_t getCount() {
    uint64_t count = getNumber();
    failed |= count > rest.size() / 8;
    return failed ? 0 : count;
  }
  std::string getText() {
    uint64_t size = getNumber();
    failed |= size > rest.size();
    if (failed)
      return "";
    StringRef text = rest.take_front(size);
    rest = rest.drop_front(size);
    return text.str();
  }
  SmallVector<int64_t> getShape() {
    SmallVector<int64_t> shape(getCount());
    for (int64_t &extent : shape) {
      extent = static_cast<int64_t>(getNumber());
      failed |= extent < 0;
    }
    return shape;
  }

  Tensor getTensor() {
    uint64_t type = getNumber();
    SmallVector<int64_t> shape = getShape();
    failed |= type > static_cast<uint64_t>(ElementType::f64);
    if (failed)
      return Tensor();
    auto elementType = static_cast<ElementType>(type);
    uint64_t size = getElementSize(elementType);
    for (int64_t extent : shape)
      size = llvm::SaturatingMultiply<uint64_t>(size, extent);
    void *bytes = result.getBlock(getNumber(), size);
    failed |= !bytes || reinterpret_cast<uintptr_t>(bytes) % 64 != 0;
    return failed ? Tensor() : Tensor(shape, elementType, bytes, result.memory);
  }

  Value getValue() {
    Value value;
    uint64_t kind = getNumber();
    failed |= kind > static_cast<uint64_t>(Value::Kind::other);
    value.description = getText();
    if (failed)
      return value;
    value.kind = static_cast<Value::Kind>(kind);
    if (value.kind == Value::Kind::number)
      value.tensor = getTensor();
    if (value.kind == Value::Kind::text) {
      value.textShape = getShape();
      value.texts.resize(getCount());
      for (std::string &text : value.texts)
        text = getText();
    }
    return value;
  }

  NameMap<Value> getValues() {
    NameMap<Value> values;
    for (uint64_t i = 0, e = getCount(); i < e && !failed; ++i) {
      std::string name = getText();
      values.insert({std::move(name), getValue()});
    }
    return values;
  }

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

  const WorkerResult &result;
  StringRef rest;
  bool failed = false;
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
