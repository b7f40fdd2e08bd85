//===- TableBuilderTest.cpp - tables from trees and keys ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/TableBuilder.h"
#include "RandomMessages.h"
#include "gtest/gtest.h"

using namespace spikeformer;
using namespace spikeformer::test;

namespace {

KeyAllocation numberMessages(const RoutedMessages &routed) {
  KeyAllocation keys;
  for (uint32_t message = 0; message < routed.messages.size(); ++message)
    keys.push_back({message << 2, ~3u});
  return keys;
}

TEST(TableBuilderTest, HasAnEntryForEveryBranch) {
  std::mt19937 random(1);
  RoutedMessages routed = makeRoutedMessages(4, 4, false, random);
  KeyAllocation keys = numberMessages(routed);
  std::swap(keys[3], keys[30]);
  RoutingTables tables =
      makeTables(routed.machine, routed.messages, routed.trees, keys);
  ASSERT_EQ(tables.entries.size(), 9u);
  EXPECT_EQ(tables.getNumEntries(), routed.trees.branches.size());
  for (size_t message = 0; message < keys.size(); ++message)
    for (const Branch &branch : routed.trees.branchesOf(message)) {
      const auto &table = tables.entries[branch.router];
      uint32_t taken = findEntry(table, keys[message].key);
      ASSERT_NE(taken, noIndex);
      EXPECT_TRUE(table[taken].block == keys[message]);
      EXPECT_TRUE(tables.routes[table[taken].route] == branch.route);
      EXPECT_EQ(table[taken].incoming, branch.incoming);
    }
  for (const auto &table : tables.entries)
    EXPECT_TRUE(llvm::is_sorted(table, [](const auto &a, const auto &b) {
      return a.block.key < b.block.key;
    }));
}

TEST(TableBuilderTest, NumbersEachRouteOnce) {
  std::mt19937 random(2);
  RoutedMessages routed = makeRoutedMessages(4, 4, false, random);
  RoutingTables tables = makeTables(routed.machine, routed.messages,
                                    routed.trees, numberMessages(routed));
  std::vector<Route> routes = tables.routes;
  llvm::sort(routes);
  EXPECT_EQ(llvm::unique(routes), routes.end());
  EXPECT_GT(routes.size(), 30u);
}

TEST(TableBuilderTest, MergesWithinPopulations) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    RoutedMessages routed = makeRoutedMessages(3, 4, true, random);
    KeyAllocation keys = numberMessages(routed);
    RoutingTables tables =
        makeTables(routed.machine, routed.messages, routed.trees, keys);
    RoutingTables merged = makeMergedTables(
        routed.machine, routed.slices, routed.messages, routed.trees, keys);
    EXPECT_LT(merged.getNumEntries(), tables.getNumEntries());
    CompressionProblem problem{routed.machine, tables, false};
    EXPECT_TRUE(problem.verify(merged).empty()) << seed;
    // No key is matched that was not before.
    for (size_t router = 0; router < 9; ++router) {
      uint64_t before = 0, after = 0;
      for (const TableEntry &entry : tables.entries[router])
        before += entry.block.size();
      for (const TableEntry &entry : merged.entries[router])
        after += entry.block.size();
      EXPECT_EQ(before, after);
    }
    CompressionProblem again{routed.machine, merged};
    EXPECT_TRUE(again.check().empty());
  }
}

TEST(TableBuilderTest, KeepsPopulationsApart) {
  std::mt19937 random(5);
  RoutedMessages routed = makeRoutedMessages(1, 4, true, random);
  // Of a population each, slices could still merge, but do not.
  for (uint32_t slice = 0; slice < 36; ++slice)
    routed.slices.populations[slice] = slice;
  RoutingTables merged =
      makeMergedTables(routed.machine, routed.slices, routed.messages,
                       routed.trees, numberMessages(routed));
  EXPECT_EQ(merged.getNumEntries(), routed.trees.branches.size());
}

} // namespace
