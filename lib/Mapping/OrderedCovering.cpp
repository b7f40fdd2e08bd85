//===- OrderedCovering.cpp - ordered covering -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Mundy, Heathcote, Garside: On-chip order-exploiting routing table
// minimization for a multicast supercomputer network (HPSR 2016). Entries stand
// in the order of generality, the number of free bits. A merge of entries of
// one route stands behind all that are less general; it must not let a member
// fall behind an entry that has its keys, nor take keys from entries behind it.
//
//===----------------------------------------------------------------------===//

#include "CompressionMethods.h"
#include "TernaryBlocks.h"
#include <map>

using namespace spikeformer;

namespace {

/// An entry, with the blocks of the first table that it stands for.
struct CoveringEntry {
  TableEntry entry;
  std::vector<KeyBlock> aliases;
};

/// Entries that might become one.
struct Merge {
  /// Positions, ascending.
  std::vector<uint32_t> members;
  KeyBlock block;
  /// The position that the merged entry would have.
  uint32_t place;
};

class OrderedCovering {
public:
  explicit OrderedCovering(const CareTable &table);
  std::vector<TableEntry> run();

private:
  void setBlock(Merge &merge) const;
  bool checkAbove(Merge &merge) const;
  bool checkBelow(Merge &merge) const;
  void openBit(Merge &merge, KeyBlock alias) const;
  Merge findBest() const;
  void apply(const Merge &merge);

  std::vector<CoveringEntry> entries;
};

} // namespace

static uint32_t getGenerality(KeyBlock block) {
  return 32 - llvm::popcount(block.mask);
}

OrderedCovering::OrderedCovering(const CareTable &table) {
  std::vector<std::pair<uint32_t, uint32_t>> order;
  for (auto [index, entry] : llvm::enumerate(table.entries))
    order.emplace_back(getGenerality(entry.block), index);
  llvm::sort(order);
  for (auto [generality, index] : order) {
    const TableEntry &entry = table.entries[index];
    entries.push_back({entry, {entry.block}});
  }
}

void OrderedCovering::setBlock(Merge &merge) const {
  merge.block = entries[merge.members.front()].entry.block;
  for (uint32_t member : merge.members)
    merge.block = join(merge.block, entries[member].entry.block);
  // Before the entries that are as general.
  uint32_t generality = getGenerality(merge.block);
  merge.place = llvm::partition_point(
                    entries,
                    [&](const CoveringEntry &entry) {
                      return getGenerality(entry.entry.block) < generality;
                    }) -
                entries.begin();
}

/// Drops members that would fall behind an entry that has keys of theirs; true
/// if there were any.
bool OrderedCovering::checkAbove(Merge &merge) const {
  for (size_t i = merge.members.size(); i-- > 0;) {
    uint32_t member = merge.members[i];
    for (uint32_t between = member + 1; between < merge.place; ++between) {
      if (entries[between].entry.route == entries[member].entry.route ||
          !entries[between].entry.block.intersects(entries[member].entry.block))
        continue;
      merge.members.erase(merge.members.begin() + i);
      return true;
    }
  }
  return false;
}

/// Drops the members that keep the block from leaving `alias` out by one bit,
/// for the bit with the fewest.
void OrderedCovering::openBit(Merge &merge, KeyBlock alias) const {
  std::vector<uint32_t> fewest = merge.members;
  for (uint32_t bits = ~merge.block.mask & alias.mask; bits != 0;
       bits &= bits - 1) {
    uint32_t bit = bits & -bits;
    // Members without the bit, or with that of the alias.
    std::vector<uint32_t> inTheWay;
    for (uint32_t member : merge.members) {
      KeyBlock block = entries[member].entry.block;
      if ((block.mask & bit) == 0 || ((block.key ^ alias.key) & bit) == 0)
        inTheWay.push_back(member);
    }
    if (inTheWay.size() < fewest.size())
      fewest = inTheWay;
  }
  llvm::erase_if(merge.members, [&](uint32_t member) {
    return llvm::is_contained(fewest, member);
  });
}

/// Drops members until the block takes no keys from entries behind it; true if
/// any had to go.
bool OrderedCovering::checkBelow(Merge &merge) const {
  for (uint32_t below = merge.place; below < entries.size(); ++below) {
    if (entries[below].entry.route ==
            entries[merge.members.front()].entry.route ||
        !entries[below].entry.block.intersects(merge.block))
      continue;
    for (KeyBlock alias : entries[below].aliases)
      if (alias.intersects(merge.block)) {
        openBit(merge, alias);
        return true;
      }
  }
  return false;
}

Merge OrderedCovering::findBest() const {
  std::map<uint32_t, std::vector<uint32_t>> byRoute;
  for (auto [index, entry] : llvm::enumerate(entries))
    byRoute[entry.entry.route].push_back(index);
  Merge best = {{}, {0, 0}, 0};
  for (const auto &[route, members] : byRoute) {
    Merge merge = {members, {0, 0}, 0};
    while (merge.members.size() > std::max<size_t>(1, best.members.size())) {
      setBlock(merge);
      if (!checkAbove(merge) && !checkBelow(merge)) {
        best = merge;
        break;
      }
    }
  }
  return best;
}

void OrderedCovering::apply(const Merge &merge) {
  CoveringEntry merged = entries[merge.members.front()];
  merged.entry.block = merge.block;
  for (uint32_t member : llvm::drop_begin(merge.members)) {
    const CoveringEntry &entry = entries[member];
    merged.aliases.insert(merged.aliases.end(), entry.aliases.begin(),
                          entry.aliases.end());
    if (merged.entry.incoming != entry.entry.incoming)
      merged.entry.incoming = noIndex;
  }
  entries.insert(entries.begin() + merge.place, std::move(merged));
  for (uint32_t member : llvm::reverse(merge.members))
    entries.erase(entries.begin() + member + (member >= merge.place));
}

std::vector<TableEntry> OrderedCovering::run() {
  for (Merge merge = findBest(); merge.members.size() > 1; merge = findBest())
    apply(merge);
  std::vector<TableEntry> table;
  for (const CoveringEntry &entry : entries)
    table.push_back(entry.entry);
  return table;
}

std::vector<TableEntry> spikeformer::coverInOrder(const CareTable &table) {
  return OrderedCovering(table).run();
}
