//===- PlacementAnnealer.cpp - improving a placement by exchange ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PlacementAnnealer.h"
#include <algorithm>
#include <cmath>

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Making one
//===----------------------------------------------------------------------===//

/// True if each core and router of `region` would hold any slices, as many as
/// it has cores.
static bool holdsAny(const PlacementProblem &problem,
                     llvm::ArrayRef<RouterIndex> region) {
  const MachineGraph &machine = problem.machine;
  size_t width = machine.getResources().size();
  std::vector<int64_t> most(width), least(width);
  for (size_t slice = 0; slice < problem.slices.size(); ++slice)
    for (size_t i = 0; i < width; ++i) {
      int64_t usage = problem.slices.usageOf(slice)[i];
      most[i] = std::max(most[i], usage);
      least[i] = slice == 0 ? usage : std::min(least[i], usage);
    }
  for (RouterIndex router : region) {
    const Router &at = machine.getRouters()[router];
    for (size_t i = 0; i < width; ++i) {
      bool ofCore = machine.getResources()[i].scope == ResourceScope::core;
      if (!ofCore &&
          most[i] > machine.getRouterCapacity(router)[i] / (at.numCores + 1))
        return false;
      for (uint32_t core = 0; ofCore && core < at.numCores; ++core)
        if (most[i] > machine.getCoreCapacity(at.firstCore + core)[i])
          return false;
    }
  }
  return true;
}

PlacementAnnealer::PlacementAnnealer(const PlacementProblem &problem,
                                     const PlacementNets &nets,
                                     const RouterDistances &distances,
                                     llvm::ArrayRef<RouterIndex> region,
                                     Occupancy &occupancy, uint64_t seed)
    : problem(problem), nets(nets), occupancy(occupancy),
      sets(distances, region, nets.pins.size()), random(seed),
      siteOfRouter(problem.machine.getRouters().size(), noIndex),
      isMovable(problem.slices.size(), true),
      slicesOfCore(problem.machine.getCores().size()), marks(nets.pins.size()) {
  const MachineGraph &machine = problem.machine;
  siteOfCore.resize(machine.getCores().size(), noIndex);
  for (auto [site, router] : llvm::enumerate(region)) {
    siteOfRouter[router] = site;
    const Router &at = machine.getRouters()[router];
    for (uint32_t core = 0; core < at.numCores; ++core) {
      cores.push_back(at.firstCore + core);
      siteOfCore[at.firstCore + core] = site;
    }
  }
  std::vector<uint32_t> sizeOfCluster;
  const SliceList &slices = problem.slices;
  for (uint32_t cluster : slices.clusters) {
    sizeOfCluster.resize(std::max<size_t>(sizeOfCluster.size(), cluster + 1));
    ++sizeOfCluster[cluster];
  }
  bool hasPairs = false;
  for (uint32_t slice = 0; slice < slices.size(); ++slice) {
    CoreIndex core = occupancy.getCore(slice);
    hasPairs |= !slicesOfCore[core].empty();
    slicesOfCore[core].push_back(slice);
    isMovable[slice] =
        (problem.pins.empty() || problem.pins[slice] == noIndex) &&
        (slices.clusters.empty() || sizeOfCluster[slices.clusters[slice]] == 1);
    if (isMovable[slice])
      movable.push_back(slice);
    for (uint32_t net : nets.netsOfSlice[slice])
      sets.add(net, siteOfCore[core]);
  }
  isUniform = !hasPairs && holdsAny(problem, region);
}

//===----------------------------------------------------------------------===//
// One exchange
//===----------------------------------------------------------------------===//

/// A core beside a slice that `slice` shares a net with, or any.
CoreIndex PlacementAnnealer::chooseCore(uint32_t slice) {
  constexpr uint32_t inverseOfAny = 8;
  llvm::ArrayRef<uint32_t> ofSlice = nets.netsOfSlice[slice];
  llvm::ArrayRef<uint32_t> feeds = nets.feedsOfSlice[slice];
  uint32_t numNets = ofSlice.size() + feeds.size();
  if (numNets == 0 || random.below(inverseOfAny) == 0)
    return cores[random.below(cores.size())];
  uint32_t index = random.below(numNets);
  uint32_t net = index < ofSlice.size()
                     ? ofSlice[index]
                     : nets.netOfFeeder[feeds[index - ofSlice.size()]];
  llvm::ArrayRef<uint32_t> pins = nets.pins[net];
  CoreIndex beside = occupancy.getCore(pins[random.below(pins.size())]);
  const Router &router =
      problem.machine.getRouters()[problem.machine.getCores()[beside].router];
  return router.firstCore + random.below(router.numCores);
}

/// Chooses slices to exchange; false if they are no exchange.
bool PlacementAnnealer::chooseExchange() {
  slice = movable[random.below(movable.size())];
  core = chooseCore(slice);
  if (siteOfCore[core] == siteOfCore[occupancy.getCore(slice)])
    return false;
  llvm::ArrayRef<uint32_t> there = slicesOfCore[core];
  // A core with others may still have room for one more.
  bool isAlone = there.empty() || (!isUniform && random.below(2) == 0);
  other = isAlone ? noIndex : there[random.below(there.size())];
  return other == noIndex || isMovable[other];
}

/// True if no capacity is exceeded after the exchange.
bool PlacementAnnealer::isPossible() const {
  if (isUniform)
    return true;
  CoreIndex from = occupancy.getCore(slice);
  if (other == noIndex)
    return occupancy.fits(slice, core);
  occupancy.remove(slice);
  occupancy.remove(other);
  bool fits = occupancy.fits(slice, core) && occupancy.fits(other, from);
  occupancy.add(slice, from);
  occupancy.add(other, core);
  return fits;
}

void PlacementAnnealer::mark(uint32_t slice) {
  ++round;
  for (uint32_t net : nets.netsOfSlice[slice])
    marks[net] = round;
}

/// What the move of one slice adds to the cost, without nets that are marked.
double PlacementAnnealer::estimateMove(uint32_t slice, uint32_t from,
                                       uint32_t to) const {
  double cost = 0;
  for (uint32_t net : nets.netsOfSlice[slice])
    if (marks[net] != round)
      cost -= nets.weights[net] * sets.estimateMove(net, from, to);
  for (uint32_t feed : nets.feedsOfSlice[slice]) {
    uint32_t net = nets.netOfFeeder[feed];
    cost += nets.feederWeights[feed] *
            (sets.getDistance(net, to) - sets.getDistance(net, from));
  }
  return cost;
}

/// What the exchange adds to the cost.
double PlacementAnnealer::estimate() {
  uint32_t from = siteOfCore[occupancy.getCore(slice)], to = siteOfCore[core];
  if (other == noIndex) {
    ++round;
    return estimateMove(slice, from, to);
  }
  mark(other);
  double cost = estimateMove(slice, from, to);
  mark(slice);
  return cost + estimateMove(other, to, from);
}

void PlacementAnnealer::moveSlice(uint32_t slice, CoreIndex from,
                                  CoreIndex to) {
  for (uint32_t net : nets.netsOfSlice[slice]) {
    sets.add(net, siteOfCore[to]);
    sets.remove(net, siteOfCore[from]);
  }
  std::vector<uint32_t> &left = slicesOfCore[from];
  left.erase(llvm::find(left, slice));
  slicesOfCore[to].push_back(slice);
}

void PlacementAnnealer::apply() {
  CoreIndex from = occupancy.getCore(slice);
  occupancy.remove(slice);
  moveSlice(slice, from, core);
  if (other != noIndex) {
    occupancy.remove(other);
    moveSlice(other, core, from);
    occupancy.add(other, from);
  }
  occupancy.add(slice, core);
}

//===----------------------------------------------------------------------===//
// Cooling
//===----------------------------------------------------------------------===//

namespace {
/// Quantiles of the exponential distribution, from the four operations alone:
/// logarithms of libraries differ in the last bit.
struct ExponentialTable {
  static constexpr unsigned size = 1024;
  double values[size] = {};

  constexpr ExponentialTable() {
    // -ln((i + 1/2) / size), downwards from i = size, where it is about 0.
    double sum = 0.5 / size;
    for (unsigned i = size - 1; i > 0; --i) {
      values[i] = sum;
      double z = 0.5 / i, term = z;
      // ln((i + 1/2) / (i - 1/2)) = 2 artanh(1 / 2i)
      for (unsigned k = 1; k < 40; k += 2, term *= z * z)
        sum += 2 * term / k;
    }
    values[0] = sum;
  }
};
} // namespace

/// The mean of what exchanges change, over a sample.
double PlacementAnnealer::measureScale() {
  constexpr unsigned sample = 64;
  double sum = 0;
  unsigned count = 0;
  for (unsigned i = 0; i < sample && !movable.empty(); ++i)
    if (chooseExchange() && isPossible()) {
      double cost = std::abs(estimate());
      sum += cost;
      count += cost > 0;
    }
  return count > 0 ? sum / count : 0;
}

double PlacementAnnealer::cool(double hot, double cold, unsigned step,
                               unsigned numSteps) {
  // Halves of the way by square roots, which are exact to the last bit.
  double low = hot, high = cold, result = hot;
  unsigned at = 0;
  for (unsigned size = numSteps; size > 1; size /= 2) {
    double middle = std::sqrt(low * high);
    if (step >= at + size / 2) {
      at += size / 2;
      low = middle;
    } else {
      high = middle;
    }
    result = low;
  }
  return result;
}

void PlacementAnnealer::runStep(uint64_t numTrials, double temperature) {
  static constexpr ExponentialTable exponential;
  for (uint64_t trial = 0; trial < numTrials && !movable.empty(); ++trial) {
    if (!chooseExchange() || !isPossible())
      continue;
    // Metropolis: worse by c with probability exp(-c / temperature).
    double limit =
        temperature * exponential.values[random.below(ExponentialTable::size)];
    if (estimate() <= limit)
      apply();
  }
}
