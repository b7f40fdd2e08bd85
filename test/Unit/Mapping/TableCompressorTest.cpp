//===- TableCompressorTest.cpp - smaller tables ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TableCompressor.h"
#include "RandomTables.h"
#include "gtest/gtest.h"

using namespace spikeformer;
using namespace spikeformer::test;

namespace {

constexpr CompressionMethod allMethods[] = {
    CompressionMethod::none,  CompressionMethod::range,
    CompressionMethod::pair,  CompressionMethod::orderedCovering,
    CompressionMethod::cover, CompressionMethod::automatic,
};

class TableCompressorTest : public testing::TestWithParam<CompressionMethod> {};

INSTANTIATE_TEST_SUITE_P(Methods, TableCompressorTest,
                         testing::ValuesIn(allMethods), [](const auto &test) {
                           std::string name = getName(test.param).str();
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_P(TableCompressorTest, SendsEveryKeyAsBefore) {
  MachineGraph machine = makeTorus();
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    TableShape shape;
    shape.keyBits = 6 + seed % 4;
    shape.numRoutes = 2 + seed % 13;
    shape.maxFreeBits = seed % 5;
    shape.aligned = seed % 3 != 0;
    shape.maxEntries = seed % 10 == 0 ? 150 : 30;
    RoutingTables tables = makeRandomTables(machine, shape, random);
    CompressionProblem problem{machine, tables, seed % 4 != 0};
    RoutingTables after =
        compressTables(problem, {GetParam(), 1 + seed % 3, 1});
    ASSERT_TRUE(isEquivalent(problem, after, shape.keyBits)) << seed;
    ASSERT_TRUE(problem.verify(after).empty()) << seed;
    ASSERT_LE(after.getNumEntries(), tables.getNumEntries()) << seed;
  }
}

TEST_P(TableCompressorTest, DoesNotDependOnThreads) {
  MachineGraph machine = makeTorus();
  std::mt19937 random(1);
  RoutingTables tables = makeRandomTables(machine, {}, random);
  for (std::vector<TableEntry> &table : tables.entries)
    table = makeRandomTables(machine, {}, random).entries[0];
  CompressionProblem problem{machine, tables};
  RoutingTables one = compressTables(problem, {GetParam(), 1, 1});
  RoutingTables four = compressTables(problem, {GetParam(), 1, 4});
  for (auto [a, b] : llvm::zip_equal(one.entries, four.entries)) {
    ASSERT_EQ(a.size(), b.size());
    for (auto [left, right] : llvm::zip_equal(a, b))
      EXPECT_TRUE(left.block == right.block && left.route == right.route &&
                  left.incoming == right.incoming);
  }
}

TEST_P(TableCompressorTest, IsFoundByName) {
  EXPECT_EQ(findCompressionMethod(getName(GetParam())), GetParam());
  EXPECT_FALSE(findCompressionMethod("zip"));
}

/// What each method can do with one table: route 0 is port 0, 1 port 3, 2 core.
class SmallTableTest : public testing::Test {
protected:
  SmallTableTest() : machine(makeTorus()) {
    tables.routes.resize(3);
    tables.routes[0].addPort(0);
    tables.routes[1].addPort(3);
    tables.routes[2].addCore(2);
    tables.entries.resize(9);
  }
  size_t compress(CompressionMethod method) {
    CompressionProblem problem{machine, tables};
    EXPECT_TRUE(problem.check().empty());
    RoutingTables after = compressTables(problem, {method, 1, 1});
    EXPECT_TRUE(problem.verify(after).empty());
    return after.getNumEntries();
  }
  void add(uint32_t key, uint32_t route, uint32_t incoming = noIndex) {
    tables.entries[0].push_back({{key, ~0u}, route, incoming});
  }

  MachineGraph machine;
  RoutingTables tables;
};

TEST_F(SmallTableTest, RangesTakeTheGaps) {
  // 1 to 3, 5 and 6, 9: the last may take all from 8 on.
  for (uint32_t key : {1, 2, 3})
    add(key, 0);
  for (uint32_t key : {5, 6})
    add(key, 2);
  add(9, 0);
  EXPECT_EQ(compress(CompressionMethod::range), 3u);
  EXPECT_EQ(compress(CompressionMethod::cover), 2u);
}

TEST_F(SmallTableTest, StraightOnNeedsNoEntry) {
  for (uint32_t key = 0; key < 8; ++key)
    add(key, key % 2, key % 2 ? 0 : 3);
  add(8, 2);
  for (CompressionMethod method :
       {CompressionMethod::pair, CompressionMethod::orderedCovering,
        CompressionMethod::cover, CompressionMethod::automatic})
    EXPECT_EQ(compress(method), 1u) << getName(method).str();
  EXPECT_EQ(compress(CompressionMethod::none), 9u);
}

TEST_F(SmallTableTest, LastEntryTakesTheRest) {
  // One route has what no small number of blocks holds: it comes last.
  for (uint32_t key = 0; key < 64; ++key)
    add(key, llvm::popcount(key) % 2 == 0 ? 0 : 1);
  // 32 entries for the other and one for all keys.
  EXPECT_EQ(compress(CompressionMethod::cover), 33u);
}

TEST_F(SmallTableTest, EntriesForStraightOnMayPay) {
  // Two packets go straight on among many of one route: entries for the two and
  // one for all are fewer than blocks around them.
  for (uint32_t key = 0; key < 32; ++key)
    if (key == 5 || key == 26)
      add(key, 0, 3);
    else
      add(key, 2);
  EXPECT_LE(compress(CompressionMethod::cover), 3u);
}

TEST_F(SmallTableTest, EmptyTablesStayEmpty) {
  for (CompressionMethod method : allMethods)
    EXPECT_EQ(compress(method), 0u);
}

} // namespace
