//===- Placer.cpp - finding a core for every slice ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/Placer.h"
#include "ExactPlacement.h"
#include "NoRoom.h"
#include "PlacementAnnealer.h"
#include "PlacementRegion.h"
#include "PlacementStart.h"
#include "SliceCoordinates.h"
#include "spikeformer/Mapping/MappingMetrics.h"
#include "spikeformer/Mapping/TreeRouter.h"
#include <chrono>
#include <cmath>
#include <numeric>

using namespace spikeformer;

namespace {

/// How one placement is made.
struct Attempt {
  /// Routers, of those of the region.
  uint32_t numRouters;
  bool spread;
  /// 0: no annealing.
  unsigned level;
  /// Of the coordinates.
  unsigned variant;
};

/// Finds placements of one problem.
class PlacementSearch {
public:
  PlacementSearch(const PlacementProblem &problem, const PlacerOptions &options)
      : problem(problem), options(options), distances(problem.machine),
        region(problem, distances),
        nets(problem.messages, problem.slices.size()) {}
  PlacerResult run();

private:
  bool isLate() const {
    std::chrono::duration<double> used = Clock::now() - begin;
    return used.count() > options.timeLimit;
  }
  bool isSmall() const;
  std::vector<Attempt> makeAttempts() const;
  void makeCoordinates(unsigned variant);
  bool construct(Attempt attempt, Occupancy &occupancy);
  void anneal(Attempt attempt, Occupancy &occupancy);
  uint64_t countTrials(unsigned level, uint32_t numRouters) const;
  double evaluate(const Placement &placement) const;
  void searchAll(PlacerResult &result, double best) const;
  void orderCores(Placement &placement) const;

  using Clock = std::chrono::steady_clock;
  const PlacementProblem &problem;
  const PlacerOptions &options;
  Clock::time_point begin = Clock::now();
  RouterDistances distances;
  PlacementRegion region;
  PlacementNets nets;
  static constexpr unsigned numVariants = 4;
  std::array<std::vector<double>, 2> coordinates;
  unsigned madeVariant = numVariants;
  /// Of the last construction.
  std::vector<uint32_t> unplaced;
};

} // namespace

//===----------------------------------------------------------------------===//
// One placement
//===----------------------------------------------------------------------===//

/// Where the power method has gone far, few large parts of the network are far
/// from each other; where it has not, many small ones. Both can be better.
void PlacementSearch::makeCoordinates(unsigned variant) {
  constexpr unsigned rounds[numVariants] = {24, 8, 72, 24};
  if (variant == madeVariant)
    return;
  madeVariant = variant;
  coordinates =
      computeSliceCoordinates(nets, problem.slices.size(), rounds[variant],
                              options.seed + (variant + 1) / numVariants);
}

/// Places all slices on the first routers of the region, or on more of them;
/// false if all are not enough.
bool PlacementSearch::construct(Attempt attempt, Occupancy &occupancy) {
  makeCoordinates(attempt.variant);
  uint32_t numAll = region.order.size();
  for (uint32_t count = std::min(attempt.numRouters, numAll);;) {
    occupancy = Occupancy(problem.machine, problem.slices);
    for (uint32_t slice = 0; slice < problem.pins.size(); ++slice)
      if (problem.pins[slice] != noIndex)
        occupancy.add(slice, problem.pins[slice]);
    unplaced =
        placeByHalves(problem, llvm::ArrayRef(region.order).take_front(count),
                      coordinates, occupancy, attempt.spread);
    if (unplaced.empty() || count == numAll)
      return unplaced.empty();
    count = std::min(numAll, count + 1 + count / 16);
  }
}

/// Trials in proportion to the slices; fewer where a trial reads many words.
uint64_t PlacementSearch::countTrials(unsigned level,
                                      uint32_t numRouters) const {
  constexpr double perSlice = 10, fastRouters = 512;
  double slower = std::max(1.0, numRouters / fastRouters);
  return std::ldexp(perSlice * problem.slices.size() / (slower * slower),
                    2 * int(level - 1));
}

void PlacementSearch::anneal(Attempt attempt, Occupancy &occupancy) {
  // Temperatures by trial on networks of all kinds: a start that is good
  // already is spoilt by more heat, unless there is time to cool.
  constexpr double hot = 0.03, hottest = 0.2, cold = 0.01;
  // Routers in use, those of the region first.
  std::vector<bool> isUsed(problem.machine.getRouters().size());
  for (CoreIndex core : occupancy.getPlacement())
    isUsed[problem.machine.getCores()[core].router] = true;
  std::vector<RouterIndex> routers;
  for (RouterIndex router : region.order)
    if (isUsed[router])
      routers.push_back(router);
  llvm::sort(routers);
  PlacementAnnealer annealer(problem, nets, distances, routers, occupancy,
                             options.seed + attempt.level * numVariants +
                                 attempt.variant);
  annealer.run(countTrials(attempt.level, routers.size()),
               std::min(hottest, hot * attempt.level), cold,
               [&] { return isLate(); });
}

//===----------------------------------------------------------------------===//
// Several
//===----------------------------------------------------------------------===//

/// True if slices have few different nets, as those of populations do: then an
/// attempt costs little beside reading the messages.
bool PlacementSearch::isSmall() const {
  constexpr size_t perSlice = 8, mostRouters = 512;
  return nets.pins.values.size() + nets.feeders.values.size() <
             perSlice * problem.slices.size() &&
         region.least <= mostRouters;
}

/// What to try: few routers for short ways, more of them where links or cores
/// shall not be busy, and all that less effort would try.
std::vector<Attempt> PlacementSearch::makeAttempts() const {
  unsigned variants = isSmall() || options.effort > 1 ? numVariants : 1;
  uint32_t numAll = region.order.size();
  std::vector<uint32_t> sizes = {region.least};
  bool spread = options.objective[Objective::hottestLink] > 0 ||
                options.objective[Objective::busiestCore] > 0;
  for (uint32_t size : {region.least + region.least / 2, region.least * 3})
    if (spread && size < numAll)
      sizes.push_back(size);
  if (spread && sizes.back() < numAll)
    sizes.push_back(numAll);
  std::vector<Attempt> attempts;
  // Annealing can spoil a start, most of all that of populations. Where an
  // attempt is dear, effort 1 does not measure whether it did.
  unsigned least = options.effort == 1 && !isSmall() ? 1 : 0;
  for (unsigned level = least; level <= options.effort; ++level)
    for (uint32_t size : sizes)
      for (bool isSpread : {false, true})
        for (unsigned variant = 0; variant < variants; ++variant)
          if (!isSpread || spread)
            attempts.push_back({size, isSpread, level, variant});
  return attempts;
}

/// The objective, routed as TreeRouter.h does by default.
double PlacementSearch::evaluate(const Placement &placement) const {
  RoutingProblem routing = {problem.machine, problem.messages, placement};
  TreeRouterResult routed = route(routing);
  if (!routed.isFeasible())
    return std::numeric_limits<double>::infinity();
  MappingMetrics metrics = measure(routing, problem.slices, routed.trees);
  const Objective &weights = options.objective;
  return weights[Objective::messages] * metrics.messages +
         weights[Objective::hops] * metrics.packetHops +
         weights[Objective::busiestCore] * metrics.busiestCoreLoad +
         weights[Objective::hottestLink] * metrics.maxLinkLoad +
         weights[Objective::energy] * metrics.energy +
         weights[Objective::latency] * metrics.latency +
         weights[Objective::cores] * (metrics.coresUsed + metrics.routersUsed);
}

/// Looks for the optimum of few slices, which is better than `best`, or proves
/// that this is one.
void PlacementSearch::searchAll(PlacerResult &result, double best) const {
  // About a tenth of a second.
  constexpr double stepsOfEffort1 = 1.2e7;
  if (!isExactlyPlaceable(problem, options.objective))
    return;
  double budget = std::ldexp(stepsOfEffort1, 2 * (int(options.effort) - 1));
  ExactPlacement exact = placeExactly(problem, distances, options.objective,
                                      best, budget, [&] { return isLate(); });
  if (exact.placement.empty()) {
    result.isOptimal = exact.isComplete && std::isfinite(best);
    return;
  }
  double value = evaluate(exact.placement);
  if (!result.placement.empty() && value >= best)
    return;
  result.placement = std::move(exact.placement);
  constexpr double rounding = 1e-9;
  result.isOptimal =
      exact.isComplete && value <= exact.cost + rounding * (1 + exact.cost);
}

/// Gives slices of one router its cores in order, where each has one and cores
/// are alike; nothing depends on it but the look of the answer.
void PlacementSearch::orderCores(Placement &placement) const {
  const MachineGraph &machine = problem.machine;
  std::vector<uint32_t> sliceOf(machine.getCores().size(), noIndex);
  std::vector<bool> isFixed(machine.getRouters().size());
  auto getRouter = [&](CoreIndex core) {
    return machine.getCores()[core].router;
  };
  for (uint32_t slice = 0; slice < placement.size(); ++slice) {
    CoreIndex core = placement[slice];
    CoreIndex first = machine.getRouters()[getRouter(core)].firstCore;
    if (sliceOf[core] != noIndex ||
        (!problem.pins.empty() && problem.pins[slice] != noIndex) ||
        machine.getCoreCapacity(core) != machine.getCoreCapacity(first))
      isFixed[getRouter(core)] = true;
    sliceOf[core] = slice;
  }
  std::vector<uint32_t> numTaken(machine.getRouters().size());
  Placement ordered = placement;
  for (uint32_t slice = 0; slice < placement.size(); ++slice) {
    RouterIndex router = getRouter(placement[slice]);
    if (isFixed[router])
      continue;
    CoreIndex core =
        machine.getRouters()[router].firstCore + numTaken[router]++;
    if (machine.getCoreCapacity(core) !=
        machine.getCoreCapacity(placement[slice]))
      return;
    ordered[slice] = core;
  }
  placement = std::move(ordered);
}

PlacerResult PlacementSearch::run() {
  PlacerResult result;
  std::vector<Attempt> attempts = makeAttempts();
  // Where nothing is left to compare with, no route is needed.
  bool isCompared =
      attempts.size() > 1 ||
      (options.effort > 0 && isExactlyPlaceable(problem, options.objective));
  double best = std::numeric_limits<double>::infinity();
  for (const Attempt &attempt : attempts) {
    Occupancy occupancy(problem.machine, problem.slices);
    if (!construct(attempt, occupancy)) {
      if (result.isFeasible())
        result.violations = explainNoRoom(problem, occupancy, unplaced);
      continue;
    }
    if (attempt.level > 0 && !isLate())
      anneal(attempt, occupancy);
    Placement placement = occupancy.getPlacement();
    double value = isCompared ? evaluate(placement) : 0;
    if (result.placement.empty() || value < best) {
      result.placement = std::move(placement);
      best = value;
    }
    if (isLate())
      break;
  }
  if (options.effort > 0 || result.placement.empty())
    searchAll(result, best);
  if (!result.placement.empty()) {
    result.violations.clear();
    orderCores(result.placement);
  }
  return result;
}

PlacerResult spikeformer::place(const PlacementProblem &problem,
                                const PlacerOptions &options) {
  PlacerResult result;
  result.violations = problem.check();
  if (!result.isFeasible() || problem.slices.size() == 0)
    return result;
  return PlacementSearch(problem, options).run();
}
