//===- InferShapes.cpp - shapes of a NIR graph ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shapes go from the Inputs along the edges. The first shape that arrives at a
// node decides; another one is an error of its edge.
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"

using namespace spikeformer;
using namespace spikeformer::nir;

/// So many nodes are asked what an Input's shape may be.
static constexpr unsigned maxAskedNodes = 4096;

namespace {
class ShapeInference {
public:
  ShapeInference(const FlatGraph &graph,
                 const llvm::DenseSet<const Node *> &broken, Findings &findings)
      : graph(graph), broken(broken), findings(findings),
        states(graph.nodes.size()) {
    for (const auto &[index, edge] : llvm::enumerate(graph.edges))
      states[edge.source].outgoing.push_back(index);
  }

  NameMap<NodeShapes> run() {
    for (unsigned node = 0; node < states.size(); ++node)
      if (graph.is(node, NodeType::Input) && !isBroken(node))
        start(node, chooseInputShape(node));
    drain();
    // Behind an error shapes go on where a node knows its own.
    for (unsigned node = 0; node < states.size(); ++node) {
      if (isBroken(node) || states[node].output || states[node].failed)
        continue;
      if (auto shape = getOwnShape(*graph.nodes[node].node)) {
        states[node].output = std::move(*shape);
        pending.push_back(node);
        drain();
      }
    }
    return collect();
  }

private:
  struct State {
    std::optional<Shape> input, output;
    /// The edge that brought `input`.
    const Edge *first = nullptr;
    bool failed = false;
    SmallVector<unsigned, 2> outgoing;
  };

  bool isBroken(unsigned node) const {
    return broken.contains(graph.nodes[node].node);
  }

  void start(unsigned node, Shape shape) {
    states[node].input = states[node].output = std::move(shape);
    pending.push_back(node);
  }

  /// True if `node` takes `shape`, and so does what it passes it on to.
  bool takes(unsigned node, ArrayRef<int64_t> shape, unsigned &asked) const {
    if (isBroken(node) || graph.is(node, NodeType::Input) ||
        ++asked > maxAskedNodes)
      return true;
    if (!inferOutput(*graph.nodes[node].node, shape).edgeProblem.empty())
      return false;
    return !graph.nodes[node].isPort ||
           llvm::all_of(graph.nodes[node].successors, [&](unsigned next) {
             return takes(next, shape, asked);
           });
  }

  /// The shape of an Input without leading axes that no target takes.
  Shape chooseInputShape(unsigned node) {
    const Node &input = *graph.nodes[node].node;
    auto stated = *input.getIntegers("shape");
    ArrayRef<int64_t> whole = stated;
    for (size_t drop = 0; drop < std::max<size_t>(whole.size(), 1); ++drop) {
      ArrayRef<int64_t> rest = whole.drop_front(drop);
      unsigned asked = 0;
      if (!llvm::all_of(graph.nodes[node].successors, [&](unsigned next) {
            return takes(next, rest, asked);
          }))
        continue;
      ArrayRef<int64_t> dropped = whole.take_front(drop);
      if (llvm::any_of(dropped, [](int64_t extent) { return extent != 1; }))
        findings.addWarning(input.getPath("shape"),
                            "shape is " + formatShape(whole) +
                                ", the network takes " + formatShape(rest) +
                                ": the leading axes " + formatShape(dropped) +
                                " are taken for batch and time");
      return Shape(rest);
    }
    return Shape(whole);
  }

  void drain() {
    while (!pending.empty()) {
      // In the order of the file, so that messages name the edges nearest to
      // the Inputs.
      std::vector<unsigned> current;
      current.swap(pending);
      for (unsigned node : current)
        for (unsigned edge : states[node].outgoing)
          follow(graph.edges[edge]);
    }
  }

  void follow(const FlatGraph::FlatEdge &edge) {
    if (isBroken(edge.target) || graph.is(edge.target, NodeType::Input))
      return;
    State &target = states[edge.target];
    const Shape &shape = *states[edge.source].output;
    if (!target.input) {
      target.first = edge.edge;
      target.input = shape;
      return arrive(edge);
    }
    if (!target.failed && *target.input != shape)
      findings.addError(edge.edge->path,
                        describeEdge(*edge.edge) + ": shape " +
                            formatShape(shape) + " meets " +
                            formatShape(*target.input) + ", which " +
                            describeEdge(*target.first) +
                            " brings; signals that add up need one shape");
  }

  /// The first shape at a node.
  void arrive(const FlatGraph::FlatEdge &edge) {
    const Node &node = *graph.nodes[edge.target].node;
    State &state = states[edge.target];
    ShapeStep step = inferOutput(node, *state.input);
    if (!step.output) {
      state.failed = true;
      if (!step.edgeProblem.empty())
        findings.addError(edge.edge->path,
                          describeEdge(*edge.edge) + ": " + step.edgeProblem);
      else
        findings.addError(node.path, step.nodeProblem);
      step.output = getOwnShape(node);
      // What is transposed has the other shape.
      if (step.output && *step.output == *state.input)
        step.output.reset();
    }
    if (state.output || !step.output)
      return;
    state.output = std::move(step.output);
    pending.push_back(edge.target);
  }

  NameMap<NodeShapes> collect() const {
    NameMap<NodeShapes> shapes;
    for (const auto &[node, state] : llvm::zip(graph.nodes, states))
      if (state.input && state.output && !state.failed)
        shapes.insert({node.name, {*state.input, *state.output}});
    return shapes;
  }

  const FlatGraph &graph;
  const llvm::DenseSet<const Node *> &broken;
  Findings &findings;
  std::vector<State> states;
  std::vector<unsigned> pending;
};
} // namespace

NameMap<NodeShapes> nir::inferShapes(const FlatGraph &graph,
                                     const llvm::DenseSet<const Node *> &broken,
                                     Findings &findings) {
  return ShapeInference(graph, broken, findings).run();
}
