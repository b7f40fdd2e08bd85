//===- ChannelDependenciesTest.cpp - links that wait for each other -------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/ChannelDependencies.h"
#include "RandomProblem.h"
#include "spikeformer/Mapping/TreeRouter.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {

/// A slice on each router, each with a message to some others.
struct Traffic {
  Traffic(MachineGraph graph, uint32_t seed) : machine(std::move(graph)) {
    RandomNumbers random(seed);
    uint32_t count = machine.getRouters().size();
    for (uint32_t router = 0; router < count; ++router)
      if (machine.getRouters()[router].numCores > 0)
        placement.push_back(machine.getRouters()[router].firstCore);
    for (uint32_t source = 0; source < placement.size(); ++source) {
      std::vector<uint32_t> targets;
      for (uint32_t target = 0; target < placement.size(); ++target)
        if (random.get(0, 2) == 0)
          targets.push_back(target);
      messages.add(source, targets, 1, 1);
    }
  }
  RoutingProblem get() const { return {machine, messages, placement}; }
  TreeRouterResult run(TreeShape shape) const {
    TreeRouterOptions options;
    options.shape = shape;
    return route(get(), options);
  }

  MachineGraph machine;
  Messages messages;
  Placement placement;
};

} // namespace

/// The definition: a link that needs itself over any number of steps.
static bool hasCycle(const MachineGraph &machine, const RoutingTrees &trees) {
  size_t count = machine.getLinks().size();
  std::vector<std::vector<bool>> needs(count, std::vector<bool>(count));
  for (const Branch &from : trees.branches)
    for (const Branch &to : trees.branches)
      for (uint32_t in = 0; in < machine.getNumPorts(); ++in)
        for (uint32_t out = 0; out < machine.getNumPorts(); ++out) {
          LinkIndex held = machine.getLink(from.router, in);
          LinkIndex next = machine.getLink(to.router, out);
          if (held == noIndex || next == noIndex ||
              machine.getLinks()[held].to != to.router ||
              !(from.route.ports >> in & 1) || !(to.route.ports >> out & 1))
            continue;
          // Of one tree, whose branches are each at another router.
          size_t a = &from - trees.branches.data();
          size_t b = &to - trees.branches.data();
          auto find = [&](size_t branch) {
            return llvm::upper_bound(trees.offsets, branch) -
                   trees.offsets.begin();
          };
          if (find(a) == find(b))
            needs[held][next] = true;
        }
  for (size_t by = 0; by < count; ++by)
    for (size_t a = 0; a < count; ++a)
      for (size_t b = 0; needs[a][by] && b < count; ++b)
        needs[a][b] = needs[a][b] || needs[by][b];
  for (size_t link = 0; link < count; ++link)
    if (needs[link][link])
      return true;
  return false;
}

/// Each link of `cycle` leads to where the next one begins, and the tree that
/// is named takes both.
static void expectCycle(const MachineGraph &machine, const RoutingTrees &trees,
                        const ChannelCycle &cycle) {
  ASSERT_EQ(cycle.links.size(), cycle.trees.size());
  for (size_t i = 0; i < cycle.links.size(); ++i) {
    const Link &held = machine.getLinks()[cycle.links[i]];
    const Link &next =
        machine.getLinks()[cycle.links[(i + 1) % cycle.links.size()]];
    EXPECT_EQ(held.to, next.from);
    for (const Link *link : {&held, &next})
      EXPECT_TRUE(llvm::any_of(trees.getTree(cycle.trees[i]),
                               [&](const Branch &branch) {
                                 return branch.router == link->from &&
                                        branch.route.ports >> link->port & 1;
                               }));
  }
}

TEST(ChannelDependencies, FindsWhatTheDefinitionSays) {
  uint32_t numCycles = 0, numSeeds = 120;
  for (uint32_t seed = 0; seed < numSeeds; ++seed) {
    RandomNumbers random(seed);
    Fabric fabric = seed % 2 ? Fabric::mesh : Fabric::hexagonal;
    Traffic traffic(makeTestGrid(fabric, random.get(2, 4), random.get(2, 4), 1,
                                 1, 1000, seed % 3 == 0),
                    seed);
    RoutingTrees trees = traffic.run(TreeShape(seed % 4)).trees;
    std::optional<ChannelCycle> cycle =
        findChannelCycle(traffic.machine, trees);
    EXPECT_EQ(cycle.has_value(), hasCycle(traffic.machine, trees)) << seed;
    if (cycle)
      expectCycle(traffic.machine, trees, *cycle);
    numCycles += cycle.has_value();
  }
  EXPECT_GT(numCycles, 8u);
  EXPECT_LT(numCycles, numSeeds * 9 / 10);
}

TEST(ChannelDependencies, NoneInDimensionOrderOnMeshes) {
  for (uint32_t seed = 0; seed < 40; ++seed) {
    Fabric fabric = seed % 2 ? Fabric::mesh : Fabric::hexagonal;
    Traffic traffic(makeTestGrid(fabric, 6, 5, 1), seed);
    RoutingTrees trees = traffic.run(TreeShape::dimensionOrder).trees;
    EXPECT_EQ(describe(traffic.get().verify(trees)), "") << seed;
    EXPECT_FALSE(findChannelCycle(traffic.machine, trees)) << seed;
    // What takes axes as it likes does wait.
    trees = traffic.run(TreeShape::congestionAware).trees;
    EXPECT_TRUE(findChannelCycle(traffic.machine, trees)) << seed;
  }
}

TEST(ChannelDependencies, SomeInDimensionOrderOnTori) {
  for (Fabric fabric : {Fabric::mesh, Fabric::hexagonal}) {
    Traffic traffic(makeTestGrid(fabric, 6, 5, 1, 1, 1000, true), 1);
    RoutingTrees trees = traffic.run(TreeShape::dimensionOrder).trees;
    EXPECT_TRUE(findChannelCycle(traffic.machine, trees));
  }
}

TEST(ChannelDependencies, NoneInTrees) {
  Traffic traffic(
      makeTree("tree", 3, 2, getTestResources(), getTestSite(0, 1, 1, 10)), 1);
  EXPECT_FALSE(findChannelCycle(traffic.machine,
                                traffic.run(TreeShape::congestionAware).trees));
}

TEST(ChannelDependencies, RouterAvoidsThemWhereLinksBlock) {
  MachineGraph mesh = makeTestGrid(Fabric::mesh, 5, 5, 1);
  mesh.setFlow(Flow::blocking);
  Traffic traffic(mesh, 2);
  TreeRouterResult result = traffic.run(TreeShape::congestionAware);
  ASSERT_TRUE(result.isFeasible()) << describe(result.violations);
  EXPECT_EQ(describe(traffic.get().verify(result.trees)), "");
  traffic.machine.setFlow(Flow::dropping);
  result = traffic.run(TreeShape::congestionAware);
  EXPECT_EQ(describe(traffic.get().verify(result.trees)), "");
  traffic.machine.setFlow(Flow::blocking);
  EXPECT_TRUE(
      hasRule(traffic.get().verify(result.trees), "links-wait-in-circle"));
}

TEST(ChannelDependencies, AreNamed) {
  // Each of three routers in a ring sends two links on.
  MachineGraph ring("ring", Fabric::graph, 3, 1, false, false, 1);
  for (int i = 0; i < 3; ++i) {
    ring.addRouter(i, 0, i, 0, 10, {});
    ring.addCore(0, {});
  }
  for (RouterIndex i = 0; i < 3; ++i)
    ring.addLink(i, 0, (i + 1) % 3, 8, 0);
  ring.setFlow(Flow::blocking);
  Messages messages;
  for (uint32_t i = 0; i < 3; ++i)
    messages.add(i, (i + 2) % 3, 1, 1);
  messages.names = {"a", "b", "c"};
  Placement placement = {0, 1, 2};
  RoutingProblem problem = {ring, messages, placement};
  EXPECT_EQ(describe(route(problem).violations),
            "links-wait-in-circle: link 0 of (0, 0): it waits for itself: "
            "link 0 of (1, 0) for message 'a', then link 0 of (2, 0) for "
            "message 'b', then link 0 of (0, 0) for message 'c'; give these "
            "messages trees that take the axes in one order and no link round "
            "an edge\n");
}
