//===- FlatGraph.cpp - a NIR graph without sub-graphs ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FlatGraph.h"
#include "llvm/ADT/STLExtras.h"

using namespace spikeformer;
using namespace spikeformer::nir;

SmallVector<StringRef> nir::findNodes(const Graph &graph, NodeType type) {
  SmallVector<StringRef> names;
  for (const auto &[name, node] : graph.nodes)
    if (node.is(type))
      names.push_back(name);
  return names;
}

FlatGraph::FlatGraph(const Graph &graph) {
  addNodes(graph, "");
  addEdges(graph, "");
  for (const FlatEdge &edge : edges) {
    nodes[edge.source].successors.push_back(edge.target);
    nodes[edge.target].predecessors.push_back(edge.source);
  }
}

void FlatGraph::addNodes(const Graph &graph, const std::string &prefix) {
  for (const auto &[name, node] : graph.nodes) {
    if (node.subgraph) {
      addNodes(*node.subgraph, prefix + name + "/");
      continue;
    }
    bool isPort = !prefix.empty() &&
                  (node.is(NodeType::Input) || node.is(NodeType::Output));
    indices[prefix + name] = nodes.size();
    nodes.push_back({prefix + name, &node, isPort, {}, {}});
  }
}

std::optional<unsigned> FlatGraph::resolve(const Graph &graph,
                                           const std::string &prefix,
                                           const std::string &name,
                                           NodeType port) const {
  const auto *found = graph.nodes.find(name);
  if (found == graph.nodes.end())
    return std::nullopt;
  std::string flatName = prefix + name;
  if (found->second.subgraph) {
    SmallVector<StringRef> ports = findNodes(*found->second.subgraph, port);
    if (ports.size() != 1)
      return std::nullopt;
    flatName += "/" + ports.front().str();
  }
  return indices.lookup(flatName);
}

void FlatGraph::addEdges(const Graph &graph, const std::string &prefix) {
  for (const Edge &edge : graph.edges) {
    auto source = resolve(graph, prefix, edge.source, NodeType::Output);
    auto target = resolve(graph, prefix, edge.target, NodeType::Input);
    if (source && target)
      edges.push_back({*source, *target, &edge});
  }
  for (const auto &[name, node] : graph.nodes)
    if (node.subgraph)
      addEdges(*node.subgraph, prefix + name + "/");
}

//===----------------------------------------------------------------------===//
// flatten
//===----------------------------------------------------------------------===//

/// For every node the nodes that stay and whose signal leaves it: itself, or
/// what a port passes on. Empty if there are more than `most` in ports.
static std::vector<SmallVector<unsigned, 2>> findSources(const FlatGraph &flat,
                                                         size_t &most) {
  std::vector<SmallVector<unsigned, 2>> sources(flat.nodes.size());
  std::vector<unsigned> missing(flat.nodes.size(), 0), ready;
  for (const auto &[index, node] : llvm::enumerate(flat.nodes)) {
    if (!node.isPort) {
      sources[index].push_back(index);
      continue;
    }
    missing[index] = llvm::count_if(node.predecessors, [&](unsigned source) {
      return flat.nodes[source].isPort;
    });
    if (!missing[index])
      ready.push_back(index);
  }
  for (size_t i = 0; i < ready.size(); ++i) {
    unsigned port = ready[i];
    for (unsigned source : flat.nodes[port].predecessors) {
      if (sources[source].size() > most)
        return {};
      most -= sources[source].size();
      llvm::append_range(sources[port], sources[source]);
    }
    for (unsigned target : flat.nodes[port].successors)
      if (flat.nodes[target].isPort && --missing[target] == 0)
        ready.push_back(target);
  }
  return sources;
}

llvm::Expected<Graph> nir::flatten(const Graph &graph, size_t maxEdges) {
  FlatGraph flat(graph);
  size_t left = maxEdges;
  auto sources = findSources(flat, left);
  Graph result;
  result.path = graph.path;
  result.edgesKnown = graph.edgesKnown;
  for (const FlatGraph::FlatNode &node : flat.nodes)
    if (!node.isPort)
      result.nodes.insert({node.name, *node.node});
  for (const FlatGraph::FlatEdge &edge : flat.edges) {
    if (flat.nodes[edge.target].isPort)
      continue;
    if (sources.empty() || sources[edge.source].size() > left)
      return llvm::createStringError(
          "without its sub-graphs the graph has more than " +
          llvm::Twine(maxEdges) + " edges; pass signals on less often");
    left -= sources[edge.source].size();
    for (unsigned source : sources[edge.source])
      result.edges.push_back({flat.nodes[source].name,
                              flat.nodes[edge.target].name, edge.edge->path});
  }
  return result;
}
