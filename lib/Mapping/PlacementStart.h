//===- PlacementStart.h - a first placement ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Halves the routers and the slices again and again, both where they are
// longest, so that slices that lie together come to routers that do.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_PLACEMENTSTART_H
#define SPIKEFORMER_LIB_MAPPING_PLACEMENTSTART_H

#include "Occupancy.h"
#include <array>

namespace spikeformer {

/// Adds to `occupancy` what it does not have yet, on `routers`: slices of one
/// cluster together, near to where `coordinates` say, with `spread` on as many
/// cores as there are. Returns the slices that found no room.
std::vector<uint32_t>
placeByHalves(const PlacementProblem &problem,
              llvm::ArrayRef<RouterIndex> routers,
              const std::array<std::vector<double>, 2> &coordinates,
              Occupancy &occupancy, bool spread);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_PLACEMENTSTART_H
