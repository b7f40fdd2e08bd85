//===- Occupancy.cpp - what is left of cores and routers ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Occupancy.h"

using namespace spikeformer;

Occupancy::Occupancy(const MachineGraph &machine, const SliceList &slices)
    : machine(machine), slices(slices), placement(slices.size(), noIndex) {
  for (CoreIndex core = 0; core < machine.getCores().size(); ++core)
    llvm::append_range(spareOfCore, machine.getCoreCapacity(core));
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router)
    llvm::append_range(spareOfRouter, machine.getRouterCapacity(router));
}

bool Occupancy::fits(llvm::ArrayRef<int64_t> usage, CoreIndex core) const {
  size_t width = usage.size();
  const int64_t *ofCore = &spareOfCore[core * width];
  const int64_t *ofRouter =
      &spareOfRouter[machine.getCores()[core].router * width];
  llvm::ArrayRef<Resource> resources = machine.getResources();
  for (size_t i = 0; i < width; ++i)
    if (usage[i] >
        (resources[i].scope == ResourceScope::core ? ofCore[i] : ofRouter[i]))
      return false;
  return true;
}

void Occupancy::change(uint32_t slice, CoreIndex core, int64_t sign) {
  llvm::ArrayRef<int64_t> usage = slices.usageOf(slice);
  RouterIndex router = machine.getCores()[core].router;
  for (size_t i = 0; i < usage.size(); ++i) {
    spareOfCore[core * usage.size() + i] -= sign * usage[i];
    spareOfRouter[router * usage.size() + i] -= sign * usage[i];
  }
}

void Occupancy::add(uint32_t slice, CoreIndex core) {
  change(slice, core, 1);
  placement[slice] = core;
}

void Occupancy::remove(uint32_t slice) {
  change(slice, placement[slice], -1);
  placement[slice] = noIndex;
}

bool Occupancy::addAll(llvm::ArrayRef<uint32_t> members, RouterIndex router) {
  const Router &at = machine.getRouters()[router];
  CoreIndex end = at.firstCore + at.numCores;
  for (size_t i = 0; i < members.size(); ++i) {
    CoreIndex candidate = at.firstCore;
    while (candidate < end && !fits(members[i], candidate))
      ++candidate;
    if (candidate == end) {
      while (i > 0)
        remove(members[--i]);
      return false;
    }
    add(members[i], candidate);
  }
  return true;
}
