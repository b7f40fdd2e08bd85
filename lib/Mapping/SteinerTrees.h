//===- SteinerTrees.h - smallest multicast trees ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Smallest trees are dear in general, but not where a machine has few routers
// or a tree few targets.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_STEINERTREES_H
#define SPIKEFORMER_LIB_MAPPING_STEINERTREES_H

#include "DreyfusWagner.h"
#include "LoadBalancer.h"
#include "SteinerTable.h"
#include "llvm/ADT/DenseMap.h"
#include <optional>

namespace spikeformer {

/// Problems of up to that many slices are solved to the optimum, where the work
/// is bounded.
inline constexpr size_t mostExactSlices = 12;

/// Answers questions about smallest trees of one machine.
class SteinerTrees {
public:
  explicit SteinerTrees(const RouterDistances &distances);

  /// Steps that a tree to so many targets takes, of which so many take about a
  /// second.
  double getWork(uint32_t numTargets) const;
  static constexpr double stepsPerSecond = 3e8;

  /// A smallest tree over live links, parents first; none if none reaches all
  /// of `targets`.
  std::optional<LooseTree> find(RouterIndex source,
                                llvm::ArrayRef<RouterIndex> targets);

  /// Links of a smallest tree from `source`, with noIndex from anywhere, to the
  /// routers whose bits are in `targets`; noIndex if there is none. For
  /// machines of up to 64 routers; asked again, it knows.
  uint32_t countLinks(RouterIndex source, uint64_t targets);
  /// True if each link has one that leads back: then a source is a target.
  bool isSymmetric() const { return isBothWays; }
  /// Steps that countLinks has taken.
  double getWorkDone() const { return workDone; }

private:
  using Row = std::vector<uint32_t>;

  uint32_t countLinksFromAnywhere(uint64_t targets);
  LooseTree grow(RouterIndex source, llvm::ArrayRef<uint32_t> wires) const;

  const RouterDistances &distances;
  bool isBothWays = true;
  std::optional<SteinerTable> table;
  std::optional<DreyfusWagner> programme;
  /// By set of targets, the links from each source.
  llvm::DenseMap<uint64_t, Row> rows;
  double workDone = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_STEINERTREES_H
