//===- ExactPlacement.cpp - the best placement of few slices --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExactPlacement.h"
#include "ExactModel.h"
#include "RouterSymmetries.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace spikeformer;
using namespace spikeformer::exact;

static constexpr double infinity = std::numeric_limits<double>::infinity();

bool spikeformer::isExactlyPlaceable(const PlacementProblem &problem,
                                     const Objective &objective) {
  const MachineGraph &machine = problem.machine;
  if (problem.slices.size() > mostExactSlices ||
      machine.getRouters().size() > mostRouters ||
      objective[Objective::hottestLink] > 0 ||
      objective[Objective::latency] > 0)
    return false;
  llvm::ArrayRef<Link> links = machine.getLinks();
  return objective[Objective::energy] == 0 ||
         llvm::all_of(links, [&](const Link &link) {
           return link.energy == links.front().energy;
         });
}

namespace {

/// Searches one problem.
class BranchAndBound {
public:
  BranchAndBound(const PlacementProblem &problem,
                 const RouterDistances &distances, const Objective &objective,
                 double below, double budget,
                 const std::function<bool()> &isLate)
      : problem(problem), model(problem, distances, objective),
        symmetries(problem.machine), budget(budget), isLate(isLate),
        bestCost(below), states(model.getNumVertices() + 1, model.getStart()) {}

  ExactPlacement run() {
    std::vector<uint32_t> maps = symmetries.getAll();
    for (CoreIndex pin : problem.pins)
      if (pin != noIndex)
        maps = symmetries.fix(maps, problem.machine.getCores()[pin].router);
    branch(0, maps);
    return {best, bestCost, !isStopped};
  }

private:
  struct Choice {
    double cost;
    Place place;
    bool operator<(const Choice &other) const {
      return std::tuple(cost, place.router, place.core) <
             std::tuple(other.cost, other.place.router, other.place.core);
    }
  };

  bool isSpent() {
    // Clocks are read now and then.
    constexpr uint32_t interval = 256;
    if (model.getSteps() > budget || (++numNodes % interval == 0 && isLate()))
      isStopped = true;
    return isStopped;
  }
  /// Sums differ in their last digits by order alone.
  bool isCheaper(double cost) const {
    constexpr double rounding = 1e-9;
    return bestCost == infinity
               ? cost < infinity
               : cost < bestCost - rounding * (1 + std::abs(bestCost));
  }
  std::vector<Choice> listChoices(uint32_t vertex,
                                  llvm::ArrayRef<uint32_t> maps);
  void branch(uint32_t vertex, llvm::ArrayRef<uint32_t> maps);

  const PlacementProblem &problem;
  Model model;
  RouterSymmetries symmetries;
  double budget;
  const std::function<bool()> &isLate;
  uint32_t numNodes = 0;
  bool isStopped = false;
  double bestCost;
  Placement best;
  /// By number of vertices that have places.
  std::vector<State> states;
};

} // namespace

/// Places of `vertex` that may lead to something cheaper, the cheapest first.
/// Where `maps` leave all that is placed, routers that they join are alike.
std::vector<BranchAndBound::Choice>
BranchAndBound::listChoices(uint32_t vertex, llvm::ArrayRef<uint32_t> maps) {
  std::vector<Choice> choices;
  for (Place place : model.listPlaces(vertex)) {
    if (model.isEmpty(place.router) && symmetries.hasLower(maps, place.router))
      continue;
    double cost = model.getCost(states[vertex], vertex, place);
    if (isCheaper(cost))
      choices.push_back({cost, place});
  }
  llvm::sort(choices);
  return choices;
}

void BranchAndBound::branch(uint32_t vertex, llvm::ArrayRef<uint32_t> maps) {
  const State &state = states[vertex];
  if (vertex == model.getNumVertices()) {
    best = model.getPlacement();
    bestCost = state.cost;
    return;
  }
  if (isSpent() || !isCheaper(state.cost + model.boundRest(state, vertex)))
    return;
  for (const Choice &choice : listChoices(vertex, maps)) {
    if (isStopped || !isCheaper(choice.cost))
      return;
    model.put(state, vertex, choice.place, states[vertex + 1]);
    branch(vertex + 1, symmetries.fix(maps, choice.place.router));
    model.remove(vertex, choice.place);
  }
}

ExactPlacement spikeformer::placeExactly(const PlacementProblem &problem,
                                         const RouterDistances &distances,
                                         const Objective &objective,
                                         double below, double budget,
                                         const std::function<bool()> &isLate) {
  return BranchAndBound(problem, distances, objective, below, budget, isLate)
      .run();
}
