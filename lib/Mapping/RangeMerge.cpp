//===- RangeMerge.cpp - neighbouring keys in one entry --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompressionMethods.h"
#include "TernaryBlocks.h"
#include <limits>

using namespace spikeformer;

/// The positions of the entries by key, if all are intervals that do not
/// overlap.
static std::optional<std::vector<uint32_t>>
sortIntervals(llvm::ArrayRef<TableEntry> entries) {
  std::vector<uint64_t> order;
  order.reserve(entries.size());
  for (auto [index, entry] : llvm::enumerate(entries)) {
    if (!isAligned(entry.block))
      return std::nullopt;
    order.push_back(uint64_t(entry.block.key) << 32 | index);
  }
  if (!llvm::is_sorted(order))
    llvm::sort(order);
  std::vector<uint32_t> positions(order.begin(), order.end());
  uint64_t end = 0;
  for (uint32_t position : positions) {
    KeyBlock block = entries[position].block;
    if (block.key < end)
      return std::nullopt;
    end = block.key + block.size();
  }
  return positions;
}

/// The largest aligned block that contains `inner` and lies in [begin, end).
static KeyBlock growInside(KeyBlock inner, uint64_t begin, uint64_t end) {
  while (inner.mask != 0) {
    uint32_t mask = inner.mask << 1;
    KeyBlock larger = {inner.key & mask, mask};
    if (larger.key < begin || larger.key + larger.size() > end)
      break;
    inner = larger;
  }
  return inner;
}

std::vector<TableEntry> spikeformer::mergeRanges(const CareTable &table) {
  auto order = sortIntervals(table.entries);
  if (!order)
    return table.entries;
  std::vector<TableEntry> merged;
  uint64_t runBegin = 0;
  for (size_t first = 0, last; first < order->size(); first = last) {
    const TableEntry &head = table.entries[(*order)[first]];
    auto isLike = [&](uint32_t position) {
      return table.entries[position].route == head.route &&
             table.isDefault[position] == table.isDefault[(*order)[first]];
    };
    for (last = first + 1; last < order->size() && isLike((*order)[last]);)
      ++last;
    uint64_t runEnd = last < order->size()
                          ? table.entries[(*order)[last]].block.key
                          : std::numeric_limits<uint64_t>::max();
    uint64_t covered = 0;
    for (size_t i = first; i < last; ++i) {
      const TableEntry &entry = table.entries[(*order)[i]];
      if (i > first && entry.block.key < covered) {
        if (merged.back().incoming != entry.incoming)
          merged.back().incoming = noIndex;
        continue;
      }
      KeyBlock block = growInside(entry.block, runBegin, runEnd);
      covered = block.key + block.size();
      merged.push_back({block, entry.route, entry.incoming});
    }
    // What the last block took of the gap is no longer free for the next run.
    const KeyBlock &tail = table.entries[(*order)[last - 1]].block;
    runBegin = std::max(covered, tail.key + tail.size());
  }
  return merged;
}

CareTable spikeformer::mergeHalves(const CareTable &table) {
  auto order = sortIntervals(table.entries);
  if (!order)
    return table;
  CareTable merged;
  // By entry of `merged`: keys of it that are in the table.
  std::vector<uint64_t> cared;
  for (auto [rank, position] : llvm::enumerate(*order)) {
    merged.entries.push_back(table.entries[position]);
    merged.isDefault.push_back(table.isDefault[position]);
    cared.push_back(merged.entries.back().block.size());
    uint64_t limit = rank + 1 < order->size()
                         ? table.entries[(*order)[rank + 1]].block.key
                         : std::numeric_limits<uint64_t>::max();
    while (merged.entries.size() > 1) {
      size_t last = merged.entries.size() - 1;
      TableEntry &first = merged.entries[last - 1];
      const TableEntry &second = merged.entries[last];
      if (first.route != second.route || first.incoming != second.incoming ||
          merged.isDefault[last - 1] != merged.isDefault[last])
        break;
      KeyBlock both = join(first.block, second.block);
      both.mask = ~(
          ~both.mask == 0 ? 0 : ~uint32_t(0) >> llvm::countl_zero(~both.mask));
      both.key &= both.mask;
      uint64_t begin = 0;
      if (last > 1) {
        KeyBlock before = merged.entries[last - 2].block;
        begin = before.key + before.size();
      }
      if (cared[last - 1] + cared[last] < both.size() / 2 || both.key < begin ||
          both.key + both.size() > limit)
        break;
      first.block = both;
      cared[last - 1] += cared[last];
      merged.entries.pop_back();
      merged.isDefault.pop_back();
      cared.pop_back();
    }
  }
  return merged;
}
