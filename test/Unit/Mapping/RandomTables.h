//===- RandomTables.h - tables with few keys --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random routing tables with so few keys that each can be followed.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_MAPPING_RANDOMTABLES_H
#define SPIKEFORMER_TEST_UNIT_MAPPING_RANDOMTABLES_H

#include "spikeformer/Mapping/CompressionProblem.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include <random>

namespace spikeformer::test {

/// A torus of 3 x 3 routers with cores 1 to 4 and tables of 1000 entries.
inline MachineGraph makeTorus() {
  GridShape shape;
  shape.name = "torus";
  shape.fabric = Fabric::hexagonal;
  shape.width = shape.height = 3;
  shape.wrapX = shape.wrapY = true;
  shape.siteAt = [](uint32_t, uint32_t) {
    RouterSite site;
    site.tableEntries = 1000;
    site.cores = {1, 2, 3, 4};
    return site;
  };
  return makeGrid(shape);
}

/// How random tables look.
struct TableShape {
  /// Keys have that many bits; those above are 0.
  uint32_t keyBits = 8;
  uint32_t maxEntries = 40;
  /// Different routes, at most 64.
  uint32_t numRoutes = 6;
  /// Blocks leave up to that many bits free.
  uint32_t maxFreeBits = 3;
  /// The bits that are free are the low ones.
  bool aligned = true;
};

/// The table of router 0: blocks that intersect have equal routes, about a
/// quarter of packets goes straight on.
inline RoutingTables makeRandomTables(const MachineGraph &machine,
                                      const TableShape &shape,
                                      std::mt19937 &random) {
  auto draw = [&](uint32_t count) { return uint32_t(random() % count); };
  RoutingTables tables;
  tables.entries.resize(machine.getRouters().size());
  for (uint32_t index = 0; index < shape.numRoutes; ++index) {
    Route route;
    // The first six are single ports, so that some go straight on.
    route.ports = index < 6 ? 1u << index : index & 3;
    if (index >= 6)
      route.addCore(1 + (index >> 2) % 4);
    tables.routes.push_back(route);
  }
  std::vector<TableEntry> &table = tables.entries[0];
  uint32_t count = draw(shape.maxEntries + 1);
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t free = 0;
    for (uint32_t bit = 0, bits = draw(shape.maxFreeBits + 1); bit < bits;
         ++bit)
      free |= 1u << (shape.aligned ? bit : draw(shape.keyBits));
    uint32_t key = draw(1u << shape.keyBits) & ~free;
    TableEntry entry = {{key, ~free}, draw(shape.numRoutes), noIndex};
    if (entry.route < 6 && draw(2) == 0)
      entry.incoming = draw(2) == 0 ? (entry.route + 3) % 6 : draw(6);
    bool clashes = false;
    for (const TableEntry &other : table)
      clashes |= other.block.intersects(entry.block);
    if (!clashes)
      table.push_back(entry);
  }
  return tables;
}

/// The position of the entry that `key` takes, or noIndex.
inline uint32_t findEntry(const std::vector<TableEntry> &table, uint32_t key) {
  for (uint32_t index = 0; index < table.size(); ++index)
    if (table[index].block.contains(key))
      return index;
  return noIndex;
}

/// True if every key of every entry of `before` takes the same route through
/// `after`: the definition, key by key.
inline bool isEquivalent(const CompressionProblem &problem,
                         const RoutingTables &after, uint32_t keyBits) {
  for (size_t router = 0; router < problem.tables.entries.size(); ++router)
    for (const TableEntry &entry : problem.tables.entries[router])
      for (uint32_t key = 0; key < 1u << keyBits; ++key) {
        if (!entry.block.contains(key))
          continue;
        const Route &wanted = problem.tables.routes[entry.route];
        uint32_t taken = findEntry(after.entries[router], key);
        if (taken != noIndex) {
          if (!(after.routes[after.entries[router][taken].route] == wanted))
            return false;
          continue;
        }
        Route straight;
        if (entry.incoming != noIndex)
          straight.addPort((entry.incoming + 3) % 6);
        if (!problem.defaultRoutes || entry.incoming == noIndex ||
            !(straight == wanted))
          return false;
      }
  return true;
}

} // namespace spikeformer::test

#endif // SPIKEFORMER_TEST_UNIT_MAPPING_RANDOMTABLES_H
