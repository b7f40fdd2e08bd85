//===- Signals.cpp - moving, pooling and recording signals ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inputs and recordings are row-major, everything between lies as its signal
// says: the conversions of layout are here and nowhere else.
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Signals.h"
#include "Elements.h"
#include "TargetClones.h"
#include <algorithm>

using namespace sfrt;

namespace {

/// Calls `visit(element, position)` in row-major order.
template <typename Visit>
void forEachElement(const SfrtSignal &s, Visit visit) {
  size_t element = 0;
  for (uint32_t c = 0; c < s.channels; ++c)
    for (uint32_t p = 0; p < s.pixels; ++p)
      visit(element++, size_t(p) * s.pitch + c);
}

/// Packs bytes of 0 and 1 into bits, eight at a time.
void packBits(const unsigned char *bytes, size_t count, unsigned char *bits) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    bits[i / 8] = static_cast<unsigned char>(
        (loadWord(bytes + i, 8) * 0x0102040810204080u) >> 56);
  if (i < count)
    bits[i / 8] = static_cast<unsigned char>(
        (loadWord(bytes + i, count - i) * 0x0102040810204080u) >> 56);
}

size_t sizeOf(uint32_t format) {
  size_t size = 1;
  withType(format, [&](auto zero) { size = sizeof(zero); });
  return size;
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// Calls `visit(target pixel, source pixel, isFirst)` for every pixel of every
/// window, row-major.
template <typename Visit>
SFRT_INLINE void forEachWindowPixel(const SfrtPool &a, Visit visit) {
  for (uint32_t p = 0; p < a.target.pixels; ++p) {
    size_t first = size_t(p / a.targetWidth) * a.strideHeight * a.width +
                   size_t(p % a.targetWidth) * a.strideWidth;
    for (uint32_t y = 0; y < a.kernelHeight; ++y)
      for (uint32_t x = 0; x < a.kernelWidth; ++x)
        visit(p, first + size_t(y) * a.width + x, y == 0 && x == 0);
  }
}

/// The bits of a pixel are whole bytes.
SFRT_INLINE void orPixel(const unsigned char *from, unsigned char *to,
                         size_t size, bool isFirst) {
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word = loadWord(from + i, 8);
    if (!isFirst)
      word |= loadWord(to + i, 8);
    std::memcpy(to + i, &word, 8);
  }
  if (size & 4) {
    uint64_t word = loadWord(from + i, 4);
    if (!isFirst)
      word |= loadWord(to + i, 4);
    std::memcpy(to + i, &word, 4);
    i += 4;
  }
  for (; i < size; ++i)
    to[i] = isFirst ? from[i] : from[i] | to[i];
}

template <typename T>
SFRT_INLINE void poolMax(const SfrtPool &a, const T *source, T *target) {
  forEachWindowPixel(a, [&](size_t p, size_t q, bool isFirst) {
    const T *from = source + q * a.source.pitch;
    T *to = target + p * a.target.pitch;
    for (uint32_t c = 0; c < a.target.pitch; ++c)
      to[c] = isFirst || from[c] > to[c] ? from[c] : to[c];
  });
}

template <typename T>
SFRT_INLINE void poolSum(const SfrtPool &a, const T *source, T *target) {
  forEachWindowPixel(a, [&](size_t p, size_t q, bool isFirst) {
    const T *from = source + q * a.source.pitch;
    T *to = target + p * a.target.pitch;
    for (uint32_t c = 0; c < a.target.pitch; ++c)
      to[c] = (isFirst ? T(0) : to[c]) + from[c];
  });
}

SFRT_INLINE void poolBitSum(const SfrtPool &a, const unsigned char *source,
                            int32_t *target) {
  forEachWindowPixel(a, [&](size_t p, size_t q, bool isFirst) {
    const unsigned char *from = source + q * a.source.pitch / 8;
    int32_t *to = target + p * a.target.pitch;
    for (uint32_t c = 0; c < a.target.pitch; ++c)
      to[c] = (isFirst ? 0 : to[c]) + testBit(from, c);
  });
}

} // namespace

void sfrtImport(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtImport *>(arguments);
  unsigned char *to = frame->memory + a.signal.offset;
  bool isBits = a.signal.format == SFRT_BITS;
  size_t count = a.signal.pixels;
  size_t bytes = isBits ? (count + 7) / 8 : count * sizeOf(a.signal.format);
  if (frame->step >= frame->steps) {
    std::memset(to, 0, bytes);
    return;
  }
  const SfrtInput &input = frame->inputs[a.input];
  const auto *from = static_cast<const unsigned char *>(input.values) +
                     size_t(frame->step) * input.stepBytes;
  if (isBits)
    packBits(from, count, to);
  else
    std::memcpy(to, from, bytes);
}

void sfrtExport(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtExport *>(arguments);
  int64_t step = frame->step - a.first;
  if (step < 0 || step >= a.count)
    return;
  const unsigned char *from = frame->memory + a.signal.offset;
  unsigned char *out = frame->outputs[a.output];
  size_t base = size_t(step) * a.signal.channels * a.signal.pixels;
  if (a.signal.format == SFRT_BITS) {
    forEachElement(a.signal, [&](size_t element, size_t position) {
      out[base + element] = testBit(from, position);
    });
    return;
  }
  withType(a.signal.format, [&](auto zero) {
    using T = decltype(zero);
    const auto *values = reinterpret_cast<const T *>(from);
    if (a.widen) {
      auto *wide = reinterpret_cast<int32_t *>(out) + base;
      forEachElement(a.signal, [&](size_t element, size_t position) {
        wide[element] = static_cast<int32_t>(values[position]);
      });
      return;
    }
    T *same = reinterpret_cast<T *>(out) + base;
    forEachElement(a.signal, [&](size_t element, size_t position) {
      same[element] = values[position];
    });
  });
}

void sfrtMove(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtMove *>(arguments);
  const unsigned char *from = frame->memory + a.source.offset;
  unsigned char *to = frame->memory + a.target.offset;
  auto forEach = [&](auto visit) {
    for (uint32_t i = 0; i < a.count; ++i)
      visit(positionOf(a.source, a.sourceBegin + i),
            positionOf(a.target, a.targetBegin + i));
  };
  if (a.source.format == SFRT_BITS) {
    forEach([&](size_t source, size_t target) {
      unsigned char mask = static_cast<unsigned char>(1u << target % 8);
      to[target / 8] = static_cast<unsigned char>(
          (to[target / 8] & ~mask) | (testBit(from, source) ? mask : 0));
    });
    return;
  }
  withType(a.source.format, [&](auto zero) {
    using T = decltype(zero);
    forEach([&](size_t source, size_t target) {
      reinterpret_cast<T *>(to)[target] =
          reinterpret_cast<const T *>(from)[source];
    });
  });
}

SFRT_TARGET_CLONES
void sfrtPoolMax(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtPool *>(arguments);
  const unsigned char *from = frame->memory + a.source.offset;
  unsigned char *to = frame->memory + a.target.offset;
  switch (a.source.format) {
  case SFRT_BITS: {
    size_t size = a.source.pitch / 8;
    return forEachWindowPixel(a, [&](size_t p, size_t q, bool isFirst) {
      orPixel(from + q * size, to + p * size, size, isFirst);
    });
  }
  case SFRT_I8:
    return poolMax(a, reinterpret_cast<const int8_t *>(from),
                   reinterpret_cast<int8_t *>(to));
  case SFRT_I32:
    return poolMax(a, reinterpret_cast<const int32_t *>(from),
                   reinterpret_cast<int32_t *>(to));
  case SFRT_U32:
    return poolMax(a, reinterpret_cast<const uint32_t *>(from),
                   reinterpret_cast<uint32_t *>(to));
  case SFRT_F32:
    return poolMax(a, reinterpret_cast<const float *>(from),
                   reinterpret_cast<float *>(to));
  case SFRT_F64:
    return poolMax(a, reinterpret_cast<const double *>(from),
                   reinterpret_cast<double *>(to));
  }
}

SFRT_TARGET_CLONES
void sfrtPoolSum(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtPool *>(arguments);
  const unsigned char *from = frame->memory + a.source.offset;
  unsigned char *to = frame->memory + a.target.offset;
  switch (a.source.format) {
  case SFRT_BITS:
    return poolBitSum(a, from, reinterpret_cast<int32_t *>(to));
  case SFRT_I32: // Sums wrap, so they are unsigned.
  case SFRT_U32:
    return poolSum(a, reinterpret_cast<const uint32_t *>(from),
                   reinterpret_cast<uint32_t *>(to));
  case SFRT_F32:
    return poolSum(a, reinterpret_cast<const float *>(from),
                   reinterpret_cast<float *>(to));
  case SFRT_F64:
    return poolSum(a, reinterpret_cast<const double *>(from),
                   reinterpret_cast<double *>(to));
  }
}

void sfrtDelayFront(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtDelay *>(arguments);
  size_t slot = static_cast<uint64_t>(frame->clock % a.steps);
  std::memcpy(frame->memory + a.signal, frame->memory + a.ring + slot * a.size,
              a.size);
}

void sfrtDelayPush(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtDelay *>(arguments);
  size_t slot = static_cast<uint64_t>(frame->clock % a.steps);
  std::memcpy(frame->memory + a.ring + slot * a.size, frame->memory + a.signal,
              a.size);
}

void sfrtCheck(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtCheck *>(arguments);
  const unsigned char *elements = frame->memory + a.signal.offset;
  withType(a.signal.format, [&](auto zero) {
    if constexpr (sizeof(zero) <= 4) {
      const auto *values = reinterpret_cast<const decltype(zero) *>(elements);
      forEachElement(a.signal, [&](size_t element, size_t position) {
        auto value = static_cast<int64_t>(values[position]);
        if ((value >= a.low && value <= a.high) || frame->failed)
          return;
        frame->failed = arguments;
        frame->failedElement = element;
        frame->failedValue = static_cast<double>(value);
      });
    }
  });
}
