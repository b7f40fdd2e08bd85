//===- KeyProblem.h - keys for every message --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The question and the check of anybody's answer; KeyAllocator.h answers.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_KEYPROBLEM_H
#define SPIKEFORMER_MAPPING_KEYPROBLEM_H

#include "spikeformer/Mapping/RoutingTable.h"

namespace spikeformer {

/// The keys of each message: a block of a power of two, whose first numKeys
/// keys its senders have in order.
using KeyAllocation = std::vector<KeyBlock>;

/// Which keys the packets of each message carry.
struct KeyProblem {
  const SliceList &slices;
  const Messages &messages;
  /// Bits of a key that the fabric has.
  uint32_t keyBits = 32;
  /// Low bits of every key that the software keeps for itself: sender i of a
  /// message has key block.key + (i << reservedBits).
  uint32_t reservedBits = 0;
  /// What is decided already; empty: nothing is. A free message has mask 0 and
  /// key noIndex.
  KeyAllocation pins;

  /// What is wrong with the question: pins that overlap or are too small, more
  /// keys than keyBits can tell apart.
  Violations check() const;
  /// What is wrong with `keys`: a message without keys, with too few, bits of
  /// the key outside its mask or above keyBits, a mask that is no block, two
  /// messages that share a key, a pin not kept.
  Violations verify(const KeyAllocation &keys) const;
};

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_KEYPROBLEM_H
