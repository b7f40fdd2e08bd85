//===- Percentile.cpp - exact percentiles of many numbers -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are kept until there are twice as many as are needed; then the
// smaller half goes, and the smallest that stays is the bound for those that
// follow.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Percentile.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace spikeformer;

/// Numbers that are compared with the bound together.
constexpr size_t chunkSize = 32;

PercentileSelector::PercentileSelector(int64_t count, double percentile)
    : bound(-std::numeric_limits<float>::infinity()), max(bound) {
  double position = static_cast<double>(count - 1) * (percentile / 100);
  double below = std::floor(position);
  needed = count - static_cast<int64_t>(below);
  fraction = position - below;
}

void PercentileSelector::keep(float value) {
  max = std::max(max, value);
  largest.push_back(value);
  if (largest.size() >= 2 * needed + chunkSize)
    shrink();
}

void PercentileSelector::shrink() {
  if (largest.size() <= needed)
    return;
  std::nth_element(largest.begin(), largest.begin() + (needed - 1),
                   largest.end(), std::greater<float>());
  largest.resize(needed);
  bound = largest.back();
}

void PercentileSelector::add(llvm::ArrayRef<float> values) {
  while (!values.empty()) {
    llvm::ArrayRef<float> chunk =
        values.take_front(std::min(chunkSize, values.size()));
    values = values.drop_front(chunk.size());
    bool any = false;
    for (float value : chunk)
      any |= value > bound;
    if (!any)
      continue;
    for (float value : chunk)
      add(value);
  }
}

double PercentileSelector::get() {
  shrink();
  std::nth_element(largest.begin(), largest.end() - 1, largest.end(),
                   std::greater<float>());
  double low = largest.back();
  if (fraction == 0)
    return low;
  double high = *std::min_element(largest.begin(), largest.end() - 1);
  return low + (high - low) * fraction;
}
