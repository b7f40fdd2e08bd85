//===- RouterSymmetries.cpp - routers that are alike ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RouterSymmetries.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <numeric>

using namespace spikeformer;

bool spikeformer::areRoutersAlike(const MachineGraph &machine, RouterIndex a,
                                  RouterIndex b) {
  const Router &one = machine.getRouters()[a], &other = machine.getRouters()[b];
  if (one.numCores != other.numCores ||
      machine.getRouterCapacity(a) != machine.getRouterCapacity(b))
    return false;
  for (uint32_t core = 0; core < one.numCores; ++core)
    if (machine.getCoreCapacity(one.firstCore + core) !=
        machine.getCoreCapacity(other.firstCore + core))
      return false;
  return true;
}

RouterSymmetries::RouterSymmetries(const MachineGraph &machine)
    : machine(machine), leadsTo(machine.getRouters().size()),
      image(machine.getRouters().size()) {
  uint32_t numRouters = machine.getRouters().size();
  std::vector<uint64_t> joined(numRouters);
  for (const Link &link : machine.getLinks()) {
    leadsTo[link.from] |= uint64_t(1) << link.to;
    joined[link.from] |= uint64_t(1) << link.to;
    joined[link.to] |= uint64_t(1) << link.from;
  }
  uint64_t near = 0, ordered = 0;
  for (uint32_t i = 0; i < numRouters; ++i) {
    uint64_t open = near & ~ordered;
    RouterIndex next = llvm::countr_zero(open ? open : ~ordered);
    order.push_back(next);
    ordered |= uint64_t(1) << next;
    near |= joined[next];
  }
  // Any of the maps are of use, so the search for them may end early.
  stepsLeft = 100000;
  extend(0);
}

/// True if `router` has to those that have an image the links that its image
/// has to theirs.
bool RouterSymmetries::fits(RouterIndex router, RouterIndex to) const {
  for (uint64_t left = assigned; left; left &= left - 1) {
    RouterIndex other = llvm::countr_zero(left);
    if ((leadsTo[router] >> other & 1) != (leadsTo[to] >> image[other] & 1) ||
        (leadsTo[other] >> router & 1) != (leadsTo[image[other]] >> to & 1))
      return false;
  }
  return areRoutersAlike(machine, router, to);
}

void RouterSymmetries::extend(size_t depth) {
  constexpr size_t mostMaps = 256;
  if (depth == order.size()) {
    maps.push_back(image);
    return;
  }
  RouterIndex router = order[depth];
  for (RouterIndex to = 0; to < order.size(); ++to) {
    if (maps.size() >= mostMaps || stepsLeft == 0)
      return;
    --stepsLeft;
    if ((taken >> to & 1) || !fits(router, to))
      continue;
    image[router] = to;
    assigned |= uint64_t(1) << router;
    taken |= uint64_t(1) << to;
    extend(depth + 1);
    assigned &= ~(uint64_t(1) << router);
    taken &= ~(uint64_t(1) << to);
  }
}

std::vector<uint32_t> RouterSymmetries::getAll() const {
  std::vector<uint32_t> all(maps.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::vector<uint32_t> RouterSymmetries::fix(llvm::ArrayRef<uint32_t> among,
                                            RouterIndex router) const {
  std::vector<uint32_t> fixing;
  for (uint32_t map : among)
    if (maps[map][router] == router)
      fixing.push_back(map);
  return fixing;
}

bool RouterSymmetries::hasLower(llvm::ArrayRef<uint32_t> among,
                                RouterIndex router) const {
  for (uint32_t map : among)
    for (RouterIndex lower = 0; lower < router; ++lower)
      if (maps[map][lower] == router)
        return true;
  return false;
}
