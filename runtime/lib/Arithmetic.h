//===- Arithmetic.h - contributions and sums of accumulators ----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ten arithmetics of Delivery.h as policies: type of the accumulator, of
// the weight, of a source value, and how one contribution is added.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_LIB_ARITHMETIC_H
#define SPIKEFORMER_RT_LIB_ARITHMETIC_H

#include "TargetClones.h"
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace sfrt {

/// `isSimple`: adding is one or two instructions on a vector.
template <typename T>
struct Ordered {
  static constexpr bool isSimple = true;
  using Sum = T;
  using Weight = T;
  using Value = T;
  explicit Ordered(int32_t) {}
  template <typename V>
  SFRT_INLINE_MEMBER static T convert(V value) {
    return static_cast<T>(value);
  }
  template <bool isUnit>
  SFRT_INLINE_MEMBER T add(T sum, T weight, T value) const {
    return isUnit ? sum + weight : sum + value * weight;
  }
};

/// Sums are unsigned: they wrap.
template <typename U>
struct Exact {
  static constexpr bool isSimple = true;
  using Sum = U;
  using Weight = U;
  using Value = U;
  explicit Exact(int32_t) {}
  template <typename V>
  SFRT_INLINE_MEMBER static U convert(V value) {
    return static_cast<U>(static_cast<int64_t>(value));
  }
  template <bool isUnit>
  SFRT_INLINE_MEMBER U add(U sum, U weight, U value) const {
    return isUnit ? sum + weight : sum + value * weight;
  }
};

/// `a` + `b` as signed numbers, stopping at the ends of the range.
template <typename U>
SFRT_INLINE U addSaturating(U a, U b) {
  using Signed = std::make_signed_t<U>;
  Signed sum;
  if (!__builtin_add_overflow(static_cast<Signed>(a), static_cast<Signed>(b),
                              &sum))
    return static_cast<U>(sum);
  constexpr U highest = static_cast<U>(-1) >> 1;
  return static_cast<Signed>(b) < 0 ? highest + 1 : highest;
}

template <typename U>
struct Saturating : Exact<U> {
  static constexpr bool isSimple = false;
  using Exact<U>::Exact;
  template <bool isUnit>
  SFRT_INLINE_MEMBER U add(U sum, U weight, U value) const {
    return addSaturating<U>(sum, isUnit ? weight : value * weight);
  }
};

/// The integer nearest to `x`, modulo 2^64.
SFRT_INLINE uint64_t roundModulo(double x) {
  double rounded = std::nearbyint(x);
  if (std::fabs(rounded) < 0x1p63)
    return static_cast<uint64_t>(static_cast<int64_t>(rounded));
  if (!std::isfinite(rounded))
    return 0;
  double rest = std::fmod(rounded, 0x1p64);
  return rest < 0 ? -static_cast<uint64_t>(-rest) : static_cast<uint64_t>(rest);
}

/// Real weights and values; each contribution is rounded to an integer.
template <typename U>
struct Rounding {
  static constexpr bool isSimple = false;
  using Sum = U;
  using Weight = double;
  using Value = double;
  explicit Rounding(int32_t fraction) : unit(std::ldexp(1.0, fraction)) {}
  template <typename V>
  SFRT_INLINE_MEMBER static double convert(V value) {
    return static_cast<double>(value);
  }
  SFRT_INLINE_MEMBER U contribution(double weight, double value) const {
    double product = value * weight;
    return static_cast<U>(roundModulo(product * unit));
  }
  template <bool isUnit>
  SFRT_INLINE_MEMBER U add(U sum, double weight, double value) const {
    return sum + contribution(weight, value);
  }
  double unit;
};

template <typename U>
struct RoundingSaturating : Rounding<U> {
  using Rounding<U>::Rounding;
  template <bool isUnit>
  SFRT_INLINE_MEMBER U add(U sum, double weight, double value) const {
    return addSaturating<U>(sum, this->contribution(weight, value));
  }
};

using F32 = Ordered<float>;
using F64 = Ordered<double>;
using I32 = Exact<uint32_t>;
using I64 = Exact<uint64_t>;
using R32 = Rounding<uint32_t>;
using R64 = Rounding<uint64_t>;
using S32 = Saturating<uint32_t>;
using S64 = Saturating<uint64_t>;
using Q32 = RoundingSaturating<uint32_t>;
using Q64 = RoundingSaturating<uint64_t>;

} // namespace sfrt

#endif // SPIKEFORMER_RT_LIB_ARITHMETIC_H
