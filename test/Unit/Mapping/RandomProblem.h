//===- RandomProblem.h - small problems of all kinds ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_MAPPING_RANDOMPROBLEM_H
#define SPIKEFORMER_TEST_UNIT_MAPPING_RANDOMPROBLEM_H

#include "spikeformer/Mapping/RoutingProblem.h"
#include "spikeformer/TargetModel/Fabrics.h"
#include <random>

namespace spikeformer {

/// Numbers of a test.
class RandomNumbers {
public:
  explicit RandomNumbers(uint32_t seed) : engine(seed) {}
  /// In [least, most].
  uint32_t get(uint32_t least, uint32_t most) {
    return least + engine() % (most - least + 1);
  }

private:
  std::mt19937 engine;
};

/// Resources `neurons` of a core and `memory` of a router.
inline std::vector<Resource> getTestResources() {
  return {{"neurons", "neurons", ResourceScope::core},
          {"memory", "bytes", ResourceScope::router}};
}

inline RouterSite getTestSite(uint32_t index, uint32_t numCores,
                              int64_t neurons, int64_t memory) {
  RouterSite site;
  site.chip = index;
  for (uint32_t core = 0; core < numCores; ++core)
    site.cores.push_back(core + 1);
  site.routerCapacity = {0, memory};
  site.coreCapacity = {neurons, 0};
  return site;
}

/// A grid without dead parts.
inline MachineGraph makeTestGrid(Fabric fabric, uint32_t width, uint32_t height,
                                 uint32_t numCores, int64_t neurons = 1,
                                 int64_t memory = 1000, bool wrap = false) {
  GridShape shape;
  shape.name = "grid";
  shape.fabric = fabric;
  shape.width = width;
  shape.height = height;
  shape.wrapX = shape.wrapY = wrap;
  shape.resources = getTestResources();
  shape.linkEnergy = 2;
  shape.siteAt = [&](uint32_t x, uint32_t y) {
    return getTestSite(y * width + x, numCores, neurons, memory);
  };
  return makeGrid(shape);
}

/// Routers in a ring with a chord here and there; some links lead one way only.
inline MachineGraph makeTestGraph(RandomNumbers &random, uint32_t numRouters,
                                  uint32_t numCores) {
  constexpr uint32_t numPorts = 5;
  MachineGraph machine("graph", Fabric::graph, numRouters, 1, false, false,
                       numPorts);
  for (const Resource &resource : getTestResources())
    machine.addResource(resource);
  for (uint32_t i = 0; i < numRouters; ++i) {
    machine.addRouter(i, 0, i, 0, 100, {0, 50});
    for (uint32_t core = 0; core < numCores; ++core)
      machine.addCore(core, {2, 0});
  }
  std::vector<uint32_t> used(numRouters);
  auto join = [&](uint32_t from, uint32_t to) {
    if (from != to && used[from] < numPorts)
      machine.addLink(from, used[from]++, to,
                      std::numeric_limits<double>::infinity(), 1);
  };
  for (uint32_t i = 0; i < numRouters; ++i) {
    join(i, (i + 1) % numRouters);
    join((i + 1) % numRouters, i);
  }
  for (uint32_t i = 0; i < numRouters / 2; ++i)
    join(random.get(0, numRouters - 1), random.get(0, numRouters - 1));
  return machine;
}

/// A grid of which some routers and links are dead.
inline MachineGraph makeDamagedGrid(RandomNumbers &random, Fabric fabric) {
  GridShape shape;
  shape.name = "damaged";
  shape.fabric = fabric;
  shape.width = random.get(2, 6);
  shape.height = random.get(2, 6);
  shape.wrapX = random.get(0, 1);
  shape.wrapY = random.get(0, 1);
  shape.resources = getTestResources();
  uint32_t index = 0;
  shape.siteAt = [&](uint32_t, uint32_t) -> std::optional<RouterSite> {
    if (random.get(0, 9) == 0)
      return std::nullopt;
    return getTestSite(index++, random.get(1, 4), 2, 40);
  };
  shape.isDeadLink = [&](uint32_t, uint32_t, uint32_t) {
    return random.get(0, 14) == 0;
  };
  return makeGrid(shape);
}

/// One of each fabric in turn.
inline MachineGraph makeRandomMachine(RandomNumbers &random, uint32_t kind) {
  switch (kind % 4) {
  case 0:
    return makeDamagedGrid(random, Fabric::mesh);
  case 1:
    return makeDamagedGrid(random, Fabric::hexagonal);
  case 2:
    return makeTree("tree", random.get(2, 3), random.get(1, 3),
                    getTestResources(), getTestSite(0, 3, 2, 40));
  default:
    return makeTestGraph(random, random.get(3, 12), random.get(1, 3));
  }
}

/// Adds a slice that is of the population of its tens.
inline void addSlice(SliceList &slices, int64_t neurons, int64_t memory) {
  uint32_t population = slices.size() / 10;
  if (population == slices.populationNames.size())
    slices.populationNames.push_back("p" + std::to_string(population));
  slices.names.push_back("s" + std::to_string(slices.size()));
  slices.populations.push_back(population);
  slices.usage.insert(slices.usage.end(), {neurons, memory});
}

inline SliceList makeRandomSlices(RandomNumbers &random, uint32_t count) {
  SliceList slices;
  bool small = random.get(0, 1);
  for (uint32_t i = 0; i < count; ++i)
    addSlice(slices, small ? random.get(1, 2) : 1, random.get(0, 12));
  if (random.get(0, 1))
    for (uint32_t i = 0; i < count; ++i)
      slices.clusters.push_back(
          i > 0 && random.get(0, 4) == 0 ? slices.clusters.back() : i);
  return slices;
}

/// Messages to random slices, some to the same as the one before.
inline Messages makeRandomMessages(RandomNumbers &random, uint32_t numSlices) {
  Messages messages;
  std::vector<uint32_t> targets;
  for (uint32_t source = 0; source < numSlices; ++source) {
    if (source == 0 || random.get(0, 2) > 0) {
      targets.clear();
      for (uint32_t slice = 0; slice < numSlices; ++slice)
        if (random.get(0, 3) == 0)
          targets.push_back(slice);
    }
    messages.add(source, targets, random.get(0, 5), 1);
  }
  return messages;
}

/// True if a violation of `rule` is among `violations`.
inline bool hasRule(const Violations &violations, llvm::StringRef rule) {
  return llvm::any_of(violations, [&](const Violation &violation) {
    return violation.rule == rule;
  });
}

/// All violations, for messages of failed tests.
inline std::string describe(const Violations &violations) {
  std::string text;
  for (const Violation &violation : violations)
    text += violation.rule + ": " + violation.str() + "\n";
  return text;
}

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_MAPPING_RANDOMPROBLEM_H
