//===- PlacementStart.cpp - a first placement -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlacementStart.h"
#include <algorithm>
#include <numeric>

using namespace spikeformer;

namespace {

/// Slices that come to one router, and how much room they take of all.
struct Item {
  std::vector<uint32_t> members;
  std::array<double, 2> at;
  double size;
};

/// A router, where it is and how much room it has.
struct Site {
  RouterIndex router;
  std::array<double, 2> at;
  double room;
};

/// Assigns items to routers.
class Halving {
public:
  Halving(const PlacementProblem &problem, Occupancy &occupancy, bool spread)
      : problem(problem), occupancy(occupancy), spread(spread) {}
  void makeSites(llvm::ArrayRef<RouterIndex> routers);
  void makeItems(const std::array<std::vector<double>, 2> &coordinates);
  void split(llvm::MutableArrayRef<Site> sites,
             llvm::MutableArrayRef<Item> items);
  std::vector<uint32_t> run();

private:
  double getSize(llvm::ArrayRef<int64_t> usage) const;
  void placeOverflow(const Item &item);
  bool placeAnywhere(llvm::ArrayRef<uint32_t> members);
  bool placeByEjection(llvm::ArrayRef<uint32_t> members);

  const PlacementProblem &problem;
  Occupancy &occupancy;
  bool spread;
  std::vector<Site> sites;
  std::vector<Item> items, overflow;
  /// What all sites have of each resource.
  std::vector<double> amounts;
  std::vector<uint32_t> unplaced;
};

} // namespace

/// Where `router` is in the plane, seen from `origin` so that nothing wraps.
static std::array<double, 2> locate(const MachineGraph &machine,
                                    RouterIndex origin, RouterIndex router) {
  constexpr double sine60 = 0.8660254037844386;
  if (machine.getFabric() == Fabric::mesh) {
    FabricVector steps = machine.getVector(origin, router);
    return {double(steps[0]), double(steps[1])};
  }
  if (machine.getFabric() == Fabric::hexagonal) {
    FabricVector steps = machine.getVector(origin, router);
    return {steps[0] + 0.5 * steps[1] - 0.5 * steps[2],
            sine60 * (steps[1] + steps[2])};
  }
  return {double(router), 0};
}

void Halving::makeSites(llvm::ArrayRef<RouterIndex> routers) {
  const MachineGraph &machine = problem.machine;
  size_t width = machine.getResources().size();
  amounts.assign(width, 0);
  std::vector<std::vector<int64_t>> rooms;
  for (RouterIndex router : routers) {
    std::vector<int64_t> room = machine.getRouterCapacity(router).vec();
    const Router &at = machine.getRouters()[router];
    for (uint32_t core = 0; core < at.numCores; ++core)
      for (size_t i = 0; i < width; ++i)
        room[i] += machine.getCoreCapacity(at.firstCore + core)[i];
    rooms.push_back(std::move(room));
  }
  // What is pinned takes room first.
  llvm::DenseMap<RouterIndex, size_t> siteOf;
  for (auto [site, router] : llvm::enumerate(routers))
    siteOf[router] = site;
  for (size_t slice = 0; slice < problem.slices.size(); ++slice) {
    CoreIndex core = occupancy.getCore(slice);
    auto found = core == noIndex ? siteOf.end()
                                 : siteOf.find(machine.getCores()[core].router);
    for (size_t i = 0; found != siteOf.end() && i < width; ++i)
      rooms[found->second][i] -= problem.slices.usageOf(slice)[i];
  }
  for (const std::vector<int64_t> &room : rooms)
    for (size_t i = 0; i < width; ++i)
      amounts[i] += room[i];
  for (auto [router, room] : llvm::zip_equal(routers, rooms)) {
    double least = 1;
    for (size_t i = 0; i < width; ++i)
      if (amounts[i] > 0)
        least = std::min(least, double(room[i]) / amounts[i]);
    sites.push_back({router, locate(machine, routers.front(), router), least});
  }
}

/// The largest part that `usage` takes of what all sites have.
double Halving::getSize(llvm::ArrayRef<int64_t> usage) const {
  double size = 0;
  for (size_t i = 0; i < usage.size(); ++i)
    if (usage[i] > 0 && amounts[i] > 0)
      size = std::max(size, double(usage[i]) / amounts[i]);
  return size;
}

/// Clusters become one item each; where a member is pinned, the others follow
/// it at once.
void Halving::makeItems(const std::array<std::vector<double>, 2> &coordinates) {
  const SliceList &slices = problem.slices;
  llvm::DenseMap<uint32_t, uint32_t> itemOf;
  llvm::DenseMap<uint32_t, RouterIndex> routerOf;
  for (uint32_t slice = 0; slice < slices.size(); ++slice)
    if (occupancy.getCore(slice) != noIndex && !slices.clusters.empty())
      routerOf[slices.clusters[slice]] =
          problem.machine.getCores()[occupancy.getCore(slice)].router;
  for (uint32_t slice = 0; slice < slices.size(); ++slice) {
    if (occupancy.getCore(slice) != noIndex)
      continue;
    uint32_t cluster = slices.clusters.empty() ? slice : slices.clusters[slice];
    if (auto found = routerOf.find(cluster); found != routerOf.end()) {
      if (!occupancy.addAll(slice, found->second, spread))
        unplaced.push_back(slice);
      continue;
    }
    auto [entry, isNew] = itemOf.try_emplace(cluster, items.size());
    if (isNew)
      items.push_back({{}, {coordinates[0][slice], coordinates[1][slice]}, 0});
    items[entry->second].members.push_back(slice);
    items[entry->second].size += getSize(slices.usageOf(slice));
  }
}

static double getExtent(llvm::ArrayRef<Site> sites, unsigned axis) {
  auto [least, most] = std::minmax_element(
      sites.begin(), sites.end(),
      [&](const Site &a, const Site &b) { return a.at[axis] < b.at[axis]; });
  return most->at[axis] - least->at[axis];
}

/// Places `items` on `sites`; what does not fit goes to `overflow`.
void Halving::split(llvm::MutableArrayRef<Site> sites,
                    llvm::MutableArrayRef<Item> items) {
  if (items.empty())
    return;
  if (sites.size() == 1) {
    for (Item &item : items)
      if (!occupancy.addAll(item.members, sites.front().router, spread))
        overflow.push_back(std::move(item));
    return;
  }
  unsigned axis = getExtent(sites, 0) >= getExtent(sites, 1) ? 0 : 1;
  llvm::sort(sites, [&](const Site &a, const Site &b) {
    return std::pair(a.at[axis], a.router) < std::pair(b.at[axis], b.router);
  });
  llvm::sort(items, [&](const Item &a, const Item &b) {
    return std::pair(a.at[axis], a.members[0]) <
           std::pair(b.at[axis], b.members[0]);
  });
  size_t half = sites.size() / 2;
  double room[2] = {0, 0}, size = 0;
  for (auto [index, site] : llvm::enumerate(sites))
    room[index >= half] += std::max(0.0, site.room);
  for (const Item &item : items)
    size += item.size;
  // The parts are filled alike, as far as whole items allow.
  double share =
      room[0] + room[1] > 0 ? size * room[0] / (room[0] + room[1]) : size / 2;
  share = std::max(std::min(share, room[0]), size - room[1]);
  size_t cut = 0;
  double taken = 0;
  while (cut < items.size() && taken + items[cut].size / 2 < share)
    taken += items[cut++].size;
  split(sites.take_front(half), items.take_front(cut));
  split(sites.drop_front(half), items.drop_front(cut));
}

bool Halving::placeAnywhere(llvm::ArrayRef<uint32_t> members) {
  return llvm::any_of(sites, [&](const Site &site) {
    return occupancy.addAll(members, site.router, spread);
  });
}

/// Puts an item where it fits once another slice has gone elsewhere.
bool Halving::placeByEjection(llvm::ArrayRef<uint32_t> members) {
  for (const Item &item : items) {
    // Moved items have no members any more.
    if (item.members.size() != 1)
      continue;
    uint32_t other = item.members.front();
    CoreIndex core = occupancy.getCore(other);
    if (core == noIndex)
      continue;
    occupancy.remove(other);
    if (occupancy.addAll(members, problem.machine.getCores()[core].router,
                         spread)) {
      if (placeAnywhere(other))
        return true;
      for (uint32_t member : members)
        occupancy.remove(member);
    }
    occupancy.add(other, core);
  }
  return false;
}

/// Puts an item on the first router with room.
void Halving::placeOverflow(const Item &item) {
  if (!placeAnywhere(item.members) && !placeByEjection(item.members))
    llvm::append_range(unplaced, item.members);
}

std::vector<uint32_t> Halving::run() {
  split(sites, items);
  // The large ones first: the small ones fit what they leave.
  llvm::sort(overflow, [](const Item &a, const Item &b) {
    return std::pair(-a.size, a.members[0]) < std::pair(-b.size, b.members[0]);
  });
  for (const Item &item : overflow)
    placeOverflow(item);
  return std::move(unplaced);
}

std::vector<uint32_t> spikeformer::placeByHalves(
    const PlacementProblem &problem, llvm::ArrayRef<RouterIndex> routers,
    const std::array<std::vector<double>, 2> &coordinates, Occupancy &occupancy,
    bool spread) {
  Halving halving(problem, occupancy, spread);
  halving.makeSites(routers);
  halving.makeItems(coordinates);
  return halving.run();
}
