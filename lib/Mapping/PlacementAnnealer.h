//===- PlacementAnnealer.h - improving a placement by exchange --*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Simulated annealing (Kirkpatrick et al. 1983): slices change places with
// others, mostly of routers that they talk to.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_PLACEMENTANNEALER_H
#define SPIKEFORMER_LIB_MAPPING_PLACEMENTANNEALER_H

#include "Occupancy.h"
#include "PlacementNets.h"
#include "RouterSets.h"
#include "SplitMix.h"

namespace spikeformer {

/// Improves placements of one problem within some routers.
class PlacementAnnealer {
public:
  /// `occupancy` is complete; its slices stay on `region`, which holds all.
  PlacementAnnealer(const PlacementProblem &problem, const PlacementNets &nets,
                    const RouterDistances &distances,
                    llvm::ArrayRef<RouterIndex> region, Occupancy &occupancy,
                    uint64_t seed);

  /// Tries `numTrials` exchanges while the temperature goes from `hot` to
  /// `cold` times the mean cost of an exchange; stops early once `isLate()`.
  template <typename Late>
  void run(uint64_t numTrials, double hot, double cold, Late isLate) {
    constexpr unsigned numSteps = 64;
    double scale = measureScale();
    for (unsigned step = 0; step < numSteps && !isLate(); ++step)
      runStep(numTrials / numSteps, scale * cool(hot, cold, step, numSteps));
  }

private:
  static double cool(double hot, double cold, unsigned step, unsigned numSteps);
  double measureScale();
  void runStep(uint64_t numTrials, double temperature);
  bool chooseExchange();
  CoreIndex chooseCore(uint32_t slice);
  bool isPossible() const;
  double estimate();
  double estimateMove(uint32_t slice, uint32_t from, uint32_t to) const;
  void mark(uint32_t slice);
  void apply();
  void moveSlice(uint32_t slice, CoreIndex from, CoreIndex to);

  const PlacementProblem &problem;
  const PlacementNets &nets;
  Occupancy &occupancy;
  RouterSets sets;
  SplitMix random;
  /// The number in the region of each router; noIndex outside.
  std::vector<uint32_t> siteOfRouter;
  std::vector<CoreIndex> cores;
  std::vector<uint32_t> movable, siteOfCore;
  std::vector<bool> isMovable;
  /// Slices by core.
  std::vector<std::vector<uint32_t>> slicesOfCore;
  /// Nets of the other slice of an exchange, which cancel out.
  std::vector<uint32_t> marks;
  uint32_t round = 0;
  /// No exchange of two slices can break a capacity.
  bool isUniform = false;

  /// The exchange at hand: `slice` goes to `core`, `other` (or noIndex) from
  /// there to the core of `slice`.
  uint32_t slice = 0, other = 0;
  CoreIndex core = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_PLACEMENTANNEALER_H
