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
    : bound(-std::numeric_limits<float>::infinity()) {
  double position = static_cast<double>(count - 1) * (percentile / 100);
  double below = std::floor(position);
  needed = count - static_cast<int64_t>(below);
  fraction = position - below;
}

void PercentileSelector::keep(float value) {
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

float PercentileSelector::getMax() const {
  float max = -std::numeric_limits<float>::infinity();
  for (float value : largest)
    max = std::max(max, value);
  return max;
}

/// Which of the numbers are kept cannot be foretold: every one is written, and
/// the next one over it unless it stays.
void PercentileSelector::keepChunk(llvm::ArrayRef<float> chunk) {
  float limit = bound;
  size_t size = largest.size();
  largest.resize(size + chunk.size());
  for (float value : chunk) {
    largest[size] = value;
    size += value > limit;
  }
  largest.resize(size);
  if (size >= 2 * needed + chunkSize)
    shrink();
}

void PercentileSelector::add(llvm::ArrayRef<float> values) {
  while (!values.empty()) {
    llvm::ArrayRef<float> chunk =
        values.take_front(std::min(chunkSize, values.size()));
    values = values.drop_front(chunk.size());
    bool any = false;
    for (float value : chunk)
      any |= value > bound;
    if (any)
      keepChunk(chunk);
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
