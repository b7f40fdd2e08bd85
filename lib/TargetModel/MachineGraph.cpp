//===- MachineGraph.cpp - routers, cores, links ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/TargetModel/MachineGraph.h"
#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <queue>

using namespace spikeformer;

static uint32_t getNumPorts(Fabric fabric, uint32_t numPorts) {
  switch (fabric) {
  case Fabric::mesh:
    return 4;
  case Fabric::hexagonal:
    return 6;
  default:
    return numPorts;
  }
}

MachineGraph::MachineGraph(llvm::StringRef name, Fabric fabric, uint32_t width,
                           uint32_t height, bool wrapX, bool wrapY,
                           uint32_t numPorts)
    : name(name), fabric(fabric), width(width), height(height), wrapX(wrapX),
      wrapY(wrapY), numPorts(::getNumPorts(fabric, numPorts)) {
  assert(this->numPorts <= maxPorts && "a route has a bit for each port");
}

//===----------------------------------------------------------------------===//
// Making one
//===----------------------------------------------------------------------===//

unsigned MachineGraph::addResource(Resource resource) {
  assert(routers.empty() && "rows of capacity have a width");
  resources.push_back(std::move(resource));
  return resources.size() - 1;
}

/// Appends `row`, with 0 for resources that are not of `scope`.
static void appendRow(std::vector<int64_t> &rows, llvm::ArrayRef<int64_t> row,
                      llvm::ArrayRef<Resource> resources, ResourceScope scope) {
  assert(row.size() == resources.size() && "an amount for each resource");
  for (auto [resource, amount] : llvm::zip_equal(resources, row))
    rows.push_back(resource.scope == scope ? amount : 0);
}

RouterIndex MachineGraph::addRouter(int32_t x, int32_t y, uint32_t chip,
                                    uint32_t board, uint32_t tableEntries,
                                    llvm::ArrayRef<int64_t> capacity) {
  RouterIndex index = routers.size();
  routers.push_back(
      {x, y, chip, board, uint32_t(cores.size()), 0, tableEntries});
  appendRow(routerCapacity, capacity, resources, ResourceScope::router);
  linkOfPort.resize(linkOfPort.size() + numPorts, noIndex);
  numChips = std::max(numChips, chip + 1);
  [[maybe_unused]] bool isNew = routerAt.try_emplace({x, y}, index).second;
  assert(isNew && "coordinates are unique");
  return index;
}

CoreIndex MachineGraph::addCore(uint32_t id, llvm::ArrayRef<int64_t> capacity) {
  assert(!routers.empty() && id < maxCoresPerRouter);
  cores.push_back({uint32_t(routers.size() - 1), id});
  appendRow(coreCapacity, capacity, resources, ResourceScope::core);
  ++routers.back().numCores;
  return cores.size() - 1;
}

LinkIndex MachineGraph::addLink(RouterIndex from, uint32_t port, RouterIndex to,
                                double capacity, double energy) {
  assert(from < routers.size() && to < routers.size() && port < numPorts);
  LinkIndex &slot = linkOfPort[size_t(from) * numPorts + port];
  assert(slot == noIndex && "one link for each port");
  slot = links.size();
  links.push_back({from, to, port, capacity, energy});
  return slot;
}

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

namespace {
struct Offset {
  int32_t x, y;
};
} // namespace

/// Where the ports of the regular fabrics lead: the first half, of which the
/// second half is the opposite.
static Offset getPortOffset(Fabric fabric, uint32_t port) {
  static constexpr Offset mesh[] = {{1, 0}, {0, 1}};
  static constexpr Offset hexagonal[] = {{1, 0}, {1, 1}, {0, 1}};
  uint32_t half = fabric == Fabric::mesh ? 2 : 3;
  Offset offset = (fabric == Fabric::mesh ? mesh : hexagonal)[port % half];
  return port < half ? offset : Offset{-offset.x, -offset.y};
}

static bool isGrid(Fabric fabric) {
  return fabric == Fabric::mesh || fabric == Fabric::hexagonal;
}

uint32_t MachineGraph::getOppositePort(uint32_t port) const {
  return isGrid(fabric) ? (port + numPorts / 2) % numPorts : noIndex;
}

/// The steps that (dx, dy) takes.
static FabricVector getSteps(Fabric fabric, int32_t dx, int32_t dy) {
  if (fabric == Fabric::mesh)
    return {dx, dy, 0};
  int32_t diagonal = 0;
  if ((dx > 0) == (dy > 0) && dx != 0 && dy != 0)
    diagonal = std::abs(dx) < std::abs(dy) ? dx : dy;
  return {dx - diagonal, diagonal, dy - diagonal};
}

static uint32_t getLength(const FabricVector &steps) {
  return std::abs(steps[0]) + std::abs(steps[1]) + std::abs(steps[2]);
}

FabricVector MachineGraph::getVector(RouterIndex from, RouterIndex to) const {
  assert(isGrid(fabric) && "only grids have axes");
  int32_t dx = routers[to].x - routers[from].x;
  int32_t dy = routers[to].y - routers[from].y;
  FabricVector best = getSteps(fabric, dx, dy);
  for (int32_t i = wrapX ? -1 : 0; i <= (wrapX ? 1 : 0); ++i)
    for (int32_t j = wrapY ? -1 : 0; j <= (wrapY ? 1 : 0); ++j) {
      FabricVector steps =
          getSteps(fabric, dx + i * int32_t(width), dy + j * int32_t(height));
      if (getLength(steps) < getLength(best))
        best = steps;
    }
  return best;
}

/// Links of the shortest way over live links; noIndex if there is none.
static uint32_t search(const MachineGraph &machine, RouterIndex from,
                       RouterIndex to) {
  std::vector<uint32_t> distance(machine.getRouters().size(), noIndex);
  std::queue<RouterIndex> open;
  distance[from] = 0;
  for (open.push(from); !open.empty() && distance[to] == noIndex; open.pop()) {
    RouterIndex router = open.front();
    for (uint32_t port = 0; port < machine.getNumPorts(); ++port) {
      LinkIndex link = machine.getLink(router, port);
      if (link == noIndex)
        continue;
      RouterIndex next = machine.getLinks()[link].to;
      if (distance[next] != noIndex)
        continue;
      distance[next] = distance[router] + 1;
      open.push(next);
    }
  }
  return distance[to];
}

uint32_t MachineGraph::getDistance(RouterIndex from, RouterIndex to) const {
  return isGrid(fabric) ? getLength(getVector(from, to))
                        : search(*this, from, to);
}

//===----------------------------------------------------------------------===//
// Names and checks
//===----------------------------------------------------------------------===//

RouterIndex MachineGraph::findRouter(int32_t x, int32_t y) const {
  auto found = routerAt.find({x, y});
  return found == routerAt.end() ? noIndex : found->second;
}

CoreIndex MachineGraph::findCore(RouterIndex router, uint32_t id) const {
  const Router &at = routers[router];
  for (CoreIndex core = at.firstCore; core < at.firstCore + at.numCores; ++core)
    if (cores[core].id == id)
      return core;
  return noIndex;
}

std::string MachineGraph::describeRouter(RouterIndex router) const {
  const Router &at = routers[router];
  return "(" + std::to_string(at.x) + ", " + std::to_string(at.y) + ")";
}

std::string MachineGraph::describeCore(CoreIndex core) const {
  return "core " + std::to_string(cores[core].id) + " of " +
         describeRouter(cores[core].router);
}

static void checkCores(const MachineGraph &machine, Violations &violations) {
  if (machine.getCores().empty())
    violations.push_back(
        {"machine-without-cores", "machine", "it has no core", "1", "0", ""});
  for (auto [index, router] : llvm::enumerate(machine.getRouters())) {
    std::vector<bool> seen(maxCoresPerRouter);
    for (const Core &core :
         machine.getCores().slice(router.firstCore, router.numCores)) {
      if (seen[core.id])
        violations.push_back(
            {"core-twice", machine.describeRouter(index),
             "it has core " + std::to_string(core.id) + " twice", "", "", ""});
      seen[core.id] = true;
    }
  }
}

/// A link of a grid ends where its port points to.
static void checkGeometry(const MachineGraph &machine, const Link &link,
                          Violations &violations) {
  const Router &from = machine.getRouters()[link.from];
  const Router &to = machine.getRouters()[link.to];
  Offset offset = getPortOffset(machine.getFabric(), link.port);
  int32_t width = machine.getWidth(), height = machine.getHeight();
  int32_t dx = to.x - from.x - offset.x, dy = to.y - from.y - offset.y;
  bool fits = (machine.wrapsX() ? dx % width : dx) == 0 &&
              (machine.wrapsY() ? dy % height : dy) == 0;
  if (!fits)
    violations.push_back({"link-against-geometry",
                          "link " + std::to_string(link.port) + " of " +
                              machine.describeRouter(link.from),
                          "it ends at " + machine.describeRouter(link.to) +
                              ", which is not where its port points",
                          "", "", ""});
}

Violations MachineGraph::check() const {
  Violations violations;
  checkCores(*this, violations);
  if (isGrid(fabric))
    for (const Link &link : links)
      checkGeometry(*this, link, violations);
  return violations;
}
