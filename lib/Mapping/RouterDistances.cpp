//===- RouterDistances.cpp - links between routers ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RouterDistances.h"
#include <algorithm>
#include <cstdlib>
#include <limits>

using namespace spikeformer;

static constexpr uint16_t unreachable = std::numeric_limits<uint16_t>::max();

/// The first port of `router` that leads to `to`; noIndex if none does.
static uint32_t findPort(const MachineGraph &machine, RouterIndex router,
                         RouterIndex to) {
  for (uint32_t port = 0; port < machine.getNumPorts(); ++port) {
    LinkIndex link = machine.getLink(router, port);
    if (link != noIndex && machine.getLinks()[link].to == to)
      return port;
  }
  return noIndex;
}

RouterDistances::RouterDistances(const MachineGraph &machine)
    : numPorts(machine.getNumPorts()),
      isGrid(machine.getFabric() == Fabric::mesh ||
             machine.getFabric() == Fabric::hexagonal) {
  size_t numRouters = machine.getRouters().size();
  ends.assign(numRouters * numPorts, noIndex);
  backs.assign(numRouters * numPorts, noIndex);
  for (const Link &link : machine.getLinks()) {
    size_t wire = size_t(link.from) * numPorts + link.port;
    ends[wire] = link.to;
    backs[wire] = isGrid ? machine.getOppositePort(link.port)
                         : findPort(machine, link.to, link.from);
  }
  positions.resize(numRouters);
  if (isGrid) {
    fillGrid(machine);
    return;
  }
  table.assign(numRouters * numRouters, unreachable);
  for (RouterIndex from = 0; from < numRouters; ++from)
    fillRow(from);
}

/// Length of the step (dx, dy).
static int32_t getLength(Fabric fabric, int32_t dx, int32_t dy) {
  int32_t x = std::abs(dx), y = std::abs(dy);
  if (fabric == Fabric::mesh)
    return x + y;
  return (dx > 0) == (dy > 0) ? std::max(x, y) : x + y;
}

/// Differences of coordinates are far fewer than pairs of routers.
void RouterDistances::fillGrid(const MachineGraph &machine) {
  int32_t width = machine.getWidth(), height = machine.getHeight();
  int32_t stride = 2 * width - 1;
  for (auto [router, at] : llvm::enumerate(machine.getRouters()))
    positions[router] = int64_t(at.y) * stride + at.x;
  centre = int64_t(height - 1) * stride + width - 1;
  table.reserve(size_t(stride) * (2 * height - 1));
  int32_t wrapX = machine.wrapsX(), wrapY = machine.wrapsY();
  for (int32_t dy = 1 - height; dy < height; ++dy)
    for (int32_t dx = 1 - width; dx < width; ++dx) {
      int32_t best = std::numeric_limits<int32_t>::max();
      for (int32_t i = -wrapX; i <= wrapX; ++i)
        for (int32_t j = -wrapY; j <= wrapY; ++j)
          best = std::min(best, getLength(machine.getFabric(), dx + i * width,
                                          dy + j * height));
      table.push_back(best);
    }
}

void RouterDistances::fillRow(RouterIndex from) {
  uint16_t *row = &table[size_t(from) * positions.size()];
  std::vector<RouterIndex> open = {from};
  row[from] = 0;
  for (size_t i = 0; i < open.size(); ++i)
    for (uint32_t port = 0; port < numPorts; ++port) {
      RouterIndex next = ends[size_t(open[i]) * numPorts + port];
      if (next == noIndex || row[next] != unreachable)
        continue;
      row[next] = row[open[i]] + 1;
      open.push_back(next);
    }
}
