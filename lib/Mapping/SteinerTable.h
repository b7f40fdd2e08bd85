//===- SteinerTable.h - smallest trees of small machines --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a machine has few routers, all sets of them can be looked at: a
// smallest tree over some routers has one link less than the smallest set of
// routers that holds them and that links join.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_STEINERTABLE_H
#define SPIKEFORMER_LIB_MAPPING_STEINERTABLE_H

#include "RouterDistances.h"

namespace spikeformer {

/// Sizes of smallest trees from any router to any others; bit r of a set is
/// router r.
class SteinerTable {
public:
  /// Beyond that a table is too large.
  static constexpr uint32_t mostRouters = 16;
  /// There is no tree.
  static constexpr uint8_t noTree = 255;

  explicit SteinerTable(const RouterDistances &distances);

  /// Links of a smallest tree from `source` to all of `targets`, or noTree.
  uint32_t getLinks(RouterIndex source, uint32_t targets) {
    return getSizes(source)[targets | 1u << source];
  }
  /// The routers of such a tree, of which there is one.
  uint32_t getRouters(RouterIndex source, uint32_t targets);

private:
  /// By set that holds the source; whether the set itself is reached is not
  /// kept, because then its size is that of its tree.
  using Sizes = std::vector<uint8_t>;

  const Sizes &getSizes(RouterIndex source);
  void fill(RouterIndex source, Sizes &sizes) const;

  uint32_t numRouters;
  /// Each link has one that leads back, so that all sources are alike.
  bool isSymmetric = true;
  /// By router: from where links lead there.
  std::vector<uint32_t> comesFrom;
  /// By source; empty before it is needed. Of symmetric machines all are the
  /// first.
  std::vector<Sizes> sizesOf;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_STEINERTABLE_H
