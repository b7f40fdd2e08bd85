//===- ExactPlacement.h - the best placement of few slices ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Branch and bound over the places of slices. The optimum is that of placement
// and trees together: the least sum, over all legal placements and all trees
// over live links, of what the objective counts.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_EXACTPLACEMENT_H
#define SPIKEFORMER_LIB_MAPPING_EXACTPLACEMENT_H

#include "RouterDistances.h"
#include "spikeformer/Mapping/Objective.h"
#include "spikeformer/Mapping/PlacementProblem.h"
#include <functional>

namespace spikeformer {

/// What the search found.
struct ExactPlacement {
  /// Empty: nothing that is cheaper than asked for.
  Placement placement;
  /// Of the placement.
  double cost = 0;
  /// The search saw all there is: the placement, or the one whose cost it was
  /// given, is an optimum.
  bool isComplete = false;
};

/// True if the optimum of `problem` can be asked for: few slices, few routers,
/// and an objective that is a sum over trees of smallest size or a property of
/// the placement. What is hottest or longest among trees is neither.
bool isExactlyPlaceable(const PlacementProblem &problem,
                        const Objective &objective);

/// Looks for a placement that costs less than `below` and for the cheapest of
/// them; stops after `budget` steps or once `isLate()`.
ExactPlacement placeExactly(const PlacementProblem &problem,
                            const RouterDistances &distances,
                            const Objective &objective, double below,
                            double budget, const std::function<bool()> &isLate);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_EXACTPLACEMENT_H
