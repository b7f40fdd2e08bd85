//===- DreyfusWagner.cpp - smallest trees to few targets ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DreyfusWagner.h"
#include "llvm/ADT/bit.h"
#include <cmath>

using namespace spikeformer;

DreyfusWagner::DreyfusWagner(const RouterDistances &distances)
    : distances(distances), numRouters(distances.getNumRouters()),
      firstArrival(numRouters + 1), open(numRouters) {
  for (uint32_t wire = 0; wire < distances.getNumWires(); ++wire)
    if (distances.getEnd(wire) != noIndex)
      ++firstArrival[distances.getEnd(wire) + 1];
  for (RouterIndex router = 0; router < numRouters; ++router)
    firstArrival[router + 1] += firstArrival[router];
  arrivals.resize(firstArrival.back());
  std::vector<uint32_t> next = firstArrival;
  for (uint32_t wire = 0; wire < distances.getNumWires(); ++wire)
    if (distances.getEnd(wire) != noIndex)
      arrivals[next[distances.getEnd(wire)]++] = wire;
}

double DreyfusWagner::getWork(uint32_t numRouters, uint32_t numTargets) {
  return std::pow(3, numTargets) * numRouters;
}

/// Trees that fork where they begin.
void DreyfusWagner::fork(uint32_t set) {
  uint16_t *size = &sizes[size_t(set) * numRouters];
  uint32_t *choice = &choices[size_t(set) * numRouters];
  uint32_t lowest = set & -set;
  // One side has the first target, so that no fork is looked at twice.
  for (uint32_t side = (set - 1) & set; side; side = (side - 1) & set) {
    if (!(side & lowest))
      continue;
    const uint16_t *left = &sizes[size_t(side) * numRouters];
    const uint16_t *right = &sizes[size_t(set ^ side) * numRouters];
    for (RouterIndex router = 0; router < numRouters; ++router)
      if (uint32_t(left[router]) + right[router] < size[router]) {
        size[router] = left[router] + right[router];
        choice[router] = distances.getNumWires() + side;
      }
  }
}

/// Trees that begin with a link, shortest first.
void DreyfusWagner::extend(uint32_t set) {
  uint16_t *size = &sizes[size_t(set) * numRouters];
  uint32_t *choice = &choices[size_t(set) * numRouters];
  // A smallest tree has fewer links than the machine has routers.
  for (RouterIndex router = 0; router < numRouters; ++router)
    if (size[router] < numRouters)
      open[size[router]].push_back(router);
  for (uint32_t links = 0; links < numRouters; ++links) {
    for (size_t i = 0; i < open[links].size(); ++i) {
      RouterIndex router = open[links][i];
      if (size[router] != links)
        continue;
      for (uint32_t index = firstArrival[router];
           index < firstArrival[router + 1]; ++index) {
        RouterIndex from = arrivals[index] / distances.getNumPorts();
        if (size[from] <= links + 1)
          continue;
        size[from] = links + 1;
        choice[from] = arrivals[index];
        if (links + 1 < numRouters)
          open[links + 1].push_back(from);
      }
    }
    open[links].clear();
  }
}

void DreyfusWagner::run(llvm::ArrayRef<RouterIndex> targets) {
  numSets = 1u << targets.size();
  sizes.assign(size_t(numSets) * numRouters, noTree);
  choices.assign(size_t(numSets) * numRouters, noIndex);
  for (uint32_t set = 1; set < numSets; ++set) {
    if (llvm::has_single_bit(set))
      sizes[size_t(set) * numRouters + targets[llvm::countr_zero(set)]] = 0;
    else
      fork(set);
    extend(set);
  }
}

void DreyfusWagner::collect(uint32_t set, RouterIndex router,
                            std::vector<uint32_t> &wires) const {
  for (;;) {
    uint32_t choice = choices[size_t(set) * numRouters + router];
    if (choice == noIndex)
      return;
    if (choice < distances.getNumWires()) {
      wires.push_back(choice);
      router = distances.getEnd(choice);
      continue;
    }
    uint32_t side = choice - distances.getNumWires();
    collect(side, router, wires);
    set ^= side;
  }
}
