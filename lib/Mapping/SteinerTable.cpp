//===- SteinerTable.cpp - smallest trees of small machines ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SteinerTable.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cassert>

using namespace spikeformer;

SteinerTable::SteinerTable(const RouterDistances &distances)
    : numRouters(distances.getNumRouters()), comesFrom(numRouters),
      sizesOf(numRouters) {
  assert(numRouters <= mostRouters && "too many sets");
  for (uint32_t wire = 0; wire < distances.getNumWires(); ++wire)
    if (RouterIndex end = distances.getEnd(wire); end != noIndex)
      comesFrom[end] |= 1u << wire / distances.getNumPorts();
  for (RouterIndex a = 0; a < numRouters; ++a)
    for (RouterIndex b = 0; b < numRouters; ++b)
      isSymmetric &= (comesFrom[a] >> b & 1) == (comesFrom[b] >> a & 1);
}

const SteinerTable::Sizes &SteinerTable::getSizes(RouterIndex source) {
  Sizes &sizes = sizesOf[isSymmetric ? 0 : source];
  if (sizes.empty())
    fill(source, sizes);
  return sizes;
}

/// A set is reached if without one of its routers it is, and a link leads
/// there. Any other is worth what the best set with one router more is.
void SteinerTable::fill(RouterIndex source, Sizes &sizes) const {
  uint32_t numSets = 1u << numRouters;
  sizes.assign(numSets, noTree);
  for (uint32_t set = 1; set < numSets; ++set) {
    if (!isSymmetric && !(set >> source & 1))
      continue;
    uint32_t leaves = isSymmetric ? set : set & ~(1u << source);
    bool isReached = leaves == 0 || llvm::has_single_bit(set);
    for (; leaves && !isReached; leaves &= leaves - 1) {
      uint32_t leaf = llvm::countr_zero(leaves), rest = set & ~(1u << leaf);
      isReached = sizes[rest] != noTree && (comesFrom[leaf] & rest);
    }
    if (isReached)
      sizes[set] = llvm::popcount(set) - 1;
  }
  for (uint32_t set = numSets - 1; set > 0; --set)
    for (uint32_t others = ~set & (numSets - 1); others; others &= others - 1)
      sizes[set] = std::min(sizes[set], sizes[set | (others & -others)]);
}

uint32_t SteinerTable::getRouters(RouterIndex source, uint32_t targets) {
  const Sizes &sizes = getSizes(source);
  uint32_t set = targets | 1u << source;
  assert(sizes[set] != noTree && "nothing reaches them");
  while (sizes[set] + 1 != llvm::popcount(set)) {
    uint32_t more = 0;
    while ((set >> more & 1) || sizes[set | 1u << more] != sizes[set])
      ++more;
    set |= 1u << more;
  }
  return set;
}
