//===- FaceCost.h - entries that a group will take --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a bit of a key is worth is known only when all bits are. This is the
// value that it has if the bits to come are drawn as well as they usually are,
// as in boosting by majority (Freund 1995).
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_FACECOST_H
#define SPIKEFORMER_LIB_MAPPING_FACECOST_H

#include <cstdint>
#include <vector>

namespace spikeformer {

/// Expected entries of groups of messages with one route.
class FaceCost {
public:
  /// For codes of `bits` bits.
  explicit FaceCost(uint32_t bits);

  /// Of a group of `size` messages in whose face are `others`, as
  /// getLevel(number of messages) says, when `bitsLeft` bits are to be chosen.
  float getEntries(uint32_t bitsLeft, uint32_t others, uint32_t size) const {
    if (size > maxSize)
      return getEntries(bitsLeft, others, maxSize) * size / maxSize;
    return size == 0
               ? 0
               : entries[(bitsLeft * (maxLevel + 1) + others) * (maxSize + 1) +
                         size];
  }
  /// Of such a group of which this bit is 1 for `ones`: it either lets go of
  /// the bit or falls into two.
  float getEntriesOfSplit(uint32_t bitsLeft, uint32_t others, uint32_t size,
                          uint32_t ones) const;
  /// True if it should fall into two.
  bool isSplit(uint32_t bitsLeft, uint32_t others, uint32_t size,
               uint32_t ones) const;

  /// Bits that it takes to keep that many messages out.
  static uint32_t getLevel(uint32_t count);

private:
  static constexpr uint32_t maxSize = 64, maxLevel = 16;

  float getEntriesOfHalves(uint32_t bitsLeft, uint32_t others, uint32_t size,
                           uint32_t ones) const {
    return getEntries(bitsLeft, others - 1, ones) +
           getEntries(bitsLeft, others - 1, size - ones);
  }

  std::vector<float> entries;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_FACECOST_H
