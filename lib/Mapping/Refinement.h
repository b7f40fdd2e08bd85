//===- Refinement.h - make a partition better -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each is in a file of its own name. Work is counted as PartitionState::getWork
// counts it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_REFINEMENT_H
#define SPIKEFORMER_MAPPING_REFINEMENT_H

#include "PartitionState.h"
#include "SearchRandom.h"

namespace spikeformer::partition {

/// Moves vertices, in random order, to the neighbouring part that saves most
/// and stays within its limits, while that saves something. Linear in the pins.
void refineByLabels(PartitionState &state, SearchRandom &random,
                    unsigned maxRounds);

/// Fiduccia and Mattheyses for many parts (1982; Sanchis 1989): moves the
/// vertex that saves most, also where that costs, each at most once, and
/// returns to the best partition seen; pass by pass until one gains nothing or
/// `maxWork` is done. A legal state stays legal; others get no further excess.
void refineByMoves(PartitionState &state, SearchRandom &random,
                   uint64_t maxWork);

/// Simulated annealing (Kirkpatrick, Gelatt, Vecchi 1983) with moves, and swaps
/// where parts are full; returns to the best partition seen. The more work
/// there is for each vertex, the hotter it begins. Needs a legal state, which
/// stays so.
void refineByAnnealing(PartitionState &state, SearchRandom &random,
                       uint64_t maxWork);

/// Moves vertices out of parts that are over their limits, at the least cost in
/// connectivity for the excess that it takes away. Where nothing fits anywhere,
/// swaps vertices if it `isThorough`, which is for the finest level: coarse
/// vertices need not fit. Returns whether it is legal now.
bool repairPartition(PartitionState &state, SearchRandom &random,
                     bool isThorough);

} // namespace spikeformer::partition

#endif // SPIKEFORMER_MAPPING_REFINEMENT_H
