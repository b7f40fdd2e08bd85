//===- Text.cpp - words for messages --------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Text.h"
#include <charconv>

using namespace spikeformer;

std::string spikeformer::formatNumber(double number) {
  char digits[32];
  auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  return std::string(digits, end);
}

StringRef spikeformer::findSimilar(StringRef name,
                                   ArrayRef<StringRef> candidates) {
  unsigned best = name.size() / 3 + 2;
  StringRef similar;
  for (StringRef candidate : candidates) {
    bool isPart = !name.empty() &&
                  (candidate.starts_with(name) || name.starts_with(candidate));
    unsigned distance = isPart ? 1 : name.edit_distance(candidate, true, best);
    if (distance < best) {
      best = distance;
      similar = candidate;
    }
  }
  return similar;
}

std::string spikeformer::suggest(StringRef name,
                                 ArrayRef<StringRef> candidates) {
  StringRef similar = findSimilar(name, candidates);
  return similar.empty() ? "" : "; did you mean '" + similar.str() + "'?";
}
