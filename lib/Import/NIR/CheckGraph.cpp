//===- CheckGraph.cpp - what is wrong with a NIR graph --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order of the checks, and which of them an error makes pointless.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/CheckGraph.h"
#include "Checks.h"

using namespace spikeformer;
using namespace spikeformer::nir;

namespace {
/// Checks a graph and its sub-graphs one by one.
class Checker {
public:
  explicit Checker(Findings &findings) : findings(findings) {}

  void check(const Graph &graph) {
    edgesRight &= checkEdges(graph, findings);
    for (const auto &entry : graph.nodes)
      if (!checkNode(entry.second))
        broken.insert(&entry.second);
  }

  /// False if it is not known what reaches what.
  bool edgesRight = true;
  llvm::DenseSet<const Node *> broken;

private:
  bool checkNode(const Node &node) {
    if (!node.info) {
      if (!node.typeName.empty())
        findings.addError(node.path + "/type",
                          "unknown type " + quote(node.typeName) +
                              "; known: " + listNodeTypes());
      return false;
    }
    if (node.subgraph)
      check(*node.subgraph);
    return checkParameters(node, findings) &&
           checkParameterShapes(node, findings);
  }

  Findings &findings;
};
} // namespace

CheckResult nir::checkGraph(const Model &model) {
  CheckResult result;
  result.findings = model.findings;
  if (!model.graph)
    return result;
  Checker checker(result.findings);
  checker.check(*model.graph);
  FlatGraph flat(*model.graph);
  result.shapes = inferShapes(flat, checker.broken, result.findings);
  checkCycles(flat, result.findings);
  bool hasBorders = !findNodes(*model.graph, NodeType::Input).empty() &&
                    !findNodes(*model.graph, NodeType::Output).empty();
  if (checker.edgesRight && hasBorders)
    checkReachability(flat, result.findings);
  return result;
}
