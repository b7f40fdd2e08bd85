//===- Random.h - counter-based random numbers --------------------*- C -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random values as functions of where they are used, so that no value depends
// on the order of computation, the number of threads or the batch.
//
// Generator: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011). The key is (seed, stream); the
// counter words are the low and the high half of the element, the step and the
// global sample index. Distinct positions therefore have distinct blocks.
//
// The second generator, a hash of (seed, index), exists because it is small
// enough to be repeated exactly in any other program that has to draw the same
// network.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_RANDOM_H
#define SPIKEFORMER_RT_RANDOM_H

#include <array>
#include <cstdint>

namespace spikeformer {
namespace rt {

using PhiloxBlock = std::array<uint32_t, 4>;

/// The Philox4x32-10 bijection of `counter` under `key`.
inline PhiloxBlock philox(PhiloxBlock counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t(0xD2511F53u) * counter[0];
    uint64_t b = uint64_t(0xCD9E8D57u) * counter[2];
    counter = {uint32_t(b >> 32) ^ counter[1] ^ key[0], uint32_t(b),
               uint32_t(a >> 32) ^ counter[3] ^ key[1], uint32_t(a)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return counter;
}

/// The 128 random bits that belong to one element of a random stream. `element`
/// is a row-major index, `step` counts time steps and `sample` is the index in
/// the data set; both are 0 for what is drawn once, such as weights.
inline PhiloxBlock philoxBlock(uint32_t seed, uint32_t stream, uint64_t element,
                               uint32_t step, uint32_t sample) {
  return philox({uint32_t(element), uint32_t(element >> 32), step, sample},
                {seed, stream});
}

/// The first word of the block.
inline uint32_t philoxWord(uint32_t seed, uint32_t stream, uint64_t element,
                           uint32_t step, uint32_t sample) {
  return philoxBlock(seed, stream, element, step, sample)[0];
}

/// In [0, 1), a multiple of 2^-24 made of the upper bits; exact in f32.
inline float uniform24(uint32_t word) { return float(word >> 8) * 0x1p-24f; }

/// In [0, 1), a multiple of 2^-53; `high` gives the upper bits.
inline double uniform53(uint32_t high, uint32_t low) {
  return double((uint64_t(high) << 32 | low) >> 11) * 0x1p-53;
}

/// In (0, 1), the middle of one of 2^52 equal intervals: symmetric about 1/2,
/// and both the value and its distance to 1 are exact.
inline double uniformOpen52(uint32_t high, uint32_t low) {
  return (double((uint64_t(high) << 32 | low) >> 12) + 0.5) * 0x1p-52;
}

/// An unbiased number below `bound`, which is at least 1, by multiplication and
/// rejection (Lemire 2019): the upper half of word(k) * bound for the first k
/// whose lower half is at least 2^32 modulo `bound`.
template <typename Word>
uint32_t boundedDraw(uint32_t bound, Word word) {
  uint32_t rejected = (0u - bound) % bound;
  for (uint32_t k = 0;; ++k) {
    uint64_t product = uint64_t(word(k)) * bound;
    if (uint32_t(product) >= rejected)
      return uint32_t(product >> 32);
  }
}

/// The finaliser of SplitMix64 applied to `x` plus its increment.
inline uint64_t hashMix(uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
  x = (x ^ x >> 27) * 0x94D049BB133111EBu;
  return x ^ x >> 31;
}

/// 24 random bits of index `k`.
inline uint32_t hashBits24(uint64_t seed, uint64_t k) {
  return uint32_t(hashMix(hashMix(seed) + k) >> 40);
}

/// In [0, 1): `hashBits24` times 2^-24.
inline float hashUniform24(uint64_t seed, uint64_t k) {
  return float(hashBits24(seed, k)) * 0x1p-24f;
}

} // namespace rt
} // namespace spikeformer

extern "C" {
/// `low` to `high` for `u` in [0, 1): mid + half * (2 u - 1), where mid and
/// half are (low + high) / 2 and (high - low) / 2, each operation rounded.
double sfrt_uniform_f64_v1(double low, double high, double u);

/// mean + deviation * x for the x that has `u` of the standard normal
/// distribution below it; `u` in (0, 1).
double sfrt_normal_f64_v1(double mean, double deviation, double u);

/// The element of a random parameter before the one rounding to its type:
/// `sfrt_uniform_f64_v1` of `uniform24` of the first word of the block.
double sfrt_draw_uniform_f64_v1(uint32_t seed, uint32_t stream,
                                uint64_t element, uint32_t step,
                                uint32_t sample, double low, double high);
/// Likewise `sfrt_normal_f64_v1` of `uniformOpen52` of the first two words.
double sfrt_draw_normal_f64_v1(uint32_t seed, uint32_t stream, uint64_t element,
                               uint32_t step, uint32_t sample, double mean,
                               double deviation);

/// `value`, but `low` below `low` and `high` above `high`.
double sfrt_clip_f64_v1(double value, double low, double high);
}

#endif // SPIKEFORMER_RT_RANDOM_H
