//===- KeySpace.h - keys that are not taken ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Aligned blocks of keys, given away one by one.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_KEYSPACE_H
#define SPIKEFORMER_LIB_MAPPING_KEYSPACE_H

#include "spikeformer/Mapping/RoutingTable.h"
#include <map>
#include <optional>

namespace spikeformer {

/// Which keys of a fabric are free. Blocks are aligned.
class KeySpace {
public:
  explicit KeySpace(uint32_t keyBits);

  bool isFree(KeyBlock block) const;
  /// Takes a block that is free.
  void take(KeyBlock block);
  /// The lowest free block of 2^bits keys from `from` on.
  std::optional<KeyBlock> findFrom(uint64_t from, uint32_t bits) const;
  /// A free block of 2^bits keys where it breaks the smallest gap. If blocks
  /// are taken from the largest to the smallest, there is one whenever there
  /// could be.
  std::optional<KeyBlock> findSmallest(uint32_t bits) const;

private:
  uint64_t size;
  /// Ends of free intervals by their begins.
  std::map<uint64_t, uint64_t> gaps;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_KEYSPACE_H
