//===- TableBuilder.cpp - tables from trees and keys ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TableBuilder.h"
#include "RouteIndex.h"
#include <numeric>

using namespace spikeformer;

/// Messages by their keys.
static std::vector<uint32_t> sortByKey(const KeyAllocation &keys) {
  std::vector<uint64_t> order(keys.size());
  for (size_t message = 0; message < keys.size(); ++message)
    order[message] = uint64_t(keys[message].key) << 32 | message;
  llvm::sort(order);
  return std::vector<uint32_t>(order.begin(), order.end());
}

RoutingTables spikeformer::makeTables(const MachineGraph &machine,
                                      const Messages &messages,
                                      const RoutingTrees &trees,
                                      const KeyAllocation &keys) {
  assert(trees.size() == messages.size() && keys.size() == messages.size() &&
         "a tree and a block for every message");
  RoutingTables tables;
  tables.entries.resize(machine.getRouters().size());
  std::vector<uint32_t> counts(tables.entries.size());
  for (const Branch &branch : trees.branches)
    ++counts[branch.router];
  for (auto [table, count] : llvm::zip_equal(tables.entries, counts))
    table.reserve(count);
  RouteIndex routes(tables.routes);
  for (uint32_t message : sortByKey(keys))
    for (const Branch &branch : trees.branchesOf(message))
      tables.entries[branch.router].push_back(
          {keys[message], routes.add(branch.route), branch.incoming});
  return tables;
}

/// Makes the last entries of `table` one as long as they are halves of a block.
/// `populations` are those of its entries.
static void mergeLast(std::vector<TableEntry> &table,
                      std::vector<uint32_t> &populations) {
  while (table.size() > 1) {
    TableEntry &first = table[table.size() - 2];
    const TableEntry &second = table.back();
    uint32_t half = ~first.block.mask + 1;
    bool halves = first.block.mask == second.block.mask &&
                  (first.block.key ^ second.block.key) == half &&
                  (first.block.key & half) == 0;
    // Entries with different ports of arrival stay apart: one of them may need
    // no entry.
    if (!halves || first.route != second.route ||
        first.incoming != second.incoming ||
        populations[populations.size() - 2] != populations.back())
      return;
    first.block.mask &= ~half;
    table.pop_back();
    populations.pop_back();
  }
}

RoutingTables spikeformer::makeMergedTables(const MachineGraph &machine,
                                            const SliceList &slices,
                                            const Messages &messages,
                                            const RoutingTrees &trees,
                                            const KeyAllocation &keys) {
  assert(trees.size() == messages.size() && keys.size() == messages.size() &&
         "a tree and a block for every message");
  RoutingTables tables;
  tables.entries.resize(machine.getRouters().size());
  std::vector<std::vector<uint32_t>> populations(tables.entries.size());
  RouteIndex routes(tables.routes);
  for (uint32_t message : sortByKey(keys)) {
    uint32_t population = slices.populations[messages.sources[message]];
    for (const Branch &branch : trees.branchesOf(message)) {
      std::vector<TableEntry> &table = tables.entries[branch.router];
      table.push_back(
          {keys[message], routes.add(branch.route), branch.incoming});
      populations[branch.router].push_back(population);
      mergeLast(table, populations[branch.router]);
    }
  }
  return tables;
}
