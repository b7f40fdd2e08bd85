//===- RouterSymmetries.h - routers that are alike --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turning, shifting or mirroring a machine changes the names of routers, but
// not what a placement costs, so a search need not look at both.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_ROUTERSYMMETRIES_H
#define SPIKEFORMER_LIB_MAPPING_ROUTERSYMMETRIES_H

#include "spikeformer/TargetModel/MachineGraph.h"

namespace spikeformer {

/// True if `a` and `b` have equal cores and amounts.
bool areRoutersAlike(const MachineGraph &machine, RouterIndex a, RouterIndex b);

/// Some of the maps of routers to routers that keep links, cores and amounts.
class RouterSymmetries {
public:
  /// `machine` has up to 64 routers.
  explicit RouterSymmetries(const MachineGraph &machine);

  /// Numbers of all maps.
  std::vector<uint32_t> getAll() const;
  /// Of `maps`, those that leave `router` where it is.
  std::vector<uint32_t> fix(llvm::ArrayRef<uint32_t> maps,
                            RouterIndex router) const;
  /// True if one of `maps` takes a router of lower index to `router`.
  bool hasLower(llvm::ArrayRef<uint32_t> maps, RouterIndex router) const;

private:
  using Map = std::vector<uint8_t>;

  bool fits(RouterIndex router, RouterIndex image) const;
  void extend(size_t depth);

  const MachineGraph &machine;
  /// Routers that links lead to, as bits.
  std::vector<uint64_t> leadsTo;
  /// Each beside one before it, so that few images fit.
  std::vector<RouterIndex> order;
  std::vector<Map> maps;
  /// Of the map at hand: images, and the routers that are images.
  Map image;
  uint64_t assigned = 0, taken = 0;
  uint32_t stepsLeft = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_ROUTERSYMMETRIES_H
