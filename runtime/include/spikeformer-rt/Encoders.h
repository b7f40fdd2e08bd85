//===- Encoders.h - calls that turn values into signals -----------*- C -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An encoder that draws or counts runs in two calls: the first computes numbers
// that stay as long as the values do, the second emits in every step. A value
// that cannot be encoded fails with its element. Sources are F32 or F64 in any
// layout, targets row-major.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_ENCODERS_H
#define SPIKEFORMER_RT_ENCODERS_H

#include "spikeformer-rt/Schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Probabilities of a Poisson encoder: thresholds[e] = ceil(p 2^24) with p =
/// x * rate, or 1 - exp(-x * rate) if `exponential`. Fails where p is not in
/// [0, 1].
typedef struct SfrtPoissonRates {
  SfrtSignal source; ///< F32 or F64
  size_t thresholds; ///< offset of one U32 per element
  double rate;
  uint32_t exponential;
} SfrtPoissonRates;
void sfrtPoissonRates(const void *arguments, SfrtFrame *frame);

/// Element e spikes iff the upper 24 bits of the first word of Philox block
/// (seed, stream; e, step, sample) are below thresholds[e].
typedef struct SfrtPoissonDraw {
  SfrtSignal target; ///< bits, row-major
  size_t thresholds;
  uint32_t seed, stream;
} SfrtPoissonDraw;
void sfrtPoissonDraw(const void *arguments, SfrtFrame *frame);

/// A spike in step t iff floor((t + 1) p) > floor(t p) with p = x * rate. Fails
/// where p is not in [0, 1].
typedef struct SfrtEncodeRate {
  SfrtSignal source, target;
  double rate;
} SfrtEncodeRate;
void sfrtEncodeRate(const void *arguments, SfrtFrame *frame);

/// Spikes of one element: `count` of them, `interval` steps apart.
typedef struct SfrtTrain {
  uint32_t first, interval, count;
} SfrtTrain;

/// trains[e]: one spike in step rint((1 - x) (window - 1)), none below
/// `threshold`. Fails where x is not in [0, 1].
typedef struct SfrtLatency {
  SfrtSignal source;
  size_t trains; ///< offset of one SfrtTrain per element
  double threshold;
  uint32_t window;
} SfrtLatency;
void sfrtLatency(const void *arguments, SfrtFrame *frame);

/// trains[e]: one spike in step rint(tau ln(x / (x - threshold))), if that is
/// below `window`; none for x up to `threshold`. Fails for x below 0.
typedef struct SfrtLatencyRC {
  SfrtSignal source;
  size_t trains;
  double threshold, tau; ///< tau in steps
  uint32_t window;
} SfrtLatencyRC;
void sfrtLatencyRC(const void *arguments, SfrtFrame *frame);

/// trains[e]: ceil(spikes x) spikes, ceil(longest - (longest - shortest) x)
/// steps apart. Fails where x is not in [0, 1].
typedef struct SfrtBurst {
  SfrtSignal source;
  size_t trains;
  uint32_t spikes, shortest, longest;
} SfrtBurst;
void sfrtBurst(const void *arguments, SfrtFrame *frame);

/// The spikes of `trains` in this step.
typedef struct SfrtEncodeTrains {
  SfrtSignal target; ///< bits
  size_t trains;
} SfrtEncodeTrains;
void sfrtEncodeTrains(const void *arguments, SfrtFrame *frame);

/// 1 where the value rose by `threshold` since the step before, -1 (in an I8)
/// where it fell by as much. In the first step of a sample the value before is
/// 0 or, without `fromZero`, the value itself.
typedef struct SfrtEncodeDelta {
  SfrtSignal source, target; ///< target: bits, or I8
  size_t previous;           ///< offset of one F64 per element
  double threshold;
  uint32_t fromZero;
} SfrtEncodeDelta;
void sfrtEncodeDelta(const void *arguments, SfrtFrame *frame);

/// Bit (period - 1 - t modulo period) of rint(x (2^period - 1)), as a number.
typedef struct SfrtEncodePhase {
  SfrtSignal source, target; ///< target: I32 or U32
  uint32_t period;
} SfrtEncodePhase;
void sfrtEncodePhase(const void *arguments, SfrtFrame *frame);

/// Element e * neurons + k is exp(-(x - c)^2 / (2 width^2)) with the centre c =
/// low + k (high - low) / (neurons - 1).
typedef struct SfrtTuning {
  SfrtSignal source, target; ///< target: F32 or F64
  uint32_t neurons;
  double low, high, width;
} SfrtTuning;
void sfrtTuning(const void *arguments, SfrtFrame *frame);

#ifdef __cplusplus
}
#endif

#endif // SPIKEFORMER_RT_ENCODERS_H
