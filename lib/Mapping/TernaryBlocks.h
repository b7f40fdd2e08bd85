//===- TernaryBlocks.h - sets of keys as ternary cubes ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The algebra of blocks of keys that checks and compressors share. Sets of keys
// are disjoint blocks, and difference is the disjoint sharp of two-level logic
// minimisation (Brayton et al. 1984).
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_TERNARYBLOCKS_H
#define SPIKEFORMER_LIB_MAPPING_TERNARYBLOCKS_H

#include "spikeformer/Mapping/RoutingTable.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace spikeformer {

/// True if every key of `inner` is one of `outer`.
inline bool contains(KeyBlock outer, KeyBlock inner) {
  return (outer.mask & ~inner.mask) == 0 && outer.contains(inner.key);
}

/// The keys that both have; they must intersect.
inline KeyBlock intersect(KeyBlock a, KeyBlock b) {
  return {a.key | b.key, a.mask | b.mask};
}

/// The smallest block with the keys of both.
inline KeyBlock join(KeyBlock a, KeyBlock b) {
  uint32_t mask = a.mask & b.mask & ~(a.key ^ b.key);
  return {a.key & mask, mask};
}

/// True if the keys are consecutive: the free bits are the low ones.
inline bool isAligned(KeyBlock block) {
  return (~block.mask & (~block.mask + 1)) == 0;
}

/// Appends to `rest` disjoint blocks with the keys of `block` that are not in
/// `hole`; the two must intersect.
void subtract(KeyBlock block, KeyBlock hole,
              llvm::SmallVectorImpl<KeyBlock> &rest);

/// Called with a question, the keys of it that are meant, and the entries that
/// may have them, by index in ascending order.
using CandidateFn = llvm::function_ref<void(
    uint32_t question, KeyBlock keys, llvm::ArrayRef<uint32_t> candidates)>;

/// Finds which `entries` can match the keys of which `questions`, without
/// looking at every pair: halves the space of keys by the bit that parts both
/// best until few are left. A question with keys in several parts of the space
/// comes once for each. Every entry that intersects the keys is among the
/// candidates; some that do not may be, too.
void forEachCandidates(llvm::ArrayRef<KeyBlock> questions,
                       llvm::ArrayRef<KeyBlock> entries, CandidateFn visit);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_TERNARYBLOCKS_H
