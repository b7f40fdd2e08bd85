//===- KeyOrders.cpp - which message has the next key ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KeyOrders.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace spikeformer;

/// The place of (x, y) on the Hilbert curve of 2^bits x 2^bits points.
static uint64_t getHilbertPlace(uint32_t x, uint32_t y, uint32_t bits) {
  uint64_t place = 0;
  for (uint32_t side = uint32_t(1) << bits >> 1; side != 0; side /= 2) {
    bool right = (x & side) != 0, upper = (y & side) != 0;
    place += uint64_t(side) * side * (right ? (upper ? 2 : 3) : upper);
    if (upper)
      continue;
    // The lower quarters are turned.
    if (right) {
      x = ~x & (side - 1);
      y = ~y & (side - 1);
    }
    std::swap(x, y);
  }
  return place;
}

/// The place of each router on the curve.
static std::vector<uint64_t> walkHilbert(const MachineGraph &machine) {
  uint32_t largest = 1;
  for (const Router &router : machine.getRouters())
    largest = std::max({largest, uint32_t(router.x), uint32_t(router.y)});
  uint32_t bits = llvm::Log2_32(largest) + 1;
  std::vector<uint64_t> places;
  for (const Router &router : machine.getRouters())
    places.push_back(getHilbertPlace(router.x, router.y, bits));
  return places;
}

/// When a depth-first walk that takes ports in order meets each router.
static std::vector<uint64_t> walkDepthFirst(const MachineGraph &machine) {
  size_t numRouters = machine.getRouters().size();
  std::vector<uint64_t> places(numRouters, noIndex);
  uint64_t place = 0;
  std::vector<RouterIndex> open;
  for (RouterIndex root = 0; root < numRouters; ++root) {
    open.push_back(root);
    while (!open.empty()) {
      RouterIndex router = open.back();
      open.pop_back();
      if (places[router] != noIndex)
        continue;
      places[router] = place++;
      for (uint32_t port = machine.getNumPorts(); port-- > 0;) {
        LinkIndex link = machine.getLink(router, port);
        if (link != noIndex)
          open.push_back(machine.getLinks()[link].to);
      }
    }
  }
  return places;
}

MessageOrder spikeformer::sortMessages(const KeyProblem &problem,
                                       const MachineGraph &machine,
                                       const RoutingTrees &trees,
                                       KeyOrder order) {
  size_t count = problem.messages.size();
  MessageOrder sorted;
  sorted.messages.resize(count);
  std::iota(sorted.messages.begin(), sorted.messages.end(), 0);
  if (order == KeyOrder::given) {
    sorted.groups.assign(count, 0);
    return sorted;
  }
  std::vector<uint64_t> places = order == KeyOrder::depthFirst
                                     ? walkDepthFirst(machine)
                                     : walkHilbert(machine);
  bool byPopulation = order == KeyOrder::population || order == KeyOrder::gray;
  std::vector<std::array<uint64_t, 3>> ranks;
  ranks.reserve(count);
  for (size_t message = 0; message < count; ++message) {
    uint64_t population =
        problem.slices.populations[problem.messages.sources[message]];
    uint64_t place = places[trees.branchesOf(message).front().router];
    ranks.push_back(byPopulation
                        ? std::array<uint64_t, 3>{population, place, message}
                        : std::array<uint64_t, 3>{place, population, message});
  }
  llvm::sort(ranks);
  for (auto [position, rank] : llvm::enumerate(ranks)) {
    sorted.messages[position] = rank[2];
    sorted.groups.push_back(rank[0]);
  }
  return sorted;
}

uint64_t spikeformer::countRuns(const MachineGraph &machine,
                                const RoutingTrees &trees,
                                llvm::ArrayRef<uint32_t> messages) {
  std::vector<const Route *> last(machine.getRouters().size());
  uint64_t runs = 0;
  for (uint32_t message : messages)
    for (const Branch &branch : trees.branchesOf(message)) {
      const Route *&before = last[branch.router];
      runs += before == nullptr || !(*before == branch.route);
      before = &branch.route;
    }
  return runs;
}
