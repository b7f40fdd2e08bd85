//===- KeySpace.cpp - keys that are not taken -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeySpace.h"
#include "KeyBlocks.h"

using namespace spikeformer;

KeySpace::KeySpace(uint32_t keyBits) : size(uint64_t(1) << keyBits) {
  gaps[0] = size;
}

bool KeySpace::isFree(KeyBlock block) const {
  auto after = gaps.upper_bound(block.key);
  return after != gaps.begin() &&
         std::prev(after)->second >= block.key + block.size();
}

void KeySpace::take(KeyBlock block) {
  assert(isFree(block) && "taken twice");
  auto gap = std::prev(gaps.upper_bound(block.key));
  auto [begin, end] = *gap;
  gaps.erase(gap);
  if (begin < block.key)
    gaps[begin] = block.key;
  if (block.key + block.size() < end)
    gaps[block.key + block.size()] = end;
}

std::optional<KeyBlock> KeySpace::findFrom(uint64_t from, uint32_t bits) const {
  uint64_t length = uint64_t(1) << bits;
  auto gap = gaps.upper_bound(from);
  if (gap != gaps.begin())
    --gap;
  for (; gap != gaps.end(); ++gap) {
    uint64_t begin = llvm::alignTo(std::max(gap->first, from), length);
    if (begin + length <= gap->second)
      return makeBlock(begin, bits);
  }
  return std::nullopt;
}

std::optional<KeyBlock> KeySpace::findSmallest(uint32_t bits) const {
  std::optional<KeyBlock> best;
  uint32_t bestBits = 64;
  for (auto [first, end] : gaps) {
    // The aligned blocks that a gap is made of.
    for (uint64_t begin = first; begin < end;) {
      uint32_t whole = begin == 0 ? 63 : llvm::countr_zero(begin);
      whole = std::min<uint32_t>(whole, llvm::Log2_64(end - begin));
      if (whole >= bits && whole < bestBits) {
        best = makeBlock(begin, bits);
        bestBits = whole;
      }
      begin += uint64_t(1) << whole;
    }
    if (best && bestBits == bits)
      break;
  }
  return best;
}
