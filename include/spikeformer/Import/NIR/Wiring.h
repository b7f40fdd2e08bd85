//===- Wiring.h - who feeds whom, and when ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The edges of a flat graph, with what a profile and loops make of them: which
// of them take a step.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_WIRING_H
#define SPIKEFORMER_IMPORT_NIR_WIRING_H

#include "spikeformer/Import/NIR/Graph.h"
#include "spikeformer/Import/NIR/Profiles.h"
#include "llvm/ADT/SetVector.h"

namespace spikeformer::nir {

/// An edge that was not dissolved.
struct Wire {
  const Node *source, *target;
  /// Steps that it takes.
  int64_t delay = 0;
};

/// The edges of a flat graph. Every loop takes one step: on the edge by which
/// it leaves its neurons, so that a bias in the loop acts from the first step
/// on.
class Wiring {
public:
  Wiring(const Graph &graph, const ProfileChoice &choice);

  ArrayRef<Wire> getInputs(const Node *node) const;
  size_t getNumConsumers(const Node *node) const {
    return consumers.lookup(node);
  }
  /// Whether the node lies in a loop.
  bool isRecurrent(const Node *node) const;
  const Profile &getProfile(const Node &node) const {
    return *profiles.lookup(&node);
  }
  const Rule &getRule(const Node &node) const {
    return getProfile(node).getRule(*node.info, isRecurrent(&node));
  }
  /// Whether the rule is one for loops only.
  bool hasRuleForLoops(const Node &node) const;
  /// Whether its spikes are those of the step before.
  bool isLate(const Node *node) const;

private:
  using Edges = llvm::SetVector<std::pair<const Node *, const Node *>>;
  void enterLoopsAtNeurons();
  Edges findBackEdges() const;
  /// Moves the cuts to edges that leave neurons and delays.
  Edges cutAtNeurons(const Edges &back) const;
  bool reaches(const Node *from, const Node *to) const;

  const Graph &graph;
  llvm::DenseMap<const Node *, const Profile *> profiles;
  std::vector<std::pair<const Node *, const Node *>> edges;
  llvm::DenseMap<const Node *, SmallVector<const Node *>> successors,
      predecessors;
  llvm::DenseMap<const Node *, SmallVector<Wire>> inputs;
  llvm::DenseMap<const Node *, size_t> consumers;
};

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_WIRING_H
