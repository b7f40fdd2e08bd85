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
    : machine(&machine), slices(&slices), placement(slices.size(), noIndex),
      numSlices(machine.getCores().size()) {
  for (const Resource &resource : machine.getResources())
    isOfCore.push_back(resource.scope == ResourceScope::core);
  for (CoreIndex core = 0; core < machine.getCores().size(); ++core)
    llvm::append_range(spareOfCore, machine.getCoreCapacity(core));
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router)
    llvm::append_range(spareOfRouter, machine.getRouterCapacity(router));
}

void Occupancy::change(uint32_t slice, CoreIndex core, int64_t sign) {
  llvm::ArrayRef<int64_t> usage = slices->usageOf(slice);
  RouterIndex router = machine->getCores()[core].router;
  for (size_t i = 0; i < usage.size(); ++i) {
    spareOfCore[core * usage.size() + i] -= sign * usage[i];
    spareOfRouter[router * usage.size() + i] -= sign * usage[i];
  }
}

void Occupancy::add(uint32_t slice, CoreIndex core) {
  change(slice, core, 1);
  ++numSlices[core];
  placement[slice] = core;
}

void Occupancy::remove(uint32_t slice) {
  change(slice, placement[slice], -1);
  --numSlices[placement[slice]];
  placement[slice] = noIndex;
}

CoreIndex Occupancy::chooseCore(uint32_t slice, RouterIndex router,
                                bool spread) const {
  const Router &at = machine->getRouters()[router];
  CoreIndex best = noIndex;
  if (!fitsRouter(slice, router))
    return best;
  for (CoreIndex core = at.firstCore; core < at.firstCore + at.numCores; ++core)
    if (fitsCore(slice, core) &&
        (best == noIndex || numSlices[core] < numSlices[best])) {
      best = core;
      if (!spread)
        break;
    }
  return best;
}

bool Occupancy::addAll(llvm::ArrayRef<uint32_t> members, RouterIndex router,
                       bool spread) {
  for (size_t i = 0; i < members.size(); ++i) {
    CoreIndex core = chooseCore(members[i], router, spread);
    if (core == noIndex) {
      while (i > 0)
        remove(members[--i]);
      return false;
    }
    add(members[i], core);
  }
  return true;
}
