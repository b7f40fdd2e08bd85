//===- RandomTest.cpp - counter-based random numbers ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Random.h"
#include "spikeformer-rt/Math.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace spikeformer::rt;

namespace {
// The known answers that Random123 distributes for philox4x32-10.
TEST(Philox, GivesTheKnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
            (PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                   {0xa4093822, 0x299f31d0}),
            (PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, PutsEveryPartOfThePositionIntoItsOwnWord) {
  EXPECT_EQ(philoxBlock(0xa4093822, 0x299f31d0, 0x85a308d3243f6a88u, 0x13198a2e,
                        0x03707344),
            (PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
  EXPECT_EQ(philoxWord(0, 0, 0, 0, 0), 0x6627e8d5u);
}

TEST(BoundedDraw, RejectsWhatWouldBeCountedTwice) {
  // 2^32 = 5 * 858993459 + 1: of the words whose upper product is 0 the first
  // is one too many.
  auto constant = [](uint32_t word) { return [=](uint32_t) { return word; }; };
  EXPECT_EQ(boundedDraw(5, constant(1)), 0u);
  EXPECT_EQ(boundedDraw(5, constant(~0u)), 4u);
  EXPECT_EQ(boundedDraw(1, constant(123)), 0u);
  uint32_t words[] = {0, 858993460};
  EXPECT_EQ(boundedDraw(5, [&](uint32_t k) { return words[k]; }), 1u);
  // A quarter of all words is rejected.
  uint32_t attempts = 0;
  for (uint32_t k = 0; k < 3000; ++k)
    boundedDraw(3u << 30, [&](uint32_t attempt) {
      ++attempts;
      return philoxWord(1, 2, k, 0, attempt);
    });
  EXPECT_NEAR(attempts, 4000, 150);
}

TEST(Uniform, CoversItsInterval) {
  EXPECT_EQ(uniform24(0), 0.0f);
  EXPECT_EQ(uniform24(0xffu), 0.0f);
  EXPECT_EQ(uniform24(~0u), 1.0f - 0x1p-24f);
  EXPECT_EQ(uniform53(0, 0), 0.0);
  EXPECT_EQ(uniform53(0x80000000u, 0x800u), 0.5 + 0x1p-53);
  EXPECT_EQ(uniform53(~0u, ~0u), 1.0 - 0x1p-53);
  EXPECT_EQ(uniformOpen52(0, 0), 0x1p-53);
  EXPECT_EQ(uniformOpen52(~0u, ~0u), 1.0 - 0x1p-53);
}

TEST(Hash, IsSplitMix64) {
  // First outputs of SplitMix64 seeded with 0 and 1234567.
  EXPECT_EQ(hashMix(0), 0xE220A8397B1DCDAFu);
  EXPECT_EQ(hashMix(1234567), 6457827717110365317u);
  EXPECT_EQ(hashBits24(7, 5), hashMix(hashMix(7) + 5) >> 40);
  EXPECT_EQ(hashUniform24(7, 5), hashBits24(7, 5) / 16777216.0f);
}

TEST(Distribution, UniformHasItsMoments) {
  double sum = 0, squares = 0;
  const int n = 100000;
  for (int i = 0; i < n; ++i) {
    double x = sfrt_draw_uniform_f64_v1(1, 2, i, 0, 0, -1.0, 3.0);
    ASSERT_GE(x, -1.0);
    ASSERT_LT(x, 3.0);
    sum += x;
    squares += (x - 1.0) * (x - 1.0);
  }
  EXPECT_NEAR(sum / n, 1.0, 0.02);
  EXPECT_NEAR(squares / n, 16.0 / 12, 0.02);
}

TEST(Distribution, NormalHasItsMoments) {
  double sum = 0, squares = 0, fourth = 0;
  const int n = 100000;
  for (int i = 0; i < n; ++i) {
    double x = (sfrt_draw_normal_f64_v1(1, 2, i, 0, 0, 5.0, 2.0) - 5.0) / 2.0;
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(sum / n, 0.0, 0.015);
  EXPECT_NEAR(squares / n, 1.0, 0.02);
  EXPECT_NEAR(fourth / n, 3.0, 0.15);
}

TEST(Distribution, DrawsAreTheDocumentedWords) {
  PhiloxBlock block = philoxBlock(3, 4, 5, 6, 7);
  EXPECT_EQ(sfrt_draw_uniform_f64_v1(3, 4, 5, 6, 7, 0.0, 1.0),
            0.5 + 0.5 * (2.0 * uniform24(block[0]) - 1.0));
  EXPECT_EQ(sfrt_draw_normal_f64_v1(3, 4, 5, 6, 7, 0.0, 1.0),
            sfrt_inverse_normal_f64_v1(uniformOpen52(block[0], block[1])));
}

TEST(Distribution, ClipKeepsWhatLiesInside) {
  EXPECT_EQ(sfrt_clip_f64_v1(-2, -1, 1), -1);
  EXPECT_EQ(sfrt_clip_f64_v1(2, -1, 1), 1);
  EXPECT_EQ(sfrt_clip_f64_v1(0.25, -1, 1), 0.25);
}
} // namespace
