//===- PercentileTest.cpp - percentiles against sorting -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The selection agrees with the position in the sorted numbers, whatever their
// order and however they are offered.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Percentile.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>

using namespace spikeformer;

/// Numbers in no order, many of them equal.
static std::vector<float> makeNumbers(int64_t count) {
  std::vector<float> numbers;
  uint32_t state = 7;
  for (int64_t k = 0; k < count; ++k) {
    state = state * 1664525u + 1013904223u;
    numbers.push_back(static_cast<float>(state >> 20) / 64 - 3);
  }
  return numbers;
}

static double sortAndPick(std::vector<float> numbers, double percentile) {
  std::sort(numbers.begin(), numbers.end());
  double position =
      static_cast<double>(numbers.size() - 1) * (percentile / 100);
  auto below = static_cast<size_t>(std::floor(position));
  double low = numbers[below];
  double high = numbers[std::min(below + 1, numbers.size() - 1)];
  return low + (high - low) * (position - std::floor(position));
}

TEST(PercentileTest, EqualsSorting) {
  for (int64_t count : {1, 2, 3, 33, 1000, 20001}) {
    std::vector<float> numbers = makeNumbers(count);
    for (double percentile : {0.0, 12.5, 50.0, 99.0, 99.9, 99.99, 100.0}) {
      PercentileSelector whole(count, percentile);
      whole.add(numbers);
      PercentileSelector single(count, percentile);
      for (float number : numbers)
        single.add(number);
      double expected = sortAndPick(numbers, percentile);
      EXPECT_EQ(whole.get(), expected) << count << " " << percentile;
      EXPECT_EQ(single.get(), expected) << count << " " << percentile;
      EXPECT_EQ(whole.getMax(),
                *std::max_element(numbers.begin(), numbers.end()));
    }
  }
}
