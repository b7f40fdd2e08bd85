//===- Fabrics.h - machines of a regular shape ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Meshes, hexagonal tori and trees, with holes where something is dead.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TARGETMODEL_FABRICS_H
#define SPIKEFORMER_TARGETMODEL_FABRICS_H

#include "spikeformer/TargetModel/MachineGraph.h"
#include <functional>
#include <limits>
#include <optional>

namespace spikeformer {

/// What stands at a coordinate of a grid.
struct RouterSite {
  uint32_t chip = 0, board = 0;
  /// Entries of the routing table.
  uint32_t tableEntries = std::numeric_limits<uint32_t>::max();
  /// Ids of the cores.
  std::vector<uint32_t> cores;
  /// Amount of each resource, of the router and of each of its cores.
  std::vector<int64_t> routerCapacity, coreCapacity;
};

/// A machine whose routers lie on a grid.
struct GridShape {
  std::string name;
  /// Fabric::mesh or Fabric::hexagonal.
  Fabric fabric = Fabric::mesh;
  uint32_t width = 1, height = 1;
  bool wrapX = false, wrapY = false;
  std::vector<Resource> resources;
  /// The router at (x, y); none where there is no live one.
  std::function<std::optional<RouterSite>(uint32_t x, uint32_t y)> siteAt;
  /// True if the link that leaves (x, y) by `port` is dead; null: none is.
  std::function<bool(uint32_t x, uint32_t y, uint32_t port)> isDeadLink;
  /// Of every link.
  double linkCapacity = std::numeric_limits<double>::infinity();
  double linkEnergy = 0;
};

/// Routers in order of y, then x; links where both ends live.
MachineGraph makeGrid(const GridShape &shape);

/// A tree of `depth` levels below its root with `arity` children a router. Only
/// leaves have cores, as `leaf` says. Router i lies at (i, 0), parents first.
MachineGraph makeTree(llvm::StringRef name, uint32_t arity, uint32_t depth,
                      llvm::ArrayRef<Resource> resources,
                      const RouterSite &leaf);

} // namespace spikeformer

#endif // SPIKEFORMER_TARGETMODEL_FABRICS_H
