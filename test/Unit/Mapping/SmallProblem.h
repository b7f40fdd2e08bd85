//===- SmallProblem.h - placements of up to twelve slices -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problems whose optimum can be found: few slices on few routers of all
// fabrics, with dead links, pins, clusters and cores of several slices.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_MAPPING_SMALLPROBLEM_H
#define SPIKEFORMER_TEST_UNIT_MAPPING_SMALLPROBLEM_H

#include "RandomProblem.h"

namespace spikeformer {

/// A problem with all that it speaks of.
struct SmallProblem {
  MachineGraph machine;
  SliceList slices;
  Messages messages;
  Placement pins;

  PlacementProblem get() const { return {machine, slices, messages, pins}; }
};

/// A grid of some routers; with `isDamaged`, links here and there are dead.
inline MachineGraph makeSmallGrid(RandomNumbers &random, Fabric fabric,
                                  uint32_t numCores, int64_t neurons, bool wrap,
                                  bool isDamaged) {
  GridShape shape;
  shape.name = "small";
  shape.fabric = fabric;
  shape.width = random.get(2, 4);
  shape.height = random.get(1, 12 / shape.width);
  shape.wrapX = wrap && shape.width > 2;
  shape.wrapY = wrap && shape.height > 2;
  shape.resources = getTestResources();
  shape.siteAt = [&](uint32_t x, uint32_t y) {
    return getTestSite(y * shape.width + x, numCores, neurons, 40);
  };
  shape.isDeadLink = [&](uint32_t, uint32_t, uint32_t) {
    return isDamaged && random.get(0, 9) == 0;
  };
  return makeGrid(shape);
}

inline MachineGraph makeSmallMachine(RandomNumbers &random, uint32_t kind) {
  uint32_t numCores = random.get(1, 3);
  int64_t neurons = random.get(1, 2);
  switch (kind % 6) {
  case 0:
    return makeSmallGrid(random, Fabric::mesh, numCores, neurons, false, false);
  case 1:
    return makeSmallGrid(random, Fabric::hexagonal, numCores, neurons, true,
                         false);
  case 2:
    return makeTree("tree", random.get(2, 3), random.get(1, 2),
                    getTestResources(), getTestSite(0, numCores, neurons, 40));
  case 3:
    return makeSmallGrid(random, Fabric::mesh, numCores, neurons, true, true);
  case 4:
    return makeSmallGrid(random, Fabric::hexagonal, numCores, neurons, false,
                         true);
  default:
    return makeTestGraph(random, random.get(3, 10), numCores);
  }
}

/// Up to `mostSlices` slices, which often nearly fill the machine.
inline SmallProblem makeSmallProblem(uint32_t seed, uint32_t mostSlices) {
  RandomNumbers random(seed);
  SmallProblem small;
  small.machine = makeSmallMachine(random, seed);
  uint32_t most = std::min<uint32_t>(
      mostSlices, std::max<size_t>(2, small.machine.getCores().size()));
  uint32_t count = random.get(2, most);
  for (uint32_t i = 0; i < count; ++i)
    addSlice(small.slices, random.get(0, 5) == 0 ? 2 : 1, random.get(0, 15));
  if (random.get(0, 3) == 0)
    for (uint32_t i = 0; i < count; ++i)
      small.slices.clusters.push_back(
          i > 0 && random.get(0, 3) == 0 ? small.slices.clusters.back() : i);
  std::vector<uint32_t> targets;
  for (uint32_t source = 0; source < count; ++source) {
    targets.clear();
    for (uint32_t slice = 0; slice < count; ++slice)
      if (random.get(0, count - 1) < 2)
        targets.push_back(slice);
    small.messages.add(source, targets, random.get(0, 5), 1);
  }
  if (random.get(0, 2) == 0) {
    small.pins.assign(count, noIndex);
    for (uint32_t i = random.get(1, 2); i > 0; --i)
      small.pins[random.get(0, count - 1)] =
          random.get(0, small.machine.getCores().size() - 1);
    if (!small.get().check().empty())
      small.pins.clear();
  }
  return small;
}

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_MAPPING_SMALLPROBLEM_H
