//===- PlacementRegion.h - routers to place on ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Few routers that lie close together, in the order in which they are taken.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_PLACEMENTREGION_H
#define SPIKEFORMER_LIB_MAPPING_PLACEMENTREGION_H

#include "RouterDistances.h"
#include "spikeformer/Mapping/PlacementProblem.h"

namespace spikeformer {

/// All routers with cores, best first, and how many of them could do.
struct PlacementRegion {
  PlacementRegion(const PlacementProblem &problem,
                  const RouterDistances &distances);

  std::vector<RouterIndex> order;
  /// The least number of routers from the front whose amounts are enough.
  uint32_t least = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_PLACEMENTREGION_H
