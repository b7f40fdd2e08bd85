//===- Poisson.cpp - random spikes ----------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// u < p for u = k 2^-24 is k < ceil(p 2^24), so that a draw compares integers
// and probabilities that do not change are computed once.
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "TargetClones.h"
#include "spikeformer-rt/Encoders.h"
#include "spikeformer-rt/Math.h"
#include "spikeformer-rt/Random.h"
#include <cmath>

using namespace sfrt;

namespace {

/// Elements drawn together: their words are independent.
constexpr uint32_t kBlock = 32;

/// The first words of the blocks of `kBlock` elements from `begin`.
SFRT_INLINE void drawWords(const SfrtPoissonDraw &a, const SfrtFrame *frame,
                           uint32_t begin, uint32_t *words) {
  uint32_t step = static_cast<uint32_t>(frame->step), sample = frame->sample;
  for (uint32_t i = 0; i < kBlock; ++i) {
    uint32_t c0 = begin + i, c1 = 0, c2 = step, c3 = sample;
    uint32_t key0 = a.seed, key1 = a.stream;
    for (int round = 0; round < 10; ++round) {
      uint64_t x = uint64_t(0xD2511F53u) * c0;
      uint64_t y = uint64_t(0xCD9E8D57u) * c2;
      c0 = uint32_t(y >> 32) ^ c1 ^ key0;
      c1 = uint32_t(y);
      c2 = uint32_t(x >> 32) ^ c3 ^ key1;
      c3 = uint32_t(x);
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
    words[i] = c0;
  }
}

} // namespace

void sfrtPoissonRates(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtPoissonRates *>(arguments);
  auto *thresholds = reinterpret_cast<uint32_t *>(frame->memory + a.thresholds);
  size_t count = size_t(a.source.channels) * a.source.pixels;
  for (size_t element = 0; element < count; ++element) {
    size_t position = positionOf(a.source, static_cast<uint32_t>(element));
    const unsigned char *values = frame->memory + a.source.offset;
    double value = a.source.format == SFRT_F32
                       ? reinterpret_cast<const float *>(values)[position]
                       : reinterpret_cast<const double *>(values)[position];
    double p = value * a.rate;
    if (a.exponential && !(p < 0))
      p = 1.0 - sfrt_exp_f64_v1(-p);
    if (!(p >= 0 && p <= 1)) {
      frame->failed = arguments;
      frame->failedElement = element;
      frame->failedValue = value;
      return;
    }
    thresholds[element] = static_cast<uint32_t>(std::ceil(p * 0x1p24));
  }
}

SFRT_TARGET_CLONES
void sfrtPoissonDraw(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtPoissonDraw *>(arguments);
  const auto *thresholds =
      reinterpret_cast<const uint32_t *>(frame->memory + a.thresholds);
  unsigned char *bits = frame->memory + a.target.offset;
  for (uint32_t begin = 0; begin < a.target.pixels; begin += kBlock) {
    uint32_t words[kBlock];
    drawWords(a, frame, begin, words);
    uint32_t spikes = 0;
    uint32_t valid = a.target.pixels - begin;
    for (uint32_t i = 0; i < kBlock; ++i)
      spikes |= uint32_t(words[i] >> 8 < thresholds[begin + i]) << i;
    if (valid < kBlock)
      spikes &= (1u << valid) - 1;
    std::memcpy(bits + begin / 8, &spikes, sizeof(spikes));
  }
}
