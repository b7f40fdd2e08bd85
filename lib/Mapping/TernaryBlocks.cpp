//===- TernaryBlocks.cpp - sets of keys as ternary cubes ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TernaryBlocks.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace spikeformer;

void spikeformer::subtract(KeyBlock block, KeyBlock hole,
                           llvm::SmallVectorImpl<KeyBlock> &rest) {
  // One part for each bit that the hole fixes and the block does not: equal to
  // the hole in the bits above, different in this one. So intervals leave
  // intervals.
  for (uint32_t bits = hole.mask & ~block.mask; bits != 0;) {
    uint32_t bit = llvm::bit_floor(bits);
    bits ^= bit;
    rest.push_back({block.key | (~hole.key & bit), block.mask | bit});
    block.key |= hole.key & bit;
    block.mask |= bit;
  }
}

namespace {

/// The search of forEachCandidates.
class CandidateSearch {
public:
  CandidateSearch(llvm::ArrayRef<KeyBlock> questions,
                  llvm::ArrayRef<KeyBlock> entries, CandidateFn visit)
      : questions(questions), entries(entries), visit(visit) {}

  /// `space` is the part of the space of keys that is left.
  void search(std::vector<uint32_t> asked, std::vector<uint32_t> candidates,
              KeyBlock space);

private:
  uint32_t chooseBit(llvm::ArrayRef<uint32_t> asked,
                     llvm::ArrayRef<uint32_t> candidates, KeyBlock space) const;

  llvm::ArrayRef<KeyBlock> questions, entries;
  CandidateFn visit;
};

} // namespace

/// Members are looked at in these steps: some hundred are enough to choose a
/// bit.
static size_t getSampleStep(size_t count) { return count / 256 + 1; }
static size_t getSampleSize(size_t count) {
  return llvm::divideCeil(count, getSampleStep(count));
}

/// Adds to `ones` and `zeros` how many of `members` fix each bit to 1 and to 0.
static void countBits(llvm::ArrayRef<KeyBlock> blocks,
                      llvm::ArrayRef<uint32_t> members,
                      std::array<uint32_t, 32> &ones,
                      std::array<uint32_t, 32> &zeros) {
  size_t step = getSampleStep(members.size());
  for (size_t i = 0; i < members.size(); i += step) {
    KeyBlock block = blocks[members[i]];
    for (uint32_t bit = 0; bit < 32; ++bit) {
      ones[bit] += block.key >> bit & 1;
      zeros[bit] += (block.mask & ~block.key) >> bit & 1;
    }
  }
}

/// The bit whose halves have the fewest pairs in all; 32 if none is much better
/// than no split.
uint32_t CandidateSearch::chooseBit(llvm::ArrayRef<uint32_t> asked,
                                    llvm::ArrayRef<uint32_t> candidates,
                                    KeyBlock space) const {
  std::array<uint32_t, 32> askedOnes = {}, askedZeros = {};
  std::array<uint32_t, 32> ones = {}, zeros = {};
  countBits(questions, asked, askedOnes, askedZeros);
  countBits(entries, candidates, ones, zeros);
  uint64_t numAsked = getSampleSize(asked.size());
  uint64_t numCandidates = getSampleSize(candidates.size());
  uint64_t best = numAsked * numCandidates * 3 / 4;
  uint32_t bestBit = 32;
  for (uint32_t bit = 0; bit < 32; ++bit) {
    if (space.mask >> bit & 1)
      continue;
    uint64_t cost = (numAsked - askedOnes[bit]) * (numCandidates - ones[bit]) +
                    (numAsked - askedZeros[bit]) * (numCandidates - zeros[bit]);
    if (cost < best) {
      best = cost;
      bestBit = bit;
    }
  }
  return bestBit;
}

/// Those of `members` that intersect `space`.
static std::vector<uint32_t> filter(llvm::ArrayRef<KeyBlock> blocks,
                                    llvm::ArrayRef<uint32_t> members,
                                    KeyBlock space) {
  std::vector<uint32_t> inside;
  for (uint32_t member : members)
    if (blocks[member].intersects(space))
      inside.push_back(member);
  return inside;
}

void CandidateSearch::search(std::vector<uint32_t> asked,
                             std::vector<uint32_t> candidates, KeyBlock space) {
  if (asked.empty())
    return;
  // Below this many pairs a look at each is cheaper than a split.
  constexpr size_t fewPairs = 2048;
  uint32_t bit = asked.size() * candidates.size() <= fewPairs
                     ? 32
                     : chooseBit(asked, candidates, space);
  if (bit == 32) {
    for (uint32_t question : asked)
      visit(question, intersect(questions[question], space), candidates);
    return;
  }
  uint32_t bitMask = uint32_t(1) << bit;
  for (uint32_t value : {uint32_t(0), bitMask}) {
    KeyBlock half = {space.key | value, space.mask | bitMask};
    search(filter(questions, asked, half), filter(entries, candidates, half),
           half);
  }
}

void spikeformer::forEachCandidates(llvm::ArrayRef<KeyBlock> questions,
                                    llvm::ArrayRef<KeyBlock> entries,
                                    CandidateFn visit) {
  std::vector<uint32_t> asked(questions.size()), candidates(entries.size());
  std::iota(asked.begin(), asked.end(), 0);
  std::iota(candidates.begin(), candidates.end(), 0);
  CandidateSearch(questions, entries, visit)
      .search(std::move(asked), std::move(candidates), {0, 0});
}
