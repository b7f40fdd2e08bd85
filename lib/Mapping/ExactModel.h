//===- ExactModel.h - costs and bounds of partial placements ----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a branch and bound over placements asks. Where only trees cost anything,
// a place is a router, and its cores need only be enough; else it is a core.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_EXACTMODEL_H
#define SPIKEFORMER_LIB_MAPPING_EXACTMODEL_H

#include "Occupancy.h"
#include "SteinerTrees.h"
#include "spikeformer/Mapping/Objective.h"
#include <tuple>

namespace spikeformer::exact {

/// Sets of routers are words.
inline constexpr uint32_t mostRouters = 64;

/// Where a vertex may go; the core is noIndex where none is chosen yet.
struct Place {
  RouterIndex router;
  CoreIndex core;
};

/// What the first vertices cost, which have places.
struct State {
  double cost = 0;
  /// Packets on the busiest core.
  double busiest = 0;
  /// By net: routers that it has, links of a smallest tree over them, cores.
  std::vector<uint64_t> routersOf;
  std::vector<uint32_t> linksOf, coresOf;
};

/// Slices that go to one place, in the order in which they do, and the messages
/// between them.
class Model {
public:
  Model(const PlacementProblem &problem, const RouterDistances &distances,
        const Objective &objective);

  uint32_t getNumVertices() const { return vertices.size(); }
  State getStart() const;
  /// Places where `vertex` fits beside those before it; of cores that are alike
  /// the first, of slices that are alike none before the other.
  std::vector<Place> listPlaces(uint32_t vertex);
  /// True if no vertex before is on `router`.
  bool isEmpty(RouterIndex router) const { return onRouter[router] == 0; }
  /// What `state` costs with `vertex` at `place`; infinite if links do not join
  /// a net any more.
  double getCost(const State &state, uint32_t vertex, Place place);
  /// Makes `next` of `state` with `vertex` at `place`.
  void put(const State &state, uint32_t vertex, Place place, State &next);
  void remove(uint32_t vertex, Place place);
  /// What vertices from `first` on add to the cost of `state` at least.
  double boundRest(const State &state, uint32_t first);
  /// The cores of all slices, whose vertices have places.
  Placement getPlacement();
  /// Steps that all that took.
  double getSteps() const { return steps + trees.getWorkDone(); }

private:
  /// A message; messages that differ in packets only are one net.
  struct Net {
    uint32_t source, targets;
    double packets;
    /// With the source.
    uint32_t ends;
    /// Cores that it needs at least.
    uint32_t leastCores;
    bool operator<(const Net &other) const {
      return std::tuple(source, targets, packets) <
             std::tuple(other.source, other.targets, other.packets);
    }
  };
  /// Bit v is vertex v.
  using VertexSet = uint32_t;

  std::vector<std::vector<uint32_t>> makeVertices() const;
  void orderVertices();
  std::vector<Net> makeNets(llvm::ArrayRef<uint32_t> positions) const;
  void countMost();
  void findEquals();
  bool areEqual(uint32_t a, uint32_t b) const;
  CoreIndex getPin(uint32_t slice) const {
    return problem.pins.empty() ? noIndex : problem.pins[slice];
  }
  CoreIndex getVertexPin(uint32_t vertex) const;
  std::vector<uint32_t> listSlices(VertexSet set) const;
  bool fill(llvm::ArrayRef<uint32_t> slices, RouterIndex router);
  bool holds(RouterIndex router, VertexSet set);
  void listCores(uint32_t vertex, RouterIndex router,
                 std::vector<Place> &places) const;
  uint32_t countLinks(const Net &net, uint64_t routers, uint32_t vertex,
                      RouterIndex router);
  double getLoad(CoreIndex core, VertexSet vertices) const;
  uint32_t boundLinks(const State &state, uint32_t net, uint32_t first) const;

  const PlacementProblem &problem;
  const MachineGraph &machine;
  SteinerTrees trees;
  double ofLink, ofMessage, ofCore, ofBusiest;
  /// Places are cores.
  bool needsCores;

  std::vector<std::vector<uint32_t>> vertices;
  std::vector<Net> nets;
  std::vector<std::vector<uint32_t>> netsOf;
  /// The last vertex before that could change places with it, or noIndex.
  std::vector<uint32_t> equalBefore;
  /// By router: the first that has equal cores and amounts, and the most slices
  /// that it can hold; of all routers and cores the most.
  std::vector<RouterIndex> kinds;
  std::vector<uint32_t> mostOfRouter;
  uint32_t mostOfAnyRouter = 1, mostOfAnyCore = 1;

  Occupancy occupancy;
  std::vector<Place> placeOf;
  std::vector<VertexSet> onRouter, onCore;
  llvm::DenseMap<std::pair<RouterIndex, VertexSet>, bool> isHeld;
  double steps = 0;
};

} // namespace spikeformer::exact

#endif // SPIKEFORMER_LIB_MAPPING_EXACTMODEL_H
