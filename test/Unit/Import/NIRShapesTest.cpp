//===- NIRShapesTest.cpp - shapes of NIR nodes ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// An Input of `shape` and one node, its Output undecided.
static Network makeOne(ArrayRef<int64_t> shape, const char *type,
                       Parameters parameters) {
  Network network;
  network.input(shape).add("n", type, parameters).chain({"in", "n"});
  return network;
}

/// The shape that leaves the node.
static std::vector<int64_t> infer(ArrayRef<int64_t> shape, const char *type,
                                  Parameters parameters) {
  return makeOne(shape, type, parameters).shape("n");
}

/// The first error of the node or its edge.
static std::string refuse(ArrayRef<int64_t> shape, const char *type,
                          Parameters parameters) {
  for (const std::string &text : makeOne(shape, type, parameters).findings())
    if (!StringRef(text).contains("no Output node"))
      return text;
  return "";
}

TEST(NIRShapesTest, matrices) {
  EXPECT_THAT(infer({4}, "Linear", {{"weight", ones({3, 4})}}), ElementsAre(3));
  EXPECT_THAT(
      infer({4}, "Affine", {{"weight", ones({3, 4})}, {"bias", ones({3})}}),
      ElementsAre(3));
  EXPECT_THAT(infer({2, 4}, "Linear", {{"weight", ones({2, 3, 4})}}),
              ElementsAre(2, 3));
  EXPECT_EQ(refuse({4}, "Linear", {{"weight", ones({4, 3})}}),
            "error /node/edges: edge ('in', 'n'): 4 values meet 3 columns of "
            "weight [4, 3], need [3]; is weight transposed?");
  EXPECT_EQ(refuse({2, 6}, "Linear", {{"weight", ones({5, 12})}}),
            "error /node/edges: edge ('in', 'n'): shape [2, 6] meets 12 "
            "columns of weight [5, 12], need [12]; put a Flatten between");
  EXPECT_EQ(
      refuse({4}, "Affine", {{"weight", ones({3, 4})}, {"bias", ones({2})}}),
      "error /node/nodes/n/bias: bias has shape [2], need [3]: weight "
      "has shape [3, 4]");
}

/// A Conv2d with defaults where `parameters` say nothing.
static Network makeConv2d(ArrayRef<int64_t> shape, Parameters parameters) {
  Network network = makeOne(shape, "Conv2d",
                            {{"weight", ones({4, 2, 3, 5})},
                             {"bias", ones({4})},
                             {"stride", integers({1, 1})},
                             {"padding", integers({0, 0})},
                             {"dilation", integers({1, 1})},
                             {"groups", integer(1)}});
  for (const auto &[name, value] : parameters)
    network.graph.nodes["n"].parameters[name] = value;
  return network;
}

TEST(NIRShapesTest, conv2d) {
  auto infer = [](Parameters parameters) {
    return makeConv2d({2, 8, 9}, parameters).shape("n");
  };
  EXPECT_THAT(infer({}), ElementsAre(4, 6, 5));
  EXPECT_THAT(infer({{"padding", integers({1, 2})}}), ElementsAre(4, 8, 9));
  EXPECT_THAT(infer({{"padding", integer(1)}}), ElementsAre(4, 8, 7));
  EXPECT_THAT(infer({{"stride", integers({2, 3})}}), ElementsAre(4, 3, 2));
  EXPECT_THAT(infer({{"dilation", integers({3, 2})}}), ElementsAre(4, 2, 1));
  EXPECT_THAT(infer({{"padding", text("same")}}), ElementsAre(4, 8, 9));
  EXPECT_THAT(infer({{"padding", text("valid")}}), ElementsAre(4, 6, 5));
  EXPECT_THAT(infer({{"weight", ones({4, 1, 3, 5})}, {"groups", integer(2)}}),
              ElementsAre(4, 6, 5));
  EXPECT_THAT(infer({{"input_shape", integers({8, 9})}}), ElementsAre(4, 6, 5));
}

TEST(NIRShapesTest, conv2dErrors) {
  auto first = [](Parameters parameters) {
    return makeConv2d({2, 8, 9}, parameters).findings();
  };
  EXPECT_THAT(first({{"groups", integer(2)}}),
              testing::Contains(
                  "error /node/edges: edge ('in', 'n'): 2 channels meet weight "
                  "[4, 2, 3, 5] with 2 groups, need 4 channels"));
  EXPECT_THAT(first({{"input_shape", integers({9, 8})}}),
              testing::Contains("error /node/nodes/n: input_shape is [9, 8], "
                                "but [8, 9] arrives"));
  EXPECT_THAT(
      first({{"padding", text("same")}, {"stride", integer(2)}}),
      testing::Contains("error /node/nodes/n/padding: padding is 'same' with "
                        "stride [2], need stride 1; give the padding as "
                        "integers"));
  EXPECT_THAT(first({{"weight", ones({4, 2, 3})}}),
              testing::Contains(HasSubstr("need rank 4: (out, in, height")));
  EXPECT_THAT(first({{"stride", integers({1, 1, 1})}}),
              testing::Contains("error /node/nodes/n/stride: stride has shape "
                                "[3], need 1 or 2 integers"));
}

TEST(NIRShapesTest, conv1d) {
  EXPECT_THAT(infer({3, 20}, "Conv1d",
                    {{"weight", ones({4, 3, 5})},
                     {"stride", integer(2)},
                     {"padding", integer(1)},
                     {"dilation", integer(2)},
                     {"groups", integer(1)}}),
              ElementsAre(4, 7));
}

TEST(NIRShapesTest, pools) {
  for (const char *type : {"SumPool2d", "AvgPool2d"}) {
    EXPECT_THAT(infer({2, 5, 7}, type,
                      {{"kernel_size", integers({2, 3})},
                       {"stride", integers({2, 2})},
                       {"padding", integers({1, 1})}}),
                ElementsAre(2, 3, 4));
    EXPECT_THAT(refuse({5, 7}, type,
                       {{"kernel_size", integer(2)},
                        {"stride", integer(2)},
                        {"padding", integer(0)}}),
                HasSubstr("need rank 3: (channels, height, width)"));
  }
}

TEST(NIRShapesTest, flatten) {
  auto infer = [](Parameters parameters) {
    return ::infer({2, 3, 4}, "Flatten", parameters);
  };
  EXPECT_THAT(infer({}), ElementsAre(2, 12));
  EXPECT_THAT(infer({{"start_dim", integer(0)}}), ElementsAre(24));
  EXPECT_THAT(infer({{"start_dim", integer(-2)}}), ElementsAre(2, 12));
  EXPECT_THAT(infer({{"start_dim", integer(0)}, {"end_dim", integer(1)}}),
              ElementsAre(6, 4));
  // Dimensions count in input_type, which has a batch axis here.
  EXPECT_THAT(infer({{"input_type", integers({1, 2, 3, 4})}}), ElementsAre(24));
  EXPECT_EQ(refuse({2, 3, 4}, "Flatten", {{"start_dim", integer(3)}}),
            "error /node/nodes/n: start_dim 3 is outside rank 3 of [2, 3, 4]");
  EXPECT_EQ(refuse({2, 3, 4}, "Flatten", {{"end_dim", integer(0)}}),
            "error /node/nodes/n: start_dim 1 is behind end_dim 0 of rank 3");
  EXPECT_EQ(
      refuse({2, 3, 4}, "Flatten", {{"input_type", integers({2, 12})}}),
      "error /node/nodes/n: input_type is [2, 12], but [2, 3, 4] arrives");
}

TEST(NIRShapesTest, parametersPerElement) {
  auto infer = [](ArrayRef<int64_t> parameter) {
    return ::infer({2, 3, 4}, "Scale", {{"scale", ones(parameter)}});
  };
  EXPECT_THAT(infer({}), ElementsAre(2, 3, 4));
  EXPECT_THAT(infer({1}), ElementsAre(2, 3, 4));
  EXPECT_THAT(infer({2}), ElementsAre(2, 3, 4));
  EXPECT_THAT(infer({2, 1, 1}), ElementsAre(2, 3, 4));
  EXPECT_THAT(infer({2, 3, 4}), ElementsAre(2, 3, 4));
  EXPECT_THAT(infer({1, 2, 3, 4}), ElementsAre(2, 3, 4));
  EXPECT_EQ(refuse({4}, "Scale", {{"scale", ones({3})}}),
            "error /node/edges: edge ('in', 'n'): shape [4] meets parameters "
            "of shape [3] of Scale, need the same shape, one value, or one per "
            "channel");
}

TEST(NIRShapesTest, leadingAxesOfBorders) {
  Network network;
  network.input({1, 1, 12})
      .output({1, 3})
      .add("fc", "Linear", {{"weight", ones({3, 12})}});
  network.chain({"in", "fc", "out"});
  EXPECT_THAT(network.findings(), IsEmpty());
  EXPECT_THAT(network.shape("in"), ElementsAre(12));
  EXPECT_THAT(network.shape("out"), ElementsAre(3));

  network.input({1, 5, 12});
  EXPECT_THAT(network.findings(),
              ElementsAre("warning /node/nodes/in/shape: shape is [1, 5, 12], "
                          "the network takes [12]: the leading axes [1, 5] are "
                          "taken for batch and time"));
}

TEST(NIRShapesTest, signalsThatAddUp) {
  Network network;
  network.input({4}).output({3}).add("a", "Linear", {{"weight", ones({3, 4})}});
  network.add("b", "Linear", {{"weight", ones({2, 4})}});
  addLIF(network, "lif", {});
  network.chain({"in", "a", "lif", "out"}).chain({"in", "b", "lif"});
  EXPECT_THAT(network.findings(),
              ElementsAre("error /node/edges: edge ('b', 'lif'): shape [2] "
                          "meets [3], which edge ('a', 'lif') brings; signals "
                          "that add up need one shape"));
}

TEST(NIRShapesTest, recurrence) {
  Network network;
  network.input({4}).output({3}).add("a", "Linear", {{"weight", ones({3, 4})}});
  network.add("rec", "Linear", {{"weight", ones({3, 3})}});
  addLIF(network, "lif", {3});
  network.chain({"in", "a", "lif", "rec", "lif", "out"});
  EXPECT_THAT(network.findings(), IsEmpty());
  EXPECT_THAT(network.shape("rec"), ElementsAre(3));
}

TEST(NIRShapesTest, tooLarge) {
  EXPECT_THAT(makeConv2d({2, 40000, 40000}, {}).findings(),
              testing::Contains(HasSubstr(
                  "/node/nodes/in/shape: shape is [2, 40000, 40000], need at "
                  "most 2147483648 elements")));
  EXPECT_THAT(makeConv2d({2, 8, 9}, {{"padding", integer(1000000)}}).findings(),
              testing::Contains(HasSubstr("more than the limit of")));
}
