//===- SolvedMapping.h - all problems of a mapping, answered ----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A random network on a random grid from placement to compressed tables, which
// tests then spoil.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_MAPPING_SOLVEDMAPPING_H
#define SPIKEFORMER_TEST_UNIT_MAPPING_SOLVEDMAPPING_H

#include "RandomProblem.h"
#include "spikeformer/Mapping/KeyAllocator.h"
#include "spikeformer/Mapping/Placer.h"
#include "spikeformer/Mapping/TableBuilder.h"
#include "spikeformer/Mapping/TableCompressor.h"
#include "spikeformer/Mapping/TreeRouter.h"
#include <set>

namespace spikeformer {

/// The classes that own rules, in the order in which they are asked.
enum class Owner { placement, routing, keys, compression };
inline constexpr Owner allOwners[] = {Owner::placement, Owner::routing,
                                      Owner::keys, Owner::compression};

/// Everything that a chain of problems speaks of.
struct SolvedMapping {
  MachineGraph machine;
  SliceList slices;
  Messages messages;
  Placement pins, placement;
  RoutingTrees trees;
  uint32_t keyBits = 16;
  KeyAllocation keyPins, keys;
  RoutingTables tables, compressed;

  PlacementProblem getPlacement() const {
    return {machine, slices, messages, pins};
  }
  RoutingProblem getRouting() const { return {machine, messages, placement}; }
  KeyProblem getKeys() const { return {slices, messages, keyBits, 0, keyPins}; }
  CompressionProblem getCompression() const { return {machine, tables, true}; }

  /// What a class says of its question and, if that is well formed, its answer.
  Violations judge(Owner owner) const {
    auto ask = [](const auto &problem, const auto &answer) {
      Violations violations = problem.check();
      return violations.empty() ? problem.verify(answer) : violations;
    };
    switch (owner) {
    case Owner::placement:
      return ask(getPlacement(), placement);
    case Owner::routing:
      return ask(getRouting(), trees);
    case Owner::keys:
      return ask(getKeys(), keys);
    case Owner::compression:
      return ask(getCompression(), compressed);
    }
    return {};
  }
  /// Answers the problems from `first` on.
  bool solve(Owner first);
};

inline bool SolvedMapping::solve(Owner first) {
  if (first <= Owner::placement)
    placement = place(getPlacement()).placement;
  if (placement.empty())
    return false;
  if (first <= Owner::routing)
    trees = route(getRouting()).trees;
  if (trees.size() != messages.size())
    return false;
  if (first <= Owner::keys)
    keys = allocateKeys(getKeys(), machine, trees, {}).keys;
  if (keys.empty())
    return false;
  tables = makeTables(machine, messages, trees, keys);
  compressed = compressTables(getCompression());
  return true;
}

inline MachineGraph makeSolvableMachine(RandomNumbers &random) {
  GridShape shape;
  shape.name = "grid";
  shape.fabric = random.get(0, 1) ? Fabric::mesh : Fabric::hexagonal;
  shape.width = random.get(2, 4);
  shape.height = random.get(2, 4);
  shape.wrapX = shape.width > 2 && random.get(0, 1);
  shape.resources = getTestResources();
  shape.linkCapacity = 1000;
  shape.siteAt = [&](uint32_t x, uint32_t y) {
    RouterSite site = getTestSite(y * shape.width + x, 2, 2, 40);
    site.tableEntries = 64;
    return site;
  };
  shape.isDeadLink = [&](uint32_t, uint32_t, uint32_t) {
    return random.get(0, 19) == 0;
  };
  return makeGrid(shape);
}

/// False if that seed has no answer.
inline bool makeSolved(uint32_t seed, SolvedMapping &mapping) {
  RandomNumbers random(seed);
  mapping.machine = makeSolvableMachine(random);
  uint32_t count = random.get(6, 2 * mapping.machine.getRouters().size());
  for (uint32_t i = 0; i < count; ++i) {
    addSlice(mapping.slices, random.get(1, 2), random.get(5, 15));
    mapping.slices.clusters.push_back(
        i % 3 == 1 ? mapping.slices.clusters.back() : i);
  }
  for (uint32_t source = 0; source < count; ++source) {
    std::vector<uint32_t> targets;
    for (uint32_t target = 0; target < count; ++target)
      if (random.get(0, count - 1) < 3)
        targets.push_back(target);
    mapping.messages.add(source, targets, random.get(1, 5), random.get(1, 9));
  }
  return mapping.getPlacement().check().empty() &&
         mapping.solve(Owner::placement);
}

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_MAPPING_SOLVEDMAPPING_H
