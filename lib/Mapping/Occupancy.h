//===- Occupancy.h - what is left of cores and routers ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Which slices are where, and whether another one fits.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_OCCUPANCY_H
#define SPIKEFORMER_LIB_MAPPING_OCCUPANCY_H

#include "spikeformer/Mapping/PlacementProblem.h"

namespace spikeformer {

/// A placement that grows and changes, within all capacities.
class Occupancy {
public:
  Occupancy(const MachineGraph &machine, const SliceList &slices);

  /// True if `core` and its router have room for `slice`.
  bool fits(uint32_t slice, CoreIndex core) const {
    return fitsRouter(slice, machine->getCores()[core].router) &&
           fitsCore(slice, core);
  }
  /// What `core` or its router has left of a resource.
  int64_t getSpare(CoreIndex core, size_t resource) const {
    size_t width = isOfCore.size();
    return isOfCore[resource]
               ? spareOfCore[core * width + resource]
               : spareOfRouter[machine->getCores()[core].router * width +
                               resource];
  }
  void add(uint32_t slice, CoreIndex core);
  void remove(uint32_t slice);
  /// The core of `slice`; noIndex if it has none.
  CoreIndex getCore(uint32_t slice) const { return placement[slice]; }
  uint32_t getNumSlices(CoreIndex core) const { return numSlices[core]; }
  const Placement &getPlacement() const { return placement; }

  /// Adds `members`, which share a router, to the first cores of `router` that
  /// hold them, with `spread` to those with fewest slices; nothing if not all
  /// fit.
  bool addAll(llvm::ArrayRef<uint32_t> members, RouterIndex router,
              bool spread = false);

private:
  bool fitsRouter(uint32_t slice, RouterIndex router) const {
    return fits(slice, &spareOfRouter[router * isOfCore.size()], false);
  }
  bool fitsCore(uint32_t slice, CoreIndex core) const {
    return fits(slice, &spareOfCore[core * isOfCore.size()], true);
  }
  /// True if the row `spare` has enough of the resources of its scope.
  bool fits(uint32_t slice, const int64_t *spare, uint8_t ofCore) const {
    size_t width = isOfCore.size();
    const int64_t *usage = &slices->usage[slice * width];
    for (size_t i = 0; i < width; ++i)
      if (isOfCore[i] == ofCore && usage[i] > spare[i])
        return false;
    return true;
  }
  CoreIndex chooseCore(uint32_t slice, RouterIndex router, bool spread) const;
  void change(uint32_t slice, CoreIndex core, int64_t sign);

  const MachineGraph *machine;
  const SliceList *slices;
  Placement placement;
  std::vector<uint32_t> numSlices;
  /// What is left, a row for each core and router.
  std::vector<int64_t> spareOfCore, spareOfRouter;
  /// By resource.
  std::vector<uint8_t> isOfCore;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_OCCUPANCY_H
