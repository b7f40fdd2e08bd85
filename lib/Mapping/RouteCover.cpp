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

/// Sets of positions in a group.
struct Members {
  static constexpr uint32_t maxSize = 128;
  std::array<uint64_t, maxSize / 64> words = {};

  void insert(uint32_t i) { words[i / 64] |= uint64_t(1) << i % 64; }
  void erase(uint32_t i) { words[i / 64] &= ~(uint64_t(1) << i % 64); }
  bool isEmpty() const { return (words[0] | words[1]) == 0; }
  uint32_t countCommon(const Members &other) const {
    return llvm::popcount(words[0] & other.words[0]) +
           llvm::popcount(words[1] & other.words[1]);
  }
  void keep(const Members &other) {
    words[0] &= other.words[0];
    words[1] &= other.words[1];
  }
  /// Calls `visit` with each one, in ascending order.
  template <typename Visit>
  void forEach(Visit visit) const {
    for (uint32_t word = 0; word < words.size(); ++word)
      for (uint64_t bits = words[word]; bits != 0; bits &= bits - 1)
        visit(word * 64 + llvm::countr_zero(bits));
  }
};

/// The state of one table.
class RouteCover {
public:
  RouteCover(const CareTable &table, uint32_t effort);
  std::vector<TableEntry> run();

private:
  KeyBlock at(uint32_t position) const {
    return {keys[position], masks[position]};
  }
  void addGroups(const CareTable &table, bool isDefault,
                 std::vector<RouteGroup> &into);
  void findOthers(const RouteGroup &group, KeyBlock whole);
  void findOthersIn(uint32_t begin, uint32_t end, KeyBlock whole);
  bool isClear(KeyBlock block) const;
  std::vector<KeyBlock> cover(const RouteGroup &group);
  std::vector<KeyBlock> coverPairwise(const RouteGroup &group) const;
  KeyBlock growAmong(const RouteGroup &group, uint32_t seed, Members mates,
                     llvm::ArrayRef<Members> partners, Members &left) const;
  std::vector<KeyBlock> coverNearest(const RouteGroup &group) const;
  bool absorb(KeyBlock member, size_t omitted,
              llvm::MutableArrayRef<KeyBlock> blocks) const;
  void dissolve(const RouteGroup &group, std::vector<KeyBlock> &blocks) const;
  void emit(const RouteGroup &group, llvm::ArrayRef<KeyBlock> blocks);
  void emitSingles();
  void emitByCost();
  void finish();

  uint32_t effort;
  /// Columns of entries, groups with few first, defaults last.
  std::vector<uint32_t> keys, masks;
  /// Groups that must have entries and are not in the table yet, and groups
  /// whose packets go straight on.
  std::vector<RouteGroup> open, defaults;
  /// Blocks that the present group must stay out of.
  std::vector<uint32_t> otherKeys, otherMasks;
  std::vector<TableEntry> result;
};

} // namespace

/// Appends the groups of entries with `isDefault`, those with few entries
/// first.
void RouteCover::addGroups(const CareTable &table, bool isDefault,
                           std::vector<RouteGroup> &into) {
  std::vector<uint64_t> order;
  for (auto [index, entry] : llvm::enumerate(table.entries))
    if (table.isDefault[index] == isDefault)
      order.push_back(uint64_t(entry.route) << 32 | index);
  llvm::sort(order);
  std::vector<RouteGroup> runs;
  for (uint32_t i = 0; i < order.size(); ++i) {
    uint32_t route = order[i] >> 32;
    if (runs.empty() || runs.back().route != route)
      runs.push_back({i, i, route, 1});
    runs.back().end = i + 1;
  }
  llvm::sort(runs, [](const RouteGroup &a, const RouteGroup &b) {
    return a.size() != b.size() ? a.size() < b.size() : a.route < b.route;
  });
  for (const RouteGroup &run : runs) {
    uint32_t begin = keys.size();
    for (uint32_t i = run.begin; i < run.end; ++i) {
      KeyBlock block = table.entries[uint32_t(order[i])].block;
      keys.push_back(block.key);
      masks.push_back(block.mask);
    }
    into.push_back({begin, uint32_t(keys.size()), run.route, 1});
  }
}

RouteCover::RouteCover(const CareTable &table, uint32_t effort)
    : effort(std::min<uint32_t>(effort, 31)) {
  keys.reserve(table.entries.size());
  masks.reserve(table.entries.size());
  addGroups(table, false, open);
  addGroups(table, true, defaults);
}

//===----------------------------------------------------------------------===//
// What a block must stay out of
//===----------------------------------------------------------------------===//

/// Columns are compared by lots, so that the loop over one has no way out and
/// becomes vector instructions.
static constexpr size_t lot = 32;

static bool intersectsAny(const uint32_t *keys, const uint32_t *masks,
                          size_t count, KeyBlock block) {
  uint32_t hits = 0;
  for (size_t i = 0; i < count; ++i)
    hits |= ((keys[i] ^ block.key) & masks[i] & block.mask) == 0;
  return hits != 0;
}

/// Appends what of positions [begin, end) intersects `whole`.
void RouteCover::findOthersIn(uint32_t begin, uint32_t end, KeyBlock whole) {
  for (; begin < end; begin += lot) {
    size_t count = std::min<size_t>(lot, end - begin);
    if (!intersectsAny(&keys[begin], &masks[begin], count, whole))
      continue;
    for (uint32_t position = begin; position < begin + count; ++position)
      if (at(position).intersects(whole)) {
        otherKeys.push_back(keys[position]);
        otherMasks.push_back(masks[position]);
      }
  }
}

/// Finds the blocks of other groups in `whole`, the smallest block with all of
/// `group`: they are all that a smaller one can meet.
void RouteCover::findOthers(const RouteGroup &group, KeyBlock whole) {
  otherKeys.clear();
  otherMasks.clear();
  // Groups that follow each other are looked at in one go.
  uint32_t begin = 0, end = 0;
  auto add = [&](llvm::ArrayRef<RouteGroup> others) {
    for (const RouteGroup &other : others) {
      if (other.route == group.route)
        continue;
      if (other.begin != end) {
        findOthersIn(begin, end, whole);
        begin = other.begin;
      }
      end = other.end;
    }
  };
  add(open);
  add(defaults);
  findOthersIn(begin, end, whole);
}

/// True if the block has no key of another group.
bool RouteCover::isClear(KeyBlock block) const {
  for (size_t i = 0; i < otherKeys.size(); i += lot)
    if (intersectsAny(&otherKeys[i], &otherMasks[i],
                      std::min(lot, otherKeys.size() - i), block))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// The cover of one group
//===----------------------------------------------------------------------===//

/// Joins `seed` with as many of `mates` as stay clear; takes all that the block
/// has from `left`.
KeyBlock RouteCover::growAmong(const RouteGroup &group, uint32_t seed,
                               Members mates, llvm::ArrayRef<Members> partners,
                               Members &left) const {
  KeyBlock block = at(group.begin + seed);
  left.erase(seed);
  while (!mates.isEmpty()) {
    // The mate that costs the fewest bits, of several the one with the most
    // mates in common.
    uint32_t best = 0, bestBits = 33, bestCommon = 0;
    mates.forEach([&](uint32_t i) {
      uint32_t bits =
          llvm::popcount(block.mask & ~join(block, at(group.begin + i)).mask);
      if (bits > bestBits)
        return;
      uint32_t common = partners[i].countCommon(mates);
      if (bits == bestBits && common <= bestCommon)
        return;
      best = i;
      bestBits = bits;
      bestCommon = common;
    });
    mates.erase(best);
    KeyBlock larger = join(block, at(group.begin + best));
    if (!(larger == block) && !isClear(larger))
      continue;
    block = larger;
    left.erase(best);
    mates.keep(partners[best]);
  }
  Members rest = left;
  rest.forEach([&](uint32_t i) {
    if (contains(block, at(group.begin + i)))
      left.erase(i);
  });
  return block;
}

/// Grows blocks among members that can be merged two by two, first those with
/// the fewest partners.
std::vector<KeyBlock> RouteCover::coverPairwise(const RouteGroup &group) const {
  uint32_t size = group.size();
  std::vector<Members> partners(size);
  Members left;
  for (uint32_t i = 0; i < size; ++i) {
    left.insert(i);
    for (uint32_t j = i + 1; j < size; ++j)
      if (isClear(join(at(group.begin + i), at(group.begin + j)))) {
        partners[i].insert(j);
        partners[j].insert(i);
      }
  }
  std::vector<KeyBlock> blocks;
  while (!left.isEmpty()) {
    uint32_t seed = 0, fewest = noIndex;
    left.forEach([&](uint32_t i) {
      uint32_t count = partners[i].countCommon(left);
      if (count < fewest) {
        fewest = count;
        seed = i;
      }
    });
    Members mates = partners[seed];
    mates.keep(left);
    blocks.push_back(growAmong(group, seed, mates, partners, left));
  }
  return blocks;
}

/// Grows blocks by the members nearest to a seed: for groups too large to look
/// at all pairs.
std::vector<KeyBlock> RouteCover::coverNearest(const RouteGroup &group) const {
  constexpr size_t maxMates = 128;
  std::vector<uint32_t> left(group.size());
  for (auto [i, position] : llvm::enumerate(left))
    position = group.begin + i;
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

/// Grows some of `blocks`, but `block` number `omitted`, until they have
/// `member`; false if none can.
bool RouteCover::absorb(KeyBlock member, size_t omitted,
                        llvm::MutableArrayRef<KeyBlock> blocks) const {
  for (auto [index, block] : llvm::enumerate(blocks))
    if (index != omitted && contains(block, member))
      return true;
  for (auto [index, block] : llvm::enumerate(blocks)) {
    if (index == omitted)
      continue;
    KeyBlock larger = join(block, member);
    if (!isClear(larger))
      continue;
    block = larger;
    return true;
  }
  return false;
}

/// Removes blocks whose members others can take in.
void RouteCover::dissolve(const RouteGroup &group,
                          std::vector<KeyBlock> &blocks) const {
  for (size_t omitted = blocks.size(); omitted-- > 0 && blocks.size() > 1;) {
    std::vector<KeyBlock> others = blocks;
    bool isAbsorbed = true;
    for (uint32_t i = group.begin; i < group.end && isAbsorbed; ++i)
      if (contains(blocks[omitted], at(i)))
        isAbsorbed = absorb(at(i), omitted, others);
    if (!isAbsorbed)
      continue;
    others.erase(others.begin() + omitted);
    blocks = std::move(others);
  }
}

std::vector<KeyBlock> RouteCover::cover(const RouteGroup &group) {
  KeyBlock whole = at(group.begin);
  for (uint32_t i = group.begin + 1; i < group.end; ++i)
    whole = join(whole, at(i));
  // Entries of different routes do not intersect, so one is always clear.
  if (group.size() == 1)
    return {whole};
  findOthers(group, whole);
  if (otherKeys.empty())
    return {whole};
  std::vector<KeyBlock> blocks = group.size() <= Members::maxSize
                                     ? coverPairwise(group)
                                     : coverNearest(group);
  dissolve(group, blocks);
  return blocks;
}

//===----------------------------------------------------------------------===//
// The order of groups
//===----------------------------------------------------------------------===//

void RouteCover::emit(const RouteGroup &group,
                      llvm::ArrayRef<KeyBlock> blocks) {
  for (KeyBlock block : blocks)
    result.push_back({block, group.route, noIndex});
}

/// Takes the groups that need one entry.
void RouteCover::emitSingles() {
  for (size_t i = 0; i < open.size();) {
    std::vector<KeyBlock> blocks = cover(open[i]);
    open[i].cost = blocks.size();
    if (blocks.size() > 1) {
      ++i;
      continue;
    }
    emit(open[i], blocks);
    open.erase(open.begin() + i);
  }
}

/// Takes the others, cheap ones first, but for the last.
void RouteCover::emitByCost() {
  // Costs fall when others are gone. Looking again each time that this part of
  // the groups is gone finds most of that in a few passes.
  auto getNextLook = [&] { return open.size() - (open.size() >> effort); };
  size_t nextLook = getNextLook();
  while (open.size() > 1) {
    if (open.size() <= nextLook) {
      uint32_t least = noIndex;
      for (const RouteGroup &group : open)
        least = std::min(least, group.cost);
      for (RouteGroup &group : open)
        if (2 * group.cost <= 3 * least)
          group.cost = cover(group).size();
      nextLook = getNextLook();
    }
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
