//===- PartitionTest.cpp - partition problems and their solver ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/Partitioner.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <random>
#include <set>

using namespace spikeformer;

namespace {
using Engine = std::mt19937_64;

uint32_t draw(Engine &engine, uint32_t end) { return engine() % end; }

/// A problem with the columns that it refers to.
struct Example {
  SliceList grains;
  Messages messages;
  PartitionProblem problem{grains, messages, {}, {}, 0, {}, {}, {}, {}};

  Example() = default;
  Example(const Example &) = delete;

  void addGrain(std::vector<int64_t> usage) {
    grains.names.push_back("g" + std::to_string(grains.size()));
    grains.usage.insert(grains.usage.end(), usage.begin(), usage.end());
  }
  void setResources(std::vector<int64_t> capacity) {
    for (size_t i = 0; i < capacity.size(); ++i)
      problem.resources.push_back({"r" + std::to_string(i), "units"});
    problem.capacity = std::move(capacity);
  }
};

void addRandomMessages(Example &example, Engine &engine, bool integers) {
  uint32_t count = example.grains.size();
  for (uint32_t i = 0, end = draw(engine, 2 * count + 1); i < end; ++i) {
    std::set<uint32_t> targets;
    for (uint32_t j = 0, size = draw(engine, 6); j < size; ++j)
      targets.insert(draw(engine, count));
    std::vector<uint32_t> list(targets.begin(), targets.end());
    double packets = integers ? draw(engine, 9) : draw(engine, 1000) / 7.0;
    example.messages.add(draw(engine, count), list, packets,
                         1 + draw(engine, 4));
  }
}

/// A random problem that need not have an answer.
void makeRandom(Example &example, Engine &engine, uint32_t maxGrains) {
  uint32_t count = 1 + draw(engine, maxGrains);
  uint32_t width = draw(engine, 4);
  for (uint32_t i = 0; i < count; ++i) {
    std::vector<int64_t> usage(width);
    for (int64_t &amount : usage)
      amount = draw(engine, 10);
    example.addGrain(usage);
  }
  addRandomMessages(example, engine, draw(engine, 2));
  PartitionProblem &problem = example.problem;
  if (draw(engine, 2))
    problem.numParts = 1 + draw(engine, 6);
  uint32_t rows =
      problem.numParts > 0 && draw(engine, 3) == 0 ? problem.numParts : 1;
  std::vector<int64_t> capacity(width);
  for (int64_t &amount : capacity)
    amount = 8 + draw(engine, 5 * count);
  example.setResources(capacity);
  for (uint32_t row = 1; row < rows; ++row)
    for (uint32_t i = 0; i < width; ++i)
      problem.capacity.push_back(8 + draw(engine, 5 * count));
  if (problem.numParts > 0 && width > 0 && draw(engine, 3) == 0)
    for (uint32_t i = 0; i < width; ++i)
      problem.imbalance.push_back(draw(engine, 3) * 0.2 - 0.1);
  if (draw(engine, 3) == 0)
    problem.maxFanIn = 8 + draw(engine, 4 * count);
  if (draw(engine, 3) == 0)
    for (uint32_t i = 0; i < count; ++i)
      problem.together.push_back(draw(engine, 3) ? noIndex : draw(engine, 5));
  if (draw(engine, 3) == 0)
    for (uint32_t i = 0; i < count; ++i)
      problem.pins.push_back(draw(engine, 8) ? noIndex : draw(engine, 3));
}

/// An obviously right optimum: all partitions, judged by verify(). `numParts` 0
/// wants the fewest, then the least.
struct Optimum {
  uint32_t numParts = 0;
  double connectivity = -1;
};
Optimum enumerate(const PartitionProblem &problem) {
  Optimum best;
  Partition partition(problem.grains.size());
  uint32_t most =
      problem.numParts > 0 ? problem.numParts : uint32_t(partition.size());
  std::function<void(size_t)> assign = [&](size_t grain) {
    if (grain < partition.size()) {
      for (partition[grain] = 0; partition[grain] < most; ++partition[grain])
        assign(grain + 1);
      partition[grain] = 0;
      return;
    }
    uint32_t numParts = problem.numParts > 0 ? 0 : countParts(partition);
    double connectivity = getConnectivity(problem.messages, partition);
    bool isBetter =
        best.connectivity < 0 || numParts < best.numParts ||
        (numParts == best.numParts && connectivity < best.connectivity - 1e-9);
    if (isBetter && problem.verify(partition).empty())
      best = {numParts, connectivity};
  };
  assign(0);
  return best;
}

std::set<std::string> getRules(const Violations &violations) {
  std::set<std::string> rules;
  for (const Violation &violation : violations)
    rules.insert(violation.rule);
  return rules;
}
using Rules = std::set<std::string>;

/// Four grains in a row, two parts of at most 6 units.
void makeSmall(Example &example) {
  for (int64_t amount : {3, 3, 2, 2})
    example.addGrain({amount});
  example.setResources({6});
  example.problem.numParts = 2;
  for (uint32_t i = 0; i < 3; ++i)
    example.messages.add(i, {i + 1}, 1 + (i != 1), 2);
}

//===----------------------------------------------------------------------===//
// Metrics
//===----------------------------------------------------------------------===//

TEST(PartitionMetrics, CountPartsOfTargetsAndSource) {
  Messages messages;
  messages.add(0, {0, 1, 2, 3}, 2, 5);
  messages.add(1, {2, 3}, 3, 7);
  messages.add(2, {2}, 100, 1);
  Partition partition = {0, 0, 1, 2};
  EXPECT_EQ(getConnectivity(messages, partition), 2 * 2 + 3 * 2);
  EXPECT_EQ(getCut(messages, partition), 5);
  EXPECT_EQ(getFanIn(messages, partition),
            (std::vector<int64_t>{5, 5 + 7 + 1, 5 + 7}));
}

TEST(PartitionMetrics, PartsBecomeSlices) {
  Example example;
  makeSmall(example);
  example.messages.add(1, {0, 3}, 4, 1);
  PartSlices made = makeSlices(example.problem, {0, 0, 1, 1});
  EXPECT_EQ(made.slices.names, (std::vector<std::string>{"g0+1", "g2+1"}));
  EXPECT_EQ(made.slices.usage, (std::vector<int64_t>{6, 4}));
  EXPECT_TRUE(made.messages.check(2).empty());
  Partition own = {0, 1};
  EXPECT_EQ(getConnectivity(made.messages, own), 1 + 4);
}

//===----------------------------------------------------------------------===//
// Planted errors
//===----------------------------------------------------------------------===//

struct Fault {
  const char *rule;
  std::function<void(Example &)> plant;
};

TEST(PartitionProblem, CheckFindsWhatIsPlanted) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<Fault> faults = {
      {"partition-columns", [](Example &e) { e.grains.usage.pop_back(); }},
      {"partition-columns", [](Example &e) { e.problem.capacity.clear(); }},
      {"partition-columns", [](Example &e) { e.problem.capacity = {6, 6, 6}; }},
      {"partition-columns", [](Example &e) { e.problem.imbalance = {0, 0}; }},
      {"partition-columns",
       [](Example &e) {
         e.problem.numParts = 0;
         e.problem.imbalance = {0};
       }},
      {"partition-columns", [](Example &e) { e.problem.pins = {0}; }},
      {"partition-columns", [](Example &e) { e.problem.together = {0}; }},
      {"grain-usage", [](Example &e) { e.grains.usage[1] = -1; }},
      {"part-capacity", [](Example &e) { e.problem.capacity = {6, -6}; }},
      {"part-capacity", [](Example &e) { e.problem.maxFanIn = -1; }},
      {"imbalance", [](Example &e) { e.problem.imbalance = {NAN}; }},
      {"message-packets",
       [=](Example &e) { e.messages.packets[1] = infinity; }},
      {"message-target", [](Example &e) { e.messages.targets[1] = 4; }},
      {"pin-to-nothing", [](Example &e) { e.problem.pins = {2, 0, 0, 0}; }},
      {"pins-part-together",
       [](Example &e) {
         e.problem.pins = {0, 1, noIndex, noIndex};
         e.problem.together = {5, 5, 5, noIndex};
       }},
      {"grain-too-large", [](Example &e) { e.grains.usage[0] = 7; }},
      {"grain-too-large",
       [](Example &e) { e.problem.together = {1, 1, 1, noIndex}; }},
      {"grain-fan-in", [](Example &e) { e.problem.maxFanIn = 1; }},
      {"pins-over-capacity",
       [](Example &e) { e.problem.pins = {0, 0, 0, noIndex}; }},
      {"parts-too-few", [](Example &e) { e.problem.numParts = 1; }},
  };
  for (size_t i = 0; i < faults.size(); ++i) {
    Example example;
    makeSmall(example);
    ASSERT_TRUE(example.problem.check().empty());
    faults[i].plant(example);
    EXPECT_TRUE(getRules(example.problem.check()).count(faults[i].rule))
        << i << " " << faults[i].rule;
    PartitionResult result = partitionGrains(example.problem);
    EXPECT_FALSE(result.violations.empty()) << i;
    EXPECT_TRUE(result.partition.empty()) << i;
  }
}

TEST(PartitionProblem, SaysAllAtOnceWithAmounts) {
  Example example;
  makeSmall(example);
  example.grains.usage = {7, 9, 2, 2};
  Violations violations = example.problem.check();
  ASSERT_EQ(violations.size(), 3u);
  EXPECT_EQ(violations[0].need, "7 units");
  EXPECT_EQ(violations[0].have, "6 units");
  EXPECT_EQ(violations[1].subject, "grain 'g1'");
  EXPECT_EQ(violations[2].rule, "parts-too-few");
  EXPECT_EQ(violations[2].next, "take at least 4 parts");
}

TEST(PartitionProblem, VerifyFindsWhatIsPlanted) {
  struct Wrong {
    const char *rule;
    Partition partition;
    std::function<void(PartitionProblem &)> change;
  };
  auto nothing = [](PartitionProblem &) {};
  std::vector<Wrong> wrongs = {
      {"partition-columns", {0, 0, 1}, nothing},
      {"grain-without-part", {0, 0, 1, noIndex}, nothing},
      {"no-such-part", {0, 0, 1, 2}, nothing},
      {"part-over-capacity", {0, 0, 0, 1}, nothing},
      {"part-over-balance",
       {0, 0, 1, 1},
       [](PartitionProblem &p) { p.imbalance = {0.1}; }},
      {"part-over-fan-in",
       {0, 0, 1, 1},
       [](PartitionProblem &p) { p.maxFanIn = 3; }},
      {"grains-parted",
       {0, 0, 1, 1},
       [](PartitionProblem &p) { p.together = {noIndex, 0, 0, noIndex}; }},
      {"pin-not-kept",
       {0, 0, 1, 1},
       [](PartitionProblem &p) { p.pins = {1, noIndex, 1, noIndex}; }},
  };
  for (const Wrong &wrong : wrongs) {
    Example example;
    makeSmall(example);
    ASSERT_TRUE(example.problem.verify({0, 0, 1, 1}).empty());
    wrong.change(example.problem);
    EXPECT_EQ(getRules(example.problem.verify(wrong.partition)),
              Rules{wrong.rule});
  }
}

TEST(PartitionProblem, VerifyNamesWhoOccupies) {
  Example example;
  makeSmall(example);
  Violations violations = example.problem.verify({0, 0, 0, 0});
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].message,
            "it has too much of 'r0', held by 'g0' 3, 'g1' 3, 'g2' 2 and 1 "
            "more");
}

//===----------------------------------------------------------------------===//
// The solver
//===----------------------------------------------------------------------===//

TEST(Partitioner, SmallProblemsAreOptimal) {
  Engine engine(1);
  unsigned numLegal = 0, numNone = 0;
  for (unsigned i = 0; i < 200; ++i) {
    Example example;
    makeRandom(example, engine, 6);
    if (!example.problem.check().empty())
      continue;
    Optimum optimum = enumerate(example.problem);
    PartitionResult result = partitionGrains(example.problem);
    if (optimum.connectivity < 0) {
      EXPECT_FALSE(result.violations.empty()) << i;
      ++numNone;
      continue;
    }
    ++numLegal;
    EXPECT_TRUE(result.violations.empty()) << i;
    EXPECT_NEAR(result.connectivity, optimum.connectivity, 1e-9) << i;
    if (example.problem.numParts == 0)
      EXPECT_EQ(result.numParts, optimum.numParts) << i;
  }
  EXPECT_GT(numLegal, 40u);
  EXPECT_GT(numNone, 0u);
}

TEST(Partitioner, TwelveGrainsAreOptimal) {
  Engine engine(2);
  for (unsigned i = 0; i < 6; ++i) {
    Example example;
    for (unsigned j = 0; j < 12; ++j)
      example.addGrain({1 + int64_t(draw(engine, 3))});
    addRandomMessages(example, engine, true);
    example.setResources({14});
    example.problem.numParts = 2;
    Optimum optimum = enumerate(example.problem);
    PartitionResult result = partitionGrains(example.problem);
    EXPECT_EQ(result.violations.empty(), optimum.connectivity >= 0);
    if (optimum.connectivity >= 0)
      EXPECT_EQ(result.connectivity, optimum.connectivity) << i;
  }
}

/// Whatever is asked: an answer is legal, or the reason is given.
TEST(Partitioner, AnswersOfRandomProblemsVerify) {
  Engine engine(3);
  unsigned numLegal = 0;
  for (unsigned i = 0; i < 1500; ++i) {
    Example example;
    makeRandom(example, engine, 60);
    PartitionOptions options;
    options.effort = 0;
    options.seed = i;
    PartitionResult result = partitionGrains(example.problem, options);
    bool isWellFormed = example.problem.check().empty();
    EXPECT_TRUE(isWellFormed || !result.violations.empty());
    if (!isWellFormed)
      continue;
    Violations violations = example.problem.verify(result.partition);
    EXPECT_EQ(violations.empty(), result.violations.empty()) << i;
    EXPECT_EQ(result.connectivity,
              getConnectivity(example.messages, result.partition));
    // The fewest parts can always be found but for pins.
    if (example.problem.numParts == 0 && example.problem.pins.empty())
      EXPECT_TRUE(violations.empty()) << i;
    numLegal += violations.empty();
  }
  EXPECT_GT(numLegal, 500u);
}

/// Communities of `size` grains, shuffled; `noise` messages between them.
void makeCommunities(Example &example, Engine &engine, uint32_t number,
                     uint32_t size, uint32_t noise) {
  uint32_t count = number * size;
  std::vector<uint32_t> names(count);
  for (uint32_t i = 0; i < count; ++i) {
    names[i] = i;
    std::swap(names[i], names[draw(engine, i + 1)]);
    example.addGrain({1});
  }
  for (uint32_t i = 0; i < count + noise; ++i) {
    std::set<uint32_t> targets;
    for (uint32_t j = 0; j < 5; ++j)
      targets.insert(names[i < count ? i / size * size + draw(engine, size)
                                     : draw(engine, count)]);
    example.messages.add(names[i % count],
                         std::vector<uint32_t>(targets.begin(), targets.end()),
                         10, 1);
  }
}

TEST(Partitioner, FindsCommunitiesInFullParts) {
  Engine engine(4);
  for (uint32_t numParts : {0u, 25u}) {
    Example example;
    makeCommunities(example, engine, 25, 16, 0);
    example.setResources({16});
    example.problem.numParts = numParts;
    PartitionResult result = partitionGrains(example.problem);
    EXPECT_TRUE(result.violations.empty());
    EXPECT_EQ(result.numParts, 25u);
    EXPECT_EQ(result.connectivity, 0);
  }
}

TEST(Partitioner, SameAnswerAtAnyThreadCount) {
  Engine engine(5);
  Example example;
  makeCommunities(example, engine, 8, 8, 100);
  example.setResources({9});
  example.problem.numParts = 8;
  example.problem.maxFanIn = 100;
  PartitionOptions options;
  options.effort = 1;
  options.seed = 7;
  PartitionResult one = partitionGrains(example.problem, options);
  EXPECT_TRUE(one.violations.empty());
  for (unsigned threads : {2u, 5u}) {
    options.threads = threads;
    EXPECT_EQ(partitionGrains(example.problem, options).partition,
              one.partition)
        << threads;
  }
  options.seed = 8;
  EXPECT_NE(partitionGrains(example.problem, options).partition, one.partition);
}

TEST(Partitioner, MoreEffortIsNotWorse) {
  Engine engine(6);
  Example example;
  makeCommunities(example, engine, 6, 20, 300);
  example.setResources({120});
  example.problem.numParts = 6;
  example.problem.imbalance = {0.03};
  PartitionOptions options;
  options.effort = 0;
  double least = partitionGrains(example.problem, options).connectivity;
  options.effort = 4;
  EXPECT_LE(partitionGrains(example.problem, options).connectivity, least);
}

TEST(Partitioner, GrainsThatFillAPartAreAlone) {
  Example example;
  for (unsigned i = 0; i < 40000; ++i)
    example.addGrain({3});
  example.setResources({5});
  PartitionResult result = partitionGrains(example.problem);
  EXPECT_TRUE(result.violations.empty());
  EXPECT_EQ(result.numParts, 40000u);
}

TEST(Partitioner, NothingIsAnAnswerToNothing) {
  Example example;
  PartitionResult result = partitionGrains(example.problem);
  EXPECT_TRUE(result.violations.empty());
  EXPECT_EQ(result.numParts, 0u);
}
} // namespace
