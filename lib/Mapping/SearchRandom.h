//===- SearchRandom.h - random numbers of a search --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Standard distributions differ between libraries; these are the same
// everywhere. A search with several workers gives each its own stream.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_SEARCHRANDOM_H
#define SPIKEFORMER_MAPPING_SEARCHRANDOM_H

#include <cstdint>
#include <utility>
#include <vector>

namespace spikeformer::partition {

/// SplitMix64 (Steele, Lea, Flood 2014).
class SearchRandom {
public:
  SearchRandom(uint64_t seed, uint64_t stream)
      : state(mix(seed) ^ mix(stream + 0x9e3779b97f4a7c15)) {}

  uint64_t next() { return mix(state += 0x9e3779b97f4a7c15); }
  /// Uniform in [0, end), end at least 1.
  uint32_t below(uint32_t end) { return (next() >> 32) * end >> 32; }

  /// -ln of a uniform number in (0, 1]: of mean 1. Computed from +, * and /
  /// alone, because functions of the C library differ between machines.
  double exponential();

  template <typename T>
  void shuffle(std::vector<T> &values) {
    for (size_t i = values.size(); i > 1; --i)
      std::swap(values[i - 1], values[below(i)]);
  }
  /// 0 .. count - 1 in random order.
  std::vector<uint32_t> permute(uint32_t count) {
    std::vector<uint32_t> order(count);
    for (uint32_t i = 0; i < count; ++i)
      order[i] = i;
    shuffle(order);
    return order;
  }

private:
  static uint64_t mix(uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }

  uint64_t state;
};

inline double SearchRandom::exponential() {
  uint64_t bits = (next() >> 11) + 1;
  // bits = m 2^e with m in [1, 2); ln m = 2 artanh((m - 1) / (m + 1)).
  int exponent = 63 - __builtin_clzll(bits);
  double m = double(bits) / double(uint64_t(1) << exponent);
  double t = (m - 1) / (m + 1), square = t * t, sum = 0;
  for (int i = 15; i >= 1; i -= 2)
    sum = sum * square + 1.0 / i;
  constexpr double ln2 = 0.69314718055994531;
  return (53 - exponent) * ln2 - 2 * t * sum;
}

} // namespace spikeformer::partition

#endif // SPIKEFORMER_MAPPING_SEARCHRANDOM_H
