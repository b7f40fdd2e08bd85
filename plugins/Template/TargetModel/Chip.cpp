//===- Chip.cpp - what the chip can hold ----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetModel/Chip.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::templ;

static double getDecay(int64_t leak) {
  return leak == 0 ? 1.0 : 1.0 - std::ldexp(1.0, -static_cast<int>(leak));
}

std::optional<unsigned> templ::findLeak(double decay) {
  for (int64_t leak = leakRange.low; leak <= leakRange.high; ++leak)
    if (getDecay(leak) == decay)
      return static_cast<unsigned>(leak);
  return std::nullopt;
}

double templ::getNearestDecay(double decay) {
  double nearest = getDecay(leakRange.low);
  for (int64_t leak = leakRange.low; leak <= leakRange.high; ++leak)
    if (std::abs(getDecay(leak) - decay) < std::abs(nearest - decay))
      nearest = getDecay(leak);
  return nearest;
}
