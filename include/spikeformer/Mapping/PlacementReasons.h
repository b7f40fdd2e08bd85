//===- PlacementReasons.h - why a slice is where it is ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What draws a slice to its place, and why it is not where it is drawn to. Each
// partner is looked at alone, so a place can be right although another one has
// the lower pull: multicast trees share links.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_PLACEMENTREASONS_H
#define SPIKEFORMER_MAPPING_PLACEMENTREASONS_H

#include "spikeformer/Mapping/PlacementProblem.h"

namespace spikeformer {

/// A slice that another one exchanges packets with.
struct PlacementPartner {
  uint32_t slice;
  /// Both ways, per unit of time.
  double packets;
  /// Links between the two, by the shortest way.
  uint32_t links;
};

/// Why one slice is where it is.
struct PlacementReason {
  /// Those with most packets, at most three, most first.
  std::vector<PlacementPartner> partners;
  /// Sum over all partners of packets times links.
  double pull = 0;
  /// The router with a lower pull than its own, among those of its strongest
  /// partners and the neighbours of its own; noIndex if there is none.
  RouterIndex elsewhere = noIndex;
  double pullElsewhere = 0;
  /// The resource that `elsewhere` lacks for it, or noIndex: it has room.
  uint32_t lacks = noIndex;
};

/// Messages with more targets than this in all are not explained.
inline constexpr size_t maxExplainedTargets = 2000000;

/// A reason for each slice of `placement`, which verifies; none at all beyond
/// maxExplainedTargets.
std::vector<PlacementReason> explainPlacement(const PlacementProblem &problem,
                                              const Placement &placement);

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_PLACEMENTREASONS_H
