//===- MathAlgorithms.h - operation sequences of Math.h -----------*- C -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The order of operations behind Math.h, written once for every kind of number:
// `double` gives the scalar functions, a type that appends to IR gives the same
// sequence in generated scalar or vector code, with the same bits.
//
// A number type F (binary64 in every lane) comes with
//   F + - * / F, F op double, double op F, -F, F < F, F < double (also <=, ==);
//   bitsOf(F) -> I, asFloat(I) -> F   the encoding, 64 bits a lane;
//   I + - & | ^ I and uint64_t, I << n, I >> n   modulo 2^64, logical shifts;
//   Mask & Mask, Mask | Mask, and select(Mask, F, F);
//   splat(F like, double) -> F   a constant, sqrtOf(F) -> F.
// Nothing branches, and no operation may be contracted or reassociated: include
// this file only where `-ffp-contract=off` holds.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_MATHALGORITHMS_H
#define SPIKEFORMER_RT_MATHALGORITHMS_H

#include <cstdint>
#include <cstring>

namespace spikeformer {
namespace rt {

inline uint64_t bitsOf(double x) {
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof(bits));
  return bits;
}
inline double asFloat(uint64_t bits) {
  double x;
  std::memcpy(&x, &bits, sizeof(x));
  return x;
}
inline double select(bool condition, double a, double b) {
  return condition ? a : b;
}
inline double splat(double, double value) { return value; }
inline double sqrtOf(double x) { return __builtin_sqrt(x); }

/// c[0] + x c[1] + ... + x^(N-1) c[N-1] by Horner's rule.
template <unsigned N, typename F>
F polynomial(F x, const double (&c)[N]) {
  F sum = x * c[N - 1] + c[N - 2];
  for (int i = int(N) - 3; i >= 0; --i)
    sum = sum * x + c[i];
  return sum;
}

/// ln 2 in two parts; the first has 32 bits, so that its product with an
/// exponent is exact.
constexpr double ln2High = 0x1.62e42fee00000p-1;
constexpr double ln2Low = 0x1.a39ef35793c76p-33;
/// Adding it puts the nearest integer into the low bits of the sum.
constexpr double integerShift = 0x1.8p52;
constexpr uint64_t integerShiftBits = 0x4338000000000000u;

/// exp: x = k ln 2 + r, |r| <= ln 2 / 2; 1 + r + r^2 Q(r), where Q is the
/// minimax polynomial of degree 9 (error 2^-58 in the sum); then two exact
/// powers of two of half the size, so that a subnormal result is rounded once.
template <typename F>
F expF64(F x) {
  constexpr double q[] = {0x1.000000000000cp-1,  0x1.5555555555561p-3,
                          0x1.555555554ffccp-5,  0x1.111111110d5e1p-7,
                          0x1.6c16c185bdd3ep-10, 0x1.a01a01bb0273ap-13,
                          0x1.a0199654b4cdcp-16, 0x1.71dddf7f5ac5bp-19,
                          0x1.28b0852800edbp-22, 0x1.af860702ee9adp-26};
  // Beyond these the result is 0 or infinite; a NaN passes.
  F clamped = select(x < -746.0, splat(x, -746.0), x);
  clamped = select(splat(x, 710.0) < clamped, splat(x, 710.0), clamped);
  F shifted = clamped * 0x1.71547652b82fep+0 + integerShift;
  F k = shifted - integerShift;
  F high = clamped - k * ln2High;
  F low = k * ln2Low;
  F r = high - low;
  F tail = (r * r) * polynomial(r, q) - low;
  F sum = high + 1.0;
  F sumError = high - (sum - 1.0);
  F mantissa = sum + (sumError + tail);
  auto twice = bitsOf(shifted) - integerShiftBits + 2046;
  auto half = twice >> 1;
  return mantissa * asFloat(half << 52) * asFloat((twice - half) << 52);
}

/// log: x = 2^k m, sqrt(1/2) <= m < sqrt 2, f = m - 1, s = f / (2 + f);
/// log m = 2 s + s z P(z) with z = s^2, where P is the minimax polynomial of
/// degree 6 (error 2^-58 relative to log m); summed from the smallest part.
template <typename F>
F logF64(F x) {
  constexpr double p[] = {0x1.5555555555558p-1, 0x1.9999999995213p-2,
                          0x1.2492492e05a63p-2, 0x1.c71c62ce0345fp-3,
                          0x1.7462bac9c0d25p-3, 0x1.39fda457d3cd1p-3,
                          0x1.2b60c115f98c5p-3};
  constexpr uint64_t sqrtHalfBits = 0x3fe6a09e667f3bcdu;
  constexpr uint64_t oneBits = 0x3ff0000000000000u;
  constexpr uint64_t fractionMask = 0x000fffffffffffffu;
  auto tiny = x < 0x1p-1022;
  F normal = select(tiny, x * 0x1p54, x);
  auto shifted = bitsOf(normal) + (oneBits - sqrtHalfBits);
  // 2^52 + e has the integer e in its low bits.
  F biased = asFloat((shifted >> 52) | uint64_t(0x4330000000000000u));
  F k = biased -
        select(tiny, splat(x, 0x1p52 + 1023 + 54), splat(x, 0x1p52 + 1023));
  F f = asFloat((shifted & fractionMask) + sqrtHalfBits) - 1.0;
  F s = f / (f + 2.0);
  F z = s * s;
  F halfSquare = f * f * 0.5;
  F small = s * (halfSquare + z * polynomial(z, p)) + k * ln2Low;
  F result = k * ln2High + (f - (halfSquare - small));
  result = select(x < 0x1p1023 * 2.0, result, x);
  result = select(x == 0.0, splat(x, -__builtin_inf()), result);
  return select(x < 0.0, splat(x, __builtin_nan("")), result);
}

/// tanh with a relative error below 2^-48, enough for one rounding to f32: the
/// series to x^13 up to 1/16, elsewhere 1 - 2 / (exp(2 |x|) + 1).
template <typename F>
F tanhForF32(F x) {
  constexpr double c[] = {
      1.0,         -1.0 / 3,         2.0 / 15,         -17.0 / 315,
      62.0 / 2835, -1382.0 / 155925, 21844.0 / 6081075};
  constexpr uint64_t signMask = 0x8000000000000000u;
  auto sign = bitsOf(x) & signMask;
  F magnitude = asFloat(bitsOf(x) ^ sign);
  F series = magnitude * polynomial(magnitude * magnitude, c);
  F large = 1.0 - 2.0 / (expF64(magnitude * 2.0) + 1.0);
  F result = select(magnitude < 0.0625, series, large);
  return asFloat(bitsOf(result) | sign);
}

/// Whether a value is an integer; infinities are.
template <typename F>
auto isInteger(F x) {
  F magnitude = asFloat(bitsOf(x) & uint64_t(0x7fffffffffffffffu));
  return (splat(x, 0x1p51) <= magnitude) |
         ((magnitude + integerShift) - integerShift == magnitude);
}

/// pow of numbers that are exact in f32, as exp(y log |x|), for one rounding to
/// f32: the relative error is below 2^-45.
template <typename F>
F powForF32(F x, F y) {
  constexpr uint64_t signMask = 0x8000000000000000u;
  const double infinity = __builtin_inf();
  F one = splat(x, 1.0);
  auto sign = bitsOf(x) & signMask;
  F magnitude = asFloat(bitsOf(x) ^ sign);
  F result = expF64(y * logF64(magnitude));
  // 1 to an infinite power and 0 to the power 0 would be NaN.
  result = select((magnitude == 1.0) & (y == y), one, result);
  F odd = select(isInteger(y * 0.5), splat(x, 0.0), one);
  odd = select(isInteger(y), odd, splat(x, 0.0));
  F negated = asFloat(bitsOf(result) ^ sign);
  result = select(odd == 1.0, negated, result);
  F fractional = select(isInteger(y), splat(x, 0.0), one);
  auto undefined = (x < 0.0) & (splat(x, -infinity) < x) & (fractional == 1.0);
  result = select(undefined, splat(x, __builtin_nan("")), result);
  return select((x == 1.0) | (y == 0.0), one, result);
}

/// Wichura, "Algorithm AS 241: the percentage points of the normal
/// distribution", Applied Statistics 37 (1988), routine PPND16.
template <typename F>
F inverseNormalF64(F p) {
  constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                          1.9715909503065514427e+3, 1.3731693765509461125e+4,
                          4.5921953931549871457e+4, 6.7265770927008700853e+4,
                          3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr double b[] = {1.0,
                          4.2313330701600911252e+1,
                          6.8718700749205790830e+2,
                          5.3941960214247511077e+3,
                          2.1213794301586595867e+4,
                          3.9307895800092710610e+4,
                          2.8729085735721942674e+4,
                          5.2264952788528545610e+3};
  constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                          5.76949722146069140550e0,  3.64784832476320460504e0,
                          1.27045825245236838258e0,  2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double d[] = {1.0,
                          2.05319162663775882187e0,
                          1.67638483018380384940e0,
                          6.89767334985100004550e-1,
                          1.48103976427480074590e-1,
                          1.51986665636164571966e-2,
                          5.47593808499534494600e-4,
                          1.05075007164441684324e-9};
  constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                          1.78482653991729133580e0,  2.96560571828504891230e-1,
                          2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double g[] = {1.0,
                          5.99832206555887937690e-1,
                          1.36929880922735805310e-1,
                          1.48753612908506148525e-2,
                          7.86869131145613259100e-4,
                          1.84631831751005468180e-5,
                          1.42151175831644588870e-7,
                          2.04426310338993978564e-15};
  constexpr uint64_t signMask = 0x8000000000000000u;
  F centred = p - 0.5;
  auto sign = bitsOf(centred) & signMask;
  F near = 0.180625 - centred * centred;
  F middle = centred * polynomial(near, a) / polynomial(near, b);
  F rest = select(centred < 0.0, p, 1.0 - p);
  F root = sqrtOf(-logF64(rest));
  F inner = root - 1.6;
  F outer = root - 5.0;
  F tail = select(root <= 5.0, polynomial(inner, c) / polynomial(inner, d),
                  polynomial(outer, e) / polynomial(outer, g));
  // The rational function is infinite over infinite at the ends.
  tail = select(rest == 0.0, splat(p, __builtin_inf()), tail);
  tail = select(rest < 0.0, splat(p, __builtin_nan("")), tail);
  F magnitude = asFloat(bitsOf(centred) ^ sign);
  return select(magnitude <= 0.425, middle, asFloat(bitsOf(tail) ^ sign));
}

} // namespace rt
} // namespace spikeformer

#endif // SPIKEFORMER_RT_MATHALGORITHMS_H
