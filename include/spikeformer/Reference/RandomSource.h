//===- RandomSource.h - random choices --------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one stream of choices from which everything random is made that a seed
// has to bring back on another machine.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_REFERENCE_RANDOMSOURCE_H
#define SPIKEFORMER_REFERENCE_RANDOMSOURCE_H

#include "spikeformer-rt/Random.h"
#include <initializer_list>
#include <iterator>

namespace spikeformer {

/// A stream of random choices that is the same on every machine.
class RandomSource {
public:
  explicit RandomSource(uint64_t seed) : seed(seed) {}

  /// 0 to `count` - 1.
  int64_t below(int64_t count) {
    return static_cast<int64_t>(next() % static_cast<uint64_t>(count));
  }
  /// `low` to `high`, both included.
  int64_t range(int64_t low, int64_t high) {
    return low + below(high - low + 1);
  }
  bool chance(double p) { return uniform(0.0, 1.0) < p; }
  /// 53 random bits between `low` and `high`.
  double uniform(double low, double high) {
    uint64_t bits = next();
    return low + (high - low) * rt::uniform53(bits >> 32, bits);
  }
  template <typename Range>
  auto pick(const Range &range) {
    return *std::next(std::begin(range),
                      below(std::distance(std::begin(range), std::end(range))));
  }
  template <typename T>
  T pick(std::initializer_list<T> choices) {
    return choices.begin()[below(choices.size())];
  }
  uint64_t next() { return rt::hashMix(rt::hashMix(seed) + counter++); }

private:
  uint64_t seed;
  uint64_t counter = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_REFERENCE_RANDOMSOURCE_H
