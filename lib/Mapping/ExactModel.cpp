//===- ExactModel.cpp - costs and bounds of partial placements ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExactModel.h"
#include "RouterSymmetries.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

using namespace spikeformer;
using namespace spikeformer::exact;

static constexpr double infinity = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// Making one
//===----------------------------------------------------------------------===//

Model::Model(const PlacementProblem &problem, const RouterDistances &distances,
             const Objective &objective)
    : problem(problem), machine(problem.machine), trees(distances),
      ofLink(objective[Objective::hops]),
      ofMessage(objective[Objective::messages]),
      ofCore(objective[Objective::cores]),
      ofBusiest(objective[Objective::busiestCore]),
      needsCores(ofMessage > 0 || ofCore > 0 || ofBusiest > 0),
      occupancy(machine, problem.slices), onRouter(machine.getRouters().size()),
      onCore(machine.getCores().size()) {
  if (!machine.getLinks().empty())
    ofLink += objective[Objective::energy] * machine.getLinks().front().energy;
  vertices = makeVertices();
  orderVertices();
  std::vector<uint32_t> positions(problem.slices.size());
  for (auto [vertex, slices] : llvm::enumerate(vertices))
    for (uint32_t slice : slices)
      positions[slice] = vertex;
  nets = makeNets(positions);
  countMost();
  netsOf.resize(vertices.size());
  for (auto [index, net] : llvm::enumerate(nets)) {
    uint32_t numSlices = listSlices(net.ends).size();
    net.leastCores =
        needsCores ? llvm::divideCeil(numSlices, mostOfAnyCore) : 1;
    for (uint32_t vertex = 0; vertex < vertices.size(); ++vertex)
      if (net.ends >> vertex & 1)
        netsOf[vertex].push_back(index);
  }
  findEquals();
  placeOf.resize(vertices.size(), {noIndex, noIndex});
}

/// Slices of one cluster are one vertex where a place is a router.
std::vector<std::vector<uint32_t>> Model::makeVertices() const {
  const SliceList &slices = problem.slices;
  std::vector<std::vector<uint32_t>> made;
  std::map<uint32_t, uint32_t> vertexOf;
  for (uint32_t slice = 0; slice < slices.size(); ++slice) {
    uint32_t vertex = made.size();
    if (!needsCores && !slices.clusters.empty())
      vertex = vertexOf.emplace(slices.clusters[slice], vertex).first->second;
    made.resize(std::max<size_t>(made.size(), vertex + 1));
    made[vertex].push_back(slice);
  }
  return made;
}

CoreIndex Model::getVertexPin(uint32_t vertex) const {
  for (uint32_t slice : vertices[vertex])
    if (getPin(slice) != noIndex)
      return getPin(slice);
  return noIndex;
}

/// Pinned ones first, then that which shares most packets with those before it:
/// so costs are known early.
void Model::orderVertices() {
  std::vector<uint32_t> positions(problem.slices.size());
  for (auto [vertex, slices] : llvm::enumerate(vertices))
    for (uint32_t slice : slices)
      positions[slice] = vertex;
  std::vector<Net> all = makeNets(positions);
  std::vector<double> total(vertices.size()), shared(vertices.size());
  for (const Net &net : all)
    for (uint32_t vertex = 0; vertex < vertices.size(); ++vertex)
      if (net.ends >> vertex & 1)
        total[vertex] += net.packets;
  std::vector<std::vector<uint32_t>> ordered;
  VertexSet taken = 0;
  while (ordered.size() < vertices.size()) {
    uint32_t best = noIndex;
    auto getKey = [&](uint32_t vertex) {
      return std::tuple(getVertexPin(vertex) == noIndex, -shared[vertex],
                        -total[vertex]);
    };
    for (uint32_t vertex = 0; vertex < vertices.size(); ++vertex)
      if (!(taken >> vertex & 1) &&
          (best == noIndex || getKey(vertex) < getKey(best)))
        best = vertex;
    taken |= 1u << best;
    ordered.push_back(vertices[best]);
    for (const Net &net : all)
      for (uint32_t vertex = 0; vertex < vertices.size(); ++vertex)
        if ((net.ends >> best & 1) && (net.ends >> vertex & 1))
          shared[vertex] += net.packets / llvm::popcount(net.ends);
  }
  vertices = std::move(ordered);
}

/// Messages, each slice named by its position.
std::vector<Model::Net>
Model::makeNets(llvm::ArrayRef<uint32_t> positions) const {
  const Messages &messages = problem.messages;
  std::vector<Net> all;
  for (uint32_t message = 0; message < messages.size(); ++message) {
    Net net = {positions[messages.sources[message]], 0,
               messages.packets[message], 0, 1};
    for (uint32_t target : messages.targetsOf(message))
      net.targets |= 1u << positions[target];
    net.ends = net.targets | 1u << net.source;
    all.push_back(net);
  }
  llvm::sort(all);
  std::vector<Net> different;
  for (const Net &net : all)
    if (different.empty() || different.back().source != net.source ||
        different.back().targets != net.targets)
      different.push_back(net);
    else
      different.back().packets += net.packets;
  return different;
}

/// Any slices that fit are no more than the smallest ones that do, resource by
/// resource.
void Model::countMost() {
  const SliceList &slices = problem.slices;
  size_t width = machine.getResources().size();
  std::vector<std::vector<int64_t>> usages(width);
  for (size_t i = 0; i < width; ++i) {
    for (size_t slice = 0; slice < slices.size(); ++slice)
      usages[i].push_back(slices.usageOf(slice)[i]);
    llvm::sort(usages[i]);
  }
  auto count = [&](llvm::ArrayRef<int64_t> room, ResourceScope scope) {
    uint32_t most = slices.size();
    for (size_t i = 0; i < width; ++i) {
      int64_t left = room[i];
      uint32_t fit = 0;
      while (fit < most && (left -= usages[i][fit]) >= 0)
        ++fit;
      if (machine.getResources()[i].scope == scope)
        most = fit;
    }
    return most;
  };
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router) {
    const Router &at = machine.getRouters()[router];
    uint32_t ofCores = 0;
    for (CoreIndex core = at.firstCore; core < at.firstCore + at.numCores;
         ++core) {
      uint32_t most = count(machine.getCoreCapacity(core), ResourceScope::core);
      mostOfAnyCore = std::max(mostOfAnyCore, most);
      ofCores += most;
    }
    mostOfRouter.push_back(
        std::min(ofCores, count(machine.getRouterCapacity(router),
                                ResourceScope::router)));
    mostOfAnyRouter = std::max(mostOfAnyRouter, mostOfRouter.back());
    RouterIndex kind = 0;
    while (!areRoutersAlike(machine, kind, router))
      ++kind;
    kinds.push_back(kind);
  }
}

/// True if nothing changes when `a` and `b` change places.
bool Model::areEqual(uint32_t a, uint32_t b) const {
  const SliceList &slices = problem.slices;
  auto isAlone = [&](uint32_t vertex) {
    return vertices[vertex].size() == 1 && getVertexPin(vertex) == noIndex &&
           (slices.clusters.empty() ||
            llvm::count(slices.clusters,
                        slices.clusters[vertices[vertex].front()]) == 1);
  };
  if (!isAlone(a) || !isAlone(b) ||
      slices.usageOf(vertices[a].front()) !=
          slices.usageOf(vertices[b].front()))
    return false;
  auto exchange = [&](uint32_t vertex) {
    return vertex == a ? b : vertex == b ? a : vertex;
  };
  std::vector<Net> exchanged;
  for (Net net : nets) {
    uint32_t targets = 0;
    for (uint32_t left = net.targets; left; left &= left - 1)
      targets |= 1u << exchange(llvm::countr_zero(left));
    net.targets = targets;
    net.source = exchange(net.source);
    exchanged.push_back(net);
  }
  llvm::sort(exchanged);
  return llvm::equal(nets, exchanged, [](const Net &one, const Net &other) {
    return one.source == other.source && one.targets == other.targets &&
           one.packets == other.packets;
  });
}

void Model::findEquals() {
  equalBefore.resize(vertices.size(), noIndex);
  for (uint32_t vertex = 0; vertex < vertices.size(); ++vertex)
    for (uint32_t before = 0; before < vertex; ++before)
      if (areEqual(before, vertex))
        equalBefore[vertex] = before;
}

State Model::getStart() const {
  State state;
  state.routersOf.resize(nets.size());
  state.linksOf.resize(nets.size());
  state.coresOf.resize(nets.size());
  return state;
}

//===----------------------------------------------------------------------===//
// What fits
//===----------------------------------------------------------------------===//

/// The slices of all vertices of `set`, pinned ones first.
std::vector<uint32_t> Model::listSlices(VertexSet set) const {
  std::vector<uint32_t> slices;
  for (bool isPinned : {true, false})
    for (VertexSet left = set; left; left &= left - 1)
      for (uint32_t slice : vertices[llvm::countr_zero(left)])
        if ((getPin(slice) != noIndex) == isPinned)
          slices.push_back(slice);
  return slices;
}

/// Adds all of `slices` to cores of `router`; nothing if there is no way to.
bool Model::fill(llvm::ArrayRef<uint32_t> slices, RouterIndex router) {
  if (slices.empty())
    return true;
  std::vector<Place> places;
  uint32_t slice = slices.front();
  const Router &at = machine.getRouters()[router];
  std::vector<CoreIndex> empty;
  for (CoreIndex core = at.firstCore; core < at.firstCore + at.numCores;
       ++core) {
    ++steps;
    if ((getPin(slice) != noIndex && getPin(slice) != core) ||
        !occupancy.fits(slice, core))
      continue;
    if (getPin(slice) == noIndex && occupancy.getNumSlices(core) == 0) {
      if (llvm::any_of(empty, [&](CoreIndex other) {
            return machine.getCoreCapacity(other) ==
                   machine.getCoreCapacity(core);
          }))
        continue;
      empty.push_back(core);
    }
    occupancy.add(slice, core);
    if (fill(slices.drop_front(), router))
      return true;
    occupancy.remove(slice);
  }
  return false;
}

/// True if `router` has room for all of `set`.
bool Model::holds(RouterIndex router, VertexSet set) {
  ++steps;
  auto [entry, isNew] = isHeld.try_emplace({kinds[router], set}, false);
  if (isNew) {
    std::vector<uint32_t> slices = listSlices(set);
    entry->second = fill(slices, router);
    for (uint32_t slice : slices)
      if (entry->second)
        occupancy.remove(slice);
  }
  return entry->second;
}

void Model::listCores(uint32_t vertex, RouterIndex router,
                      std::vector<Place> &places) const {
  uint32_t slice = vertices[vertex].front();
  const Router &at = machine.getRouters()[router];
  size_t first = places.size();
  for (CoreIndex core = at.firstCore; core < at.firstCore + at.numCores;
       ++core) {
    bool isAlike =
        onCore[core] == 0 &&
        llvm::any_of(llvm::drop_begin(places, first), [&](Place place) {
          return onCore[place.core] == 0 &&
                 machine.getCoreCapacity(place.core) ==
                     machine.getCoreCapacity(core);
        });
    if ((getPin(slice) == noIndex ? !isAlike : getPin(slice) == core) &&
        occupancy.fits(slice, core))
      places.push_back({router, core});
  }
}

std::vector<Place> Model::listPlaces(uint32_t vertex) {
  std::vector<Place> places;
  CoreIndex pin = getVertexPin(vertex);
  // Of a cluster that has parts, its first one decides.
  const SliceList &slices = problem.slices;
  uint32_t together = noIndex;
  for (uint32_t before = 0; needsCores && before < vertex; ++before)
    if (!slices.clusters.empty() &&
        slices.clusters[vertices[before].front()] ==
            slices.clusters[vertices[vertex].front()])
      together = before;
  uint32_t equal = equalBefore[vertex];
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router) {
    ++steps;
    if ((pin != noIndex && machine.getCores()[pin].router != router) ||
        (equal != noIndex && placeOf[equal].router > router) ||
        (together != noIndex && placeOf[together].router != router))
      continue;
    if (needsCores)
      listCores(vertex, router, places);
    else if (holds(router, onRouter[router] | 1u << vertex))
      places.push_back({router, noIndex});
  }
  return places;
}

//===----------------------------------------------------------------------===//
// What it costs
//===----------------------------------------------------------------------===//

/// Links of a smallest tree of `net`, which has `routers`, with `vertex` on
/// `router`; while it is not known where the source is, from anywhere.
uint32_t Model::countLinks(const Net &net, uint64_t routers, uint32_t vertex,
                           RouterIndex router) {
  ++steps;
  if (trees.isSymmetric())
    return trees.countLinks(router, routers);
  RouterIndex source =
      net.source == vertex ? router : placeOf[net.source].router;
  return trees.countLinks(source, routers | uint64_t(1) << router);
}

/// Packets that `core` with `set` sends and receives.
double Model::getLoad(CoreIndex core, VertexSet set) const {
  double load = 0;
  for (const Net &net : nets)
    load +=
        net.packets * (int(set >> net.source & 1) + ((set & net.targets) != 0));
  return load;
}

double Model::getCost(const State &state, uint32_t vertex, Place place) {
  double cost = state.cost;
  for (uint32_t index : netsOf[vertex]) {
    const Net &net = nets[index];
    uint32_t links =
        countLinks(net, state.routersOf[index], vertex, place.router);
    if (links == noIndex)
      return infinity;
    cost += ofLink * net.packets * (links - state.linksOf[index]);
    if (needsCores && state.coresOf[index] > 0 &&
        !(onCore[place.core] & net.ends))
      cost += ofMessage * net.packets;
  }
  if (!needsCores)
    return cost;
  cost += ofCore * ((onCore[place.core] == 0) + (onRouter[place.router] == 0));
  if (ofBusiest > 0) {
    double load = getLoad(place.core, onCore[place.core] | 1u << vertex);
    cost += ofBusiest * std::max(0.0, load - state.busiest);
  }
  return cost;
}

void Model::put(const State &state, uint32_t vertex, Place place, State &next) {
  next = state;
  next.cost = getCost(state, vertex, place);
  for (uint32_t index : netsOf[vertex]) {
    const Net &net = nets[index];
    next.linksOf[index] =
        countLinks(net, state.routersOf[index], vertex, place.router);
    next.routersOf[index] |= uint64_t(1) << place.router;
    if (needsCores && !(onCore[place.core] & net.ends))
      ++next.coresOf[index];
  }
  placeOf[vertex] = place;
  onRouter[place.router] |= 1u << vertex;
  if (!needsCores)
    return;
  onCore[place.core] |= 1u << vertex;
  occupancy.add(vertices[vertex].front(), place.core);
  if (ofBusiest > 0)
    next.busiest =
        std::max(state.busiest, getLoad(place.core, onCore[place.core]));
}

void Model::remove(uint32_t vertex, Place place) {
  placeOf[vertex] = {noIndex, noIndex};
  onRouter[place.router] &= ~(1u << vertex);
  if (!needsCores)
    return;
  onCore[place.core] &= ~(1u << vertex);
  occupancy.remove(vertices[vertex].front());
}

Placement Model::getPlacement() {
  for (RouterIndex router = 0; !needsCores && router < onRouter.size();
       ++router)
    fill(listSlices(onRouter[router]), router);
  Placement placement = occupancy.getPlacement();
  for (uint32_t slice = 0; !needsCores && slice < placement.size(); ++slice)
    occupancy.remove(slice);
  return placement;
}

//===----------------------------------------------------------------------===//
// What it will cost
//===----------------------------------------------------------------------===//

/// A tree has a link to each router but one, and slices that do not fit beside
/// those of the net need further routers.
uint32_t Model::boundLinks(const State &state, uint32_t index,
                           uint32_t first) const {
  int64_t left = 0;
  for (uint32_t rest = nets[index].ends >> first << first; rest;
       rest &= rest - 1)
    left += vertices[llvm::countr_zero(rest)].size();
  uint32_t numRouters = llvm::popcount(state.routersOf[index]);
  for (uint64_t routers = state.routersOf[index]; routers;
       routers &= routers - 1) {
    RouterIndex router = llvm::countr_zero(routers);
    left -= mostOfRouter[router];
    for (uint32_t set = onRouter[router]; set; set &= set - 1)
      left += vertices[llvm::countr_zero(set)].size();
  }
  if (left > 0)
    numRouters += llvm::divideCeil(left, mostOfAnyRouter);
  return numRouters == 0 ? 0 : numRouters - 1;
}

/// Of a net whose vertices u are not placed, the tree grows by at least what
/// any one of them adds, so by the mean over all u; the sum of means over nets
/// is a bound for each u alone, and each u goes to some router.
double Model::boundRest(const State &state, uint32_t first) {
  double bound = 0;
  uint32_t numRouters = machine.getRouters().size();
  std::vector<double> adds(vertices.size() * numRouters);
  for (auto [index, net] : llvm::enumerate(nets)) {
    uint32_t rest = net.ends >> first << first;
    if (rest == 0)
      continue;
    if (ofMessage > 0)
      bound += ofMessage * net.packets *
               (std::max(net.leastCores, state.coresOf[index]) -
                std::max(1u, state.coresOf[index]));
    if (ofLink == 0 || net.packets == 0)
      continue;
    uint32_t least = boundLinks(state, index, first);
    double part = ofLink * net.packets / llvm::popcount(rest);
    for (RouterIndex router = 0; router < numRouters; ++router) {
      uint32_t links = countLinks(net, state.routersOf[index], noIndex, router);
      double add = links == noIndex
                       ? infinity
                       : part * (std::max(links, least) - state.linksOf[index]);
      for (uint32_t left = rest; left; left &= left - 1)
        adds[llvm::countr_zero(left) * numRouters + router] += add;
    }
  }
  for (uint32_t vertex = first; vertex < vertices.size(); ++vertex) {
    double least = infinity;
    for (RouterIndex router = 0; router < numRouters; ++router) {
      ++steps;
      if (uint32_t(llvm::popcount(onRouter[router])) < mostOfRouter[router])
        least = std::min(least, adds[vertex * numRouters + router]);
    }
    bound += least;
  }
  return bound;
}
