//===- Delivery.h - events and synapses ---------------------------*- C -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls of a schedule that carry events from signals to accumulators. Events of
// a step are in the row-major order of their elements, and every delivery adds
// them in this order, source by source: the order that `ordered` accumulators
// demand. Work is vectorised over targets only.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_DELIVERY_H
#define SPIKEFORMER_RT_DELIVERY_H

#include "spikeformer-rt/Schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A slot of an event ring: the number of events (u64), at SFRT_EVENT_INDICES
/// their elements (u32), at `SfrtEventRing::values` their values.
enum { SFRT_EVENT_INDICES = 64 };

/// The events of the last `slots` steps in the memory; those of clock c are in
/// slot c mod `slots`.
typedef struct SfrtEventRing {
  size_t offset, slotBytes;
  uint32_t slots;
  /// SFRT_BITS: all values are 1 and not stored. Otherwise SFRT_I32 (also for
  /// I8), U32, F32 or F64.
  uint32_t format;
  size_t values; ///< offset of the values in a slot
} SfrtEventRing;

/// Lists the elements of `signal` that are not 0 in the ring's present slot.
typedef struct SfrtCollect {
  SfrtSignal signal;
  SfrtEventRing ring;
} SfrtCollect;
void sfrtCollect(const void *arguments, SfrtFrame *frame);

/// Empties all slots of a SfrtEventRing.
void sfrtClearEvents(const void *ring, SfrtFrame *frame);

/// Adds the number of the present events to a counter.
typedef struct SfrtTallyEvents {
  SfrtEventRing ring;
  uint32_t counter;
} SfrtTallyEvents;
void sfrtTallyEvents(const void *arguments, SfrtFrame *frame);

/// Adds the synapses through which events arrive in this step to a counter.
/// Element e has fanOut[e * numDelays + i] of them with delay `delay` + i;
/// `uniform` where `fanOut` is null.
typedef struct SfrtTallySynapses {
  SfrtEventRing ring;
  uint32_t delay, numDelays;
  const uint32_t *fanOut;
  uint64_t uniform;
  uint32_t counter;
} SfrtTallySynapses;
void sfrtTallySynapses(const void *arguments, SfrtFrame *frame);

/// Adds the number of nonzero elements of a signal to a counter; `positions`
/// are all positions of the signal.
typedef struct SfrtTallyElements {
  SfrtSignal signal;
  size_t positions;
  uint32_t counter;
} SfrtTallyElements;
void sfrtTallyElements(const void *arguments, SfrtFrame *frame);

/// What a contribution is and how it is added; the suffix of the functions
/// below. T is the type of the accumulators, W that of the weights:
///   F32, F64   T = W = f32, f64     T(x) w, each operation rounded
///   I32, I64   T = W = i32, i64     x w modulo 2^N
///   R32, R64   T = i32, i64, W = f64   rint(x w 2^fraction) modulo 2^N
///   S32, S64   as I32, I64, each addition saturates
///   Q32, Q64   as R32, R64, each addition saturates
#define SFRT_FOR_EACH_ARITHMETIC(X)                                            \
  X(F32) X(F64) X(I32) X(I64) X(R32) X(R64) X(S32) X(S64) X(Q32) X(Q64)

/// Every source reaches every target. The weights are panels of `panel` target
/// positions (64, 32 or 16): panel by panel, source by source. Accumulators are
/// padded to whole panels.
typedef struct SfrtDense {
  SfrtEventRing source;
  uint32_t delay;
  size_t accumulators;
  const void *weights;
  uint32_t sources, panels, panel;
  int32_t fraction;
} SfrtDense;

/// One tap of a convolution, seen from a source pixel.
typedef struct SfrtTap {
  uint32_t target; ///< pixel
  uint32_t tap;
} SfrtTap;

/// Convolution. A source element c * pixels + p reaches, for each k in
/// [firstTap[p], firstTap[p + 1]), `count` accumulators from taps[k].target *
/// pitch + targetStep * (c / groupChannels), with as many weights from row c *
/// numTaps + taps[k].tap; a row has `count` weights.
///
/// With `chunk` > 0 (then there is one group and `count` is a multiple of 8)
/// the events of that many channels are first sorted by target pixel, so that
/// the accumulators of a pixel stay in registers. The memory then has, for each
/// of `targetPixels`, a counter (u32, 0) at `counters` and room for chunk *
/// numTaps rows (u16) at `rows` and values (8 bytes) at `values`.
typedef struct SfrtConv {
  SfrtEventRing source;
  uint32_t delay;
  size_t accumulators;
  const void *weights;
  const uint32_t *firstTap;
  const SfrtTap *taps;
  uint32_t pixels, targetPixels, numTaps, pitch, count;
  uint32_t groupChannels, targetStep;
  int32_t fraction;
  uint32_t chunk;
  size_t counters, rows, values;
} SfrtConv;

/// Any synapses: those of source s are [rows[s], rows[s + 1]) of `targets`
/// (positions) and `weights`. With `numDelays` > 1 each source has that many
/// rows, one per delay from `delay` upwards, and rows[s * numDelays + i] begins
/// its row of delay `delay` + i.
typedef struct SfrtSparse {
  SfrtEventRing source;
  uint32_t delay, numDelays;
  size_t accumulators;
  const uint64_t *rows;
  const uint32_t *targets;
  const void *weights;
  int32_t fraction;
} SfrtSparse;

#define SFRT_DECLARE_DELIVERY(A)                                               \
  void sfrtDense##A(const void *arguments, SfrtFrame *frame);                  \
  void sfrtConv##A(const void *arguments, SfrtFrame *frame);                   \
  void sfrtSparse##A(const void *arguments, SfrtFrame *frame);
SFRT_FOR_EACH_ARITHMETIC(SFRT_DECLARE_DELIVERY)
#undef SFRT_DECLARE_DELIVERY

#ifdef __cplusplus
}
#endif

#endif // SPIKEFORMER_RT_DELIVERY_H
