//===- DreyfusWagner.h - smallest trees to few targets ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The programme of Dreyfus and Wagner (1971) for links of equal length that
// lead one way: smallest trees from every router to every set of targets, each
// either forked there or one link longer than another.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_DREYFUSWAGNER_H
#define SPIKEFORMER_LIB_MAPPING_DREYFUSWAGNER_H

#include "RouterDistances.h"

namespace spikeformer {

/// Smallest trees of one machine, to one set of targets at a time.
class DreyfusWagner {
public:
  explicit DreyfusWagner(const RouterDistances &distances);

  /// Steps that it takes for that many targets.
  static double getWork(uint32_t numRouters, uint32_t numTargets);

  /// Looks at `targets`, at least one, each once.
  void run(llvm::ArrayRef<RouterIndex> targets);
  /// Links of a smallest tree from `source` to all of them; noIndex if there is
  /// none.
  uint32_t getLinks(RouterIndex source) const {
    uint16_t links = sizes[(numSets - 1) * numRouters + source];
    return links == noTree ? noIndex : links;
  }
  /// Adds the wires of such a tree to `wires`.
  void collect(RouterIndex source, std::vector<uint32_t> &wires) const {
    collect(numSets - 1, source, wires);
  }

private:
  static constexpr uint16_t noTree = 0xffff;

  void fork(uint32_t set);
  void extend(uint32_t set);
  void collect(uint32_t set, RouterIndex router,
               std::vector<uint32_t> &wires) const;

  const RouterDistances &distances;
  uint32_t numRouters, numSets = 0;
  /// Wires that end at router r: [firstArrival[r], firstArrival[r + 1]).
  std::vector<uint32_t> arrivals, firstArrival;
  /// By set of targets and router: links, and how the tree begins: a wire, or
  /// numWires plus one side of the fork; noIndex at a target.
  std::vector<uint16_t> sizes;
  std::vector<uint32_t> choices;
  /// Routers by size, of the set at hand.
  std::vector<std::vector<RouterIndex>> open;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_DREYFUSWAGNER_H
