//===- KeyAllocatorTest.cpp - keys that make tables small -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/KeyAllocator.h"
#include "RandomMessages.h"
#include "spikeformer/Mapping/TableBuilder.h"
#include "spikeformer/Mapping/TableCompressor.h"
#include "gtest/gtest.h"

using namespace spikeformer;
using namespace spikeformer::test;

namespace {

constexpr KeyOrder allOrders[] = {
    KeyOrder::given,     KeyOrder::population, KeyOrder::gray,
    KeyOrder::hilbert,   KeyOrder::depthFirst, KeyOrder::faces,
    KeyOrder::automatic,
};

std::string join(const Violations &violations) {
  std::string text;
  for (const Violation &violation : violations)
    text += violation.str() + "\n";
  return text;
}

class KeyAllocatorTest : public testing::TestWithParam<KeyOrder> {
protected:
  KeyResult allocate(const RoutedMessages &routed, const KeyProblem &problem,
                     uint32_t effort = 1) {
    return allocateKeys(problem, routed.machine, routed.trees,
                        {GetParam(), effort});
  }
};

INSTANTIATE_TEST_SUITE_P(Orders, KeyAllocatorTest, testing::ValuesIn(allOrders),
                         [](const auto &test) {
                           std::string name = getName(test.param).str();
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_P(KeyAllocatorTest, AnswersEveryProblem) {
  for (uint32_t seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    RoutedMessages routed =
        makeRoutedMessages(1 + seed % 9, 1 + seed % 40, seed % 2, random);
    KeyProblem problem = routed.getKeyProblem();
    problem.reservedBits = seed % 3;
    // From just enough bits to many.
    uint64_t need = 0;
    for (uint32_t keys : routed.messages.numKeys)
      need += llvm::PowerOf2Ceil(keys) << problem.reservedBits;
    problem.keyBits =
        std::min<uint32_t>(32, llvm::Log2_64_Ceil(need) + seed % 20);
    KeyResult result = allocate(routed, problem, 1 + seed % 7);
    ASSERT_EQ(join(result.violations), "") << seed;
    ASSERT_EQ(join(problem.verify(result.keys)), "") << seed;
    ASSERT_NE(result.order, KeyOrder::automatic);
    RoutingTables tables =
        makeTables(routed.machine, routed.messages, routed.trees, result.keys);
    ASSERT_EQ(join(CompressionProblem{routed.machine, tables}.check()), "");
  }
}

TEST_P(KeyAllocatorTest, KeepsPins) {
  for (uint32_t seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    RoutedMessages routed = makeRoutedMessages(5, 8, seed % 2, random);
    KeyProblem problem = routed.getKeyProblem();
    problem.keyBits = 10 + seed % 15;
    problem.pins.assign(routed.messages.size(), {noIndex, 0});
    for (uint32_t pin = 0; pin < 6; ++pin)
      problem.pins[random() % routed.messages.size()] = {
          uint32_t(pin * 9 + 3 + random() % 4) << 3, ~7u};
    ASSERT_EQ(join(problem.check()), "") << seed;
    KeyResult result = allocate(routed, problem);
    ASSERT_EQ(join(result.violations), "") << seed;
    ASSERT_EQ(join(problem.verify(result.keys)), "") << seed;
  }
}

TEST_P(KeyAllocatorTest, UsesTheLastKey) {
  std::mt19937 random(3);
  RoutedMessages routed = makeRoutedMessages(4, 16, false, random);
  // Half of the space for one message in the middle, an eighth is pinned.
  uint64_t need = 0;
  for (uint32_t keys : routed.messages.numKeys)
    need += llvm::PowerOf2Ceil(keys);
  KeyProblem problem = routed.getKeyProblem();
  problem.keyBits = 11;
  routed.messages.numKeys[17] = 1024;
  routed.messages.numKeys[5] = 256;
  problem.pins.assign(routed.messages.size(), {noIndex, 0});
  problem.pins[5] = {1024 + 256, ~255u};
  need += 1024 + 256 - 32;
  ASSERT_LE(need, 2048u);
  KeyResult result = allocate(routed, problem);
  ASSERT_EQ(join(result.violations), "");
  EXPECT_EQ(join(problem.verify(result.keys)), "");
}

TEST_P(KeyAllocatorTest, SaysWhenThereIsNoRoom) {
  std::mt19937 random(4);
  RoutedMessages routed = makeRoutedMessages(4, 1, false, random);
  KeyProblem problem = routed.getKeyProblem();
  problem.keyBits = 5;
  KeyResult result = allocate(routed, problem);
  EXPECT_TRUE(result.keys.empty());
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_EQ(result.violations[0].rule, "key-space");
  EXPECT_EQ(result.violations[0].need, "36");
  EXPECT_EQ(result.violations[0].have, "32");
}

TEST_P(KeyAllocatorTest, SaysWhenPinsPartTheRoom) {
  std::mt19937 random(4);
  RoutedMessages routed = makeRoutedMessages(4, 1, false, random);
  // 64 keys are left for one message, but no 64 in one piece.
  routed.messages.numKeys[0] = 64;
  KeyProblem problem = routed.getKeyProblem();
  problem.keyBits = 7;
  problem.pins.assign(routed.messages.size(), {noIndex, 0});
  problem.pins[1] = {32, ~0u};
  problem.pins[2] = {96, ~0u};
  EXPECT_EQ(join(problem.check()), "");
  KeyResult result = allocate(routed, problem);
  EXPECT_TRUE(result.keys.empty());
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_EQ(result.violations[0].rule, "key-space");
}

TEST_P(KeyAllocatorTest, GivesTheSameKeysAgain) {
  std::mt19937 random(6);
  RoutedMessages routed = makeRoutedMessages(4, 5, true, random);
  KeyProblem problem = routed.getKeyProblem();
  EXPECT_EQ(allocate(routed, problem, 3).keys,
            allocate(routed, problem, 3).keys);
}

TEST_P(KeyAllocatorTest, IsFoundByName) {
  EXPECT_EQ(findKeyOrder(getName(GetParam())), GetParam());
  EXPECT_FALSE(findKeyOrder("sorted"));
}

/// Entries of all tables after compression.
size_t compress(const RoutedMessages &routed, KeyOrder order) {
  KeyResult result = allocateKeys(routed.getKeyProblem(), routed.machine,
                                  routed.trees, {order, 1});
  EXPECT_EQ(join(result.violations), "");
  RoutingTables tables =
      makeTables(routed.machine, routed.messages, routed.trees, result.keys);
  CompressionProblem problem{routed.machine, tables};
  RoutingTables after = compressTables(problem);
  EXPECT_EQ(join(problem.verify(after)), "");
  return after.getNumEntries();
}

/// Different routes of all tables that cannot do without an entry: no table is
/// smaller.
size_t getBound(const RoutedMessages &routed) {
  std::vector<std::pair<RouterIndex, Route>> routes;
  for (const Branch &branch : routed.trees.branches) {
    bool straight = branch.incoming != noIndex && !branch.route.hasCores() &&
                    branch.route.ports == 1u << (branch.incoming + 3) % 6;
    if (!straight)
      routes.push_back({branch.router, branch.route});
  }
  llvm::sort(routes);
  return llvm::unique(routes) - routes.begin();
}

TEST(KeyFacesTest, ReachesTheBoundWhereBitsAbound) {
  for (uint32_t seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    RoutedMessages routed = makeRoutedMessages(6, 4, seed % 2, random);
    size_t faces = compress(routed, KeyOrder::faces);
    EXPECT_LE(faces, compress(routed, KeyOrder::given)) << seed;
    EXPECT_LE(faces, getBound(routed) * 21 / 20) << seed;
    EXPECT_GE(faces, getBound(routed)) << seed;
  }
}

TEST(KeyOrderTest, AlignsPopulations) {
  std::mt19937 random(1);
  RoutedMessages routed = makeRoutedMessages(3, 1, false, random);
  KeyResult result = allocateKeys(routed.getKeyProblem(), routed.machine,
                                  routed.trees, {KeyOrder::population, 1});
  // Populations of 12 slices get blocks of 16 keys.
  for (uint32_t slice = 0; slice < 36; ++slice)
    EXPECT_EQ(result.keys[slice].key >> 4, slice / 12);
}

TEST(KeyOrderTest, GrayKeysDifferInOneBit) {
  std::mt19937 random(1);
  RoutedMessages routed = makeRoutedMessages(1, 1, false, random);
  KeyResult plain = allocateKeys(routed.getKeyProblem(), routed.machine,
                                 routed.trees, {KeyOrder::population, 1});
  KeyResult gray = allocateKeys(routed.getKeyProblem(), routed.machine,
                                routed.trees, {KeyOrder::gray, 1});
  for (uint32_t slice = 0; slice < 36; ++slice) {
    uint32_t rank = plain.keys[slice].key;
    EXPECT_EQ(gray.keys[slice].key, rank < 32 ? rank ^ rank >> 1 : rank);
  }
}

} // namespace
