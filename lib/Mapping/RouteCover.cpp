//===- RouteCover.cpp - tables route by route -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A table whose first match wins is a decision list. This one is made from the
// top: the route that needs the fewest entries against all that are left comes
// next, because what it has is then free for those after it. Each route is
// covered as in two-level logic minimisation (Brayton et al. 1984): its own
// keys are the on-set, those of routes still to come the off-set, and
// everything else, above all keys that never come to this router, is free. At
// the bottom stands either one entry for everything or none, for packets that
// go straight on.
//
//===----------------------------------------------------------------------===//

#include "CompressionMethods.h"
#include "TernaryBlocks.h"
#include "llvm/ADT/BitVector.h"

using namespace spikeformer;

namespace {

/// Entries of one route, as positions [begin, end) of the columns.
struct RouteGroup {
  uint32_t begin, end;
  uint32_t route;
  /// Entries that its cover took when it was last tried.
  uint32_t cost;

  uint32_t size() const { return end - begin; }
};

/// The state of one table.
class RouteCover {
public:
  RouteCover(const CareTable &table, uint32_t effort);
  std::vector<TableEntry> run();

private:
  void addGroups(const CareTable &table, bool defaults,
                 std::vector<RouteGroup> &into);
  bool isClear(KeyBlock block) const;
  void setOthers(const RouteGroup &group);
  std::vector<KeyBlock> cover(const RouteGroup &group);
  std::vector<KeyBlock> coverPairwise(const RouteGroup &group);
  std::vector<KeyBlock> coverNearest(const RouteGroup &group);
  void emit(const RouteGroup &group, llvm::ArrayRef<KeyBlock> blocks);
  void emitSingles();
  void emitByCost();
  void finish();

  uint32_t effort;
  /// Columns of entries: keys and masks of blocks, routes in runs.
  std::vector<uint32_t> keys, masks;
  /// Groups that must have entries and are not in the table yet, and groups
  /// whose packets go straight on.
  std::vector<RouteGroup> open, defaults;
  /// Blocks that the present group must stay out of.
  std::vector<uint32_t> otherKeys, otherMasks;
  std::vector<TableEntry> result;
};

} // namespace

void RouteCover::addGroups(const CareTable &table, bool isDefault,
                           std::vector<RouteGroup> &into) {
  std::vector<uint64_t> order;
  for (auto [index, entry] : llvm::enumerate(table.entries))
    if (table.isDefault[index] == isDefault)
      order.push_back(uint64_t(entry.route) << 32 | index);
  llvm::sort(order);
  for (uint64_t item : order) {
    const TableEntry &entry = table.entries[uint32_t(item)];
    if (into.empty() || into.back().route != entry.route)
      into.push_back(
          {uint32_t(keys.size()), uint32_t(keys.size()), entry.route, 1});
    keys.push_back(entry.block.key);
    masks.push_back(entry.block.mask);
    into.back().end = keys.size();
  }
}

RouteCover::RouteCover(const CareTable &table, uint32_t effort)
    : effort(effort) {
  keys.reserve(table.entries.size());
  masks.reserve(table.entries.size());
  addGroups(table, false, open);
  addGroups(table, true, defaults);
  std::stable_sort(open.begin(), open.end(),
                   [](const RouteGroup &a, const RouteGroup &b) {
                     return a.size() < b.size();
                   });
}

void RouteCover::setOthers(const RouteGroup &group) {
  otherKeys.clear();
  otherMasks.clear();
  auto add = [&](llvm::ArrayRef<RouteGroup> others) {
    for (const RouteGroup &other : others) {
      if (other.route == group.route)
        continue;
      otherKeys.insert(otherKeys.end(), keys.begin() + other.begin,
                       keys.begin() + other.end);
      otherMasks.insert(otherMasks.end(), masks.begin() + other.begin,
                        masks.begin() + other.end);
    }
  };
  add(open);
  add(defaults);
}

/// True if the block has no key of another group.
bool RouteCover::isClear(KeyBlock block) const {
  // Compared by lots, so that the loop inside has no way out and becomes vector
  // instructions.
  constexpr size_t lot = 32;
  size_t count = otherKeys.size(), i = 0;
  const uint32_t *key = otherKeys.data(), *mask = otherMasks.data();
  for (; i + lot <= count; i += lot) {
    uint32_t hits = 0;
    for (size_t j = i; j < i + lot; ++j)
      hits |= ((key[j] ^ block.key) & mask[j] & block.mask) == 0;
    if (hits != 0)
      return false;
  }
  for (; i < count; ++i)
    if (((key[i] ^ block.key) & mask[i] & block.mask) == 0)
      return false;
  return true;
}

/// Grows blocks among members that can be merged two by two, first those with
/// the fewest partners.
std::vector<KeyBlock> RouteCover::coverPairwise(const RouteGroup &group) {
  uint32_t size = group.size();
  std::vector<llvm::BitVector> partners(size, llvm::BitVector(size));
  auto at = [&](uint32_t i) {
    return KeyBlock{keys[group.begin + i], masks[group.begin + i]};
  };
  for (uint32_t i = 0; i < size; ++i)
    for (uint32_t j = i + 1; j < size; ++j)
      if (isClear(join(at(i), at(j)))) {
        partners[i].set(j);
        partners[j].set(i);
      }
  llvm::BitVector left(size, true);
  std::vector<KeyBlock> blocks;
  while (left.any()) {
    uint32_t seed = 0, fewest = noIndex;
    for (uint32_t i : left.set_bits()) {
      uint32_t count = (llvm::BitVector(partners[i]) &= left).count();
      if (count < fewest) {
        fewest = count;
        seed = i;
      }
    }
    KeyBlock block = at(seed);
    llvm::BitVector mates = partners[seed];
    mates &= left;
    left.reset(seed);
    while (mates.any()) {
      // The mate that costs the fewest bits, of several the one with the most
      // mates in common.
      uint32_t best = noIndex, bestBits = 33, bestCommon = 0;
      for (uint32_t i : mates.set_bits()) {
        uint32_t bits = llvm::popcount(block.mask & ~join(block, at(i)).mask);
        if (bits > bestBits)
          continue;
        uint32_t common = (llvm::BitVector(partners[i]) &= mates).count();
        if (bits == bestBits && common <= bestCommon)
          continue;
        best = i;
        bestBits = bits;
        bestCommon = common;
      }
      mates.reset(best);
      KeyBlock larger = join(block, at(best));
      if (!(larger == block) && !isClear(larger))
        continue;
      block = larger;
      left.reset(best);
      mates &= partners[best];
    }
    // What the block has by chance.
    for (uint32_t i : left.set_bits())
      if (contains(block, at(i)))
        left.reset(i);
    blocks.push_back(block);
  }
  return blocks;
}

/// Grows blocks by the members nearest to a seed: for groups too large to look
/// at all pairs.
std::vector<KeyBlock> RouteCover::coverNearest(const RouteGroup &group) {
  constexpr size_t maxMates = 32;
  std::vector<uint32_t> left(group.size());
  for (auto [i, position] : llvm::enumerate(left))
    position = group.begin + i;
  auto at = [&](uint32_t position) {
    return KeyBlock{keys[position], masks[position]};
  };
  std::vector<KeyBlock> blocks;
  std::vector<std::pair<uint32_t, uint32_t>> mates;
  while (!left.empty()) {
    KeyBlock block = at(left.front());
    mates.clear();
    for (uint32_t position : llvm::drop_begin(left))
      mates.push_back(
          {llvm::popcount(block.mask & ~join(block, at(position)).mask),
           position});
    size_t count = std::min(maxMates, mates.size());
    std::partial_sort(mates.begin(), mates.begin() + count, mates.end());
    for (auto [bits, position] : llvm::ArrayRef(mates).take_front(count)) {
      KeyBlock larger = join(block, at(position));
      if (larger == block || isClear(larger))
        block = larger;
    }
    llvm::erase_if(
        left, [&](uint32_t position) { return contains(block, at(position)); });
    blocks.push_back(block);
  }
  return blocks;
}

std::vector<KeyBlock> RouteCover::cover(const RouteGroup &group) {
  KeyBlock whole = {keys[group.begin], masks[group.begin]};
  for (uint32_t i = group.begin + 1; i < group.end; ++i)
    whole = join(whole, {keys[i], masks[i]});
  setOthers(group);
  if (isClear(whole))
    return {whole};
  constexpr uint32_t largeGroup = 128;
  return group.size() <= largeGroup ? coverPairwise(group)
                                    : coverNearest(group);
}

void RouteCover::emit(const RouteGroup &group,
                      llvm::ArrayRef<KeyBlock> blocks) {
  for (KeyBlock block : blocks)
    result.push_back({block, group.route, noIndex});
}

/// Takes the groups that need one entry, as long as there are any.
void RouteCover::emitSingles() {
  for (uint32_t pass = 0; pass < effort; ++pass) {
    bool changed = false;
    for (size_t i = 0; i < open.size();) {
      std::vector<KeyBlock> blocks = cover(open[i]);
      open[i].cost = blocks.size();
      if (blocks.size() > 1) {
        ++i;
        continue;
      }
      emit(open[i], blocks);
      open.erase(open.begin() + i);
      changed = true;
    }
    if (!changed)
      return;
  }
}

/// Takes the others, cheap ones first, but for the last.
void RouteCover::emitByCost() {
  while (open.size() > 1) {
    auto cheapest = std::min_element(
        open.begin(), open.end(), [](const RouteGroup &a, const RouteGroup &b) {
          return a.cost < b.cost;
        });
    emit(*cheapest, cover(*cheapest));
    open.erase(cheapest);
  }
}

/// Decides what stands at the bottom.
void RouteCover::finish() {
  if (open.empty())
    return;
  RouteGroup last = open.front();
  std::vector<KeyBlock> blocks = cover(last);
  // The other way: entries for what goes straight on, then one for all keys.
  std::vector<TableEntry> before;
  std::swap(result, before);
  for (const RouteGroup &group : defaults)
    if (group.route != last.route && result.size() + 1 < blocks.size())
      emit(group, cover(group));
  result.push_back({{0, 0}, last.route, noIndex});
  if (result.size() >= blocks.size()) {
    result.clear();
    emit(last, blocks);
  }
  result.insert(result.begin(), before.begin(), before.end());
}

std::vector<TableEntry> RouteCover::run() {
  emitSingles();
  emitByCost();
  finish();
  return std::move(result);
}

std::vector<TableEntry> spikeformer::coverRoutes(const CareTable &table,
                                                 uint32_t effort) {
  return RouteCover(table, effort).run();
}
