//===- RoutingProblem.h - a tree for every message --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The question and the check of anybody's answer; TreeRouter.h answers.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_ROUTINGPROBLEM_H
#define SPIKEFORMER_MAPPING_ROUTINGPROBLEM_H

#include "spikeformer/Mapping/PlacementProblem.h"

namespace spikeformer {

/// Where a router sends a packet: ports, and cores of its own by their ids.
struct Route {
  /// Bit p is port p.
  uint32_t ports = 0;
  /// Bit i % 64 of word i / 64 is the core with id i.
  std::array<uint64_t, maxCoresPerRouter / 64> cores = {};

  void addPort(uint32_t port) { ports |= uint32_t(1) << port; }
  void addCore(uint32_t id) { cores[id / 64] |= uint64_t(1) << id % 64; }
  bool hasCores() const { return (cores[0] | cores[1] | cores[2]) != 0; }
  unsigned countCores() const {
    return __builtin_popcountll(cores[0]) + __builtin_popcountll(cores[1]) +
           __builtin_popcountll(cores[2]);
  }
  bool isEmpty() const { return ports == 0 && !hasCores(); }
  bool operator==(const Route &other) const {
    return ports == other.ports && cores == other.cores;
  }
  bool operator<(const Route &other) const {
    return ports != other.ports ? ports < other.ports : cores < other.cores;
  }
};

/// What one router does with one message.
struct Branch {
  RouterIndex router;
  /// Port of `router` that the packet came in by, the one that leads back;
  /// noIndex at the source.
  uint32_t incoming;
  Route route;
};

/// A tree for each message. Messages that leave one router for the same cores
/// may share one: tree t has the branches [offsets[t], offsets[t + 1]), the
/// source first and every other after the one that leads to it.
struct RoutingTrees {
  /// The tree of each message.
  std::vector<uint32_t> treeOf;
  std::vector<uint64_t> offsets = {0};
  std::vector<Branch> branches;

  /// Messages.
  size_t size() const { return treeOf.size(); }
  size_t getNumTrees() const { return offsets.size() - 1; }
  llvm::ArrayRef<Branch> getTree(size_t tree) const {
    return llvm::ArrayRef(branches).slice(offsets[tree],
                                          offsets[tree + 1] - offsets[tree]);
  }
  llvm::ArrayRef<Branch> branchesOf(size_t message) const {
    return getTree(treeOf[message]);
  }
};

/// Which links carry which message. The parts outlive the problem.
struct RoutingProblem {
  const MachineGraph &machine;
  const Messages &messages;
  const Placement &placement;

  /// What is wrong with the question: columns that do not fit, a slice without
  /// a core, a target that no live link reaches.
  Violations check() const;
  /// What is wrong with `trees`: a branch over a dead or missing link, a router
  /// reached twice or from where no branch leads to it, a target core that is
  /// not reached, a core that nobody asked for, a branch that reaches no core,
  /// a link above its capacity (which messages load it most), on a machine
  /// whose links block, links that may wait for each other for ever.
  Violations verify(const RoutingTrees &trees) const;
};

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_ROUTINGPROBLEM_H
