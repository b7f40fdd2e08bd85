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
  // Keys from here to the next run are free.
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

/// The smallest interval block with the keys of two others.
static KeyBlock joinIntervals(KeyBlock a, KeyBlock b) {
  uint32_t different = ~join(a, b).mask;
  uint32_t mask = different == 0
                      ? ~uint32_t(0)
                      : ~(~uint32_t(0) >> llvm::countl_zero(different));
  return {a.key & mask, mask};
}

namespace {

/// Entries by key, the last of which may still become part of a larger one.
class HalfMerger {
public:
  CareTable take() { return std::move(merged); }
  /// Appends an entry; the next will begin at `limit`.
  void add(const TableEntry &entry, bool isDefault, uint64_t limit) {
    merged.entries.push_back(entry);
    merged.isDefault.push_back(isDefault);
    cared.push_back(entry.block.size());
    while (mergeLast(limit))
      ;
  }

private:
  bool mergeLast(uint64_t limit);

  CareTable merged;
  /// By entry: keys of it that are in the table.
  std::vector<uint64_t> cared;
};

} // namespace

/// Makes the last two entries one, if that takes keys from no other and most
/// keys that it adds are in the table.
bool HalfMerger::mergeLast(uint64_t limit) {
  size_t last = cared.size() - 1;
  if (last == 0)
    return false;
  TableEntry &first = merged.entries[last - 1];
  const TableEntry &second = merged.entries[last];
  if (first.route != second.route || first.incoming != second.incoming ||
      merged.isDefault[last - 1] != merged.isDefault[last])
    return false;
  KeyBlock both = joinIntervals(first.block, second.block);
  uint64_t begin = 0;
  if (last > 1) {
    KeyBlock before = merged.entries[last - 2].block;
    begin = before.key + before.size();
  }
  uint64_t count = cared[last - 1] + cared[last];
  if (count < both.size() / 2 || both.key < begin ||
      both.key + both.size() > limit)
    return false;
  first.block = both;
  merged.entries.pop_back();
  merged.isDefault.pop_back();
  cared.pop_back();
  cared.back() = count;
  return true;
}

CareTable spikeformer::mergeHalves(const CareTable &table) {
  auto order = sortIntervals(table.entries);
  if (!order)
    return table;
  HalfMerger merger;
  for (auto [rank, position] : llvm::enumerate(*order)) {
    uint64_t limit = rank + 1 < order->size()
                         ? table.entries[(*order)[rank + 1]].block.key
                         : std::numeric_limits<uint64_t>::max();
    merger.add(table.entries[position], table.isDefault[position], limit);
  }
  return merger.take();
}
