//===- Elements.h - reading and writing elements of signals -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a format known at run time to a C++ type.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_LIB_ELEMENTS_H
#define SPIKEFORMER_RT_LIB_ELEMENTS_H

#include "spikeformer-rt/Schedule.h"
#include <cstring>

namespace sfrt {

/// Calls `function` with a value of the type of `format`, which is not BITS.
template <typename Function>
void withType(uint32_t format, Function function) {
  switch (format) {
  case SFRT_I8:
    return function(int8_t());
  case SFRT_I16:
    return function(int16_t());
  case SFRT_I32:
    return function(int32_t());
  case SFRT_U32:
    return function(uint32_t());
  case SFRT_I64:
    return function(int64_t());
  case SFRT_F32:
    return function(float());
  case SFRT_F64:
    return function(double());
  default:
    return;
  }
}

inline bool testBit(const unsigned char *bytes, size_t position) {
  return bytes[position / 8] >> position % 8 & 1;
}

inline void setBit(unsigned char *bytes, size_t position) {
  bytes[position / 8] |= static_cast<unsigned char>(1u << position % 8);
}

/// Up to 8 bytes as a word, the first lowest.
inline uint64_t loadWord(const unsigned char *bytes, size_t size) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, size < 8 ? size : 8);
  return word;
}

/// Position of element `element`.
inline size_t positionOf(const SfrtSignal &signal, uint32_t element) {
  return size_t(element % signal.pixels) * signal.pitch +
         element / signal.pixels;
}

} // namespace sfrt

#endif // SPIKEFORMER_RT_LIB_ELEMENTS_H
