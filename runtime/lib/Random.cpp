//===- Random.cpp - distributions of random parameters --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Out of line, because a caller's compiler might contract the sums.
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Random.h"
#include "spikeformer-rt/Math.h"

using namespace spikeformer::rt;

double sfrt_uniform_f64_v1(double low, double high, double u) {
  double middle = (low + high) / 2;
  double half = (high - low) / 2;
  return middle + half * (2 * u - 1);
}

double sfrt_normal_f64_v1(double mean, double deviation, double u) {
  return mean + deviation * sfrt_inverse_normal_f64_v1(u);
}

double sfrt_draw_uniform_f64_v1(uint32_t seed, uint32_t stream,
                                uint64_t element, uint32_t step,
                                uint32_t sample, double low, double high) {
  uint32_t word = philoxWord(seed, stream, element, step, sample);
  return sfrt_uniform_f64_v1(low, high, uniform24(word));
}

double sfrt_draw_normal_f64_v1(uint32_t seed, uint32_t stream, uint64_t element,
                               uint32_t step, uint32_t sample, double mean,
                               double deviation) {
  PhiloxBlock block = philoxBlock(seed, stream, element, step, sample);
  return sfrt_normal_f64_v1(mean, deviation, uniformOpen52(block[0], block[1]));
}

double sfrt_clip_f64_v1(double value, double low, double high) {
  if (value < low)
    return low;
  return value > high ? high : value;
}
