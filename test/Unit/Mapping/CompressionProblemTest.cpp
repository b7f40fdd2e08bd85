//===- CompressionProblemTest.cpp - equal tables --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RandomTables.h"
#include "spikeformer/Mapping/TableCompressor.h"
#include "gtest/gtest.h"

using namespace spikeformer;
using namespace spikeformer::test;

namespace {

std::string join(const Violations &violations) {
  std::string rules;
  for (const Violation &violation : violations)
    rules += (rules.empty() ? "" : " ") + violation.rule;
  return rules;
}

/// Routes to port 0, port 3, and core 2.
class CompressionProblemTest : public testing::Test {
protected:
  CompressionProblemTest() : machine(makeTorus()) {
    tables.routes.resize(3);
    tables.routes[0].addPort(0);
    tables.routes[1].addPort(3);
    tables.routes[2].addCore(2);
    tables.entries.resize(9);
    after = tables;
  }

  std::string check() {
    return join(CompressionProblem{machine, tables, defaultRoutes}.check());
  }
  std::string verify() {
    CompressionProblem problem{machine, tables, defaultRoutes};
    return join(problem.verify(after));
  }
  static TableEntry entry(uint32_t key, uint32_t mask, uint32_t route,
                          uint32_t incoming = noIndex) {
    return {{key, mask}, route, incoming};
  }

  MachineGraph machine;
  RoutingTables tables, after;
  bool defaultRoutes = true;
};

TEST_F(CompressionProblemTest, AcceptsTheTableItself) {
  tables.entries[0] = {entry(0, ~0u, 0), entry(1, ~0u, 2)};
  after = tables;
  EXPECT_EQ(check(), "");
  EXPECT_EQ(verify(), "");
}

TEST_F(CompressionProblemTest, ChecksEntries) {
  tables.entries[0] = {entry(1, ~1u, 0)};
  EXPECT_EQ(check(), "table-outside-mask");
  tables.entries[0] = {entry(0, ~1u, 3)};
  EXPECT_EQ(check(), "table-route");
  tables.entries[0] = {entry(0, ~1u, 0, 6)};
  EXPECT_EQ(check(), "table-incoming");
  tables.entries[0] = {entry(0, ~1u, 2), entry(2, ~1u, 2)};
  tables.routes[2].addCore(9);
  EXPECT_EQ(check(), "table-core");
  tables.routes[2] = tables.routes[0];
  tables.routes[2].addPort(7);
  EXPECT_EQ(check(), "table-port");
  tables.entries.pop_back();
  EXPECT_EQ(check(), "table-columns");
}

TEST_F(CompressionProblemTest, ChecksThatRoutesOfAKeyAgree) {
  tables.entries[0] = {entry(0, ~3u, 0), entry(2, ~1u, 0)};
  EXPECT_EQ(check(), "");
  tables.entries[0][1].route = 1;
  EXPECT_EQ(check(), "table-conflict");
  // Equal routes by another number.
  tables.routes[1] = tables.routes[0];
  EXPECT_EQ(check(), "");
}

TEST_F(CompressionProblemTest, FindsAnotherRoute) {
  tables.entries[0] = {entry(0, ~3u, 0)};
  after.entries[0] = {entry(2, ~0u, 2), entry(0, ~7u, 0)};
  EXPECT_EQ(verify(), "compressed-differs");
  std::swap(after.entries[0][0], after.entries[0][1]);
  EXPECT_EQ(verify(), "");
}

TEST_F(CompressionProblemTest, FindsLostKeys) {
  tables.entries[0] = {entry(0, ~3u, 0, 3)};
  EXPECT_EQ(verify(), "");
  defaultRoutes = false;
  EXPECT_EQ(verify(), "compressed-lost");
  defaultRoutes = true;
  tables.entries[0][0].incoming = 2;
  EXPECT_EQ(verify(), "compressed-lost");
  tables.entries[0][0].incoming = noIndex;
  EXPECT_EQ(verify(), "compressed-lost");
  after.entries[0] = {entry(0, ~1u, 0), entry(3, ~0u, 0)};
  EXPECT_EQ(verify(), "compressed-lost");
  after.entries[0].push_back(entry(0, 0, 0));
  EXPECT_EQ(verify(), "");
}

TEST_F(CompressionProblemTest, KeepsPacketsForCores) {
  // Straight on and to a core: the default route would lose the core.
  tables.routes[0].addCore(1);
  tables.entries[0] = {entry(0, ~3u, 0, 3)};
  EXPECT_EQ(verify(), "compressed-lost");
}

TEST_F(CompressionProblemTest, ChecksTheFormOfTheAnswer) {
  tables.entries[0] = {entry(0, ~3u, 2)};
  after.entries[0] = {entry(1, ~3u, 2)};
  EXPECT_EQ(verify(), "compressed-outside-mask");
  after.entries[0] = {entry(0, ~3u, 5)};
  EXPECT_EQ(verify(), "compressed-route");
  after.routes[2].addPort(9);
  after.entries[0] = {entry(0, ~3u, 2)};
  EXPECT_EQ(verify(), "compressed-port");
  after.routes[2] = tables.routes[2];
  after.routes[2].addCore(7);
  EXPECT_EQ(verify(), "compressed-core");
  after.entries.pop_back();
  EXPECT_EQ(verify(), "compressed-columns");
}

TEST_F(CompressionProblemTest, ChecksCapacity) {
  for (uint32_t key = 0; key < 1001; ++key)
    tables.entries[4].push_back(entry(key, ~0u, key % 2));
  after = tables;
  EXPECT_EQ(verify(), "table-over-capacity");
  tables.entries[4].pop_back();
  after = tables;
  EXPECT_EQ(verify(), "");
}

TEST_F(CompressionProblemTest, NamesKeysAndRoutes) {
  tables.entries[1] = {entry(0x10, ~3u, 2)};
  after.entries[1] = {entry(0x12, ~1u, 1), entry(0, 0, 2)};
  Violations violations = CompressionProblem{machine, tables}.verify(after);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].str(),
            "entry 0x00000010/0xfffffffc of the table of (1, 0): keys "
            "0x00000012/0xfffffffe take entry 0, 0x00000012/0xfffffffe (need "
            "core 2, have port 3)");
}

/// Changes something in the table of router 0.
void mutate(RoutingTables &tables, uint32_t keyBits, std::mt19937 &random) {
  std::vector<TableEntry> &table = tables.entries[0];
  uint32_t at = random() % table.size();
  uint32_t bit = 1u << random() % keyBits;
  switch (random() % 5) {
  case 0:
    table.erase(table.begin() + at);
    return;
  case 1:
    std::swap(table[at], table[random() % table.size()]);
    return;
  case 2:
    table[at].route = random() % tables.routes.size();
    return;
  case 3:
    table[at].block.mask &= ~bit;
    table[at].block.key &= ~bit;
    return;
  case 4:
    table[at].block.mask |= bit;
    return;
  }
}

TEST(CompressionProblemRandomTest, AgreesWithEveryKey) {
  MachineGraph machine = makeTorus();
  uint32_t numEqual = 0, numDifferent = 0;
  for (uint32_t seed = 0; seed < 4000; ++seed) {
    std::mt19937 random(seed);
    TableShape shape;
    shape.keyBits = seed % 100 == 0 ? 12 : 8 + seed % 3;
    shape.aligned = seed % 2 == 0;
    shape.maxEntries = seed % 5 == 0 ? 200 : 30;
    RoutingTables tables = makeRandomTables(machine, shape, random);
    CompressionProblem problem{machine, tables, seed % 7 != 0};
    ASSERT_EQ(join(problem.check()), "") << seed;
    RoutingTables after = tables;
    for (uint32_t i = 0; i < seed % 4 && !after.entries[0].empty(); ++i)
      mutate(after, shape.keyBits, random);
    bool isEqual = isEquivalent(problem, after, shape.keyBits);
    ASSERT_EQ(problem.verify(after).empty(), isEqual) << seed;
    ++(isEqual ? numEqual : numDifferent);
  }
  // Both answers are common, or the test would prove nothing.
  EXPECT_GT(numEqual, 1000u);
  EXPECT_GT(numDifferent, 1000u);
}

/// Every table that differs from `table` in one entry: it is not there, changes
/// places with the next, has another route, or one bit of its block is 0, 1 or
/// free.
std::vector<std::vector<TableEntry>>
listMutations(const std::vector<TableEntry> &table, uint32_t numRoutes,
              uint32_t keyBits) {
  std::vector<std::vector<TableEntry>> all;
  for (size_t at = 0; at < table.size(); ++at) {
    all.push_back(table);
    all.back().erase(all.back().begin() + at);
    all.push_back(table);
    std::swap(all.back()[at], all.back()[(at + 1) % table.size()]);
    for (uint32_t route = 0; route < numRoutes; ++route) {
      all.push_back(table);
      all.back()[at].route = route;
    }
    for (uint32_t bit = 1; bit < 1u << keyBits; bit *= 2)
      for (KeyBlock is :
           {KeyBlock{0, 0}, KeyBlock{0, bit}, KeyBlock{bit, bit}}) {
        all.push_back(table);
        KeyBlock &block = all.back()[at].block;
        block = {(block.key & ~bit) | is.key, (block.mask & ~bit) | is.mask};
      }
  }
  return all;
}

TEST(CompressionProblemRandomTest, JudgesEveryMutationOfAnEntry) {
  MachineGraph machine = makeTorus();
  uint32_t numEqual = 0, numDifferent = 0;
  for (uint32_t seed = 0; seed < 150; ++seed) {
    std::mt19937 random(seed);
    TableShape shape;
    // Few keys, so that blocks often meet; now and then many.
    shape.keyBits = seed % 30 == 0 ? 12 : 4 + seed % 4;
    shape.aligned = seed % 2 == 0;
    shape.maxEntries = 12;
    shape.numRoutes = 3 + seed % 5;
    RoutingTables tables = makeRandomTables(machine, shape, random);
    CompressionProblem problem{machine, tables, seed % 5 != 0};
    // Masks that overlap, where the order of entries matters.
    RoutingTables after = compressTables(problem);
    ASSERT_TRUE(isEquivalent(problem, after, shape.keyBits)) << seed;
    ASSERT_EQ(join(problem.verify(after)), "") << seed;
    for (std::vector<TableEntry> &table :
         listMutations(after.entries[0], after.routes.size(), shape.keyBits)) {
      after.entries[0] = std::move(table);
      bool isEqual = isEquivalent(problem, after, shape.keyBits);
      ASSERT_EQ(problem.verify(after).empty(), isEqual) << seed;
      ++(isEqual ? numEqual : numDifferent);
    }
  }
  EXPECT_GT(numEqual, 2000u);
  EXPECT_GT(numDifferent, 2000u);
}

TEST(CompressionProblemRandomTest, FindsAnyConflict) {
  MachineGraph machine = makeTorus();
  uint32_t numConflicts = 0;
  for (uint32_t seed = 0; seed < 1000; ++seed) {
    std::mt19937 random(seed);
    TableShape shape;
    shape.maxEntries = 80;
    shape.aligned = seed % 2 == 0;
    RoutingTables tables = makeRandomTables(machine, shape, random);
    if (tables.entries[0].empty())
      continue;
    for (uint32_t i = 0; i < 4 && !tables.entries[0].empty(); ++i)
      mutate(tables, shape.keyBits, random);
    const std::vector<TableEntry> &table = tables.entries[0];
    bool hasConflict = false;
    for (size_t i = 0; i < table.size(); ++i)
      for (size_t j = 0; j < i; ++j)
        hasConflict |= table[i].block.intersects(table[j].block) &&
                       table[i].route != table[j].route;
    Violations violations = CompressionProblem{machine, tables}.check();
    bool found = llvm::any_of(violations, [](const Violation &violation) {
      return violation.rule == "table-conflict";
    });
    bool isMalformed = llvm::any_of(table, [](const TableEntry &entry) {
      return (entry.block.key & ~entry.block.mask) != 0;
    });
    ASSERT_EQ(found, hasConflict && !isMalformed) << seed;
    numConflicts += hasConflict;
  }
  EXPECT_GT(numConflicts, 100u);
}

} // namespace
