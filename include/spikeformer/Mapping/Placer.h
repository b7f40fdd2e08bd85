//===- Placer.h - finding a core for every slice ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Solves PlacementProblem: few routers that lie close together, slices that
// talk to each other on routers that are near. docs/Design/Mapping.md says how.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_PLACER_H
#define SPIKEFORMER_MAPPING_PLACER_H

#include "spikeformer/Mapping/Objective.h"
#include "spikeformer/Mapping/PlacementProblem.h"
#include <limits>

namespace spikeformer {

/// How a placement is searched.
struct PlacerOptions {
  Objective objective;
  /// 0 only constructs, 1 searches, which for large networks is not compared
  /// with 0; each step above adds a search that is four times as long, takes
  /// the best of all and so is never worse.
  unsigned effort = 1;
  /// Seconds after which the search stops with what it has.
  double timeLimit = std::numeric_limits<double>::infinity();
  uint64_t seed = 0;
};

/// A placement, or why there is none.
struct PlacerResult {
  /// Empty if there is none.
  Placement placement;
  /// Of the question if it is not well formed, else the resource that is tight.
  Violations violations;
  /// No placement has a lower objective, whatever trees there are: of small
  /// problems, and never for hottest_link or latency.
  bool isOptimal = false;

  bool isFeasible() const { return violations.empty(); }
};

/// Places all slices of `problem`; what it pins stays. An answer that it gives
/// passes PlacementProblem::verify.
PlacerResult place(const PlacementProblem &problem,
                   const PlacerOptions &options = {});

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_PLACER_H
