//===- TreeRouter.h - finding a tree for every message ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Solves RoutingProblem: multicast trees with few links, and no link with much
// more load than others. docs/Design/Mapping.md says how.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_TREEROUTER_H
#define SPIKEFORMER_MAPPING_TREEROUTER_H

#include "spikeformer/Mapping/RoutingProblem.h"
#include <limits>

namespace spikeformer {

/// How trees are grown.
enum class TreeShape {
  /// From each target the longest dimension first towards the source (Davies et
  /// al. 2012); elsewhere than on grids a shortest path.
  longestDimension,
  /// As longestDimension, but the axes in one order for all: on meshes whose
  /// edges are not joined links never wait for each other in a circle.
  dimensionOrder,
  /// Neighbour exploring routing (Navaridas et al. 2015): targets by their
  /// distance, each from the nearest router of the tree.
  neighbourExploring,
  /// Nearest target first with paths that pass by other targets and avoid
  /// loaded links, then rip-up and reroute of what the busiest link carries.
  congestionAware
};

/// How trees are searched.
struct TreeRouterOptions {
  TreeShape shape = TreeShape::congestionAware;
  /// Messages with equal targets use one tree between them, so that the route
  /// at a router depends only on where a packet comes from and tables compress.
  bool shareTrees = true;
  /// Each step adds to the search for a lower maximum load; 0: none.
  unsigned effort = 1;
  /// Seconds after which the search stops with what it has.
  double timeLimit = std::numeric_limits<double>::infinity();
};

/// Trees, or why there are none.
struct TreeRouterResult {
  /// Empty if there are none.
  RoutingTrees trees;
  /// Targets that no live link reaches, links above their capacity, links that
  /// wait for each other even in dimension order.
  Violations violations;

  bool isFeasible() const { return violations.empty(); }
};

/// Routes all messages of `problem`, whose placement is complete. An answer
/// that it gives passes RoutingProblem::verify.
TreeRouterResult route(const RoutingProblem &problem,
                       const TreeRouterOptions &options = {});

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_TREEROUTER_H
