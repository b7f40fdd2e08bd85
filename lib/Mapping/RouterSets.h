//===- RouterSets.h - sets of routers near to each other --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Which routers each net is on, as bits, and how far a router is from them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_ROUTERSETS_H
#define SPIKEFORMER_LIB_MAPPING_ROUTERSETS_H

#include "RouterDistances.h"

namespace spikeformer {

/// Routers of a region, numbered from 0, and for each net how many of its
/// slices each of them has.
class RouterSets {
public:
  RouterSets(const RouterDistances &distances,
             llvm::ArrayRef<RouterIndex> region, size_t numNets);

  uint32_t getNumSites() const { return numSites; }
  void add(uint32_t net, uint32_t site);
  void remove(uint32_t net, uint32_t site);
  bool has(uint32_t net, uint32_t site) const {
    return getWord(net, site, 0) >> site % 64 & 1;
  }
  /// Links that the tree of `net` saves if one slice at `from` goes to `to`,
  /// estimated: a router hangs on the nearest other one.
  int32_t estimateMove(uint32_t net, uint32_t from, uint32_t to) const {
    bool leaves = !(getWord(net, from, 1) >> from % 64 & 1);
    bool enters = !has(net, to);
    int32_t saved = 0;
    if (leaves)
      saved += getDistance(net, from, from);
    if (enters)
      saved -= getDistance(net, to, leaves ? from : noIndex);
    return saved;
  }
  /// Links from `site` to the nearest router of `net`; 0 if it has none.
  int32_t getDistance(uint32_t net, uint32_t site) const {
    return getDistance(net, site, noIndex);
  }

private:
  /// Words of a ball that are not 0.
  struct Window {
    uint32_t first, last;
  };

  uint64_t getWord(uint32_t net, uint32_t site, uint32_t kind) const {
    return words[(size_t(net) * 2 + kind) * numWords + site / 64];
  }
  uint64_t &getWord(uint32_t net, uint32_t site, uint32_t kind) {
    return words[(size_t(net) * 2 + kind) * numWords + site / 64];
  }
  int32_t getDistance(uint32_t net, uint32_t site, uint32_t without) const {
    if (numWords > 1)
      return searchDistance(net, site, without);
    uint64_t rest = words[size_t(net) * 2];
    if (without != noIndex)
      rest &= ~(uint64_t(1) << without);
    const uint64_t *ball = &balls[size_t(site) * numRadii];
    int32_t radius = 0;
    while (rest != 0 && (rest & ball[radius]) == 0)
      ++radius;
    return radius;
  }
  int32_t searchDistance(uint32_t net, uint32_t site, uint32_t without) const;

  uint32_t numSites, numWords, numRadii = 0;
  /// By net: a bit for each router with a slice, then for each with several.
  std::vector<uint64_t> words;
  std::vector<uint16_t> counts;
  /// Bits of the routers within each radius of each router.
  std::vector<uint64_t> balls;
  std::vector<Window> windows;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_ROUTERSETS_H
