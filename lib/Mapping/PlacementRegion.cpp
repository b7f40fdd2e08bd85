//===- PlacementRegion.cpp - routers to place on --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlacementRegion.h"
#include <algorithm>
#include <cmath>
#include <queue>

using namespace spikeformer;

namespace {

/// Amounts of all resources that routers offer and slices need.
class Supply {
public:
  explicit Supply(const PlacementProblem &problem);

  /// The part of all that is needed that `router` has.
  double getWeight(RouterIndex router) const { return weights[router]; }
  /// How many of `order` have what slices need; all if they do not.
  uint32_t countLeast(llvm::ArrayRef<RouterIndex> order) const;

private:
  size_t width;
  std::vector<int64_t> needs;
  /// A row for each router, its cores added up.
  std::vector<int64_t> amounts;
  std::vector<double> weights;
};

} // namespace

Supply::Supply(const PlacementProblem &problem)
    : width(problem.machine.getResources().size()), needs(width) {
  const MachineGraph &machine = problem.machine;
  for (size_t slice = 0; slice < problem.slices.size(); ++slice)
    for (size_t i = 0; i < width; ++i)
      needs[i] += problem.slices.usageOf(slice)[i];
  for (auto [index, router] : llvm::enumerate(machine.getRouters())) {
    llvm::append_range(amounts, machine.getRouterCapacity(index));
    for (uint32_t core = 0; core < router.numCores; ++core)
      for (size_t i = 0; i < width; ++i)
        amounts[index * width + i] +=
            machine.getCoreCapacity(router.firstCore + core)[i];
  }
  // A router is worth the part of all needs that it can serve.
  for (size_t index = 0; index < machine.getRouters().size(); ++index) {
    double weight = machine.getRouters()[index].numCores == 0 ? 0 : 1;
    for (size_t i = 0; i < width; ++i)
      if (needs[i] > 0)
        weight = std::min(weight, double(amounts[index * width + i]) /
                                      double(needs[i]));
    weights.push_back(weight);
  }
}

uint32_t Supply::countLeast(llvm::ArrayRef<RouterIndex> order) const {
  std::vector<int64_t> left = needs;
  for (auto [count, router] : llvm::enumerate(order)) {
    for (size_t i = 0; i < width; ++i)
      left[i] -= amounts[router * width + i];
    if (llvm::all_of(left, [](int64_t amount) { return amount <= 0; }))
      return count + 1;
  }
  return order.size();
}

namespace {
/// How good a region about a router would be: routers, then their distances.
struct CentreScore {
  double routers, distance;
  bool operator<(const CentreScore &other) const {
    return routers != other.routers ? routers < other.routers
                                    : distance < other.distance;
  }
};
} // namespace

/// Adds up rings about `centre` until they have enough.
static CentreScore scoreCentre(const RouterDistances &distances,
                               const Supply &supply, RouterIndex centre,
                               std::vector<double> &weightOfRing,
                               std::vector<uint32_t> &sizeOfRing) {
  weightOfRing.clear();
  sizeOfRing.clear();
  for (RouterIndex router = 0; router < distances.getNumRouters(); ++router) {
    uint32_t distance = distances.get(centre, router);
    if (supply.getWeight(router) == 0 || distance >= distances.getNumRouters())
      continue;
    if (distance >= sizeOfRing.size()) {
      weightOfRing.resize(distance + 1);
      sizeOfRing.resize(distance + 1);
    }
    weightOfRing[distance] += supply.getWeight(router);
    ++sizeOfRing[distance];
  }
  CentreScore score = {0, 0};
  double left = 1;
  constexpr double rounding = 1e-9;
  for (size_t ring = 0; ring < sizeOfRing.size() && left > rounding; ++ring) {
    double part = std::min(1.0, left / weightOfRing[ring]);
    score.routers += part * sizeOfRing[ring];
    score.distance += part * sizeOfRing[ring] * ring;
    left -= weightOfRing[ring];
  }
  score.routers = std::ceil(score.routers - rounding);
  if (left > rounding)
    score.routers = distances.getNumRouters() + left;
  return score;
}

/// Routers about which regions are smallest, best first; of pins, theirs.
static std::vector<RouterIndex> chooseCentres(const PlacementProblem &problem,
                                              const RouterDistances &distances,
                                              const Supply &supply) {
  // Work for centres stays in proportion to that for slices.
  constexpr uint32_t most = 1 << 20, mostChosen = 4;
  uint32_t numRouters = distances.getNumRouters();
  std::vector<RouterIndex> centres;
  for (CoreIndex core : problem.pins)
    if (core != noIndex)
      centres.push_back(problem.machine.getCores()[core].router);
  if (centres.empty()) {
    uint32_t step = 1 + uint64_t(numRouters) * numRouters / most;
    for (RouterIndex router = 0; router < numRouters; router += step)
      centres.push_back(router);
  }
  centres.resize(std::min<size_t>(centres.size(), 1 + most / numRouters));
  std::vector<double> weightOfRing;
  std::vector<uint32_t> sizeOfRing;
  std::vector<std::pair<CentreScore, RouterIndex>> scores;
  for (RouterIndex centre : centres)
    scores.push_back(
        {scoreCentre(distances, supply, centre, weightOfRing, sizeOfRing),
         centre});
  llvm::sort(scores);
  centres.clear();
  for (const auto &[score, centre] : scores)
    if (centres.size() < mostChosen &&
        (centres.empty() || centres.back() != centre))
      centres.push_back(centre);
  return centres;
}

/// Rings about `centre` over live links, each begun beside what is taken. Those
/// that no link reaches come last.
static std::vector<RouterIndex> growRegion(const RouterDistances &distances,
                                           RouterIndex centre) {
  uint32_t numRouters = distances.getNumRouters();
  uint32_t numPorts = distances.getNumPorts();
  // Distance, neighbours that are not taken, router.
  using Key = std::array<uint32_t, 3>;
  std::priority_queue<Key, std::vector<Key>, std::greater<Key>> open;
  std::vector<uint32_t> missing(numRouters, numPorts);
  std::vector<bool> isTaken(numRouters);
  std::vector<RouterIndex> order;
  auto grow = [&](RouterIndex start) {
    for (open.push({0, 0, start}); !open.empty();) {
      RouterIndex router = open.top()[2];
      open.pop();
      if (isTaken[router])
        continue;
      isTaken[router] = true;
      order.push_back(router);
      for (uint32_t port = 0; port < numPorts; ++port) {
        RouterIndex end = distances.getEnd(router * numPorts + port);
        if (end == noIndex || isTaken[end] ||
            distances.getBack(router * numPorts + port) == noIndex)
          continue;
        open.push({distances.get(centre, end), --missing[end], end});
      }
    }
  };
  grow(centre);
  for (RouterIndex router = 0; router < numRouters; ++router)
    if (!isTaken[router])
      grow(router);
  return order;
}

/// Links between the routers of `region`.
static uint32_t countLinks(const RouterDistances &distances,
                           llvm::ArrayRef<RouterIndex> region) {
  std::vector<bool> isInside(distances.getNumRouters());
  for (RouterIndex router : region)
    isInside[router] = true;
  uint32_t count = 0, numPorts = distances.getNumPorts();
  for (RouterIndex router : region)
    for (uint32_t port = 0; port < numPorts; ++port) {
      RouterIndex end = distances.getEnd(router * numPorts + port);
      count += end != noIndex && isInside[end];
    }
  return count;
}

/// Routers that are in use anyway come first.
static void takePinnedFirst(const PlacementProblem &problem,
                            std::vector<RouterIndex> &order) {
  std::vector<bool> isPinned(problem.machine.getRouters().size());
  for (CoreIndex core : problem.pins)
    if (core != noIndex)
      isPinned[problem.machine.getCores()[core].router] = true;
  std::vector<RouterIndex> sorted;
  for (bool wanted : {true, false})
    for (RouterIndex router : order)
      if (isPinned[router] == wanted)
        sorted.push_back(router);
  order = std::move(sorted);
}

PlacementRegion::PlacementRegion(const PlacementProblem &problem,
                                 const RouterDistances &distances) {
  Supply supply(problem);
  uint32_t mostLinks = 0;
  for (RouterIndex centre : chooseCentres(problem, distances, supply)) {
    std::vector<RouterIndex> grown = growRegion(distances, centre);
    llvm::erase_if(grown, [&](RouterIndex router) {
      return problem.machine.getRouters()[router].numCores == 0;
    });
    if (!problem.pins.empty())
      takePinnedFirst(problem, grown);
    uint32_t count = supply.countLeast(grown);
    uint32_t links =
        countLinks(distances, llvm::ArrayRef(grown).take_front(count));
    if (!order.empty() &&
        (count > least || (count == least && links <= mostLinks)))
      continue;
    order = std::move(grown);
    least = count;
    mostLinks = links;
  }
}
