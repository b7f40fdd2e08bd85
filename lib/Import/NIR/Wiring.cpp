//===- Wiring.cpp - who feeds whom, and when ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/Wiring.h"
#include "spikeformer/Import/NIR/NeuronModels.h"
#include "llvm/ADT/DenseSet.h"

using namespace spikeformer;
using namespace spikeformer::nir;

static bool isNeuron(const Node *node) {
  return node->info->nodeClass == NodeClass::neuron;
}

Wiring::Wiring(const Graph &graph, const ProfileChoice &choice) : graph(graph) {
  for (const auto &[name, node] : graph.nodes)
    profiles[&node] = &choice.get(name);
  for (const Edge &edge : graph.edges)
    edges.emplace_back(&graph.nodes.find(edge.source)->second,
                       &graph.nodes.find(edge.target)->second);
  enterLoopsAtNeurons();
  for (auto [source, target] : edges) {
    successors[source].push_back(target);
    predecessors[target].push_back(source);
  }
  Edges cut = cutAtNeurons(findBackEdges());
  for (auto [source, target] : edges) {
    bool waits = isLate(source) || cut.contains({source, target});
    inputs[target].push_back({source, target, waits ? 1 : 0});
    ++consumers[source];
  }
}

/// An edge into weights that only stand between a neuron and itself means the
/// neuron.
void Wiring::enterLoopsAtNeurons() {
  auto has = [&](const Node *source, const Node *target) {
    return llvm::is_contained(edges, std::make_pair(source, target));
  };
  for (auto &[source, target] : edges) {
    if (!getProfile(*target).entersLoopsAtNeurons ||
        target->info->nodeClass != NodeClass::matrix || isNeuron(source))
      continue;
    for (auto [from, to] : edges)
      if (from == target && isNeuron(to) && has(to, target)) {
        target = to;
        break;
      }
  }
}

ArrayRef<Wire> Wiring::getInputs(const Node *node) const {
  auto found = inputs.find(node);
  return found == inputs.end() ? ArrayRef<Wire>() : ArrayRef(found->second);
}

bool Wiring::isLate(const Node *node) const {
  return isNeuron(node) && isSpiking(node->info->type) &&
         getRule(*node).tested == Tested::before;
}

bool Wiring::hasRuleForLoops(const Node &node) const {
  return isRecurrent(&node) && getProfile(node).rules.contains(
                                   (node.info->name + "@recurrent").str());
}

bool Wiring::isRecurrent(const Node *node) const { return reaches(node, node); }

/// Whether a walk of at least one edge leads there.
bool Wiring::reaches(const Node *from, const Node *to) const {
  llvm::DenseSet<const Node *> seen;
  SmallVector<const Node *> next{from};
  while (!next.empty()) {
    const Node *node = next.pop_back_val();
    for (const Node *successor : successors.lookup(node)) {
      if (successor == to)
        return true;
      if (seen.insert(successor).second)
        next.push_back(successor);
    }
  }
  return false;
}

/// The edges that close a loop in a walk that begins at the inputs.
Wiring::Edges Wiring::findBackEdges() const {
  Edges back;
  llvm::DenseMap<const Node *, bool> isOpen;
  auto walk = [&](const Node *start) {
    SmallVector<std::pair<const Node *, unsigned>> path;
    auto enter = [&](const Node *node) {
      if (isOpen.try_emplace(node, true).second)
        path.emplace_back(node, 0);
    };
    enter(start);
    while (!path.empty()) {
      auto &[node, index] = path.back();
      SmallVector<const Node *> next = successors.lookup(node);
      if (index == next.size()) {
        isOpen[node] = false;
        path.pop_back();
        continue;
      }
      const Node *successor = next[index++];
      if (isOpen.lookup(successor))
        back.insert({path.back().first, successor});
      else
        enter(successor);
    }
  };
  for (const auto &[name, node] : graph.nodes)
    if (node.is(NodeType::Input))
      walk(&node);
  for (const auto &[name, node] : graph.nodes)
    walk(&node);
  return back;
}

Wiring::Edges Wiring::cutAtNeurons(const Edges &back) const {
  Edges cut, seen;
  SmallVector<std::pair<const Node *, const Node *>> next(back.begin(),
                                                          back.end());
  while (!next.empty()) {
    auto edge = next.pop_back_val();
    if (!seen.insert(edge))
      continue;
    auto [source, target] = edge;
    if (isNeuron(source) || source->is(NodeType::Delay)) {
      cut.insert(edge);
      continue;
    }
    for (const Node *feeder : predecessors.lookup(source))
      if (feeder == target || reaches(target, feeder))
        next.emplace_back(feeder, source);
  }
  return cut;
}
