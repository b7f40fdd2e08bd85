//===- PlacementTest.cpp - placements and their checks --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RandomProblem.h"
#include "spikeformer/Mapping/MappingMetrics.h"
#include "spikeformer/Mapping/Placer.h"
#include "spikeformer/Mapping/TreeRouter.h"
#include "gtest/gtest.h"
#include <numeric>

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Planted errors
//===----------------------------------------------------------------------===//

namespace {
/// Four slices on a mesh of 2 x 2 routers with two cores each, and an answer.
class PlacementRules : public testing::Test {
protected:
  PlacementRules() {
    for (int i = 0; i < 4; ++i)
      addSlice(slices, 1, 100);
    slices.clusters = {0, 0, 1, 2};
    messages.add(0, {1, 2}, 1, 1);
  }
  PlacementProblem getProblem() const {
    return {machine, slices, messages, pins};
  }
  void expectQuestion(llvm::StringRef rule) const {
    Violations violations = getProblem().check();
    EXPECT_TRUE(hasRule(violations, rule)) << describe(violations);
    EXPECT_EQ(describe(place(getProblem()).violations), describe(violations));
  }
  void expectAnswer(llvm::StringRef rule) const {
    Violations violations = getProblem().verify(answer);
    EXPECT_TRUE(hasRule(violations, rule)) << describe(violations);
  }

  MachineGraph machine = makeTestGrid(Fabric::mesh, 2, 2, 2, 1, 250);
  SliceList slices;
  Messages messages;
  Placement pins, answer = {0, 1, 2, 4};
};
} // namespace

TEST_F(PlacementRules, AcceptsWhatIsRight) {
  EXPECT_EQ(describe(getProblem().check()), "");
  EXPECT_EQ(describe(getProblem().verify(answer)), "");
}

TEST_F(PlacementRules, FindsColumnsThatDoNotFit) {
  slices.usage.pop_back();
  expectQuestion("slice-columns");
}

TEST_F(PlacementRules, FindsPopulationThatDoesNotExist) {
  slices.populations[1] = 7;
  expectQuestion("slice-population");
}

TEST_F(PlacementRules, FindsNegativeUsage) {
  slices.usage[3] = -1;
  expectQuestion("slice-usage");
}

TEST_F(PlacementRules, FindsNameTwice) {
  slices.names[2] = slices.names[0];
  expectQuestion("slice-twice");
}

TEST_F(PlacementRules, FindsWrongMessages) {
  messages.sources[0] = 9;
  expectQuestion("message-source");
}

TEST_F(PlacementRules, FindsPinToNowhere) {
  pins = {99, noIndex, noIndex, noIndex};
  expectQuestion("pin-to-nowhere");
}

TEST_F(PlacementRules, FindsSliceTooLarge) {
  slices.usage[0] = 2;
  expectQuestion("slice-too-large");
  Violation violation = getProblem().check().front();
  EXPECT_EQ(violation.need, "2 neurons");
  EXPECT_EQ(violation.have, "1 neurons");
  EXPECT_EQ(violation.next, "cut it by 1 neurons, or split it");
}

TEST_F(PlacementRules, FindsMachineTooSmall) {
  for (int i = 0; i < 5; ++i) {
    addSlice(slices, 1, 0);
    slices.clusters.push_back(10 + i);
  }
  expectQuestion("machine-too-small");
}

TEST_F(PlacementRules, FindsPinsOverCore) {
  pins = {noIndex, noIndex, 3, 3};
  expectQuestion("pins-core-over-capacity");
}

TEST_F(PlacementRules, FindsPinsOverRouter) {
  slices.usage[5] = slices.usage[7] = 200;
  pins = {noIndex, noIndex, 2, 3};
  expectQuestion("pins-router-over-capacity");
}

TEST_F(PlacementRules, FindsPinsThatPartCluster) {
  pins = {0, 2, noIndex, noIndex};
  expectQuestion("pins-cluster-parted");
}

TEST_F(PlacementRules, TellsSeveralAtOnce) {
  slices.usage[0] = 2;
  pins = {noIndex, 99, 3, 3};
  expectQuestion("slice-too-large");
  expectQuestion("pin-to-nowhere");
  expectQuestion("pins-core-over-capacity");
}

TEST_F(PlacementRules, FindsMissingColumn) {
  answer.pop_back();
  expectAnswer("placement-columns");
}

TEST_F(PlacementRules, FindsSliceWithoutCore) {
  answer[3] = noIndex;
  expectAnswer("slice-without-core");
  answer[3] = 8;
  expectAnswer("slice-without-core");
}

TEST_F(PlacementRules, FindsPinNotKept) {
  pins = {noIndex, noIndex, 5, noIndex};
  expectAnswer("pin-not-kept");
}

TEST_F(PlacementRules, FindsCoreOverCapacity) {
  answer[3] = 2;
  expectAnswer("core-over-capacity");
  Violation violation = getProblem().verify(answer).front();
  EXPECT_EQ(violation.str(),
            "core 1 of (1, 0): its neurons is occupied by 's2', 's3' (need 2 "
            "neurons, have 1 neurons); move 1 neurons away");
}

TEST_F(PlacementRules, FindsRouterOverCapacity) {
  slices.usage[7] = 200;
  answer[3] = 3;
  expectAnswer("router-over-capacity");
}

TEST_F(PlacementRules, FindsPartedCluster) {
  answer[1] = 5;
  expectAnswer("cluster-parted");
}

TEST_F(PlacementRules, ExplainsWhatIsTight) {
  // All fit alone, but two routers of 250 bytes cannot hold three of 200 each
  // beside what is pinned.
  slices.usage[5] = slices.usage[7] = 200;
  slices.usage[1] = slices.usage[3] = 120;
  slices.clusters = {0, 1, 2, 3};
  addSlice(slices, 1, 200);
  slices.clusters.push_back(4);
  pins = {0, 2, noIndex, noIndex, noIndex};
  Violations violations = place(getProblem()).violations;
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].rule, "no-room");
  EXPECT_NE(violations[0].message.find("memory is tight"), std::string::npos);
  EXPECT_NE(violations[0].message.find("by its pin"), std::string::npos);
  EXPECT_EQ(violations[0].need, "200 bytes");
  EXPECT_EQ(violations[0].have, "130 bytes");
}

//===----------------------------------------------------------------------===//
// Random problems
//===----------------------------------------------------------------------===//

/// Pins some slices to cores that hold them alone.
static Placement makeRandomPins(RandomNumbers &random,
                                const PlacementProblem &problem) {
  Placement pins(problem.slices.size(), noIndex);
  PlacementProblem question = problem;
  for (uint32_t i = 0; i < 3 && !pins.empty(); ++i) {
    question.pins = pins;
    question.pins[random.get(0, pins.size() - 1)] =
        random.get(0, problem.machine.getCores().size() - 1);
    if (question.check().empty())
      pins = question.pins;
  }
  return pins;
}

TEST(Placer, AnswersVerify) {
  uint32_t numPlaced = 0, numSolved = 0;
  for (uint32_t seed = 0; seed < 1000; ++seed) {
    RandomNumbers random(seed);
    MachineGraph machine = makeRandomMachine(random, seed);
    if (machine.getCores().empty())
      continue;
    uint32_t count = random.get(1, 2 * machine.getCores().size());
    SliceList slices = makeRandomSlices(random, count);
    Messages messages = makeRandomMessages(random, count);
    PlacementProblem problem = {machine, slices, messages, {}};
    if (random.get(0, 1))
      problem.pins = makeRandomPins(random, problem);
    PlacerOptions options;
    options.effort = seed % 3;
    options.seed = seed;
    options.objective.weights[Objective::hottestLink] = seed % 5 == 0;
    PlacerResult result = place(problem, options);
    EXPECT_EQ(result.isFeasible(), !result.placement.empty()) << seed;
    numSolved += problem.check().empty();
    if (!result.isFeasible())
      continue;
    ++numPlaced;
    EXPECT_EQ(describe(problem.verify(result.placement)), "") << seed;
    EXPECT_EQ(place(problem, options).placement, result.placement) << seed;
  }
  // Of those that are well formed most have an answer.
  EXPECT_GT(numPlaced, 350u);
  EXPECT_GT(numPlaced * 10, numSolved * 7);
}

/// True if any placement verifies: all of them are tried.
static bool hasAnswer(const PlacementProblem &problem) {
  uint32_t numCores = problem.machine.getCores().size();
  Placement placement(problem.slices.size(), 0);
  for (;;) {
    if (problem.verify(placement).empty())
      return true;
    size_t slice = 0;
    while (slice < placement.size() && ++placement[slice] == numCores)
      placement[slice++] = 0;
    if (slice == placement.size())
      return false;
  }
}

TEST(Placer, FindsRoomWhereThereIsSome) {
  uint32_t numWith = 0, numWithout = 0;
  for (uint32_t seed = 0; seed < 400; ++seed) {
    RandomNumbers random(seed);
    // Two or three routers of two cores, which are nearly full.
    MachineGraph machine = makeTestGrid(Fabric::mesh, random.get(1, 2), 1, 2, 5,
                                        random.get(30, 44));
    uint32_t count = random.get(3, 6);
    SliceList slices;
    for (uint32_t i = 0; i < count; ++i) {
      addSlice(slices, random.get(1, 4), random.get(5, 20));
      slices.clusters.push_back(
          i > 0 && random.get(0, 3) == 0 ? slices.clusters.back() : i);
    }
    Messages messages = makeRandomMessages(random, count);
    PlacementProblem problem = {machine, slices, messages, {}};
    if (random.get(0, 1))
      problem.pins = makeRandomPins(random, problem);
    if (!problem.check().empty())
      continue;
    bool isPossible = hasAnswer(problem);
    PlacerOptions options;
    options.effort = seed % 2;
    PlacerResult result = place(problem, options);
    EXPECT_EQ(result.isFeasible(), isPossible) << seed;
    ++(isPossible ? numWith : numWithout);
  }
  EXPECT_GT(numWith, 40u);
  EXPECT_GT(numWithout, 25u);
}

/// What the default objective is of a placement.
static double getHops(const PlacementProblem &problem,
                      const Placement &placement) {
  RoutingProblem routing = {problem.machine, problem.messages, placement};
  TreeRouterResult routed = route(routing);
  EXPECT_TRUE(routed.isFeasible());
  return measure(routing, problem.slices, routed.trees).packetHops;
}

TEST(Placer, FindsOptimumOfSmallProblems) {
  for (uint32_t seed = 0; seed < 60; ++seed) {
    RandomNumbers random(seed);
    Fabric fabric = seed % 2 ? Fabric::hexagonal : Fabric::mesh;
    MachineGraph machine = makeTestGrid(fabric, 3, 2, 1);
    SliceList slices;
    for (int i = 0; i < 6; ++i)
      addSlice(slices, 1, 0);
    Messages messages = makeRandomMessages(random, 6);
    PlacementProblem problem = {machine, slices, messages, {}};
    Placement permutation(6);
    std::iota(permutation.begin(), permutation.end(), 0);
    double best = std::numeric_limits<double>::infinity();
    do
      best = std::min(best, getHops(problem, permutation));
    while (std::next_permutation(permutation.begin(), permutation.end()));
    PlacerResult result = place(problem);
    EXPECT_EQ(getHops(problem, result.placement), best) << seed;
    EXPECT_TRUE(result.isOptimal) << seed;
  }
}

/// The least of `objective` over all placements, each with its best trees.
static double findLeast(const PlacementProblem &problem,
                        const Objective &objective, Placement &placement,
                        size_t slice = 0) {
  if (slice == placement.size()) {
    if (!problem.verify(placement).empty())
      return std::numeric_limits<double>::infinity();
    RoutingProblem routing = {problem.machine, problem.messages, placement};
    MappingMetrics metrics =
        measure(routing, problem.slices, route(routing).trees);
    return objective[Objective::messages] * metrics.messages +
           objective[Objective::hops] * metrics.packetHops +
           objective[Objective::busiestCore] * metrics.busiestCoreLoad +
           objective[Objective::energy] * metrics.energy +
           objective[Objective::cores] *
               (metrics.coresUsed + metrics.routersUsed);
  }
  double least = std::numeric_limits<double>::infinity();
  for (CoreIndex core = 0; core < problem.machine.getCores().size(); ++core) {
    placement[slice] = core;
    least =
        std::min(least, findLeast(problem, objective, placement, slice + 1));
  }
  return least;
}

TEST(Placer, FindsOptimumOfOtherObjectives) {
  std::string error;
  for (const char *text :
       {"busiest_core", "messages=2,hops=1", "cores,hops=0.1", "energy",
        "busiest_core=0.5,cores=3,messages=0.25"})
    for (uint32_t seed = 0; seed < 8; ++seed) {
      RandomNumbers random(seed);
      MachineGraph machine = makeTestGrid(Fabric::mesh, 3, 1, 2, 2, 30);
      SliceList slices;
      for (int i = 0; i < 4; ++i)
        addSlice(slices, random.get(1, 2), random.get(5, 15));
      Messages messages = makeRandomMessages(random, 4);
      PlacementProblem problem = {machine, slices, messages, {}};
      PlacerOptions options;
      options.objective = *parseObjective(text, error);
      PlacerResult result = place(problem, options);
      ASSERT_TRUE(result.isFeasible());
      EXPECT_TRUE(result.isOptimal) << text << seed;
      Placement all(4);
      double least = findLeast(problem, options.objective, all);
      EXPECT_NEAR(findLeast(problem, options.objective, result.placement, 4),
                  least, 1e-9)
          << text << seed;
    }
}

TEST(Placer, MoreEffortIsNoWorse) {
  for (uint32_t seed = 0; seed < 10; ++seed) {
    RandomNumbers random(seed);
    MachineGraph machine = makeTestGrid(Fabric::hexagonal, 4, 4, 4);
    SliceList slices;
    for (int i = 0; i < 50; ++i)
      addSlice(slices, 1, 0);
    Messages messages = makeRandomMessages(random, 50);
    PlacementProblem problem = {machine, slices, messages, {}};
    double last = std::numeric_limits<double>::infinity();
    for (unsigned effort : {0, 2, 3}) {
      PlacerOptions options;
      options.effort = effort;
      double hops = getHops(problem, place(problem, options).placement);
      EXPECT_LE(hops, last) << seed;
      last = hops;
    }
  }
}

TEST(Placer, UsesFewRoutersThatLieTogether) {
  MachineGraph machine = makeTestGrid(Fabric::hexagonal, 8, 8, 4);
  SliceList slices;
  for (int i = 0; i < 28; ++i)
    addSlice(slices, 1, 0);
  RandomNumbers random(1);
  Messages messages = makeRandomMessages(random, 28);
  Placement placement = place({machine, slices, messages, {}}).placement;
  uint32_t farthest = 0;
  std::vector<bool> isUsed(64);
  for (CoreIndex a : placement) {
    isUsed[machine.getCores()[a].router] = true;
    for (CoreIndex b : placement)
      farthest =
          std::max(farthest, machine.getDistance(machine.getCores()[a].router,
                                                 machine.getCores()[b].router));
  }
  EXPECT_EQ(llvm::count(isUsed, true), 7);
  EXPECT_EQ(farthest, 2u);
}

TEST(Placer, FollowsObjective) {
  RandomNumbers random(3);
  MachineGraph machine = makeTestGrid(Fabric::mesh, 6, 6, 4);
  SliceList slices;
  for (int i = 0; i < 40; ++i)
    addSlice(slices, 1, 0);
  Messages messages = makeRandomMessages(random, 40);
  PlacementProblem problem = {machine, slices, messages, {}};
  std::string error;
  auto getMetrics = [&](const char *text) {
    PlacerOptions options;
    options.objective = *parseObjective(text, error);
    Placement placement = place(problem, options).placement;
    RoutingProblem routing = {machine, messages, placement};
    return measure(routing, slices, route(routing).trees);
  };
  MappingMetrics hops = getMetrics("hops"), link = getMetrics("hottest_link");
  EXPECT_LT(link.maxLinkLoad, hops.maxLinkLoad);
  EXPECT_LT(hops.packetHops, link.packetHops);
  EXPECT_EQ(hops.routersUsed, 10u);
}

TEST(Objective, IsRead) {
  std::string error;
  std::optional<Objective> objective =
      parseObjective("hops=1, hottest_link=0.25", error);
  ASSERT_TRUE(objective);
  EXPECT_EQ((*objective)[Objective::hops], 1);
  EXPECT_EQ((*objective)[Objective::hottestLink], 0.25);
  EXPECT_EQ((*objective)[Objective::cores], 0);
  EXPECT_FALSE(parseObjective("jumps", error));
  EXPECT_EQ(error, "there is no objective 'jumps', only messages, hops, "
                   "busiest_core, hottest_link, energy, latency, cores");
  EXPECT_FALSE(parseObjective("hops=-1", error));
  EXPECT_EQ(error,
            "the weight of 'hops' is '-1', needs a number of at least 0");
  EXPECT_FALSE(parseObjective("hops=nan", error));
}
