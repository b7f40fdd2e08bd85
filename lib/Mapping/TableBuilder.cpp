//===- TableBuilder.cpp - tables from trees and keys ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TableBuilder.h"
#include "RouteIndex.h"
#include "TernaryBlocks.h"

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

namespace {

/// Messages whose keys are one block.
struct MergedMessages {
  KeyBlock block;
  uint32_t tree, population;
};

} // namespace

/// True if the blocks are the lower and the upper half of a block.
static bool areHalves(KeyBlock lower, KeyBlock upper) {
  uint32_t half = ~lower.mask + 1;
  return lower.mask == upper.mask && lower.mask != 0 &&
         (lower.key ^ upper.key) == half && (lower.key & half) == 0;
}

/// Makes the last entries of `table` one as long as they are halves of a block.
/// `populations` are those of its entries.
static void mergeLast(std::vector<TableEntry> &table,
                      std::vector<uint32_t> &populations) {
  while (table.size() > 1) {
    TableEntry &first = table[table.size() - 2];
    const TableEntry &second = table.back();
    // Entries with different ports of arrival stay apart: one of them may need
    // no entry.
    if (first.route != second.route || first.incoming != second.incoming ||
        populations[populations.size() - 2] != populations.back() ||
        !areHalves(first.block, second.block))
      return;
    first.block = join(first.block, second.block);
    table.pop_back();
    populations.pop_back();
  }
}

/// Blocks of messages of one population with one tree that are the halves of a
/// larger block become one, so that their tree is followed once.
static std::vector<MergedMessages> mergeMessages(const SliceList &slices,
                                                 const Messages &messages,
                                                 const RoutingTrees &trees,
                                                 const KeyAllocation &keys) {
  std::vector<MergedMessages> merged;
  for (uint32_t message : sortByKey(keys)) {
    merged.push_back({keys[message], trees.treeOf[message],
                      slices.populations[messages.sources[message]]});
    while (merged.size() > 1) {
      MergedMessages &first = merged[merged.size() - 2];
      const MergedMessages &second = merged.back();
      if (first.tree != second.tree || first.population != second.population ||
          !areHalves(first.block, second.block))
        break;
      first.block = join(first.block, second.block);
      merged.pop_back();
    }
  }
  return merged;
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
  for (const MergedMessages &merged :
       mergeMessages(slices, messages, trees, keys))
    for (const Branch &branch : trees.getTree(merged.tree)) {
      std::vector<TableEntry> &table = tables.entries[branch.router];
      table.push_back(
          {merged.block, routes.add(branch.route), branch.incoming});
      populations[branch.router].push_back(merged.population);
      mergeLast(table, populations[branch.router]);
    }
  return tables;
}
