//===- Delivery.cpp - events to accumulators ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accumulators stay in registers while all events that reach them pass: those
// of a panel in a dense projection, those of a pixel in a convolution, which
// sorts events by target pixel for it. It takes some channels at a time, so
// that their weights stay in the cache.
//
//===----------------------------------------------------------------------===//

#include "Arithmetic.h"
#include "EventRing.h"
#include <cstring>

namespace sfrt {
namespace {

template <typename A>
SFRT_INLINE typename A::Sum *sumsAt(const SfrtFrame *frame, size_t offset) {
  return reinterpret_cast<typename A::Sum *>(frame->memory + offset);
}

//===----------------------------------------------------------------------===//
// Dense
//===----------------------------------------------------------------------===//

template <typename A, bool isUnit, uint32_t width>
SFRT_INLINE void addPanels(const SfrtDense &d, const A &arithmetic,
                           const Events &events, typename A::Sum *sums) {
  const auto *weights = static_cast<const typename A::Weight *>(d.weights);
  for (uint32_t panel = 0; panel < d.panels; ++panel) {
    typename A::Sum held[width];
    std::memcpy(held, sums, sizeof(held));
    for (uint64_t i = 0; i < events.count; ++i) {
      const auto *row = weights + size_t(events.indices[i]) * width;
      auto value = events.valueOf<A>(i);
      for (uint32_t j = 0; j < width; ++j)
        held[j] = arithmetic.template add<isUnit>(held[j], row[j], value);
    }
    std::memcpy(sums, held, sizeof(held));
    sums += width;
    weights += size_t(d.sources) * width;
  }
}

template <typename A, bool isUnit>
SFRT_INLINE void addDense(const SfrtDense &d, const Events &events,
                          SfrtFrame *frame) {
  A arithmetic(d.fraction);
  auto *sums = sumsAt<A>(frame, d.accumulators);
  if (d.panel == 64)
    addPanels<A, isUnit, 64>(d, arithmetic, events, sums);
  else if (d.panel == 32)
    addPanels<A, isUnit, 32>(d, arithmetic, events, sums);
  else
    addPanels<A, isUnit, 16>(d, arithmetic, events, sums);
}

//===----------------------------------------------------------------------===//
// Conv
//===----------------------------------------------------------------------===//

/// Adds `count` contributions; whole blocks have a length the compiler knows.
template <typename A, bool isUnit>
SFRT_INLINE void addRow(const A &arithmetic, typename A::Sum *sums,
                        const typename A::Weight *weights, uint32_t count,
                        typename A::Value value) {
  constexpr uint32_t block = 32, small = 8;
  uint32_t j = 0;
  for (; j + block <= count; j += block)
    for (uint32_t k = 0; k < block; ++k)
      sums[j + k] =
          arithmetic.template add<isUnit>(sums[j + k], weights[j + k], value);
  for (; j + small <= count; j += small)
    for (uint32_t k = 0; k < small; ++k)
      sums[j + k] =
          arithmetic.template add<isUnit>(sums[j + k], weights[j + k], value);
  for (; j < count; ++j)
    sums[j] = arithmetic.template add<isUnit>(sums[j], weights[j], value);
}

/// Adds the events [begin, end) of channels from `channel` on, one by one.
template <typename A, bool isUnit>
SFRT_INLINE void scatterEvents(const SfrtConv &c, const A &arithmetic,
                               const Events &events, uint64_t begin,
                               uint64_t end, uint32_t channel,
                               typename A::Sum *sums) {
  const auto *weights = static_cast<const typename A::Weight *>(c.weights);
  // Events ascend, so the channel is found by counting up.
  uint32_t first = channel * c.pixels;
  for (uint64_t i = begin; i < end; ++i) {
    uint32_t index = events.indices[i];
    for (; index - first >= c.pixels; first += c.pixels)
      ++channel;
    auto value = events.valueOf<A>(i);
    auto *target = sums + size_t(channel / c.groupChannels) * c.targetStep;
    const auto *rows = weights + size_t(channel) * c.numTaps * c.count;
    uint32_t pixel = index - first;
    for (uint32_t k = c.firstTap[pixel]; k < c.firstTap[pixel + 1]; ++k)
      addRow<A, isUnit>(arithmetic, target + size_t(c.taps[k].target) * c.pitch,
                        rows + size_t(c.taps[k].tap) * c.count, c.count, value);
  }
}

/// The lists of rows by target pixel.
template <typename A>
struct PixelLists {
  uint32_t *counters;
  uint16_t *rows;
  typename A::Value *values;
  size_t capacity;

  SFRT_INLINE_MEMBER PixelLists(const SfrtConv &c, const SfrtFrame *frame)
      : counters(reinterpret_cast<uint32_t *>(frame->memory + c.counters)),
        rows(reinterpret_cast<uint16_t *>(frame->memory + c.rows)),
        values(reinterpret_cast<typename A::Value *>(frame->memory + c.values)),
        capacity(size_t(c.chunk) * c.numTaps) {}
};

/// Sorts the events [begin, end) of the chunk from `channel` by target pixel.
template <typename A, bool isUnit>
SFRT_INLINE void sortEvents(const SfrtConv &c, const Events &events,
                            uint64_t begin, uint64_t end, uint32_t channel,
                            const PixelLists<A> &lists) {
  uint32_t first = channel * c.pixels, row = 0;
  for (uint64_t i = begin; i < end; ++i) {
    uint32_t index = events.indices[i];
    for (; index - first >= c.pixels; first += c.pixels)
      row += c.numTaps;
    auto value = events.valueOf<A>(i);
    uint32_t pixel = index - first;
    for (uint32_t k = c.firstTap[pixel]; k < c.firstTap[pixel + 1]; ++k) {
      uint32_t target = c.taps[k].target;
      size_t at = target * lists.capacity + lists.counters[target]++;
      lists.rows[at] = static_cast<uint16_t>(row + c.taps[k].tap);
      if (!isUnit)
        lists.values[at] = value;
    }
  }
}

/// Adds `count` rows of weights to `width` accumulators.
template <typename A, bool isUnit, uint32_t width>
SFRT_INLINE void addRows(const A &arithmetic, typename A::Sum *sums,
                         const typename A::Weight *weights, size_t stride,
                         const uint16_t *rows, const typename A::Value *values,
                         uint32_t count) {
  typename A::Sum held[width];
  std::memcpy(held, sums, sizeof(held));
  for (uint32_t i = 0; i < count; ++i) {
    const auto *row = weights + rows[i] * stride;
    auto value = isUnit ? typename A::Value(1) : values[i];
    for (uint32_t j = 0; j < width; ++j)
      held[j] = arithmetic.template add<isUnit>(held[j], row[j], value);
  }
  std::memcpy(sums, held, sizeof(held));
}

/// Adds what is listed for every target pixel and empties the lists.
template <typename A, bool isUnit>
SFRT_INLINE void addLists(const SfrtConv &c, const A &arithmetic,
                          const typename A::Weight *weights,
                          const PixelLists<A> &lists, typename A::Sum *sums) {
  for (uint32_t p = 0; p < c.targetPixels; ++p, sums += c.pitch) {
    uint32_t n = lists.counters[p];
    if (n == 0)
      continue;
    lists.counters[p] = 0;
    const uint16_t *rows = lists.rows + p * lists.capacity;
    const auto *values = lists.values + (isUnit ? 0 : p * lists.capacity);
    uint32_t j = 0;
    for (; j + 64 <= c.count; j += 64)
      addRows<A, isUnit, 64>(arithmetic, sums + j, weights + j, c.count, rows,
                             values, n);
    for (; j + 32 <= c.count; j += 32)
      addRows<A, isUnit, 32>(arithmetic, sums + j, weights + j, c.count, rows,
                             values, n);
    for (; j < c.count; j += 8)
      addRows<A, isUnit, 8>(arithmetic, sums + j, weights + j, c.count, rows,
                            values, n);
  }
}

/// Whether so few events are worth a walk over all target pixels.
SFRT_INLINE bool isWorthSorting(const SfrtConv &c, uint64_t events) {
  return events * c.numTaps * 4 >= c.targetPixels;
}

template <typename A, bool isUnit>
SFRT_INLINE void addConv(const SfrtConv &c, const Events &events,
                         SfrtFrame *frame) {
  A arithmetic(c.fraction);
  auto *sums = sumsAt<A>(frame, c.accumulators);
  if (!A::isSimple || c.chunk == 0)
    return scatterEvents<A, isUnit>(c, arithmetic, events, 0, events.count, 0,
                                    sums);
  const auto *weights = static_cast<const typename A::Weight *>(c.weights);
  PixelLists<A> lists(c, frame);
  uint64_t begin = 0;
  for (uint32_t channel = 0; begin < events.count; channel += c.chunk) {
    uint64_t limit = uint64_t(channel + c.chunk) * c.pixels, end = begin;
    while (end < events.count && events.indices[end] < limit)
      ++end;
    if (isWorthSorting(c, end - begin)) {
      sortEvents<A, isUnit>(c, events, begin, end, channel, lists);
      addLists<A, isUnit>(c, arithmetic,
                          weights + size_t(channel) * c.numTaps * c.count,
                          lists, sums);
    } else {
      scatterEvents<A, isUnit>(c, arithmetic, events, begin, end, channel,
                               sums);
    }
    begin = end;
  }
}

//===----------------------------------------------------------------------===//
// Sparse
//===----------------------------------------------------------------------===//

template <typename A, bool isUnit>
SFRT_INLINE void addSparse(const SfrtSparse &s, uint32_t delayIndex,
                           const Events &events, SfrtFrame *frame) {
  A arithmetic(s.fraction);
  auto *sums = sumsAt<A>(frame, s.accumulators);
  const auto *weights = static_cast<const typename A::Weight *>(s.weights);
  for (uint64_t i = 0; i < events.count; ++i) {
    size_t row = size_t(events.indices[i]) * s.numDelays + delayIndex;
    auto value = events.valueOf<A>(i);
    for (uint64_t k = s.rows[row]; k < s.rows[row + 1]; ++k) {
      auto &sum = sums[s.targets[k]];
      sum = arithmetic.template add<isUnit>(sum, weights[k], value);
    }
  }
}

/// Events of value 1 take the shorter way, where the arithmetic has one.
template <typename A>
constexpr bool hasUnit = !std::is_same_v<typename A::Weight, double> ||
                         std::is_same_v<typename A::Sum, double>;

template <typename A>
SFRT_INLINE void deliverDense(const void *arguments, SfrtFrame *frame) {
  const auto &d = *static_cast<const SfrtDense *>(arguments);
  Events events(d.source, d.delay, frame);
  if (hasUnit<A> && events.format == SFRT_BITS)
    addDense<A, hasUnit<A>>(d, events, frame);
  else
    addDense<A, false>(d, events, frame);
}

template <typename A>
SFRT_INLINE void deliverConv(const void *arguments, SfrtFrame *frame) {
  const auto &c = *static_cast<const SfrtConv *>(arguments);
  Events events(c.source, c.delay, frame);
  if (hasUnit<A> && events.format == SFRT_BITS)
    addConv<A, hasUnit<A>>(c, events, frame);
  else
    addConv<A, false>(c, events, frame);
}

/// Oldest emission first: the largest delay.
template <typename A>
SFRT_INLINE void deliverSparse(const void *arguments, SfrtFrame *frame) {
  const auto &s = *static_cast<const SfrtSparse *>(arguments);
  for (uint32_t i = s.numDelays; i-- > 0;) {
    Events events(s.source, s.delay + i, frame);
    if (hasUnit<A> && events.format == SFRT_BITS)
      addSparse<A, hasUnit<A>>(s, i, events, frame);
    else
      addSparse<A, false>(s, i, events, frame);
  }
}

} // namespace
} // namespace sfrt

#define SFRT_DEFINE_DELIVERY(A)                                                \
  SFRT_TARGET_CLONES void sfrtDense##A(const void *arguments,                  \
                                       SfrtFrame *frame) {                     \
    sfrt::deliverDense<sfrt::A>(arguments, frame);                             \
  }                                                                            \
  SFRT_TARGET_CLONES void sfrtConv##A(const void *arguments,                   \
                                      SfrtFrame *frame) {                      \
    sfrt::deliverConv<sfrt::A>(arguments, frame);                              \
  }                                                                            \
  void sfrtSparse##A(const void *arguments, SfrtFrame *frame) {                \
    sfrt::deliverSparse<sfrt::A>(arguments, frame);                            \
  }
SFRT_FOR_EACH_ARITHMETIC(SFRT_DEFINE_DELIVERY)
