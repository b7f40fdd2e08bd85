//===- PairMerge.cpp - pairs of entries in one entry ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompressionMethods.h"
#include "TernaryBlocks.h"

using namespace spikeformer;

/// The positions of entries by route, routes with few entries first.
static std::vector<std::vector<uint32_t>>
groupByRoute(llvm::ArrayRef<TableEntry> entries) {
  std::vector<uint64_t> order;
  for (auto [index, entry] : llvm::enumerate(entries))
    order.push_back(uint64_t(entry.route) << 32 | index);
  llvm::sort(order);
  std::vector<std::vector<uint32_t>> groups;
  for (auto [rank, item] : llvm::enumerate(order)) {
    if (rank == 0 || item >> 32 != order[rank - 1] >> 32)
      groups.emplace_back();
    groups.back().push_back(uint32_t(item));
  }
  // Of equal sizes, the route that comes first in the table: its members'
  // first.
  llvm::sort(groups, [](const auto &a, const auto &b) {
    return std::pair(a.size(), a.front()) < std::pair(b.size(), b.front());
  });
  return groups;
}

/// Merges the head of `group` with every later member that it can take in, then
/// goes on with the next that is left.
static void mergeGroup(std::vector<TableEntry> group,
                       llvm::ArrayRef<KeyBlock> later,
                       std::vector<TableEntry> &merged) {
  auto isClear = [&](KeyBlock block) {
    return llvm::none_of(
        later, [&](KeyBlock other) { return block.intersects(other); });
  };
  while (!group.empty()) {
    TableEntry head = group.front();
    std::vector<TableEntry> rest;
    for (const TableEntry &entry : llvm::drop_begin(group)) {
      KeyBlock both = join(head.block, entry.block);
      if (!isClear(both)) {
        rest.push_back(entry);
        continue;
      }
      head.block = both;
      if (head.incoming != entry.incoming)
        head.incoming = noIndex;
    }
    merged.push_back(head);
    std::swap(group, rest);
  }
}

std::vector<TableEntry> spikeformer::mergePairs(const CareTable &table) {
  std::vector<std::vector<uint32_t>> groups = groupByRoute(table.entries);
  std::vector<KeyBlock> blocks;
  for (const std::vector<uint32_t> &group : groups)
    for (uint32_t index : group)
      blocks.push_back(table.entries[index].block);
  std::vector<TableEntry> merged;
  size_t end = 0;
  for (const std::vector<uint32_t> &group : groups) {
    end += group.size();
    std::vector<TableEntry> entries;
    for (uint32_t index : group)
      entries.push_back(table.entries[index]);
    mergeGroup(std::move(entries), llvm::ArrayRef(blocks).drop_front(end),
               merged);
  }
  return merged;
}
