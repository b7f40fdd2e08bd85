//===- RouteIndex.h - numbers of different routes ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Entries name routes by number, so that comparing two is one instruction.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_ROUTEINDEX_H
#define SPIKEFORMER_LIB_MAPPING_ROUTEINDEX_H

#include "spikeformer/Mapping/RoutingProblem.h"

namespace spikeformer {

/// Numbers the routes of a list; the list outlives it.
class RouteIndex {
public:
  explicit RouteIndex(std::vector<Route> &routes);
  /// The number of `route`, which is appended to the list if it is new.
  uint32_t add(const Route &route);
  /// The number of `route`, or noIndex.
  uint32_t find(const Route &route) const;

private:
  size_t getSlot(const Route &route) const;
  void grow();

  std::vector<Route> &routes;
  /// Open addressing with linear probing, at most half full.
  std::vector<uint32_t> slots;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_ROUTEINDEX_H
