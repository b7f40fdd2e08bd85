//===- NoRoom.h - why slices found no room ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Names the resource that is tight, and who has it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_NOROOM_H
#define SPIKEFORMER_LIB_MAPPING_NOROOM_H

#include "Occupancy.h"

namespace spikeformer {

/// A violation for each of `unplaced`, which fit nowhere beside the slices of
/// `occupancy`.
Violations explainNoRoom(const PlacementProblem &problem,
                         const Occupancy &occupancy,
                         llvm::ArrayRef<uint32_t> unplaced);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_NOROOM_H
