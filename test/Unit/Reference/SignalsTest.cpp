//===- SignalsTest.cpp - encoders, pools and what rearranges --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Operations that turn signals into signals, and the alphabets they keep.
//
//===----------------------------------------------------------------------===//

#include "ReferenceTest.h"
#include "spikeformer-rt/Random.h"

using namespace spikeformer;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
class SignalsTest : public ReferenceTest {
protected:
  /// A network that gives `result`, of type `to`, of its input %x, of `from`.
  void loadSignal(const std::string &from, const std::string &body,
                  const std::string &to, const std::string &rest = "") {
    load(rest + "snn.network @n(%x: !snn.signal<" + from +
         ">) -> !snn.signal<" + to + "> attributes {dt = 0.5} {\n" + body +
         "\nsnn.output %y : !snn.signal<" + to + ">\n}");
  }
  template <typename T>
  std::vector<T> output(int64_t timesteps, Tensor input) {
    return valuesOf<T>(run(request(timesteps, {std::move(input)})).outputs[0]);
  }
};
} // namespace

static const std::string poisson =
    R"(%y = snn.encode "e" by #snn.poisson<probability = rate_dt, gain = 0.5 : f64, seed = 42, stream = 7> of %x
      : !snn.signal<2, analogue<f32>> -> !snn.signal<2, binary>)";

TEST_F(SignalsTest, PoissonDependsOnElementStepAndGlobalSample) {
  loadSignal("2, analogue<f32>", poisson, "2, binary");
  RunRequest r = request(
      3, {makeTensor<float>({2, 2}, {2.0f, 1.0f, 2.0f, 3.0f})}, {{"e", ""}});
  r.samples = 2;
  r.firstSample = 11;
  RunResult result = run(r);
  std::vector<uint8_t> expected;
  const float rates[2][2] = {{2.0f, 1.0f}, {2.0f, 3.0f}};
  for (unsigned sample : {0, 1})
    for (unsigned step : {0, 1, 2})
      for (unsigned k : {0, 1})
        expected.push_back(
            rt::uniform24(rt::philoxWord(42, 7, k, step, 11 + sample)) <
            rates[sample][k] * 0.25);
  EXPECT_EQ(expected, valuesOf<uint8_t>(result.outputs[0]));
  EXPECT_EQ(expected, valuesOf<uint8_t>(result.recordings["e"]));
}

TEST_F(SignalsTest, PoissonNamesWhatItCannotEncode) {
  loadSignal("2, analogue<f32>", poisson, "2, binary");
  RunRequest r =
      request(2, {makeTensor<float>({1, 2, 2}, {0.0f, 1.0f, 1.0f, 5.0f})});
  r.firstSample = 3;
  EXPECT_THAT(runError(r),
              HasSubstr("encoder \"e\": element 1, step 1, sample 3: poisson "
                        "needs a probability from 0 to 1"));
}

TEST_F(SignalsTest, ConstantCurrentIsZeroAfterTheInput) {
  load(
      R"(snn.network @n(%x: !snn.signal<1, analogue<f32>>) -> !snn.signal<1, analogue<f32>> attributes {dt = "steps"} {
    %e = snn.encode "e" by #snn.constant_current of %x : !snn.signal<1, analogue<f32>> -> !snn.signal<1, analogue<f32>>
    %i = snn.project %e through #snn.one_to_one delay 1 : !snn.signal<1, analogue<f32>> -> !snn.current<1>
    %s = snn.population "n" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} onset 1 : !snn.signal<1, analogue<f32>>
    snn.output %s : !snn.signal<1, analogue<f32>>
  })");
  RunResult result =
      run(request(2, {makeTensor<float>({1, 1}, {0.75f})}, {{"e", ""}}));
  EXPECT_THAT(valuesOf<float>(result.recordings["e"]),
              ElementsAre(0.75f, 0.75f, 0.0f));
  EXPECT_THAT(valuesOf<float>(result.outputs[0]), ElementsAre(0.75f, 0.75f));
}

TEST_F(SignalsTest, SumPoolCounts) {
  loadSignal("1x2x5, binary",
             "%y = snn.pool sum %x kernel [2, 2] stride [1, 2] : "
             "!snn.signal<1x2x5, binary> -> !snn.signal<1x1x2, count<4>>",
             "1x1x2, count<4>");
  EXPECT_THAT(
      output<int32_t>(
          1, makeTensor<uint8_t>({1, 1, 2, 5}, {1, 1, 0, 1, 1, 1, 1, 1, 0, 1})),
      ElementsAre(4, 2));
}

TEST_F(SignalsTest, SumPoolAddsRowMajorInTheCarrier) {
  loadSignal("1x2x2, analogue<f32>",
             "%y = snn.pool sum %x kernel [2, 2] stride [1, 1] : "
             "!snn.signal<1x2x2, analogue<f32>> -> "
             "!snn.signal<1x1x1, analogue<f32>>",
             "1x1x1, analogue<f32>");
  EXPECT_THAT(output<float>(1, makeTensor<float>({1, 1, 2, 2},
                                                 {1e8f, 1.0f, -1e8f, 2.0f})),
              ElementsAre(2.0f));
}

TEST_F(SignalsTest, MaxPoolKeepsTheAlphabet) {
  loadSignal("2x1x2, ternary",
             "%y = snn.pool max %x kernel [1, 2] stride [1, 1] : "
             "!snn.signal<2x1x2, ternary> -> !snn.signal<2x1x1, ternary>",
             "2x1x1, ternary");
  EXPECT_THAT(
      output<int8_t>(1, makeTensor<int8_t>({1, 2, 1, 2}, {-1, -1, -1, 0})),
      ElementsAre(-1, 0));
}

TEST_F(SignalsTest, Rearranges) {
  loadSignal("2x2, graded<ui8>", R"(
    %d = snn.delay %x by 2 : !snn.signal<2x2, graded<ui8>>
    %c = snn.concat %d, %x : !snn.signal<2x2, graded<ui8>>, !snn.signal<2x2, graded<ui8>> -> !snn.signal<4x2, graded<ui8>>
    %s = snn.slice %c from 1 : !snn.signal<4x2, graded<ui8>> -> !snn.signal<2x2, graded<ui8>>
    %y = snn.reshape %s : !snn.signal<2x2, graded<ui8>> -> !snn.signal<4, graded<ui8>>)",
             "4, graded<ui8>");
  EXPECT_THAT(output<int32_t>(
                  3, makeTensor<uint8_t>({1, 3, 2, 2}, {1, 2, 3, 255, 5, 6, 7,
                                                        8, 9, 10, 11, 12})),
              ElementsAre(0, 0, 1, 2, 0, 0, 5, 6, 3, 255, 9, 10));
}

TEST_F(SignalsTest, ConstantIsRoundedToTheCarrier) {
  loadSignal("1, binary",
             "%y = snn.constant (#snn.param<@k>) : "
             "!snn.signal<2x2, analogue<si8>>",
             "2x2, analogue<si8>",
             "snn.parameter @k : tensor<2xf32> = dense<[-2.5, 300.0]>\n");
  EXPECT_THAT(output<int32_t>(1, makeTensor<uint8_t>({1, 1}, {0})),
              ElementsAre(-2, -2, 127, 127));
}

//===----------------------------------------------------------------------===//
// Alphabets
//===----------------------------------------------------------------------===//

TEST_F(SignalsTest, RefusesInputsOutsideTheAlphabet) {
  loadSignal("2, ternary", "%y = snn.delay %x by 1 : !snn.signal<2, ternary>",
             "2, ternary");
  EXPECT_EQ(
      "input 0: in step 1 of sample 0 element 1 is 2, which is not in "
      "!snn.signal<2, ternary>",
      runError(request(2, {makeTensor<int32_t>({1, 2, 2}, {-1, 1, 0, 2})})));
  EXPECT_EQ("input 0: in step 0 of sample 0 element 0 is 0.50, which is "
            "no integer",
            runError(request(2, {makeTensor<float>({1, 2}, {0.5f, 0.0f})})));
}

TEST_F(SignalsTest, TakesIntegersInAnyType) {
  loadSignal("2, ternary", "%y = snn.delay %x by 1 : !snn.signal<2, ternary>",
             "2, ternary");
  EXPECT_THAT(output<int8_t>(2, makeTensor<double>({1, 2}, {-1.0, 1.0})),
              ElementsAre(0, 0, -1, 1));
}

TEST_F(SignalsTest, RefusesPayloadsOutsideTheAlphabet) {
  load(R"(
  snn.model @m states() receptors(in = %in : i32) params() { snn.yield %in : i32 }
  snn.network @n(%x: !snn.signal<1, binary>) -> !snn.signal<1, count<2>> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.one_to_one weights 3.0 delay 0 : !snn.signal<1, binary> -> !snn.current<1>
    %s = snn.population "p" (in: %i accumulate exact<i32, fraction = 0>) model #snn.custom<@m> params {} : !snn.signal<1, count<2>>
    snn.output %s : !snn.signal<1, count<2>>
  })");
  EXPECT_EQ("snn.population \"p\": in step 1 of sample 0 element 0 is 3, which "
            "is not in !snn.signal<1, count<2>>",
            runError(request(2, {makeTensor<uint8_t>({1, 2, 1}, {0, 1})})));
}
