//===- RandomMessages.h - messages with trees -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random messages on a torus that are placed and routed: what keys and tables
// start from.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_MAPPING_RANDOMMESSAGES_H
#define SPIKEFORMER_TEST_UNIT_MAPPING_RANDOMMESSAGES_H

#include "RandomTables.h"
#include "spikeformer/Mapping/KeyProblem.h"

namespace spikeformer::test {

/// One slice on each core of makeTorus(), one message from each slice.
struct RoutedMessages {
  MachineGraph machine = makeTorus();
  SliceList slices;
  Messages messages;
  RoutingTrees trees;

  KeyProblem getKeyProblem() const { return {slices, messages, 32, 0, {}}; }
};

/// The branches of a tree whose paths go east, then north.
inline void addTree(RoutedMessages &routed, size_t message) {
  const MachineGraph &machine = routed.machine;
  std::vector<Branch> branches;
  auto find = [&](RouterIndex router, uint32_t incoming) -> Branch & {
    for (Branch &branch : branches)
      if (branch.router == router)
        return branch;
    branches.push_back({router, incoming, {}});
    return branches.back();
  };
  RouterIndex root =
      machine.getCores()[routed.messages.sources[message]].router;
  find(root, noIndex);
  for (uint32_t target : routed.messages.targetsOf(message)) {
    const Core &core = machine.getCores()[target];
    RouterIndex at = root;
    while (at != core.router) {
      bool east =
          machine.getRouters()[at].x != machine.getRouters()[core.router].x;
      uint32_t port = east ? 0 : 2;
      find(at, noIndex).route.addPort(port);
      at = machine.getLinks()[machine.getLink(at, port)].to;
      find(at, port + 3);
    }
    find(at, noIndex).route.addCore(core.id);
  }
  routed.trees.branches.insert(routed.trees.branches.end(), branches.begin(),
                               branches.end());
  routed.trees.offsets.push_back(routed.trees.branches.size());
  routed.trees.treeOf.push_back(message);
}

/// 36 slices in `numPopulations`; messages with up to `maxKeys` keys. With
/// `alike`, those of one population go to the same slices.
inline RoutedMessages makeRoutedMessages(uint32_t numPopulations,
                                         uint32_t maxKeys, bool alike,
                                         std::mt19937 &random) {
  RoutedMessages routed;
  uint32_t count = routed.machine.getCores().size();
  for (uint32_t slice = 0; slice < count; ++slice) {
    routed.slices.names.push_back("s" + std::to_string(slice));
    routed.slices.populations.push_back(slice * numPopulations / count);
    if (alike && slice > 0 &&
        routed.slices.populations[slice] ==
            routed.slices.populations[slice - 1]) {
      std::vector<uint32_t> same = routed.messages.targetsOf(slice - 1).vec();
      routed.messages.add(slice, same, 1, 1 + random() % maxKeys);
    } else {
      std::vector<uint32_t> targets;
      for (uint32_t target = 0; target < count; ++target)
        if (random() % 6 == 0 || target == slice)
          targets.push_back(target);
      routed.messages.add(slice, targets, 1, 1 + random() % maxKeys);
    }
    addTree(routed, slice);
  }
  return routed;
}

} // namespace spikeformer::test

#endif // SPIKEFORMER_TEST_UNIT_MAPPING_RANDOMMESSAGES_H
