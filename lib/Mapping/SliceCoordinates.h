//===- SliceCoordinates.h - slices that talk lie together -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// A drawing of the network in the plane, from which placement starts.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_SLICECOORDINATES_H
#define SPIKEFORMER_LIB_MAPPING_SLICECOORDINATES_H

#include "PlacementNets.h"
#include <array>

namespace spikeformer {

/// Coordinates by axis, then slice: the second and third eigenvectors of a walk
/// that goes from a slice to one of its nets and on to one of its slices, after
/// `rounds` rounds of the power method.
std::array<std::vector<double>, 2>
computeSliceCoordinates(const PlacementNets &nets, size_t numSlices,
                        unsigned rounds, uint64_t seed);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_SLICECOORDINATES_H
