//===- CheckCycles.cpp - cycles and reachability in NIR -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "llvm/ADT/STLExtras.h"

using namespace spikeformer;
using namespace spikeformer::nir;

/// The way to each is searched anew, so that their number must be bounded.
static constexpr unsigned maxReportedCycles = 100;

//===----------------------------------------------------------------------===//
// Cycles
//===----------------------------------------------------------------------===//

/// True if what leaves the node does not depend on what arrives in that step.
static bool breaksCycles(const Node &node) {
  if (!node.info || node.info->nodeClass == NodeClass::neuron)
    return true;
  const Tensor *delay = node.findTensor("delay");
  if (!node.is(NodeType::Delay) || !delay)
    return false;
  for (int64_t i = 0, e = delay->getNumElements(); i < e; ++i)
    if (delay->getAsDouble(i) == 0)
      return false;
  return true;
}

namespace {
/// Takes away what lies on no cycle until only cycles, and ways between them,
/// are left; reports one and takes it away.
class CycleFinder {
public:
  CycleFinder(const FlatGraph &graph, Findings &findings)
      : graph(graph), findings(findings), left(graph.nodes.size()),
        incoming(graph.nodes.size()), outgoing(graph.nodes.size()) {
    for (const auto &[index, node] : llvm::enumerate(graph.nodes))
      left[index] = !breaksCycles(*node.node);
    for (const FlatGraph::FlatEdge &edge : graph.edges) {
      if (!left[edge.source] || !left[edge.target])
        continue;
      ++outgoing[edge.source];
      ++incoming[edge.target];
    }
  }

  void run() {
    for (unsigned node = 0; node < left.size(); ++node)
      if (left[node] && (!incoming[node] || !outgoing[node]))
        remove(node);
    for (unsigned node = 0; node < left.size(); ++node)
      for (; left[node] && reported < maxReportedCycles; ++reported)
        reportFrom(node);
  }

private:
  /// Takes `first` away and all that thereby has nothing before or after it.
  void remove(unsigned first) {
    SmallVector<unsigned> pending = {first};
    while (!pending.empty()) {
      unsigned node = pending.pop_back_val();
      if (!left[node])
        continue;
      left[node] = false;
      for (unsigned next : graph.nodes[node].successors)
        if (left[next] && --incoming[next] == 0)
          pending.push_back(next);
      for (unsigned next : graph.nodes[node].predecessors)
        if (left[next] && --outgoing[next] == 0)
          pending.push_back(next);
    }
  }

  /// Follows first successors from `node` until one comes again.
  void reportFrom(unsigned node) {
    std::vector<unsigned> way;
    llvm::DenseMap<unsigned, size_t> positions;
    while (positions.try_emplace(node, way.size()).second) {
      way.push_back(node);
      node = *llvm::find_if(graph.nodes[node].successors,
                            [&](unsigned next) { return left[next]; });
    }
    ArrayRef<unsigned> cycle = ArrayRef(way).drop_front(positions[node]);
    report(cycle);
    for (unsigned member : cycle)
      remove(member);
  }

  void report(ArrayRef<unsigned> cycle) {
    // A cycle has no beginning; the first in the file's order is as good.
    size_t start = llvm::min_element(cycle) - cycle.begin();
    std::string text, delays;
    for (size_t i = 0; i <= cycle.size(); ++i) {
      const auto &node = graph.nodes[cycle[(start + i) % cycle.size()]];
      text += (i ? " -> " : "") + node.name;
      if (i < cycle.size() && node.node->is(NodeType::Delay))
        delays += " (node " + quote(node.name) + " delays by 0)";
    }
    findings.addError(graph.nodes[cycle[start]].node->path,
                      "cycle without a delay: " + text + delays +
                          "; need a neuron or a Delay above 0 in it");
  }

  const FlatGraph &graph;
  Findings &findings;
  std::vector<char> left;
  std::vector<unsigned> incoming, outgoing;
  unsigned reported = 0;
};
} // namespace

void nir::checkCycles(const FlatGraph &graph, Findings &findings) {
  CycleFinder(graph, findings).run();
}

//===----------------------------------------------------------------------===//
// Reachability
//===----------------------------------------------------------------------===//

/// Marks what can be reached from the nodes of type `start` along `next`.
static std::vector<char>
findReachable(const FlatGraph &graph, NodeType start,
              SmallVector<unsigned, 2> FlatGraph::FlatNode::*next) {
  std::vector<char> reached(graph.nodes.size());
  SmallVector<unsigned> pending;
  for (unsigned node = 0; node < graph.nodes.size(); ++node)
    if (graph.is(node, start))
      pending.push_back(node);
  while (!pending.empty()) {
    unsigned node = pending.pop_back_val();
    if (reached[node])
      continue;
    reached[node] = true;
    llvm::append_range(pending, graph.nodes[node].*next);
  }
  return reached;
}

void nir::checkReachability(const FlatGraph &graph, Findings &findings) {
  auto fromInput =
      findReachable(graph, NodeType::Input, &FlatGraph::FlatNode::successors);
  auto toOutput = findReachable(graph, NodeType::Output,
                                &FlatGraph::FlatNode::predecessors);
  for (const auto &[index, node] : llvm::enumerate(graph.nodes)) {
    if (node.isPort || !node.node->info ||
        (fromInput[index] && toOutput[index]))
      continue;
    std::string name =
        "node " + quote(node.name) + " (" + node.node->typeName + ")";
    bool isLone = node.successors.empty() && node.predecessors.empty();
    if (graph.is(index, NodeType::Output))
      findings.addError(node.node->path,
                        "node " + quote(node.name) +
                            " is not reachable from any Input");
    else if (isLone)
      findings.addWarning(node.node->path, name + " is not connected");
    else
      findings.addWarning(node.node->path,
                          name + (fromInput[index]
                                      ? " reaches no Output"
                                      : " is not reachable from any Input"));
  }
}
