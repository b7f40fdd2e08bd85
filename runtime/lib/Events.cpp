//===- Events.cpp - lists of the elements that are not 0 ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Events are listed in row-major order. A channel-last signal is walked pixel
// by pixel twice: first to count the events of each channel, then to put each
// behind those of the channels before it.
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "EventRing.h"
#include <type_traits>

namespace sfrt {
namespace {

/// Calls `visit` with the position of every bit set, in ascending order.
template <typename Visit>
SFRT_INLINE void forEachBit(const unsigned char *bytes, size_t count,
                            Visit visit) {
  for (size_t byte = 0; byte * 8 < count; byte += 8) {
    size_t rest = (count - byte * 8 + 7) / 8;
    uint64_t word = loadWord(bytes + byte, rest);
    for (; word; word &= word - 1)
      visit(byte * 8 + static_cast<size_t>(__builtin_ctzll(word)));
  }
}

SFRT_INLINE uint64_t listBits(const SfrtSignal &s, const unsigned char *bits,
                              uint32_t *indices) {
  uint64_t count = 0;
  forEachBit(bits, s.pixels, [&](size_t position) {
    indices[count++] = static_cast<uint32_t>(position);
  });
  return count;
}

/// Channel-last; `visitPixel` calls its argument with each channel of a pixel
/// that holds an event. Writes the indices; `store` sees where each one went.
template <typename VisitPixel, typename Store>
SFRT_INLINE uint64_t listByChannel(const SfrtSignal &s, uint32_t *indices,
                                   VisitPixel visitPixel, Store store) {
  // The list itself is long enough to hold the counters behind its end: it has
  // room for all elements and `channels` more.
  uint32_t *next = indices + size_t(s.channels) * s.pixels;
  std::memset(next, 0, s.channels * sizeof(uint32_t));
  for (uint32_t p = 0; p < s.pixels; ++p)
    visitPixel(p, [&](uint32_t channel) { ++next[channel]; });
  uint32_t count = 0;
  for (uint32_t c = 0; c < s.channels; ++c) {
    uint32_t own = next[c];
    next[c] = count;
    count += own;
  }
  for (uint32_t p = 0; p < s.pixels; ++p)
    visitPixel(p, [&](uint32_t channel) {
      uint32_t at = next[channel]++;
      indices[at] = channel * s.pixels + p;
      store(at, size_t(p) * s.pitch + channel);
    });
  return count;
}

template <typename T, typename V>
uint64_t listValues(const SfrtSignal &s, const T *elements, uint32_t *indices,
                    V *values) {
  if (s.pitch == 1) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < s.pixels; ++i)
      if (elements[i] != 0) {
        indices[count] = i;
        values[count++] = elements[i];
      }
    return count;
  }
  auto visitPixel = [&](uint32_t p, auto visit) {
    for (uint32_t c = 0; c < s.channels; ++c)
      if (elements[size_t(p) * s.pitch + c] != 0)
        visit(c);
  };
  return listByChannel(
      s, indices, visitPixel,
      [&](uint32_t at, size_t position) { values[at] = elements[position]; });
}

uint64_t listElements(const SfrtCollect &a, const unsigned char *elements,
                      const Slot &slot) {
  uint64_t count = 0;
  withType(a.signal.format, [&](auto zero) {
    using T = decltype(zero);
    // An I8 is listed as I32.
    using V = std::conditional_t<(sizeof(T) < 4), int32_t, T>;
    count = listValues(a.signal, reinterpret_cast<const T *>(elements),
                       slot.indices, reinterpret_cast<V *>(slot.values));
  });
  return count;
}

SFRT_INLINE uint64_t listAllBits(const SfrtSignal &s, const unsigned char *bits,
                                 uint32_t *indices) {
  if (s.pitch == 1)
    return listBits(s, bits, indices);
  auto visitPixel = [&](uint32_t p, auto visit) {
    const unsigned char *bytes = bits + size_t(p) * s.pitch / 8;
    forEachBit(bytes, s.pitch,
               [&](size_t c) { visit(static_cast<uint32_t>(c)); });
  };
  return listByChannel(s, indices, visitPixel, [](uint32_t, size_t) {});
}

SFRT_TARGET_CLONES uint64_t collectBits(const SfrtSignal *signal,
                                        const unsigned char *bits,
                                        uint32_t *indices) {
  return listAllBits(*signal, bits, indices);
}

} // namespace
} // namespace sfrt

using namespace sfrt;

void sfrtCollect(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtCollect *>(arguments);
  Slot slot(a.ring, frame);
  const unsigned char *elements = frame->memory + a.signal.offset;
  *slot.count = a.signal.format == SFRT_BITS
                    ? collectBits(&a.signal, elements, slot.indices)
                    : listElements(a, elements, slot);
}

void sfrtClearEvents(const void *ring, SfrtFrame *frame) {
  const auto &r = *static_cast<const SfrtEventRing *>(ring);
  for (uint32_t slot = 0; slot < r.slots; ++slot)
    std::memset(frame->memory + r.offset + slot * r.slotBytes, 0,
                sizeof(uint64_t));
}

void sfrtTallyEvents(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtTallyEvents *>(arguments);
  frame->counters[a.counter] +=
      static_cast<int64_t>(*Slot(a.ring, frame).count);
}

void sfrtTallySynapses(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtTallySynapses *>(arguments);
  uint64_t synapses = 0;
  for (uint32_t d = 0; d < a.numDelays; ++d) {
    Events events(a.ring, a.delay + d, frame);
    if (!a.fanOut) {
      synapses += events.count * a.uniform;
      continue;
    }
    for (uint64_t i = 0; i < events.count; ++i)
      synapses += a.fanOut[size_t(events.indices[i]) * a.numDelays + d];
  }
  frame->counters[a.counter] += static_cast<int64_t>(synapses);
}

void sfrtTallyElements(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtTallyElements *>(arguments);
  const unsigned char *elements = frame->memory + a.signal.offset;
  int64_t count = 0;
  if (a.signal.format == SFRT_BITS) {
    for (size_t byte = 0; byte * 8 < a.positions; byte += 8)
      count += __builtin_popcountll(loadWord(elements + byte, 8));
  } else {
    withType(a.signal.format, [&](auto zero) {
      const auto *values = reinterpret_cast<const decltype(zero) *>(elements);
      for (size_t i = 0; i < a.positions; ++i)
        count += values[i] != 0;
    });
  }
  frame->counters[a.counter] += count;
}
