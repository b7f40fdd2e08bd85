//===- Delays.cpp - which steps the reader adds ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reader of the file delays what goes round a loop, and some delay more. What
// it adds on each way is known when the graph is; where the network waits for
// longer, a Delay makes up for it.
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::snn;

/// Inserting a Delay may move where a reader cuts a loop; it settles soon.
static constexpr unsigned maxRounds = 8;

/// Orders edges so that a walk from the inputs goes with the signals: by
/// target, in the order in which a step computes them.
void GraphBuilder::sortGraph() {
  sortNodes(graph);
  llvm::StringSet<> late;
  for (const Link &link : links)
    if (link.wanted.front() != 0)
      late.insert(link.nodes[link.nodes.size() > 2 ? 1 : 0] + "\n" +
                  link.nodes[link.nodes.size() > 2 ? 2 : 1]);
  llvm::StringMap<unsigned> missing, places;
  auto waits = [&](const Edge &edge) {
    return late.contains(edge.source + "\n" + edge.target);
  };
  for (const Edge &edge : graph.edges)
    if (!waits(edge))
      ++missing[edge.target];
  std::vector<StringRef> ready;
  for (const auto &[name, node] : graph.nodes)
    if (missing.lookup(name) == 0)
      ready.push_back(name);
  for (size_t next = 0; next < ready.size(); ++next) {
    places[ready[next]] = next;
    for (const Edge &edge : graph.edges)
      if (edge.source == ready[next] && !waits(edge) &&
          --missing[edge.target] == 0)
        ready.push_back(edge.target);
  }
  for (const auto &[name, node] : graph.nodes)
    places.try_emplace(name, places.size());
  std::vector<std::pair<unsigned, size_t>> order;
  for (auto [index, edge] : llvm::enumerate(graph.edges))
    order.emplace_back(places.lookup(edge.target), index);
  llvm::sort(order);
  std::vector<Edge> sorted;
  for (auto [place, index] : order)
    sorted.push_back(std::move(graph.edges[index]));
  graph.edges = std::move(sorted);
}

/// Steps of a way without those of Delays.
int64_t GraphBuilder::countSteps(const Wiring &wiring, const Link &link) const {
  int64_t steps = 0;
  for (size_t k = 0; k + 1 < link.nodes.size(); ++k) {
    const Node *source = &graph.nodes.find(link.nodes[k])->second;
    const Node *target = &graph.nodes.find(link.nodes[k + 1])->second;
    for (const Wire &wire : wiring.getInputs(target))
      if (wire.source == source)
        steps += wire.delay;
    bool hasWeights = target->info->nodeClass == NodeClass::matrix ||
                      target->info->nodeClass == NodeClass::convolution ||
                      target->info->nodeClass == NodeClass::pool ||
                      target->is(NodeType::Scale);
    if (hasWeights)
      steps += choice.get(link.nodes[k + 1]).synapseDelay;
  }
  return steps;
}

/// The Delay on the way, if there is one; the way may begin at another.
const std::string *GraphBuilder::findDelay(const Link &link) const {
  for (const std::string &name : llvm::drop_begin(link.nodes))
    if (graph.nodes.find(name)->second.is(NodeType::Delay))
      return &name;
  return nullptr;
}

/// Puts Delays where ways are too short; true if there was one.
bool GraphBuilder::insertDelays(const Wiring &wiring) {
  SmallVector<unsigned> shortOnes;
  for (unsigned index = 0; index < links.size(); ++index)
    if (!findDelay(links[index]) &&
        countSteps(wiring, links[index]) < links[index].wanted.front())
      shortOnes.push_back(index);
  for (unsigned index : shortOnes) {
    Link &link = links[index];
    // Behind what only looks at the signal, before weights.
    size_t at = 1;
    while (at + 1 < link.nodes.size() &&
           (graph.nodes.find(link.nodes[at])->second.is(NodeType::Flatten) ||
            StringRef(link.nodes[at]).contains("_again")))
      ++at;
    std::string before = link.nodes[at - 1], behind = link.nodes[at];
    std::string name = makeName(before + "_delay");
    addNode(name, NodeType::Delay, shapes[before]);
    auto edge = llvm::find_if(graph.edges, [&](const Edge &edge) {
      return edge.source == before && edge.target == behind;
    });
    edge->source = name;
    addEdge(before, name);
    link.nodes.insert(link.nodes.begin() + at, name);
  }
  return !shortOnes.empty();
}

bool GraphBuilder::settleDelays() {
  for (unsigned round = 0; round < maxRounds; ++round) {
    sortGraph();
    if (!insertDelays(Wiring(graph, choice)))
      break;
  }
  Wiring wiring(graph, choice);
  llvm::StringMap<SmallVector<int64_t>> delays;
  for (const Link &link : links) {
    int64_t steps = countSteps(wiring, link);
    const std::string *delay = findDelay(link);
    SmallVector<int64_t> rest(link.wanted);
    for (int64_t &number : rest)
      number -= steps;
    bool isShort = llvm::any_of(rest, [](int64_t r) { return r < 0; });
    if (isShort || (!delay && rest.front() != 0)) {
      refuse(link.op) << "takes " << link.wanted.front() << " steps from '"
                      << link.nodes.front() << "' to '" << link.nodes.back()
                      << "', and a reader under profile '"
                      << choice.get(link.nodes.front()).name << "' needs "
                      << steps << "; delay it by " << steps;
      continue;
    }
    if (!delay)
      continue;
    auto [known, isNew] = delays.try_emplace(*delay, rest);
    if (!isNew && known->second != rest)
      refuse(link.op) << "delays its inputs by different times, which a Delay "
                         "of NIR cannot; use a population for each";
  }
  for (auto &[name, steps] : delays) {
    Tensor tensor(shapes[name], ElementType::f32);
    for (auto [index, value] : llvm::enumerate(tensor.data<float>()))
      value = static_cast<float>(
          static_cast<double>(steps[steps.size() == 1 ? 0 : index]) *
          getStep(name));
    setTensor(graph.nodes.find(name.str())->second, "delay", std::move(tensor));
  }
  return !failed;
}
