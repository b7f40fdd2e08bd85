//===- CheckEdges.cpp - edges of a NIR graph ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "spikeformer/Support/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace spikeformer;
using namespace spikeformer::nir;

/// So many wrong names are compared with all others; beyond it, a list of
/// likely names helps nobody.
static constexpr unsigned maxSuggestions = 20;

std::string nir::describeEdge(const Edge &edge) {
  return "edge (" + quote(edge.source) + ", " + quote(edge.target) + ")";
}

/// The node whose name is nearest to `name`; empty if none is near.
static StringRef findSimilar(const Graph &graph, StringRef name) {
  std::vector<StringRef> names;
  for (const auto &entry : graph.nodes)
    names.push_back(entry.first);
  return spikeformer::findSimilar(name, names);
}

namespace {
class EdgeChecker {
public:
  EdgeChecker(const Graph &graph, Findings &findings)
      : graph(graph), findings(findings) {}

  bool check() {
    for (const Edge &edge : graph.edges) {
      const Node *source = find(edge, edge.source);
      const Node *target =
          edge.source == edge.target ? source : find(edge, edge.target);
      checkOnce(edge);
      if (source)
        checkSource(edge, *source);
      if (target)
        checkTarget(edge, *target);
    }
    return ok;
  }

private:
  void error(const Edge &edge, const llvm::Twine &message) {
    findings.addError(edge.path, describeEdge(edge) + message);
    ok = false;
  }

  const Node *find(const Edge &edge, StringRef name) {
    const auto *found = graph.nodes.find(name.str());
    if (found != graph.nodes.end())
      return &found->second;
    // A name with a '/' became groups inside each other, which is reported.
    const auto *outer = graph.nodes.find(name.split('/').first.str());
    if (name.contains('/') && outer != graph.nodes.end() &&
        !outer->second.info) {
      ok = false;
      return nullptr;
    }
    StringRef similar;
    if (suggestions++ < maxSuggestions)
      similar = findSimilar(graph, name);
    error(
        edge,
        ": no node " + quote(name) +
            (similar.empty() ? "" : "; did you mean " + quote(similar) + "?"));
    return nullptr;
  }

  void checkOnce(const Edge &edge) {
    // Names hold no zeros: HDF5 ends them there.
    std::string key = edge.source + '\0' + edge.target;
    unsigned count = ++seen[key];
    if (count == 2)
      error(edge, " is listed twice; nir 1.0.8 refuses it, older files meant "
                  "one edge; remove one");
  }

  void checkSource(const Edge &edge, const Node &node) {
    if (node.is(NodeType::Output))
      error(edge, ": an Output has no outgoing edge");
    if (node.subgraph)
      checkPort(edge, edge.source, *node.subgraph, NodeType::Output);
  }

  void checkTarget(const Edge &edge, const Node &node) {
    if (node.is(NodeType::Input))
      error(edge, ": an Input has no incoming edge");
    if (node.subgraph)
      checkPort(edge, edge.target, *node.subgraph, NodeType::Input);
  }

  /// A sub-graph that an edge touches has one such node; none at all has been
  /// reported.
  void checkPort(const Edge &edge, StringRef name, const Graph &subgraph,
                 NodeType type) {
    size_t count = findNodes(subgraph, type).size();
    if (count == 0)
      ok = false;
    if (count > 1)
      error(edge, ": sub-graph " + quote(name) + " has " + llvm::Twine(count) +
                      (type == NodeType::Input ? " Inputs" : " Outputs") +
                      ", and an edge cannot say which; need one");
  }

  const Graph &graph;
  Findings &findings;
  llvm::StringMap<unsigned> seen;
  unsigned suggestions = 0;
  bool ok = true;
};
} // namespace

/// An Input and an Output, without which nothing goes in or out.
static void checkBorders(const Graph &graph, Findings &findings) {
  if (graph.nodes.empty()) {
    findings.addError(graph.path, "the graph is empty: no Input, no Output");
    return;
  }
  for (auto [type, name] :
       {std::pair(NodeType::Input, "Input"), {NodeType::Output, "Output"}})
    if (findNodes(graph, type).empty())
      findings.addError(graph.path, "the graph has no " + llvm::Twine(name) +
                                        " node (nir adds some without a word); "
                                        "add one with its edges");
}

bool nir::checkEdges(const Graph &graph, Findings &findings) {
  if (graph.edgesKnown)
    checkBorders(graph, findings);
  return EdgeChecker(graph, findings).check() && graph.edgesKnown;
}
