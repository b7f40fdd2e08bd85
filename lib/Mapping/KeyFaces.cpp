//===- KeyFaces.cpp - keys whose common bits tell routes ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeyFaces.h"
#include "DefaultRoute.h"
#include "FaceCost.h"
#include "SplitMix.h"
#include "llvm/Support/MathExtras.h"
#include <map>

using namespace spikeformer;

static uint64_t mix(uint64_t value) { return SplitMix(value).next(); }

static uint64_t hashRoute(const Route &route) {
  uint64_t hash = mix(route.ports);
  for (uint64_t word : route.cores)
    if (word != 0)
      hash = mix(hash ^ word);
  return hash;
}

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

MessageClasses spikeformer::classify(const RoutingTrees &trees,
                                     llvm::ArrayRef<uint32_t> order,
                                     uint32_t maxSize) {
  // Trees are compared by hash: one that is wrong costs entries, nothing else.
  std::vector<uint64_t> hashes(trees.getNumTrees());
  for (auto [tree, hash] : llvm::enumerate(hashes))
    for (const Branch &branch : trees.getTree(tree))
      hash = mix(hash ^ hashRoute(branch.route) + branch.router);
  std::vector<std::pair<uint64_t, uint32_t>> byTree;
  byTree.reserve(order.size());
  for (auto [rank, message] : llvm::enumerate(order))
    byTree.push_back({hashes[trees.treeOf[message]], rank});
  llvm::sort(byTree);
  // Classes as runs of byTree, to be put in the order of their first members.
  std::vector<std::pair<uint32_t, uint32_t>> runs;
  for (size_t begin = 0, end; begin < byTree.size(); begin = end) {
    for (end = begin + 1; end < byTree.size() && end - begin < maxSize; ++end)
      if (byTree[end].first != byTree[begin].first)
        break;
    runs.push_back({byTree[begin].second, begin});
    // From here on the first of a run says where it ends.
    byTree[begin].first = end;
  }
  llvm::sort(runs);
  MessageClasses classes;
  for (auto [first, begin] : runs) {
    for (size_t i = begin, end = byTree[begin].first; i < end; ++i)
      classes.members.push_back(order[byTree[i].second]);
    classes.offsets.push_back(classes.members.size());
  }
  return classes;
}

//===----------------------------------------------------------------------===//
// The search
//===----------------------------------------------------------------------===//

namespace {

/// Messages with one route in one router that are still to get a face:
/// `members` of positions [begin, end). Those from `others` to `routerEnd` are
/// to stay out of it; groups before come earlier in the table.
struct Group {
  uint32_t begin, end;
  uint32_t others, routerEnd;
  uint32_t weight;
  /// Bits chosen so far that are equal in the group, and what they are.
  uint32_t mask, key;
  /// FaceCost::getLevel of the others inside.
  uint32_t level;
  /// Members whose present bit is 1.
  uint32_t ones;
  /// Where costs begin, by `ones`.
  uint32_t cost;
};

/// Chooses codes bit by bit.
class FaceSearch {
public:
  FaceSearch(const MachineGraph &machine, const RoutingTrees &trees,
             const MessageClasses &classes, uint32_t bits);

  void chooseBit(uint32_t bit, uint32_t rounds);
  llvm::ArrayRef<uint32_t> getCodes() const { return codes; }

private:
  uint32_t
  addRouter(llvm::MutableArrayRef<std::pair<uint64_t, uint32_t>> visits);
  void linkGroups();
  void setCosts(uint32_t bitsLeft);
  void startColours(uint32_t bit);
  bool improve();
  void commit(uint32_t bit);
  void moveColouredBack(uint32_t begin, uint32_t end);
  void addPart(const Group &whole, uint32_t begin, uint32_t end,
               uint32_t colour, uint32_t bitMask);
  uint32_t countInside(const Group &group) const;

  size_t numClasses;
  uint32_t bits;
  FaceCost faceCost;
  std::vector<Group> groups, nextGroups;
  /// The classes at each position of each router, and their codes so far.
  std::vector<uint32_t> members, memberCodes, coloured;
  /// The groups of each class: [groupOffsets[c], groupOffsets[c + 1]).
  std::vector<uint32_t> groupOffsets, groupsOf;
  std::vector<int32_t> costs;
  std::vector<uint8_t> colours;
  size_t numOnes = 0;
  std::vector<uint32_t> codes;
};

} // namespace

/// Sorts after all hashes of routes.
static constexpr uint64_t defaultGroup = ~uint64_t(0);

FaceSearch::FaceSearch(const MachineGraph &machine, const RoutingTrees &trees,
                       const MessageClasses &classes, uint32_t bits)
    : numClasses(classes.size()), bits(bits), faceCost(bits),
      colours(classes.size()), codes(classes.size()) {
  std::vector<uint32_t> offsets(machine.getRouters().size() + 1);
  for (size_t index = 0; index < numClasses; ++index)
    for (const Branch &branch : trees.branchesOf(classes.membersOf(index)[0]))
      ++offsets[branch.router + 1];
  for (size_t router = 1; router < offsets.size(); ++router)
    offsets[router] += offsets[router - 1];
  std::vector<std::pair<uint64_t, uint32_t>> visits(offsets.back());
  std::vector<uint32_t> next(offsets);
  for (size_t index = 0; index < numClasses; ++index)
    for (const Branch &branch : trees.branchesOf(classes.membersOf(index)[0])) {
      bool isDefault =
          takesDefault(machine, {{}, 0, branch.incoming}, branch.route);
      visits[next[branch.router]++] = {
          isDefault ? defaultGroup : hashRoute(branch.route), uint32_t(index)};
    }
  uint32_t largest = 1;
  for (size_t router = 0; router + 1 < offsets.size(); ++router) {
    size_t before = groups.size();
    auto own = llvm::MutableArrayRef(visits).slice(
        offsets[router], offsets[router + 1] - offsets[router]);
    uint32_t routes = addRouter(own);
    largest = std::max(largest, routes);
    for (size_t group = before; group < groups.size(); ++group)
      groups[group].weight = routes;
  }
  // The largest table counts first, so what a router may save is weighed by
  // how large its table must be at least.
  for (Group &group : groups) {
    double part = double(group.weight) / largest;
    group.weight = 4 + uint32_t(252 * part * part * part * part);
  }
  memberCodes.resize(members.size());
}

/// Adds the groups of a router, whose `visits` are routes by hash with the
/// classes that take them; returns how many different ones need an entry.
uint32_t FaceSearch::addRouter(
    llvm::MutableArrayRef<std::pair<uint64_t, uint32_t>> visits) {
  llvm::sort(visits);
  // Runs of one route: their length, where they are.
  std::vector<std::pair<uint32_t, uint32_t>> runs;
  uint32_t routes = 0;
  for (size_t begin = 0, end; begin < visits.size(); begin = end) {
    for (end = begin; end < visits.size(); ++end)
      if (visits[end].first != visits[begin].first)
        break;
    bool isDefault = visits[begin].first == defaultGroup;
    routes += !isDefault;
    // One message alone always has its own face, and comes first.
    if (isDefault || end - begin > 1)
      runs.push_back({isDefault ? noIndex : end - begin, begin});
  }
  llvm::sort(runs);
  uint32_t routerEnd = members.size();
  for (auto [length, begin] : runs)
    routerEnd += length == noIndex ? visits.size() - begin : length;
  for (auto [length, begin] : runs) {
    uint32_t first = members.size();
    size_t end = length == noIndex ? visits.size() : begin + length;
    for (size_t i = begin; i < end; ++i)
      members.push_back(visits[i].second);
    if (length != noIndex && members.size() < routerEnd)
      groups.push_back({first, uint32_t(members.size()),
                        uint32_t(members.size()), routerEnd, 1, 0, 0,
                        FaceCost::getLevel(routerEnd - members.size()), 0, 0});
  }
  return routes;
}

/// Finds the groups of each class that are worth looking at.
void FaceSearch::linkGroups() {
  groupOffsets.assign(numClasses + 1, 0);
  for (const Group &group : groups)
    for (uint32_t i = group.begin; i < group.end; ++i)
      ++groupOffsets[members[i] + 1];
  for (size_t index = 1; index <= numClasses; ++index)
    groupOffsets[index] += groupOffsets[index - 1];
  groupsOf.resize(groupOffsets.back());
  std::vector<uint32_t> next(groupOffsets.begin(), groupOffsets.end() - 1);
  for (auto [number, group] : llvm::enumerate(groups))
    for (uint32_t i = group.begin; i < group.end; ++i)
      groupsOf[next[members[i]]++] = number;
}

void FaceSearch::setCosts(uint32_t bitsLeft) {
  costs.clear();
  std::map<std::array<uint32_t, 3>, uint32_t> known;
  for (Group &group : groups) {
    uint32_t size = group.end - group.begin;
    auto [found, isNew] =
        known.try_emplace({size, group.level, group.weight}, costs.size());
    group.cost = found->second;
    if (isNew)
      for (uint32_t ones = 0; ones <= size; ++ones)
        costs.push_back(
            64 * group.weight *
            faceCost.getEntriesOfSplit(bitsLeft, group.level, size, ones));
  }
}

/// Halves the classes: for some bits by their order in Gray code, so that what
/// is near there has nearly equal keys; then at random. Where all bits follow
/// the order, the search ends in halves that keep too few others out.
void FaceSearch::startColours(uint32_t bit) {
  constexpr uint32_t numOrderedBits = 4;
  uint32_t orderBits = llvm::Log2_32_Ceil(numClasses);
  numOnes = 0;
  for (size_t index = 0; index < numClasses; ++index) {
    uint32_t rank = (uint64_t(index) << orderBits) / numClasses;
    colours[index] = bit < std::min(orderBits, numOrderedBits)
                         ? (rank ^ rank >> 1) >> (orderBits - 1 - bit) & 1
                         : mix(mix(bit) + index) & 1;
    numOnes += colours[index];
  }
  for (Group &group : groups) {
    group.ones = 0;
    for (uint32_t i = group.begin; i < group.end; ++i)
      group.ones += colours[members[i]];
  }
}

/// Gives each class the colour that costs less; false if none changed.
bool FaceSearch::improve() {
  // A bit that is nearly always equal keeps nobody out.
  size_t most = numClasses * 53 / 100 + 1, least = numClasses - most;
  bool changed = false;
  for (size_t index = 0; index < numClasses; ++index) {
    int32_t step = colours[index] ? -1 : 1;
    if (step > 0 ? numOnes >= most : numOnes <= least)
      continue;
    int64_t change = 0;
    auto own = llvm::ArrayRef(groupsOf).slice(
        groupOffsets[index], groupOffsets[index + 1] - groupOffsets[index]);
    for (uint32_t number : own) {
      const Group &group = groups[number];
      const int32_t *cost = &costs[group.cost + group.ones];
      change += cost[step] - cost[0];
    }
    if (change >= 0)
      continue;
    changed = true;
    colours[index] ^= 1;
    numOnes += step;
    for (uint32_t number : own)
      groups[number].ones += step;
  }
  return changed;
}

uint32_t FaceSearch::countInside(const Group &group) const {
  uint32_t count = 0;
  for (uint32_t i = group.others; i < group.routerEnd; ++i)
    count += ((memberCodes[i] ^ group.key) & group.mask) == 0;
  return count;
}

/// Keeps positions [begin, end) of `whole` as a group, unless it has its face.
void FaceSearch::addPart(const Group &whole, uint32_t begin, uint32_t end,
                         uint32_t colour, uint32_t bitMask) {
  if (end - begin < 2)
    return;
  Group part = whole;
  part.begin = begin;
  part.end = end;
  part.mask |= bitMask;
  part.key |= colour ? bitMask : 0;
  part.level = FaceCost::getLevel(countInside(part));
  if (part.level > 0)
    nextGroups.push_back(part);
}

void FaceSearch::commit(uint32_t bit) {
  uint32_t bitsLeft = bits - 1 - bit;
  uint32_t bitMask = uint32_t(1) << bitsLeft;
  for (size_t index = 0; index < numClasses; ++index)
    codes[index] |= colours[index] ? bitMask : 0;
  for (auto [member, code] : llvm::zip_equal(members, memberCodes))
    code = codes[member];
  nextGroups.clear();
  for (const Group &group : groups) {
    uint32_t size = group.end - group.begin;
    if (!faceCost.isSplit(bitsLeft, group.level, size, group.ones)) {
      nextGroups.push_back(group);
      continue;
    }
    uint32_t middle = group.end - group.ones;
    if (group.ones != 0 && group.ones != size)
      moveColouredBack(group.begin, group.end);
    addPart(group, group.begin, middle, 0, bitMask);
    addPart(group, middle, group.end, 1, bitMask);
  }
  std::swap(groups, nextGroups);
}

/// Within [begin, end), each colour keeps its order.
void FaceSearch::moveColouredBack(uint32_t begin, uint32_t end) {
  coloured.clear();
  uint32_t free = begin;
  for (uint32_t place = begin; place < end; ++place) {
    if (colours[members[place]])
      coloured.push_back(members[place]);
    else
      members[free++] = members[place];
  }
  llvm::copy(coloured, members.begin() + free);
}

void FaceSearch::chooseBit(uint32_t bit, uint32_t rounds) {
  linkGroups();
  setCosts(bits - 1 - bit);
  startColours(bit);
  for (uint32_t round = 0; round < rounds && improve(); ++round)
    ;
  commit(bit);
}

std::vector<uint32_t> spikeformer::findFaceCodes(const MachineGraph &machine,
                                                 const RoutingTrees &trees,
                                                 const MessageClasses &classes,
                                                 uint32_t bits,
                                                 uint32_t rounds) {
  FaceSearch search(machine, trees, classes, bits);
  for (uint32_t bit = 0; bit < bits; ++bit)
    search.chooseBit(bit, rounds);
  return search.getCodes().vec();
}
