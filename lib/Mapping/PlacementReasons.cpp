//===- PlacementReasons.cpp - why a slice is where it is ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/PlacementReasons.h"
#include "Occupancy.h"
#include "RouterDistances.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SmallVector.h"

using namespace spikeformer;

static constexpr size_t maxPartners = 3;

namespace {

/// A partner of a slice and the packets of one direction.
struct Exchange {
  uint32_t partner;
  double packets;
};

/// Explains one slice after the other.
class Explainer {
public:
  Explainer(const PlacementProblem &problem, const Placement &placement);

  PlacementReason explain(uint32_t slice);

private:
  void collectExchanges();
  llvm::MutableArrayRef<Exchange> mergeExchanges(uint32_t slice);
  double getPull(llvm::ArrayRef<Exchange> exchanges, RouterIndex from) const;
  RouterIndex getRouter(uint32_t slice) const {
    return problem.machine.getCores()[placement[slice]].router;
  }
  uint32_t findLacking(uint32_t slice, RouterIndex router) const;

  const PlacementProblem &problem;
  const Placement &placement;
  RouterDistances distances;
  Occupancy occupancy;
  /// The exchanges of slice s are rows [offsets[s], offsets[s + 1]).
  std::vector<size_t> offsets;
  std::vector<Exchange> exchanges;
};

} // namespace

Explainer::Explainer(const PlacementProblem &problem,
                     const Placement &placement)
    : problem(problem), placement(placement), distances(problem.machine),
      occupancy(problem.machine, problem.slices) {
  for (auto [slice, core] : llvm::enumerate(placement))
    occupancy.add(slice, core);
  collectExchanges();
}

void Explainer::collectExchanges() {
  const Messages &messages = problem.messages;
  offsets.assign(problem.slices.size() + 1, 0);
  auto forEach = [&](auto &&visit) {
    for (size_t message = 0; message < messages.size(); ++message)
      for (uint32_t target : messages.targetsOf(message))
        if (target != messages.sources[message]) {
          visit(messages.sources[message], target, messages.packets[message]);
          visit(target, messages.sources[message], messages.packets[message]);
        }
  };
  forEach([&](uint32_t slice, uint32_t, double) { ++offsets[slice + 1]; });
  for (size_t slice = 0; slice < problem.slices.size(); ++slice)
    offsets[slice + 1] += offsets[slice];
  exchanges.resize(offsets.back());
  std::vector<size_t> next(offsets.begin(), offsets.end() - 1);
  forEach([&](uint32_t slice, uint32_t partner, double packets) {
    exchanges[next[slice]++] = {partner, packets};
  });
}

/// The exchanges of `slice`, one for each partner, most packets first.
llvm::MutableArrayRef<Exchange> Explainer::mergeExchanges(uint32_t slice) {
  auto own = llvm::MutableArrayRef(exchanges).slice(
      offsets[slice], offsets[slice + 1] - offsets[slice]);
  llvm::sort(own, [](const Exchange &a, const Exchange &b) {
    return std::pair(a.partner, a.packets) < std::pair(b.partner, b.packets);
  });
  size_t count = 0;
  for (const Exchange &exchange : own) {
    if (count > 0 && own[count - 1].partner == exchange.partner)
      own[count - 1].packets += exchange.packets;
    else
      own[count++] = exchange;
  }
  own = own.take_front(count);
  llvm::sort(own, [](const Exchange &a, const Exchange &b) {
    return std::pair(-a.packets, a.partner) < std::pair(-b.packets, b.partner);
  });
  return own;
}

double Explainer::getPull(llvm::ArrayRef<Exchange> own,
                          RouterIndex from) const {
  double pull = 0;
  for (const Exchange &exchange : own)
    pull += exchange.packets * distances.get(from, getRouter(exchange.partner));
  return pull;
}

/// The first resource of which `router` has no core with room for `slice`.
uint32_t Explainer::findLacking(uint32_t slice, RouterIndex router) const {
  const Router &site = problem.machine.getRouters()[router];
  auto cores = llvm::seq(site.firstCore, site.firstCore + site.numCores);
  if (llvm::any_of(cores,
                   [&](CoreIndex core) { return occupancy.fits(slice, core); }))
    return noIndex;
  llvm::ArrayRef<int64_t> usage = problem.slices.usageOf(slice);
  for (uint32_t resource = 0; resource < usage.size(); ++resource)
    if (llvm::none_of(cores, [&](CoreIndex core) {
          return usage[resource] <= occupancy.getSpare(core, resource);
        }))
      return resource;
  return 0; // Each is there, but on different cores.
}

PlacementReason Explainer::explain(uint32_t slice) {
  llvm::ArrayRef<Exchange> own = mergeExchanges(slice);
  RouterIndex here = getRouter(slice);
  PlacementReason reason;
  reason.pull = getPull(own, here);
  llvm::SmallVector<RouterIndex> candidates;
  for (const Exchange &exchange : own.take_front(maxPartners)) {
    RouterIndex router = getRouter(exchange.partner);
    reason.partners.push_back(
        {exchange.partner, exchange.packets, distances.get(here, router)});
    candidates.push_back(router);
  }
  for (uint32_t port = 0; port < distances.getNumPorts(); ++port)
    candidates.push_back(
        distances.getEnd(here * distances.getNumPorts() + port));
  reason.pullElsewhere = reason.pull;
  for (RouterIndex router : candidates) {
    if (router == noIndex)
      continue;
    double pull = getPull(own, router);
    if (pull >= reason.pullElsewhere)
      continue;
    reason.elsewhere = router;
    reason.pullElsewhere = pull;
  }
  if (reason.elsewhere != noIndex)
    reason.lacks = findLacking(slice, reason.elsewhere);
  return reason;
}

std::vector<PlacementReason>
spikeformer::explainPlacement(const PlacementProblem &problem,
                              const Placement &placement) {
  std::vector<PlacementReason> reasons;
  if (problem.messages.targets.size() > maxExplainedTargets)
    return reasons;
  Explainer explainer(problem, placement);
  for (uint32_t slice = 0; slice < problem.slices.size(); ++slice)
    reasons.push_back(explainer.explain(slice));
  return reasons;
}
