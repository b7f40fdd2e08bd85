//===- MathTest.cpp - elementary functions against MPFR -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Math.h"
#include "spikeformer-rt/Random.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <mpfr.h>

namespace {
using Function = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
const double infinity = std::numeric_limits<double>::infinity();

struct Number {
  explicit Number(double value = 0, int precision = 160) {
    mpfr_init2(it, precision);
    mpfr_set_d(it, value, MPFR_RNDN);
  }
  ~Number() { mpfr_clear(it); }
  Number(const Number &) = delete;
  mpfr_t it;
};

template <typename To, typename From>
To reinterpret(From from) {
  static_assert(sizeof(To) == sizeof(From), "same size");
  To to;
  std::memcpy(&to, &from, sizeof(to));
  return to;
}

/// Distance of `value` from `exact` in units of the last place of `exact`.
double errorInUlp(double value, mpfr_srcptr exact) {
  double nearest = mpfr_get_d(exact, MPFR_RNDN);
  if (std::isinf(nearest) || std::isinf(value) || std::isnan(nearest))
    return reinterpret<uint64_t>(value) == reinterpret<uint64_t>(nearest) ||
                   (std::isnan(value) && std::isnan(nearest))
               ? 0.0
               : infinity;
  int exponent = 0;
  std::frexp(nearest, &exponent);
  Number difference(value);
  mpfr_sub(difference.it, difference.it, exact, MPFR_RNDN);
  mpfr_mul_2si(difference.it, difference.it, std::min(1074, 53 - exponent),
               MPFR_RNDN);
  return std::fabs(mpfr_get_d(difference.it, MPFR_RNDN));
}

/// Inputs of every size and sign: the bits of a double are drawn, its exponent
/// limited to [2^low, 2^high].
double randomInput(uint64_t index, int low, int high) {
  uint64_t bits = spikeformer::rt::hashMix(index);
  uint64_t span = high - low + 1;
  uint64_t exponent = 1023 + low + spikeformer::rt::hashMix(~index) % span;
  return reinterpret<double>((bits & 0x800fffffffffffffu) | exponent << 52);
}

double maxError(double (*function)(double), Function exact, int low, int high,
                bool positive) {
  double worst = 0;
  Number y;
  for (uint64_t i = 0; i < 200000; ++i) {
    double x = randomInput(i, low, high);
    Number in(positive ? std::fabs(x) : x);
    exact(y.it, in.it, MPFR_RNDN);
    worst = std::max(worst,
                     errorInUlp(function(positive ? std::fabs(x) : x), y.it));
  }
  return worst;
}

TEST(MathF64, ExpIsWithinOneUlp) {
  double worst = maxError(sfrt_exp_f64_v1, mpfr_exp, -60, 10, false);
  RecordProperty("max_ulp", std::to_string(worst));
  EXPECT_LT(worst, 1.0);
  // Without subnormal results, which are rounded twice.
  EXPECT_LT(maxError(sfrt_exp_f64_v1, mpfr_exp, -3, 8, false), 0.75);
}

TEST(MathF64, LogIsWithinOneUlp) {
  double worst = maxError(sfrt_log_f64_v1, mpfr_log, -1022, 1023, true);
  worst = std::max(worst, maxError(sfrt_log_f64_v1, mpfr_log, -2, 1, true));
  RecordProperty("max_ulp", std::to_string(worst));
  EXPECT_LT(worst, 1.0);
  Number y;
  for (double x = 1.0 - 0x1p-20; x < 1.0 + 0x1p-20; x += 0x1.37p-36) {
    Number in(x);
    mpfr_log(y.it, in.it, MPFR_RNDN);
    ASSERT_LT(errorInUlp(sfrt_log_f64_v1(x), y.it), 1.0) << x;
  }
}

TEST(MathF64, ExpAndLogHandleTheEnds) {
  EXPECT_EQ(sfrt_exp_f64_v1(0.0), 1.0);
  EXPECT_EQ(sfrt_exp_f64_v1(-0.0), 1.0);
  EXPECT_EQ(sfrt_exp_f64_v1(infinity), infinity);
  EXPECT_EQ(sfrt_exp_f64_v1(-infinity), 0.0);
  EXPECT_EQ(sfrt_exp_f64_v1(0x1.62e42fefa39fp9), infinity);
  EXPECT_LT(sfrt_exp_f64_v1(0x1.62e42fefa39efp9), infinity);
  EXPECT_EQ(sfrt_exp_f64_v1(-745.2), 0.0);
  EXPECT_EQ(sfrt_exp_f64_v1(-745.1), 0x1p-1074);
  EXPECT_TRUE(std::isnan(sfrt_exp_f64_v1(std::nan(""))));
  EXPECT_EQ(reinterpret<uint64_t>(sfrt_log_f64_v1(1.0)), 0u);
  EXPECT_EQ(sfrt_log_f64_v1(0.0), -infinity);
  EXPECT_EQ(sfrt_log_f64_v1(-0.0), -infinity);
  EXPECT_EQ(sfrt_log_f64_v1(infinity), infinity);
  EXPECT_EQ(sfrt_log_f64_v1(0x1p-1074), -0x1.74385446d71c3p9);
  EXPECT_TRUE(std::isnan(sfrt_log_f64_v1(-0x1p-1074)));
  EXPECT_TRUE(std::isnan(sfrt_log_f64_v1(-infinity)));
  EXPECT_TRUE(std::isnan(sfrt_log_f64_v1(std::nan(""))));
}

/// How many of every 4099th float differ from the correctly rounded value.
unsigned wrongFloats(float (*function)(float), Function exact) {
  unsigned wrong = 0;
  Number y(0, 64);
  for (uint64_t bits = 0; bits < uint64_t(1) << 32; bits += 4099) {
    float x = reinterpret<float>(uint32_t(bits));
    float got = function(x);
    Number in(x, 24);
    exact(y.it, in.it, MPFR_RNDN);
    float want = mpfr_get_flt(y.it, MPFR_RNDN);
    wrong += reinterpret<uint32_t>(got) != reinterpret<uint32_t>(want) &&
             !(std::isnan(got) && std::isnan(want));
  }
  return wrong;
}

TEST(MathF32, ExpIsCorrectlyRounded) {
  EXPECT_EQ(wrongFloats(sfrt_exp_f32_v1, mpfr_exp), 0u);
}
TEST(MathF32, LogIsCorrectlyRounded) {
  EXPECT_EQ(wrongFloats(sfrt_log_f32_v1, mpfr_log), 0u);
}
TEST(MathF32, TanhIsCorrectlyRounded) {
  EXPECT_EQ(wrongFloats(sfrt_tanh_f32_v1, mpfr_tanh), 0u);
}

TEST(MathF32, PowIsCorrectlyRoundedButForNearTies) {
  unsigned wrong = 0;
  Number z(0, 64);
  for (uint64_t i = 0; i < 300000; ++i) {
    float x = std::fabs(float(randomInput(2 * i, -20, 20)));
    float y = float(randomInput(2 * i + 1, -8, 4));
    Number a(x, 24), b(y, 24);
    mpfr_pow(z.it, a.it, b.it, MPFR_RNDN);
    float want = mpfr_get_flt(z.it, MPFR_RNDN);
    float got = sfrt_pow_f32_v1(x, y);
    wrong += got != want;
    ASSERT_TRUE(got == want || got == std::nextafterf(want, 0.0f) ||
                got == std::nextafterf(want, INFINITY))
        << x << " " << y;
  }
  EXPECT_LE(wrong, 2u);
}

TEST(MathF32, PowHasTheSpecialCasesOfC) {
  const float inf = INFINITY, nan = NAN;
  const float values[] = {0.0f, -0.0f,   1.0f, -1.0f,         2.0f, -2.0f,
                          0.5f, -0.5f,   3.0f, -3.0f,         inf,  -inf,
                          nan,  0x1p24f, 2.5f, -0x1.000002p0f};
  for (float x : values)
    for (float y : values) {
      float want = std::pow(x, y), got = sfrt_pow_f32_v1(x, y);
      EXPECT_TRUE((std::isnan(want) && std::isnan(got)) ||
                  reinterpret<uint32_t>(want) == reinterpret<uint32_t>(got))
          << x << " to the power " << y << ": " << got << " for " << want;
    }
}

TEST(InverseNormal, InvertsTheDistribution) {
  // One Newton step from the result in MPFR: its size is the error.
  double worst = 0;
  for (uint64_t i = 0; i < 50000; ++i) {
    double p = i % 2 ? std::fabs(randomInput(i, -60, -2))
                     : spikeformer::rt::uniformOpen52(
                           spikeformer::rt::hashBits24(1, i) << 8, 0);
    double x = sfrt_inverse_normal_f64_v1(p);
    Number cdf(-x), density(x), pi;
    Number root(2.0);
    mpfr_sqrt(root.it, root.it, MPFR_RNDN);
    mpfr_div(cdf.it, cdf.it, root.it, MPFR_RNDN);
    mpfr_erfc(cdf.it, cdf.it, MPFR_RNDN);
    mpfr_div_d(cdf.it, cdf.it, 2.0, MPFR_RNDN);
    mpfr_sqr(density.it, density.it, MPFR_RNDN);
    mpfr_div_d(density.it, density.it, -2.0, MPFR_RNDN);
    mpfr_exp(density.it, density.it, MPFR_RNDN);
    mpfr_const_pi(pi.it, MPFR_RNDN);
    mpfr_mul_d(pi.it, pi.it, 2.0, MPFR_RNDN);
    mpfr_sqrt(pi.it, pi.it, MPFR_RNDN);
    mpfr_div(density.it, density.it, pi.it, MPFR_RNDN);
    mpfr_sub_d(cdf.it, cdf.it, p, MPFR_RNDN);
    mpfr_div(cdf.it, cdf.it, density.it, MPFR_RNDN);
    worst = std::max(worst, std::fabs(mpfr_get_d(cdf.it, MPFR_RNDN) / x));
  }
  RecordProperty("max_error_in_1e_15", std::to_string(worst * 1e15));
  EXPECT_LT(worst, 2e-15);
}

TEST(InverseNormal, HandlesTheEndsAndIsOdd) {
  EXPECT_EQ(sfrt_inverse_normal_f64_v1(0.0), -infinity);
  EXPECT_EQ(sfrt_inverse_normal_f64_v1(1.0), infinity);
  EXPECT_EQ(sfrt_inverse_normal_f64_v1(0.5), 0.0);
  EXPECT_TRUE(std::isnan(sfrt_inverse_normal_f64_v1(-0.1)));
  EXPECT_TRUE(std::isnan(sfrt_inverse_normal_f64_v1(1.1)));
  EXPECT_TRUE(std::isnan(sfrt_inverse_normal_f64_v1(std::nan(""))));
  for (uint32_t i = 1; i < 1000; ++i) {
    double p = i / 2048.0;
    EXPECT_EQ(sfrt_inverse_normal_f64_v1(p),
              -sfrt_inverse_normal_f64_v1(1.0 - p));
  }
}
} // namespace
