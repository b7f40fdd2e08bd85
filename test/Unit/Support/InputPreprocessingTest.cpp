//===- InputPreprocessingTest.cpp - how stored numbers become inputs ------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/InputPreprocessing.h"
#include "TestFiles.h"

using namespace spikeformer;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
struct PreprocessingTest : FileTest {
  double fraction(llvm::StringRef text) {
    auto value = parseFraction(text);
    if (value)
      return *value;
    ADD_FAILURE() << llvm::toString(value.takeError());
    return 0;
  }
};
} // namespace

TEST_F(PreprocessingTest, FractionsAreRoundedOnce) {
  EXPECT_EQ(fraction("1/255"), 1.0 / 255.0);
  EXPECT_EQ(fraction("-1e-3"), -1e-3);
  EXPECT_EQ(fraction("+.5"), 0.5);
  EXPECT_EQ(fraction(" 3 / 4 "), 0.75);
  EXPECT_EQ(fraction("1/-4"), -0.25);
  EXPECT_EQ(fraction("0/7"), 0);
  EXPECT_EQ(fraction("1e23"), 1e23);
  EXPECT_EQ(fraction("0.1307"), 0.1307);
  EXPECT_EQ(fraction("1e300"), 1e300);
  EXPECT_EQ(fraction("1e200/1e-99"), 1e299);
  // Exactly 3; dividing the doubles gives 2.9999999999999996.
  EXPECT_EQ(fraction("0.3/0.1"), 3.0);
  EXPECT_NE(0.3 / 0.1, 3.0);
  // Halfway between 2^53 and 2^53 + 2, and a little above it.
  EXPECT_EQ(fraction("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(fraction("9007199254740993.0000000000000000000000001"),
            9007199254740994.0);
}

TEST_F(PreprocessingTest, BadFractions) {
  for (llvm::StringRef text : {"", "x", "1/", "/2", "1/2/3", "1e", "1e999",
                               "--1", "0x1", "inf", ".", "1,2"})
    EXPECT_THAT(message(parseFraction(text)),
                HasSubstr("needs a number or a fraction such as 1/255, has '"))
        << text.str();
  EXPECT_EQ(message(parseFraction("1/0")), "'1/0' divides by zero");
  EXPECT_EQ(message(parseFraction("1e301")),
            "'1e301' is outside 1e-300 to 1e300");
  EXPECT_EQ(message(parseFraction("1e-301")),
            "'1e-301' is outside 1e-300 to 1e300");
}

TEST_F(PreprocessingTest, Flags) {
  auto none = parseInputPreprocessing("", "", "");
  ASSERT_TRUE(bool(none));
  EXPECT_FALSE(none->has_value());
  auto raw = parseInputPreprocessing("none", "", "");
  ASSERT_TRUE(bool(raw));
  EXPECT_TRUE((*raw)->isIdentity());
  auto all = parseInputPreprocessing("1/255", "0.5,0.25,1/8", "1/2");
  ASSERT_TRUE(bool(all));
  EXPECT_EQ((*all)->scale, 1.0 / 255);
  EXPECT_THAT((*all)->mean, ElementsAre(0.5, 0.25, 0.125));
  EXPECT_THAT((*all)->stddev, ElementsAre(0.5));
  EXPECT_FALSE((*all)->isIdentity());
  EXPECT_EQ(message((*all)->checkChannels(3)), "");
  EXPECT_EQ(message((*all)->checkChannels(4)),
            "--input-mean has 3 values, the input has 4 channels; give one or "
            "as many");
}

TEST_F(PreprocessingTest, BadFlags) {
  EXPECT_EQ(message(parseInputPreprocessing("x", "", "")),
            "--input-scale: needs a number or a fraction such as 1/255, has "
            "'x', or none");
  EXPECT_THAT(message(parseInputPreprocessing("0", "", "")),
              HasSubstr("--input-scale is 0"));
  EXPECT_THAT(message(parseInputPreprocessing("", "1,,2", "")),
              HasSubstr("--input-mean: needs a number"));
  EXPECT_EQ(message(parseInputPreprocessing("", "", "1,0")),
            "--input-std: needs positive numbers, has '1,0'");
}
