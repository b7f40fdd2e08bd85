//===- Fabrics.cpp - machines of a regular shape --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/TargetModel/Fabrics.h"

using namespace spikeformer;

static RouterIndex addSite(MachineGraph &machine, int32_t x, int32_t y,
                           const RouterSite &site) {
  RouterIndex router = machine.addRouter(
      x, y, site.chip, site.board, site.tableEntries, site.routerCapacity);
  for (uint32_t id : site.cores)
    machine.addCore(id, site.coreCapacity);
  return router;
}

//===----------------------------------------------------------------------===//
// Grids
//===----------------------------------------------------------------------===//

/// `value` moved by `step` within [0, size), or -1 outside without wrap.
static int32_t move(int32_t value, int32_t step, int32_t size, bool wrap) {
  int32_t moved = value + step;
  if (moved >= 0 && moved < size)
    return moved;
  return wrap ? (moved + size) % size : -1;
}

static void addGridLinks(MachineGraph &machine, const GridShape &shape,
                         RouterIndex from) {
  static constexpr int32_t mesh[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  static constexpr int32_t hexagonal[6][2] = {{1, 0},  {1, 1},   {0, 1},
                                              {-1, 0}, {-1, -1}, {0, -1}};
  const Router at = machine.getRouters()[from];
  for (uint32_t port = 0; port < machine.getNumPorts(); ++port) {
    const int32_t *step =
        shape.fabric == Fabric::mesh ? mesh[port] : hexagonal[port];
    int32_t x = move(at.x, step[0], shape.width, shape.wrapX);
    int32_t y = move(at.y, step[1], shape.height, shape.wrapY);
    RouterIndex to = x < 0 || y < 0 ? noIndex : machine.findRouter(x, y);
    if (to == noIndex ||
        (shape.isDeadLink && shape.isDeadLink(at.x, at.y, port)))
      continue;
    machine.addLink(from, port, to, shape.linkCapacity, shape.linkEnergy);
  }
}

MachineGraph spikeformer::makeGrid(const GridShape &shape) {
  MachineGraph machine(shape.name, shape.fabric, shape.width, shape.height,
                       shape.wrapX, shape.wrapY);
  for (const Resource &resource : shape.resources)
    machine.addResource(resource);
  for (uint32_t y = 0; y < shape.height; ++y)
    for (uint32_t x = 0; x < shape.width; ++x)
      if (std::optional<RouterSite> site = shape.siteAt(x, y))
        addSite(machine, x, y, *site);
  for (RouterIndex from = 0; from < machine.getRouters().size(); ++from)
    addGridLinks(machine, shape, from);
  return machine;
}

//===----------------------------------------------------------------------===//
// Trees
//===----------------------------------------------------------------------===//

MachineGraph spikeformer::makeTree(llvm::StringRef name, uint32_t arity,
                                   uint32_t depth,
                                   llvm::ArrayRef<Resource> resources,
                                   const RouterSite &leaf) {
  uint32_t inner = 0, width = 1;
  for (uint32_t level = 0; level < depth; ++level, width *= arity)
    inner += width;
  MachineGraph machine(name, Fabric::tree, inner + width, 1, false, false,
                       arity + 1);
  for (const Resource &resource : resources)
    machine.addResource(resource);
  RouterSite branching = leaf;
  branching.cores.clear();
  for (uint32_t i = 0; i < inner + width; ++i)
    addSite(machine, i, 0, i < inner ? branching : leaf);
  constexpr double unlimited = std::numeric_limits<double>::infinity();
  for (uint32_t child = 1; child < inner + width; ++child) {
    uint32_t parent = (child - 1) / arity;
    machine.addLink(parent, 1 + (child - 1) % arity, child, unlimited, 0);
    machine.addLink(child, 0, parent, unlimited, 0);
  }
  return machine;
}
