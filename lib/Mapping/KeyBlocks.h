//===- KeyBlocks.h - blocks of keys of messages -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the check of keys and their allocation agree on.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_KEYBLOCKS_H
#define SPIKEFORMER_LIB_MAPPING_KEYBLOCKS_H

#include "spikeformer/Mapping/KeyProblem.h"
#include "llvm/Support/MathExtras.h"

namespace spikeformer {

/// True if nothing is decided.
inline bool isFree(KeyBlock block) {
  return block.mask == 0 && block.key == noIndex;
}

/// Bits of a key that the block of a message leaves free at least; may be above
/// 32.
inline uint32_t getBlockBits(const KeyProblem &problem, size_t message) {
  return problem.reservedBits +
         llvm::Log2_32_Ceil(problem.messages.numKeys[message]);
}

/// The block of 2^bits keys that begins at `key`.
inline KeyBlock makeBlock(uint64_t key, uint32_t bits) {
  return {uint32_t(key), bits >= 32 ? 0 : ~uint32_t(0) << bits};
}

/// "message 'NAME'", or that of its source.
std::string describeMessage(const KeyProblem &problem, size_t message);
/// "KEY/MASK" in hexadecimal digits.
std::string describeBlock(KeyBlock block);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_KEYBLOCKS_H
