//===- SplitMix.h - random numbers by a counter -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on any machine.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_SPLITMIX_H
#define SPIKEFORMER_LIB_MAPPING_SPLITMIX_H

#include <cstdint>

namespace spikeformer {

/// A sequence of random numbers.
class SplitMix {
public:
  explicit SplitMix(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  /// In [0, bound); the bias is below bound / 2^32.
  uint32_t below(uint32_t bound) {
    return uint64_t(uint32_t(next() >> 32)) * bound >> 32;
  }
  /// In [0, 1).
  double uniform() { return double(next() >> 11) * 0x1p-53; }

private:
  uint64_t state;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_SPLITMIX_H
