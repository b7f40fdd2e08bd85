//===- RouterSets.cpp - sets of routers near to each other ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RouterSets.h"
#include <algorithm>

using namespace spikeformer;

RouterSets::RouterSets(const RouterDistances &distances,
                       llvm::ArrayRef<RouterIndex> region, size_t numNets)
    : numSites(region.size()), numWords((region.size() + 63) / 64),
      words(numNets * numWords * 2), counts(numNets * region.size()) {
  uint32_t farthest = 0;
  for (RouterIndex from : region)
    for (RouterIndex to : region)
      farthest = std::max(farthest, distances.get(from, to));
  // What is farther than the last radius counts as just as far: so memory stays
  // small, and routers that no link joins have a distance.
  constexpr uint32_t leastRadii = 8, mostWords = 1 << 20;
  numRadii = std::min<uint32_t>(farthest, distances.getNumRouters()) + 1;
  numRadii =
      std::min(numRadii, std::max(leastRadii,
                                  uint32_t(mostWords / (numSites * numWords))));
  balls.resize(size_t(numSites) * numRadii * numWords);
  windows.resize(size_t(numSites) * numRadii, {numWords, 0});
  for (uint32_t from = 0; from < numSites; ++from)
    for (uint32_t to = 0; to < numSites; ++to) {
      uint32_t first =
          std::min(distances.get(region[from], region[to]), numRadii - 1);
      size_t ball = size_t(from) * numRadii + first;
      balls[ball * numWords + to / 64] |= uint64_t(1) << to % 64;
    }
  for (size_t ball = 0; ball < windows.size(); ++ball)
    for (uint32_t word = 0; word < numWords; ++word) {
      if (ball % numRadii > 0)
        balls[ball * numWords + word] |= balls[(ball - 1) * numWords + word];
      if (balls[ball * numWords + word] == 0)
        continue;
      windows[ball].first = std::min(windows[ball].first, word);
      windows[ball].last = word + 1;
    }
}

void RouterSets::add(uint32_t net, uint32_t site) {
  uint64_t bit = uint64_t(1) << site % 64;
  uint16_t count = ++counts[size_t(net) * numSites + site];
  getWord(net, site, count > 1) |= bit;
}

void RouterSets::remove(uint32_t net, uint32_t site) {
  uint64_t bit = uint64_t(1) << site % 64;
  uint16_t count = --counts[size_t(net) * numSites + site];
  if (count < 2)
    getWord(net, site, count == 1) &= ~bit;
}

int32_t RouterSets::searchDistance(uint32_t net, uint32_t site,
                                   uint32_t without) const {
  const uint64_t *set = &words[size_t(net) * 2 * numWords];
  uint32_t hole = without / 64;
  uint64_t mask = ~(uint64_t(1) << without % 64);
  for (uint32_t radius = 0; radius < numRadii; ++radius) {
    size_t ball = size_t(site) * numRadii + radius;
    Window window = windows[ball];
    const uint64_t *bits = &balls[ball * numWords];
    for (uint32_t word = window.first; word < window.last; ++word)
      if (set[word] & bits[word] & (word == hole ? mask : ~uint64_t(0)))
        return radius;
  }
  return 0;
}
