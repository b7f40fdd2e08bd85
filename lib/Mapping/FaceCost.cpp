//===- FaceCost.cpp - entries that a group will take ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FaceCost.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <cmath>

using namespace spikeformer;

uint32_t FaceCost::getLevel(uint32_t count) {
  return count == 0 ? 0 : std::min(llvm::Log2_32(count) + 1, maxLevel);
}

FaceCost::FaceCost(uint32_t bits)
    : entries(size_t(bits + 1) * (maxLevel + 1) * (maxSize + 1)) {
  // The chance that a bit is equal in a whole group: 2^(1 - size) if it were
  // drawn, and by experience this exponent less where it is searched for.
  constexpr double skill = 0.7;
  std::vector<double> whole(maxSize + 1);
  for (uint32_t size = 1; size <= maxSize; ++size)
    whole[size] = std::exp2((1.0 - size) * skill);
  auto *entry = entries.data();
  for (uint32_t left = 0; left <= bits; ++left)
    for (uint32_t others = 0; others <= maxLevel; ++others)
      for (uint32_t size = 0; size <= maxSize; ++size, ++entry) {
        if (size <= 1 || others == 0)
          *entry = size == 0 ? 0 : 1;
        else if (left == 0)
          // Few others in the face: most pairs of the group still merge.
          *entry = 1 + (size - 1) * std::min(1.0, others / 4.0);
        else
          *entry = whole[size] * getEntries(left - 1, others - 1, size) +
                   (1 - whole[size]) *
                       getEntriesOfSplit(left - 1, others, size, size / 2);
      }
}

bool FaceCost::isSplit(uint32_t bitsLeft, uint32_t others, uint32_t size,
                       uint32_t ones) const {
  return ones == 0 || ones == size ||
         getEntriesOfHalves(bitsLeft, others, size, ones) <
             getEntries(bitsLeft, others, size);
}

float FaceCost::getEntriesOfSplit(uint32_t bitsLeft, uint32_t others,
                                  uint32_t size, uint32_t ones) const {
  return std::min(getEntries(bitsLeft, others, size),
                  getEntriesOfHalves(bitsLeft, others, size, ones));
}
