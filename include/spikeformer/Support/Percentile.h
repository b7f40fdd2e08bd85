//===- Percentile.h - exact percentiles of many numbers ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The percentile of a stream whose length is known, by selection: only the
// numbers above the wanted position are kept, a thousandth of them for
// the 99.9th, so memory is bounded and the result does not depend on the order.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_PERCENTILE_H
#define SPIKEFORMER_SUPPORT_PERCENTILE_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace spikeformer {

/// The percentile of exactly `count` float numbers, with linear interpolation
/// between the two at position (count - 1) * percentile / 100 of the sorted
/// numbers, in double.
class PercentileSelector {
public:
  /// `count` is at least 1, `percentile` from 0 to 100.
  PercentileSelector(int64_t count, double percentile);

  /// Numbers up to this one cannot change the result.
  float getBound() const { return bound; }
  /// Takes the numbers that are not below the bound, and may take others.
  void add(llvm::ArrayRef<float> values);
  void add(float value) {
    if (value > bound)
      keep(value);
  }

  /// Once `count` numbers were offered.
  double get();
  /// The largest number so far, which is always needed; minus infinity without
  /// any.
  float getMax() const;

private:
  void keep(float value);
  void keepChunk(llvm::ArrayRef<float> chunk);
  void shrink();

  /// How many of the largest numbers are needed, and where between the last
  /// two of them the result lies.
  size_t needed;
  double fraction;
  std::vector<float> largest;
  float bound;
};

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_PERCENTILE_H
