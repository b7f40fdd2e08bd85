//===- RouterDistances.h - links between routers ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Neighbours and distances as flat arrays, which searches read millions of
// times.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_ROUTERDISTANCES_H
#define SPIKEFORMER_LIB_MAPPING_ROUTERDISTANCES_H

#include "spikeformer/TargetModel/MachineGraph.h"

namespace spikeformer {

/// What searches ask of a machine. A wire is a router times the number of ports
/// plus a port, whether a link leaves there or not.
class RouterDistances {
public:
  explicit RouterDistances(const MachineGraph &machine);

  uint32_t getNumRouters() const { return positions.size(); }
  uint32_t getNumPorts() const { return numPorts; }
  uint32_t getNumWires() const { return ends.size(); }
  /// The router at the end of a wire; noIndex if there is no link.
  RouterIndex getEnd(uint32_t wire) const { return ends[wire]; }
  /// The port of its end that leads back; noIndex if none does.
  uint32_t getBack(uint32_t wire) const { return backs[wire]; }

  /// Links of the shortest way; on grids without regard to dead parts, so at
  /// most that.
  uint32_t get(RouterIndex from, RouterIndex to) const {
    return isGrid ? table[centre + positions[to] - positions[from]]
                  : table[size_t(from) * positions.size() + to];
  }

private:
  void fillGrid(const MachineGraph &machine);
  void fillRow(RouterIndex from);

  uint32_t numPorts;
  bool isGrid;
  std::vector<RouterIndex> ends;
  std::vector<uint32_t> backs;
  /// By difference of positions, about `centre`, or by pair of routers.
  std::vector<uint16_t> table;
  std::vector<int64_t> positions;
  int64_t centre = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_ROUTERDISTANCES_H
