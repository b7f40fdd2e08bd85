//===- Graph.cpp - the order of a model's nodes ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Graph.h"
#include "llvm/ADT/STLExtras.h"
#include <queue>

using namespace spikeformer;
using namespace spikeformer::onnximport;

StringRef onnximport::getNodeName(const ::onnx::NodeProto &node) {
  if (!node.name().empty())
    return node.name();
  return node.output_size() ? StringRef(node.output(0)) : StringRef();
}

Graph::Graph(const Model &model)
    : model(model), graph(model.getGraph()), live(graph.node_size(), false) {
  addSources();
  addProducers();
  markLive();
  if (!failed)
    sort();
}

void Graph::addSources() {
  for (const auto &input : graph.input())
    producers[input.name()] = notANode;
  for (const auto &initializer : graph.initializer())
    producers[initializer.name()] = notANode;
}

void Graph::addProducers() {
  for (int64_t index = 0; index < graph.node_size(); ++index) {
    const ::onnx::NodeProto &node = graph.node(index);
    for (const std::string &output : node.output()) {
      if (output.empty() || producers.try_emplace(output, index).second)
        continue;
      emitError(model.getLocation(getNodeName(node)))
          << "output '" << output
          << "' is already the name of another value; names must be unique";
      failed = true;
    }
  }
}

void Graph::require(StringRef value, Location location) {
  used[value] = true;
  auto producer = producers.find(value);
  if (producer == producers.end()) {
    emitError(location) << "'" << value
                        << "' is neither a graph input, nor an initializer, "
                           "nor the output of a node";
    failed = true;
  } else if (producer->second != notANode && !live[producer->second]) {
    live[producer->second] = true;
    worklist.push_back(producer->second);
  }
}

void Graph::markLive() {
  for (const auto &output : graph.output())
    require(output.name(), model.getLocation());
  while (!worklist.empty()) {
    const ::onnx::NodeProto &node = graph.node(worklist.back());
    worklist.pop_back();
    for (const std::string &input : node.input())
      if (!input.empty())
        require(input, model.getLocation(getNodeName(node)));
  }
}

/// Kahn's algorithm; among the nodes that are ready the first of the file goes
/// first, which reproduces a valid order of the file.
void Graph::sort() {
  std::vector<std::vector<int64_t>> users(graph.node_size());
  std::vector<int64_t> waitsFor(graph.node_size(), 0);
  std::priority_queue<int64_t, std::vector<int64_t>, std::greater<>> ready;
  for (int64_t index = 0; index < graph.node_size(); ++index) {
    if (!live[index])
      continue;
    for (const std::string &input : graph.node(index).input()) {
      auto producer = producers.find(input);
      if (producer == producers.end() || producer->second == notANode)
        continue;
      users[producer->second].push_back(index);
      ++waitsFor[index];
    }
    if (waitsFor[index] == 0)
      ready.push(index);
  }
  while (!ready.empty()) {
    int64_t index = ready.top();
    ready.pop();
    sorted.push_back(&graph.node(index));
    for (int64_t user : users[index])
      if (--waitsFor[user] == 0)
        ready.push(user);
  }
  std::vector<int64_t> missing;
  for (int64_t index = 0; index < graph.node_size(); ++index)
    if (live[index] && waitsFor[index] != 0)
      missing.push_back(index);
  if (!missing.empty())
    reportCycle(missing);
}

/// Walks against the edges among the nodes that could not be sorted; each of
/// them has a producer among them, so that the walk ends in a cycle.
void Graph::reportCycle(ArrayRef<int64_t> missing) {
  failed = true;
  auto isMissing = [&](int64_t index) {
    return llvm::binary_search(missing, index);
  };
  SmallVector<int64_t> path;
  int64_t index = missing.front();
  while (!llvm::is_contained(path, index)) {
    path.push_back(index);
    for (const std::string &input : graph.node(index).input()) {
      auto producer = producers.find(input);
      if (producer != producers.end() && isMissing(producer->second)) {
        index = producer->second;
        break;
      }
    }
  }
  path.erase(path.begin(), llvm::find(path, index));
  StringRef name = getNodeName(graph.node(index));
  InFlightDiagnostic error = emitError(model.getLocation(name));
  error << "depends on its own output";
  constexpr size_t maxNotes = 32;
  for (int64_t step : ArrayRef<int64_t>(path).drop_front().take_front(maxNotes))
    error.attachNote(model.getLocation(getNodeName(graph.node(step))))
        << "through this node";
}
