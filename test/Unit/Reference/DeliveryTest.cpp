//===- DeliveryTest.cpp - delays, order of additions, accumulators --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What arrives at a receptor, in which step, and how it is added. Numbers are
// chosen so that another order or another rounding gives another result.
//
//===----------------------------------------------------------------------===//

#include "ReferenceTest.h"

using namespace spikeformer;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
class DeliveryTest : public ReferenceTest {
protected:
  /// A linear population of one neuron, fed by `projections` (which define the
  /// currents `operands`) of `type` signal %x.
  void loadSum(const std::string &type, const std::string &projections,
               const std::string &receptor, const std::string &rest = "") {
    load(rest + "snn.network @n(%x: !snn.signal<" + type +
         ">) -> !snn.signal<1, analogue<f32>> attributes {dt = \"steps\"} {\n" +
         projections + "%s = snn.population \"n\" (in: " + receptor +
         ") model #snn.linear<state = f32> params {} : !snn.signal<1, "
         "analogue<f32>>\n snn.output %s : !snn.signal<1, analogue<f32>>\n}");
  }

  std::vector<float> sums(int64_t timesteps, Tensor input) {
    return valuesOf<float>(
        run(request(timesteps, {std::move(input)})).outputs[0]);
  }
};
} // namespace

static std::string dense(const std::string &name, const std::string &type,
                         const std::string &weights, const std::string &delay) {
  return name + " = snn.project %x through #snn.dense weights " + weights +
         " delay " + delay + " : !snn.signal<" + type +
         "> -> !snn.current<1>\n";
}

//===----------------------------------------------------------------------===//
// Delays
//===----------------------------------------------------------------------===//

TEST_F(DeliveryTest, DeliversAfterTheDelay) {
  loadSum("1, binary",
          dense("%a", "1, binary", "1.0", "0") +
              dense("%b", "1, binary", "4.0", "2"),
          "%a, %b accumulate ordered<f32>");
  EXPECT_THAT(sums(5, makeTensor<uint8_t>({1, 5, 1}, {1, 1, 0, 1, 0})),
              ElementsAre(1.0f, 1.0f, 4.0f, 5.0f, 0.0f));
}

TEST_F(DeliveryTest, DelayLinesAreEmptyAtTheStartOfASample) {
  loadSum("1, binary", dense("%a", "1, binary", "1.0", "1"),
          "%a accumulate ordered<f32>");
  RunRequest r = request(2, {makeTensor<uint8_t>({2, 2, 1}, {0, 1, 0, 0})});
  r.samples = 2;
  EXPECT_THAT(valuesOf<float>(run(r).outputs[0]),
              ElementsAre(0.0f, 0.0f, 0.0f, 0.0f));
  r.resetPerSample = false;
  EXPECT_THAT(valuesOf<float>(run(r).outputs[0]),
              ElementsAre(0.0f, 0.0f, 1.0f, 0.0f));
}

TEST_F(DeliveryTest, StatesAreCarriedOverWithoutReset) {
  load(
      R"(snn.network @n(%x: !snn.signal<1, binary>) -> !snn.signal<1, binary> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<1, binary> -> !snn.current<1>
    %s = snn.population "n" (in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = none, fires = above, when = same_step>
      params {r = 1.0, v_threshold = 9.0, v_init = 0.5} : !snn.signal<1, binary>
    snn.output %s : !snn.signal<1, binary>
  })");
  RunRequest r =
      request(2, {makeTensor<uint8_t>({2, 1}, {1, 1})}, {{"n", "v"}});
  r.samples = 2;
  EXPECT_THAT(valuesOf<float>(run(r).recordings["n.v"]),
              ElementsAre(1.5f, 2.5f, 1.5f, 2.5f));
  r.resetPerSample = false;
  EXPECT_THAT(valuesOf<float>(run(r).recordings["n.v"]),
              ElementsAre(1.5f, 2.5f, 3.5f, 4.5f));
}

TEST_F(DeliveryTest, DelaysPerSynapse) {
  loadSum("3, binary",
          "%a = snn.project %x through #snn.csr<rows = @rows, columns = "
          "@columns> weights @w delay (#snn.param<@d>) : !snn.signal<3, "
          "binary> -> !snn.current<1>\n",
          "%a accumulate ordered<f32>", R"(
    snn.parameter @rows : tensor<4xi32> = dense<[0, 2, 2, 3]>
    snn.parameter @columns : tensor<3xi32> = dense<[0, 0, 0]>
    snn.parameter @w : tensor<3xf32> = dense<[1.0, 2.0, 4.0]>
    snn.parameter @d : tensor<3xi8> = dense<[3, 1, 2]>
  )");
  EXPECT_THAT(sums(5, makeTensor<uint8_t>({1, 5, 3}, {1, 1, 1, 0, 0, 0, 0, 0, 1,
                                                      0, 0, 0, 0, 0, 0})),
              ElementsAre(0.0f, 2.0f, 4.0f, 1.0f, 4.0f));
}

TEST_F(DeliveryTest, RandomDelaysAreRoundedPerWeight) {
  // uniform(2.5, 2.5) is 2.5, a tie: 2.
  loadSum("1, binary",
          dense("%a", "1, binary", "1.0",
                "(#snn.random<uniform(2.5, 2.5), clip = (1.0, 9.0), generator "
                "= philox, seed = 1, stream = 0>)"),
          "%a accumulate ordered<f32>");
  EXPECT_THAT(sums(4, makeTensor<uint8_t>({1, 4, 1}, {1, 0, 0, 0})),
              ElementsAre(0.0f, 0.0f, 1.0f, 0.0f));
}

TEST_F(DeliveryTest, ACycleDeliversInTheNextStep) {
  load(R"(snn.network @n() -> !snn.signal<2, binary> attributes {dt = "steps"} {
    %i = snn.project %s through #snn.csr<rows = @rows, columns = @columns> delay 1 : !snn.signal<2, binary> -> !snn.current<2>
    %s = snn.population "n" (in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = to_value, fires = above, when = same_step>
      params {r = 1.0, v_threshold = 0.5, v_reset = 0.0, v_init = #snn.param<@v>} : !snn.signal<2, binary>
    snn.output %s : !snn.signal<2, binary>
  }
  snn.parameter @rows : tensor<3xi32> = dense<[0, 1, 2]>
  snn.parameter @columns : tensor<2xi32> = dense<[1, 0]>
  snn.parameter @v : tensor<2xf32> = dense<[1.0, 0.0]>)");
  EXPECT_THAT(valuesOf<uint8_t>(run(request(3, {})).outputs[0]),
              ElementsAre(1, 0, 0, 1, 1, 0));
}

//===----------------------------------------------------------------------===//
// Onset
//===----------------------------------------------------------------------===//

TEST_F(DeliveryTest, OnsetHoldsStatesAndShiftsTheWindow) {
  load(
      R"(snn.network @n(%x: !snn.signal<1, analogue<f32>>) -> (!snn.signal<1, analogue<f32>>, !snn.signal<1, analogue<f32>>) attributes {dt = "steps"} {
    %a = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<1, analogue<f32>> -> !snn.current<1>
    %e, %early = snn.population "early" (in: %a accumulate ordered<f32> bias 100.0) model #snn.if<state = f32, reset = none, fires = above, when = same_step>
      params {r = 1.0, v_threshold = 1.0e9, v_init = 0.5} expose ["v"] : !snn.signal<1, binary>, !snn.signal<1, analogue<f32>>
    %l, %late = snn.population "late" (in: %a accumulate ordered<f32> bias 100.0) model #snn.if<state = f32, reset = none, fires = above, when = same_step>
      params {r = 1.0, v_threshold = 1.0e9, v_init = 0.5} onset 2 expose ["v"] : !snn.signal<1, binary>, !snn.signal<1, analogue<f32>>
    snn.output %early, %late : !snn.signal<1, analogue<f32>>, !snn.signal<1, analogue<f32>>
  })");
  EXPECT_EQ(2, executor->getLatency());
  RunResult result =
      run(request(3, {makeTensor<float>({1, 3, 1}, {1.0f, 2.0f, 4.0f})},
                  {{"early", "v"}, {"late", "v"}, {"output", ""}}));
  // T + L = 5 steps: input 1 2 4 0 0; bias in steps 0..2 and 2..4.
  EXPECT_THAT(valuesOf<float>(result.recordings["early.v"]),
              ElementsAre(101.5f, 203.5f, 307.5f, 307.5f, 307.5f));
  EXPECT_THAT(valuesOf<float>(result.recordings["late.v"]),
              ElementsAre(0.5f, 0.5f, 104.5f, 204.5f, 304.5f));
  EXPECT_THAT(valuesOf<float>(result.outputs[0]),
              ElementsAre(101.5f, 203.5f, 307.5f));
  EXPECT_THAT(valuesOf<float>(result.outputs[1]),
              ElementsAre(104.5f, 204.5f, 304.5f));
  EXPECT_THAT(result.recordings["output"].getShape(), ElementsAre(1, 5, 1));
}

TEST_F(DeliveryTest, SilentBeforeOnset) {
  load(R"(snn.network @n() -> !snn.signal<1, binary> attributes {dt = "steps"} {
    %s = snn.population "n" (in: accumulate ordered<f32>) model #snn.if<state = f32, reset = none, fires = above, when = same_step>
      params {r = 1.0, v_threshold = 0.5, v_init = 1.0} onset 1 : !snn.signal<1, binary>
    snn.output %s : !snn.signal<1, binary>
  })");
  RunResult result = run(request(2, {}, {{"n", ""}}));
  EXPECT_THAT(valuesOf<uint8_t>(result.recordings["n"]), ElementsAre(0, 1, 1));
  EXPECT_EQ(2, result.populations["n"].spikes);
}

//===----------------------------------------------------------------------===//
// ordered: 1.0e8 + 1 is 1.0e8 in f32, so the order shows
//===----------------------------------------------------------------------===//

TEST_F(DeliveryTest, AddsInTheOrderOfSources) {
  loadSum("3, binary", dense("%a", "3, binary", "@w", "0"),
          "%a accumulate ordered<f32>",
          "snn.parameter @w : tensor<1x3xf32> = dense<[[1.0e8, 1.0, -1.0e8]]>");
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 3}, {1, 1, 1})),
              ElementsAre(0.0f));
  loadSum("3, binary", dense("%a", "3, binary", "@w", "0"),
          "%a accumulate ordered<f32>",
          "snn.parameter @w : tensor<1x3xf32> = dense<[[1.0e8, -1.0e8, 1.0]]>");
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 3}, {1, 1, 1})),
              ElementsAre(1.0f));
}

TEST_F(DeliveryTest, AddsInTheOrderOfOperands) {
  std::string projections = dense("%big", "1, binary", "1.0e8", "0") +
                            dense("%one", "1, binary", "1.0", "0") +
                            dense("%less", "1, binary", "-1.0e8", "0");
  loadSum("1, binary", projections,
          "%big, %one, %less accumulate ordered<f32>");
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 1}, {1})), ElementsAre(0.0f));
  loadSum("1, binary", projections,
          "%less, %big, %one accumulate ordered<f32>");
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 1}, {1})), ElementsAre(1.0f));
}

TEST_F(DeliveryTest, StartsAtTheBias) {
  // bias + w1 + w2, not bias + (w1 + w2).
  loadSum("2, binary", dense("%a", "2, binary", "@w", "0"),
          "%a accumulate ordered<f32> bias 1.0e8",
          "snn.parameter @w : tensor<1x2xf32> = dense<[[3.0, 3.0]]>");
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 2}, {1, 1})),
              ElementsAre((1e8f + 3.0f) + 3.0f));
}

TEST_F(DeliveryTest, AddsTheOldestEmissionFirst) {
  // All arrive in step 3: source 2 of step 0, source 0 of step 1, source 1 of
  // step 2. By emission -1.0e8 + 1.0e8 + 1 is 1; by source 1.0e8 + 1 - 1.0e8 is
  // 0.
  loadSum("3, binary", dense("%a", "3, binary", "@w", "(#snn.param<@d>)"),
          "%a accumulate ordered<f32>",
          "snn.parameter @w : tensor<1x3xf32> = dense<[[1.0e8, 1.0, -1.0e8]]>\n"
          "snn.parameter @d : tensor<1x3xi16> = dense<[[2, 1, 3]]>");
  Tensor input =
      makeTensor<uint8_t>({1, 4, 3}, {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0});
  EXPECT_THAT(sums(4, input), ElementsAre(0.0f, 0.0f, 0.0f, 1.0f));
}

TEST_F(DeliveryTest, RoundsValueAndProductInTheAccumulator) {
  loadSum("1, analogue<f64>", dense("%a", "1, analogue<f64>", "@w", "0"),
          "%a accumulate ordered<f32>",
          "snn.parameter @w : tensor<1x1xf64> = dense<0.1>");
  EXPECT_THAT(sums(1, makeTensor<double>({1, 1}, {0.3})),
              ElementsAre(0.3f * 0.1f));
  loadSum("1, graded<si32>", dense("%a", "1, graded<si32>", "0.1", "0"),
          "%a accumulate ordered<f32>");
  EXPECT_THAT(sums(1, makeTensor<int32_t>({1, 1}, {16777217})),
              ElementsAre(16777216.0f * 0.1f));
}

TEST_F(DeliveryTest, ZeroContributesNothing) {
  // -0 + 0 would be 0.
  loadSum("1, analogue<f32>", dense("%a", "1, analogue<f32>", "1.0", "0"),
          "%a accumulate ordered<f32> bias -0.0");
  EXPECT_TRUE(std::signbit(sums(1, makeTensor<float>({1, 1}, {0.0f}))[0]));
}

TEST_F(DeliveryTest, ScalesAView) {
  loadSum("3, binary",
          dense("%a", "3, binary",
                "#snn.view<@w, transpose = [1, 0], scale = 0.3 : f64>", "0"),
          "%a accumulate ordered<f32>",
          "snn.parameter @w : tensor<3x1xf32> = dense<[[0.1], [0.2], [0.7]]>");
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 3}, {1, 0, 1})),
              ElementsAre(0.1f * 0.3f + 0.7f * 0.3f));
}

//===----------------------------------------------------------------------===//
// exact and saturating
//===----------------------------------------------------------------------===//

TEST_F(DeliveryTest, ExactRoundsWeightsAndBiasToTiesEven) {
  // In units of 1/4: 0.625 is 2.5, so 2; 0.875 is 3.5, so 4; bias 1.5, so 2.
  loadSum("2, binary", dense("%a", "2, binary", "@w", "0"),
          "%a accumulate exact<i32, fraction = 2> bias 0.375",
          "snn.parameter @w : tensor<1x2xf32> = dense<[[0.625, 0.875]]>");
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 2}, {1, 1})), ElementsAre(2.0f));
}

TEST_F(DeliveryTest, ExactMultipliesIntegersAfterRounding) {
  // 3 x rint(0.3 x 4) / 4, not rint(0.9 x 4) / 4.
  loadSum("1, count<8>", dense("%a", "1, count<8>", "0.3", "0"),
          "%a accumulate exact<i32, fraction = 2>");
  EXPECT_THAT(sums(1, makeTensor<int32_t>({1, 1}, {3})), ElementsAre(0.75f));
}

TEST_F(DeliveryTest, ExactRoundsProductsWithFloats) {
  // Each of 0.75 x 0.5 = 0.375 in units of 1/2 is 0.75, so 1; 0.25 is a tie.
  loadSum("3, analogue<f32>", dense("%a", "3, analogue<f32>", "0.5", "0"),
          "%a accumulate exact<i32, fraction = 1>");
  EXPECT_THAT(sums(1, makeTensor<float>({1, 3}, {0.75f, 0.5f, -0.75f})),
              ElementsAre(0.0f));
  EXPECT_THAT(sums(1, makeTensor<float>({1, 3}, {0.75f, 0.5f, 0.75f})),
              ElementsAre(1.0f));
}

TEST_F(DeliveryTest, ExactIgnoresProductsThatAreNotFinite) {
  loadSum("2, analogue<f32>", dense("%a", "2, analogue<f32>", "1.0", "0"),
          "%a accumulate exact<i32, fraction = 1>");
  EXPECT_THAT(sums(1, makeTensor<float>({1, 2}, {INFINITY, 2.0f})),
              ElementsAre(2.0f));
}

TEST_F(DeliveryTest, ExactWraps) {
  loadSum("3, binary", dense("%a", "3, binary", "@w", "0"),
          "%a accumulate exact<i32, fraction = 0>",
          "snn.parameter @w : tensor<1x3xi32> = dense<[[2000000000, "
          "2000000000, -1]]>");
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 3}, {1, 1, 1})),
              ElementsAre(static_cast<float>(-294967297)));
  // 256 x 2^24 is 2^32, so 0 in 32 bits and itself in 64.
  std::string weights = "snn.parameter @w : tensor<1x1xi32> = dense<16777216>";
  loadSum("1, graded<ui16>", dense("%a", "1, graded<ui16>", "@w", "0"),
          "%a accumulate exact<i32, fraction = 0>", weights);
  EXPECT_THAT(sums(1, makeTensor<int32_t>({1, 1}, {256})), ElementsAre(0.0f));
  loadSum("1, graded<ui16>", dense("%a", "1, graded<ui16>", "@w", "0"),
          "%a accumulate exact<i64, fraction = 0>", weights);
  EXPECT_THAT(sums(1, makeTensor<int32_t>({1, 1}, {256})),
              ElementsAre(4294967296.0f));
}

TEST_F(DeliveryTest, SaturatingStopsAtTheEndsInOrder) {
  std::string rest = "snn.parameter @w : tensor<1x4xi32> = dense<[[2000000000, "
                     "2000000000, -2147483647, -2147483647]]>";
  loadSum("4, binary", dense("%a", "4, binary", "@w", "0"),
          "%a accumulate saturating<i32, fraction = 0>", rest);
  // 2^31 - 1 after two, 0 after three, -2147483647 after four.
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 4}, {1, 1, 1, 0})),
              ElementsAre(0.0f));
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 4}, {1, 1, 1, 1})),
              ElementsAre(-2147483647.0f));
  loadSum("4, binary", dense("%a", "4, binary", "@w", "0"),
          "%a accumulate saturating<i32, fraction = 0> bias -100.0", rest);
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 4}, {0, 0, 1, 1})),
              ElementsAre(-2147483648.0f));
}

TEST_F(DeliveryTest, SaturatingStopsAt64Bits) {
  loadSum("2, binary", dense("%a", "2, binary", "@w", "0"),
          "%a accumulate saturating<i64, fraction = 62>",
          "snn.parameter @w : tensor<1x2xf32> = dense<[[1.0, 1.5]]>");
  // (2^63 - 1) / 2^62, rounded to f32.
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 2}, {1, 1})), ElementsAre(2.0f));
}

TEST_F(DeliveryTest, ARoundedIntegerReachesTheModel) {
  // 16777217 in units of 1/2 is one rounding away from f32.
  loadSum("2, binary", dense("%a", "2, binary", "@w", "0"),
          "%a accumulate exact<i64, fraction = 1>",
          "snn.parameter @w : tensor<1x2xf64> = dense<[[8388608.0, 0.5]]>");
  EXPECT_THAT(sums(1, makeTensor<uint8_t>({1, 2}, {1, 1})),
              ElementsAre(8388608.0f));
}

TEST_F(DeliveryTest, OneCurrentFeedsDifferentAccumulators) {
  load(
      R"(snn.network @n(%x: !snn.signal<1, binary>) -> (!snn.signal<1, analogue<f32>>, !snn.signal<1, analogue<f32>>) attributes {dt = "steps"} {
    %i = snn.project %x through #snn.dense weights 0.3 delay 0 : !snn.signal<1, binary> -> !snn.current<1>
    %a = snn.population "a" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<1, analogue<f32>>
    %b = snn.population "b" (in: %i, %i accumulate exact<i32, fraction = 2>) model #snn.linear<state = f32> params {} : !snn.signal<1, analogue<f32>>
    snn.output %a, %b : !snn.signal<1, analogue<f32>>, !snn.signal<1, analogue<f32>>
  })");
  RunResult result = run(request(1, {makeTensor<uint8_t>({1, 1}, {1})}));
  EXPECT_THAT(valuesOf<float>(result.outputs[0]), ElementsAre(0.3f));
  EXPECT_THAT(valuesOf<float>(result.outputs[1]), ElementsAre(0.5f));
  // Each operand of a receptor counts.
  EXPECT_EQ(3, result.synapticEvents);
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

TEST_F(DeliveryTest, Conv2D) {
  load(R"(
  snn.parameter @w : tensor<1x1x2x2xf32> = dense<[[[[1.0, 2.0], [4.0, 8.0]]]]>
  snn.network @n(%x: !snn.signal<1x2x2, binary>) -> !snn.signal<1x3x2, analogue<f32>> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.conv2d<kernel = [2, 2], stride = [1, 1], pad = [1, 0, 1, 1], dilation = [1, 1], groups = 1> weights @w delay 0 : !snn.signal<1x2x2, binary> -> !snn.current<1x3x2>
    %s = snn.population "n" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<1x3x2, analogue<f32>>
    snn.output %s : !snn.signal<1x3x2, analogue<f32>>
  })");
  RunResult result =
      run(request(1, {makeTensor<uint8_t>({1, 1, 2, 2}, {1, 0, 1, 1})}));
  // Rows of the image are 1 0 and 1 1; a row of zeros above and below, a column
  // of zeros to the right.
  EXPECT_THAT(valuesOf<float>(result.outputs[0]),
              ElementsAre(4.0f, 0.0f, 13.0f, 4.0f, 3.0f, 1.0f));
}

//===----------------------------------------------------------------------===//
// Refused when an executor is made
//===----------------------------------------------------------------------===//

static std::string withProjection(const std::string &projection,
                                  const std::string &rest) {
  return rest +
         "snn.network @n(%x: !snn.signal<2, binary>) -> () attributes "
         "{dt = \"steps\"} {\n%a = snn.project %x through " +
         projection +
         " : !snn.signal<2, binary> -> !snn.current<1>\nsnn.output\n}";
}

TEST_F(DeliveryTest, RefusesWeightsThatAreNotFinite) {
  EXPECT_EQ("'snn.project' op needs finite weights, weight 1 is INF",
            loadError(withProjection(
                "#snn.dense weights @w delay 0",
                "snn.parameter @w : tensor<1x2xf32> = dense<[[0.0, "
                "0x7F800000]]>\n")));
}

TEST_F(DeliveryTest, RefusesDelaysBelowOne) {
  EXPECT_EQ("'snn.project' op needs delays from 1 to 2147483647 steps, delay "
            "1 is 0.000000e+00",
            loadError(withProjection(
                "#snn.dense delay (#snn.param<@d>)",
                "snn.parameter @d : tensor<1x2xi8> = dense<[[1, 0]]>\n")));
}

TEST_F(DeliveryTest, RefusesAnotherNumberOfWeights) {
  EXPECT_EQ("'snn.project' op needs 2 weights, one per synapse, @w has 3",
            loadError(withProjection(
                "#snn.csr<rows = @r, columns = @c> weights @w delay 0",
                R"(snn.parameter @r : tensor<3xi32> = dense<[0, 1, 2]>
                   snn.parameter @c : tensor<2xi32> = dense<0>
                   snn.parameter @w : tensor<3xf32> = dense<1.0>
                )")));
}
