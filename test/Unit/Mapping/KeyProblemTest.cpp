//===- KeyProblemTest.cpp - the rules of keys -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Mapping/KeyProblem.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {

constexpr KeyBlock freeBlock = {noIndex, 0};

/// Messages with 4, 1 and 3 keys from three slices.
class KeyProblemTest : public testing::Test {
protected:
  KeyProblemTest() {
    slices.names = {"a", "b", "c"};
    slices.populations = {0, 0, 0};
    messages.add(0, {1}, 1, 4);
    messages.add(1, {2}, 1, 1);
    messages.add(2, {0}, 1, 3);
  }

  KeyProblem getProblem() const {
    return {slices, messages, keyBits, reservedBits, pins};
  }
  /// The rules that `keys` breaks, one after the other.
  std::string verify(const KeyAllocation &keys) const {
    return join(getProblem().verify(keys));
  }
  std::string check() const { return join(getProblem().check()); }

  static std::string join(const Violations &violations) {
    std::string rules;
    for (const Violation &violation : violations)
      rules += (rules.empty() ? "" : " ") + violation.rule;
    return rules;
  }

  SliceList slices;
  Messages messages;
  uint32_t keyBits = 8, reservedBits = 0;
  KeyAllocation pins;
  const KeyAllocation good = {
      {0x10, 0xfffffffc}, {0x00, 0xffffffff}, {0x14, 0xfffffffc}};
};

TEST_F(KeyProblemTest, AcceptsBlocksApart) {
  EXPECT_EQ(check(), "");
  EXPECT_EQ(verify(good), "");
}

TEST_F(KeyProblemTest, WantsABlockForEveryMessage) {
  EXPECT_EQ(verify({good[0], good[1]}), "key-columns");
  EXPECT_EQ(verify({good[0], freeBlock, good[2]}), "key-missing");
}

TEST_F(KeyProblemTest, WantsRoomForEverySender) {
  EXPECT_EQ(verify({good[0], good[1], {0x14, 0xfffffffe}}), "key-too-few");
  reservedBits = 1;
  EXPECT_EQ(verify(good), "key-too-few key-too-few key-too-few");
}

TEST_F(KeyProblemTest, WantsBlocks) {
  EXPECT_EQ(verify({{0x11, 0xfffffffc}, good[1], good[2]}), "key-outside-mask");
  EXPECT_EQ(verify({{0x10, 0xfffffff5}, good[1], good[2]}), "key-mask");
}

TEST_F(KeyProblemTest, WantsKeysThatTheFabricHas) {
  EXPECT_EQ(verify({{0x100, 0xfffffffc}, good[1], good[2]}), "key-bits");
  EXPECT_EQ(verify({{0xfc, 0xfffffffc}, good[1], good[2]}), "");
  keyBits = 4;
  EXPECT_EQ(verify(good), "key-bits key-bits");
}

TEST_F(KeyProblemTest, WantsKeysOfOneMessageOnly) {
  EXPECT_EQ(verify({good[0], {0x12, 0xffffffff}, good[2]}), "key-shared");
  EXPECT_EQ(verify({good[0], good[1], {0x10, 0xfffffffc}}), "key-shared");
  // A large block before one that ends earlier.
  EXPECT_EQ(
      verify({{0x10, 0xfffffff0}, {0x10, 0xffffffff}, {0x1c, 0xfffffffc}}),
      "key-shared key-shared");
}

TEST_F(KeyProblemTest, KeepsPins) {
  pins = {freeBlock, {0x00, 0xffffffff}, freeBlock};
  EXPECT_EQ(check(), "");
  EXPECT_EQ(verify(good), "");
  pins[1] = {0x01, 0xffffffff};
  EXPECT_EQ(verify(good), "key-pin");
}

TEST_F(KeyProblemTest, ChecksPins) {
  pins = {freeBlock};
  EXPECT_EQ(check(), "pin-columns");
  pins = {{0x10, 0xfffffffe}, freeBlock, freeBlock};
  EXPECT_EQ(check(), "pin-too-few");
  pins = {{0x10, 0xfffffffc}, {0x11, 0xffffffff}, freeBlock};
  EXPECT_EQ(check(), "pin-shared");
  pins = {{0x11, 0xfffffffc}, freeBlock, {0x200, 0xfffffffc}};
  EXPECT_EQ(check(), "pin-outside-mask pin-bits");
  pins = {{0x10, 0xfffffff3}, freeBlock, freeBlock};
  EXPECT_EQ(check(), "pin-mask");
}

TEST_F(KeyProblemTest, ChecksTheNumberOfKeys) {
  keyBits = 4;
  EXPECT_EQ(check(), "");
  keyBits = 3;
  EXPECT_EQ(check(), "key-space");
  keyBits = 33;
  EXPECT_EQ(check(), "key-bits");
  keyBits = 8, reservedBits = 9;
  EXPECT_EQ(check(), "key-bits");
  // 8 + 2 bits for the largest.
  reservedBits = 8;
  EXPECT_EQ(check(), "key-space");
}

TEST_F(KeyProblemTest, ChecksMessages) {
  messages.numKeys[1] = 0;
  EXPECT_EQ(check(), "message-keys");
}

TEST_F(KeyProblemTest, NamesWhatIsShared) {
  Violations violations =
      getProblem().verify({good[0], {0x12, 0xffffffff}, good[2]});
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(
      violations[0].str(),
      "message of slice 'b': block 0x00000012/0xffffffff shares keys with "
      "0x00000010/0xfffffffc of message of slice 'a'");
}

} // namespace
