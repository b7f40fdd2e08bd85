//===- RoutingTest.cpp - trees and their checks ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RandomProblem.h"
#include "spikeformer/Mapping/MappingMetrics.h"
#include "spikeformer/Mapping/TreeRouter.h"
#include "gtest/gtest.h"
#include <map>

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Planted errors
//===----------------------------------------------------------------------===//

namespace {
/// A message from (0, 0) of a mesh of 3 x 1 routers to cores of all of them.
class RoutingRules : public testing::Test {
protected:
  RoutingRules() {
    messages.add(0, {1, 2, 3}, 2, 1);
    trees = route({machine, messages, placement}).trees;
  }
  void expectQuestion(llvm::StringRef rule) const {
    Violations violations =
        RoutingProblem{machine, messages, placement}.check();
    EXPECT_TRUE(hasRule(violations, rule)) << describe(violations);
  }
  void expectAnswer(llvm::StringRef rule) const {
    Violations violations =
        RoutingProblem{machine, messages, placement}.verify(trees);
    EXPECT_TRUE(hasRule(violations, rule)) << describe(violations);
  }
  Branch &getBranch(size_t index) { return trees.branches[index]; }

  MachineGraph machine = makeTestGrid(Fabric::mesh, 3, 1, 2);
  Messages messages;
  Placement placement = {0, 1, 2, 5};
  RoutingTrees trees;
};
} // namespace

TEST_F(RoutingRules, AcceptsWhatIsRight) {
  RoutingProblem problem = {machine, messages, placement};
  EXPECT_EQ(describe(problem.check()), "");
  ASSERT_EQ(trees.branches.size(), 3u);
  EXPECT_EQ(describe(problem.verify(trees)), "");
}

TEST_F(RoutingRules, FindsSliceWithoutCore) {
  placement[2] = noIndex;
  expectQuestion("slice-without-core");
}

TEST_F(RoutingRules, FindsWrongMessages) {
  messages.targets[2] = 4;
  expectQuestion("message-target");
}

TEST_F(RoutingRules, FindsTargetThatNoLinkReaches) {
  GridShape shape;
  shape.width = 2;
  shape.resources = getTestResources();
  shape.siteAt = [](uint32_t x, uint32_t) { return getTestSite(x, 2, 1, 1); };
  shape.isDeadLink = [](uint32_t x, uint32_t, uint32_t) { return x == 0; };
  MachineGraph halved = makeGrid(shape);
  Messages both;
  both.add(0, 1, 1, 1);
  both.add(1, 0, 1, 1);
  Placement cores = {0, 2};
  RoutingProblem problem = {halved, both, cores};
  Violations violations = problem.check();
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].rule, "target-unreachable");
  EXPECT_EQ(violations[0].str(),
            "message 0: no live links lead from (0, 0) to (1, 0)");
  EXPECT_TRUE(hasRule(route(problem).violations, "target-unreachable"));
  RoutingTrees over;
  over.treeOf = {0, 1};
  over.offsets = {0, 2, 4};
  over.branches = {{0, noIndex, {}}, {1, 2, {}}, {1, noIndex, {}}, {0, 0, {}}};
  over.branches[0].route.addPort(0);
  over.branches[1].route.addCore(1);
  over.branches[2].route.addPort(2);
  over.branches[3].route.addCore(1);
  violations = problem.verify(over);
  EXPECT_TRUE(hasRule(violations, "branch-over-dead-link"));
  EXPECT_EQ(llvm::count_if(violations,
                           [](const Violation &violation) {
                             return violation.subject == "message 1";
                           }),
            0);
}

TEST_F(RoutingRules, FindsColumnsThatDoNotFit) {
  trees.treeOf.push_back(0);
  expectAnswer("tree-columns");
  trees.treeOf = {1};
  expectAnswer("tree-columns");
  trees.treeOf = {0};
  getBranch(1).router = 3;
  expectAnswer("tree-columns");
}

TEST_F(RoutingRules, FindsWrongSource) {
  placement[0] = 3;
  expectAnswer("tree-without-source");
}

TEST_F(RoutingRules, FindsMissingLink) {
  getBranch(0).route.addPort(1);
  expectAnswer("branch-over-dead-link");
  getBranch(0).route.ports ^= 1 << 1 | 1 << 20;
  expectAnswer("branch-over-dead-link");
}

TEST_F(RoutingRules, FindsRouterReachedTwice) {
  getBranch(2).route.addPort(2);
  expectAnswer("router-twice");
}

TEST_F(RoutingRules, FindsTwoBranches) {
  getBranch(2).router = 1;
  expectAnswer("branch-twice");
}

TEST_F(RoutingRules, FindsBranchFromNowhere) {
  getBranch(1).route.ports = 0;
  expectAnswer("branch-from-nowhere");
}

TEST_F(RoutingRules, FindsBranchBeforeItsParent) {
  std::swap(getBranch(1), getBranch(2));
  expectAnswer("branch-from-nowhere");
}

TEST_F(RoutingRules, FindsLinkToNoBranch) {
  trees.branches.pop_back();
  trees.offsets = {0, 2};
  expectAnswer("link-to-no-branch");
}

TEST_F(RoutingRules, FindsWrongPortOfArrival) {
  getBranch(1).incoming = 0;
  expectAnswer("wrong-incoming");
  getBranch(1).incoming = noIndex;
  expectAnswer("wrong-incoming");
  getBranch(1).incoming = 2;
  getBranch(0).incoming = 2;
  expectAnswer("wrong-incoming");
}

TEST_F(RoutingRules, FindsTargetNotReached) {
  getBranch(1).route.cores = {};
  expectAnswer("target-not-reached");
}

TEST_F(RoutingRules, FindsCoreNotAskedFor) {
  getBranch(1).route.addCore(2);
  expectAnswer("core-not-asked-for");
}

TEST_F(RoutingRules, FindsMissingCore) {
  getBranch(1).route.addCore(77);
  expectAnswer("core-missing");
}

TEST_F(RoutingRules, FindsBranchWithoutCore) {
  getBranch(2).route.cores = {};
  expectAnswer("branch-without-core");
}

TEST_F(RoutingRules, FindsLinkOverCapacity) {
  MachineGraph narrow("narrow", Fabric::graph, 2, 1, false, false, 1);
  for (int i = 0; i < 2; ++i) {
    narrow.addRouter(i, 0, i, 0, 10, {});
    narrow.addCore(0, {});
  }
  narrow.addLink(0, 0, 1, 3, 0);
  narrow.addLink(1, 0, 0, 3, 0);
  Messages heavy;
  heavy.add(0, 1, 2, 1);
  heavy.add(0, 1, 2, 1);
  Placement cores = {0, 1};
  RoutingProblem problem = {narrow, heavy, cores};
  TreeRouterResult result = route(problem);
  EXPECT_TRUE(hasRule(result.violations, "link-over-capacity"));
  EXPECT_TRUE(result.trees.treeOf.empty());
  heavy.packets = {1.5, 1.5};
  result = route(problem);
  ASSERT_TRUE(result.isFeasible());
  heavy.packets = {1.5, 1.75};
  EXPECT_EQ(describe(problem.verify(result.trees)),
            "link-over-capacity: link 0 of (0, 0): it carries message 1 (1.75 "
            "packets), message 0 (1.5 packets) (need 3.25 packets, have 3 "
            "packets); place what sends most of them nearer to its targets, or "
            "take 0.25 packets off it by longer steps or other ways\n");
  EXPECT_EQ(describe(route(problem).violations),
            describe(problem.verify(result.trees)));
}

//===----------------------------------------------------------------------===//
// Random problems
//===----------------------------------------------------------------------===//

/// Slices on any cores, several on one.
static Placement makeRandomPlacement(RandomNumbers &random,
                                     const MachineGraph &machine,
                                     uint32_t count) {
  Placement placement;
  for (uint32_t i = 0; i < count; ++i)
    placement.push_back(random.get(0, machine.getCores().size() - 1));
  return placement;
}

TEST(TreeRouter, AnswersVerify) {
  uint32_t numRouted = 0;
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    RandomNumbers random(seed);
    MachineGraph machine = makeRandomMachine(random, seed);
    if (machine.getCores().empty())
      continue;
    uint32_t count = random.get(1, 40);
    Placement placement = makeRandomPlacement(random, machine, count);
    Messages messages = makeRandomMessages(random, count);
    RoutingProblem problem = {machine, messages, placement};
    TreeRouterOptions options;
    options.shape = TreeShape(random.get(0, 2));
    options.shareTrees = random.get(0, 1);
    options.effort = random.get(0, 2);
    TreeRouterResult result = route(problem, options);
    EXPECT_EQ(result.isFeasible(), problem.check().empty()) << seed;
    if (!result.isFeasible())
      continue;
    ++numRouted;
    EXPECT_EQ(describe(problem.verify(result.trees)), "") << seed;
  }
  EXPECT_GT(numRouted, 2000u);
}

/// Links of the smallest tree over `terminals`, by trying all sets of routers.
static uint32_t findOptimum(const MachineGraph &machine, uint32_t terminals) {
  uint32_t numRouters = machine.getRouters().size(), best = numRouters;
  std::vector<uint32_t> neighbours(numRouters);
  for (const Link &link : machine.getLinks())
    neighbours[link.from] |= 1 << link.to;
  for (uint32_t set = 1; set < uint32_t(1) << numRouters; ++set) {
    if ((set & terminals) != terminals)
      continue;
    uint32_t reached = set & -set, last = 0;
    while (reached != std::exchange(last, reached))
      for (uint32_t i = 0; i < numRouters; ++i)
        if (reached >> i & 1)
          reached |= neighbours[i] & set;
    if (reached == set)
      best = std::min<uint32_t>(best, llvm::popcount(set));
  }
  return best - 1;
}

/// A message between routers of a grid, to up to five of them.
static uint32_t makeRandomTree(RandomNumbers &random,
                               const MachineGraph &machine, Messages &messages,
                               Placement &placement) {
  uint32_t last = machine.getRouters().size() - 1;
  placement = {random.get(0, last)};
  uint32_t terminals = 1 << placement[0];
  std::vector<uint32_t> targets;
  for (uint32_t i = random.get(1, 5); i > 0; --i) {
    targets.push_back(placement.size());
    placement.push_back(random.get(0, last));
    terminals |= 1 << placement.back();
  }
  messages.add(0, targets, 1, 1);
  return terminals;
}

TEST(TreeRouter, IsNearOptimum) {
  uint64_t links = 0, optimum = 0, explored = 0;
  for (uint32_t seed = 0; seed < 200; ++seed) {
    RandomNumbers random(seed);
    MachineGraph machine =
        makeTestGrid(seed % 2 ? Fabric::hexagonal : Fabric::mesh, 3, 4, 1);
    Messages messages;
    Placement placement;
    uint32_t terminals = makeRandomTree(random, machine, messages, placement);
    // As many slices that no optimum is looked for.
    placement.resize(13, 0);
    RoutingProblem problem = {machine, messages, placement};
    uint32_t least = findOptimum(machine, terminals);
    uint32_t found = route(problem).trees.branches.size() - 1;
    EXPECT_GE(found, least) << seed;
    TreeRouterOptions baseline;
    baseline.shape = TreeShape::neighbourExploring;
    explored += route(problem, baseline).trees.branches.size() - 1;
    links += found;
    optimum += least;
  }
  EXPECT_LE(links * 100, optimum * 103);
  EXPECT_LT(links, explored);
}

TEST(TreeRouter, FindsOptimumOfFewSlices) {
  for (uint32_t seed = 0; seed < 120; ++seed) {
    RandomNumbers random(seed);
    // Of 12 routers all sets are looked at, of 18 only those of targets.
    MachineGraph machine =
        makeTestGrid(seed % 2 ? Fabric::hexagonal : Fabric::mesh, 3,
                     seed % 8 == 0 ? 6 : 4, 1, 1, 1000, seed % 3 == 0);
    Messages messages;
    Placement placement;
    uint32_t terminals = makeRandomTree(random, machine, messages, placement);
    RoutingProblem problem = {machine, messages, placement};
    TreeRouterResult routed = route(problem);
    EXPECT_EQ(routed.trees.branches.size() - 1, findOptimum(machine, terminals))
        << seed;
    EXPECT_EQ(describe(problem.verify(routed.trees)), "") << seed;
  }
}

TEST(TreeRouter, SpreadsLoad) {
  // All of a column send to all of another; straight ways are all alike.
  MachineGraph machine = makeTestGrid(Fabric::hexagonal, 5, 5, 1);
  RandomNumbers random(1);
  Placement placement;
  for (uint32_t i = 0; i < 25; ++i)
    placement.push_back(i);
  Messages messages;
  for (uint32_t source = 0; source < 25; ++source) {
    std::vector<uint32_t> targets;
    for (uint32_t target = 0; target < 25; ++target)
      if (random.get(0, 3) == 0)
        targets.push_back(target);
    messages.add(source, targets, 1, 1);
  }
  RoutingProblem problem = {machine, messages, placement};
  SliceList slices;
  for (int i = 0; i < 25; ++i)
    addSlice(slices, 1, 0);
  auto getMetrics = [&](unsigned effort, TreeShape shape) {
    TreeRouterOptions options;
    options.effort = effort;
    options.shape = shape;
    return measure(problem, slices, route(problem, options).trees);
  };
  MappingMetrics plain = getMetrics(0, TreeShape::congestionAware);
  MappingMetrics balanced = getMetrics(1, TreeShape::congestionAware);
  MappingMetrics explored = getMetrics(1, TreeShape::neighbourExploring);
  EXPECT_LE(balanced.packetHops, plain.packetHops);
  EXPECT_LE(balanced.maxLinkLoad, plain.maxLinkLoad);
  EXPECT_LT(balanced.packetHops, explored.packetHops);
  EXPECT_LT(balanced.maxLinkLoad, explored.maxLinkLoad);
}

TEST(TreeRouter, SharedRoutesDependOnArrivalOnly) {
  MachineGraph machine = makeTestGrid(Fabric::hexagonal, 5, 5, 2);
  RandomNumbers random(2);
  Placement placement = makeRandomPlacement(random, machine, 90);
  Messages messages;
  // Three populations of 30, each to all of the next.
  for (uint32_t source = 0; source < 90; ++source) {
    std::vector<uint32_t> targets;
    for (uint32_t i = 0; i < 30; ++i)
      targets.push_back((source / 30 + 1) % 3 * 30 + i);
    messages.add(source, targets, 1, 1);
  }
  RoutingProblem problem = {machine, messages, placement};
  TreeRouterResult result = route(problem);
  EXPECT_EQ(describe(problem.verify(result.trees)), "");
  // By population, router and port of arrival.
  std::map<std::array<uint32_t, 3>, Route> routes;
  for (uint32_t message = 0; message < messages.size(); ++message)
    for (const Branch &branch : result.trees.branchesOf(message)) {
      // Before the shared tree, and where a message enters it, sources differ.
      if (!branch.route.hasCores() || branch.incoming == noIndex)
        continue;
      auto [entry, isNew] = routes.try_emplace(
          {message / 30, branch.router, branch.incoming}, branch.route);
      if (!isNew) {
        EXPECT_EQ(entry->second.cores, branch.route.cores);
      }
    }
  // A source that is in the tree itself has the same links as all others.
  size_t numShared = 0, numOther = 0;
  for (bool share : {true, false}) {
    TreeRouterOptions options;
    options.shareTrees = share;
    std::map<std::pair<RouterIndex, Route>, bool> different;
    for (const Branch &branch : route(problem, options).trees.branches)
      different[{branch.router, branch.route}] = true;
    (share ? numShared : numOther) = different.size();
  }
  EXPECT_LT(numShared, numOther);
}

//===----------------------------------------------------------------------===//
// Metrics
//===----------------------------------------------------------------------===//

TEST(MappingMetrics, AreThoseOfAnExample) {
  // Routers 0 - 1 - 2 with two cores each; the link energy is 2.
  MachineGraph machine = makeTestGrid(Fabric::mesh, 3, 1, 2);
  SliceList slices;
  for (int i = 0; i < 4; ++i)
    addSlice(slices, 1, 10 * (i + 1));
  Messages messages;
  messages.add(0, {0, 1, 3}, 3, 1);
  messages.add(2, {3}, 5, 1);
  Placement placement = {0, 1, 2, 5};
  RoutingProblem problem = {machine, messages, placement};
  MappingMetrics metrics = measure(problem, slices, route(problem).trees);
  EXPECT_EQ(metrics.treeLinks, 3u);
  EXPECT_EQ(metrics.packetHops, 3 * 2 + 5 * 1);
  EXPECT_EQ(metrics.maxLinkLoad, 8);
  EXPECT_EQ(metrics.busiestLink, machine.getLink(1, 0));
  EXPECT_EQ(metrics.messages, 3 * 2 + 5);
  EXPECT_EQ(metrics.busiestCoreLoad, 8);
  EXPECT_EQ(metrics.busiestCore, 5u);
  EXPECT_EQ(metrics.latency, 2u);
  EXPECT_EQ(metrics.energy, 2 * metrics.packetHops);
  EXPECT_EQ(metrics.coresUsed, 4u);
  EXPECT_EQ(metrics.routersUsed, 3u);
  EXPECT_EQ(metrics.chipsUsed, 3u);
  EXPECT_EQ(metrics.slicesOfRouter, (std::vector<uint32_t>{2, 1, 1}));
  EXPECT_EQ(metrics.sentByCore, (std::vector<double>{3, 0, 5, 0, 0, 0}));
  EXPECT_EQ(metrics.receivedByCore, (std::vector<double>{3, 3, 0, 0, 0, 8}));
  EXPECT_EQ(metrics.packetsOfRouter, (std::vector<double>{3, 8, 8}));
  EXPECT_EQ(metrics.usageOfRouter[1], 30);
  EXPECT_EQ(metrics.usageOfCore[2 * 5], 1);
}
