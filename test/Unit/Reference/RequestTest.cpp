//===- RequestTest.cpp - requests, probes, counters -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an executor says about a network, what it records and counts, and which
// requests it refuses.
//
//===----------------------------------------------------------------------===//

#include "ReferenceTest.h"

using namespace spikeformer;
using testing::ElementsAre;

namespace {
class RequestTest : public ReferenceTest {
protected:
  void SetUp() override {
    load(R"(
    snn.parameter @w : tensor<2x3xf32> = dense<[[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]]>
    snn.network @n(%x: !snn.signal<3, binary>, %y: !snn.signal<2, analogue<f32>>) -> !snn.signal<2, binary> attributes {dt = "steps"} {
      %e = snn.encode "drive" by #snn.constant_current of %y : !snn.signal<2, analogue<f32>> -> !snn.signal<2, analogue<f32>>
      %a = snn.project %x through #snn.dense weights @w delay 1 : !snn.signal<3, binary> -> !snn.current<2>
      %b = snn.project %e through #snn.one_to_one delay 0 : !snn.signal<2, analogue<f32>> -> !snn.current<2>
      %s = snn.population "first" (in: %a, %b accumulate ordered<f32>) model #snn.if<state = f32, reset = to_value, fires = above, when = next_step>
        params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<2, binary>
      %c = snn.project %s through #snn.one_to_one delay 2 : !snn.signal<2, binary> -> !snn.current<2>
      %t = snn.population "second" (in: %c accumulate ordered<f32>) model #snn.if<state = f32, reset = to_value, fires = above, when = same_step>
        params {r = 1.0, v_threshold = 0.5, v_reset = 0.0, v_init = 0.0} : !snn.signal<2, binary>
      snn.output %t : !snn.signal<2, binary>
    })");
  }

  /// Four steps: source 2 fires in step 0, source 0 in step 3; neuron 0 is
  /// driven by 1.
  RunRequest fourSteps() {
    return request(4, {makeTensor<uint8_t>(
                           {1, 4, 3}, {0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0}),
                       makeTensor<float>({1, 2}, {1.0f, 0.0f})});
  }
};
} // namespace

TEST_F(RequestTest, DescribesTheNetwork) {
  EXPECT_EQ("reference", executor->getEngine());
  EXPECT_EQ(0, executor->getLatency());
  EXPECT_THAT(executor->getPopulations(), ElementsAre("first", "second"));
  EXPECT_THAT(executor->getStates("first"), ElementsAre("v", "fired"));
  EXPECT_THAT(executor->getStates("second"), ElementsAre("v"));
  EXPECT_TRUE(executor->getStates("drive").empty());
}

TEST_F(RequestTest, Counts) {
  RunRequest r = fourSteps();
  r.probes = {{"first", "v"}, {"first", ""}};
  RunResult result = run(r);
  // Neuron 0: 1, then 1 + 1 + 2 = 4, then 0 (reset), then 1. Neuron 1: 0, 1.
  EXPECT_THAT(valuesOf<float>(result.recordings["first.v"]),
              ElementsAre(1.0f, 0.0f, 4.0f, 1.0f, 0.0f, 1.0f, 1.0f, 1.0f));
  EXPECT_THAT(valuesOf<uint8_t>(result.recordings["first"]),
              ElementsAre(0, 0, 1, 0, 0, 0, 0, 0));
  EXPECT_EQ(1, result.populations["first"].spikes);
  EXPECT_EQ(2, result.populations["first"].neurons);
  EXPECT_EQ(1, result.populations["second"].spikes);
  EXPECT_THAT(valuesOf<uint8_t>(result.outputs[0]),
              ElementsAre(0, 0, 0, 0, 0, 0, 1, 0));
  // Two spikes, and the drive in each of four steps.
  EXPECT_EQ(6, result.inputEvents);
  // Source 2 has two synapses of weight not 0; source 0 would deliver in step
  // 4, after the run; four times the drive; one spike of "first".
  EXPECT_EQ(7, result.synapticEvents);
}

TEST_F(RequestTest, KeepsTheOrderOfProbes) {
  RunRequest r = fourSteps();
  r.probes = {
      {"output", ""}, {"second", "v"}, {"drive", ""}, {"first", "fired"}};
  std::vector<std::string> keys;
  for (auto &entry : run(r).recordings)
    keys.push_back(entry.first);
  EXPECT_THAT(keys, ElementsAre("output", "second.v", "drive", "first.fired"));
}

TEST_F(RequestTest, SamplesAreIndependent) {
  RunRequest one = fourSteps();
  RunRequest two = one;
  two.samples = 2;
  two.inputs[0] = Tensor({2, 4, 3}, ElementType::u8);
  llvm::copy(one.inputs[0].data<uint8_t>(),
             two.inputs[0].data<uint8_t>().begin() + 12);
  two.inputs[1] = makeTensor<float>({2, 2}, {3.0f, 3.0f, 1.0f, 0.0f});
  RunResult a = run(one), b = run(two);
  EXPECT_EQ(valuesOf<uint8_t>(a.outputs[0]),
            valuesOf<uint8_t>(b.outputs[0].slice(1, 2)));
}

TEST_F(RequestTest, RunsWithoutSamples) {
  RunRequest r = request(
      4, {Tensor({0, 3}, ElementType::u8), Tensor({0, 2}, ElementType::f32)});
  r.samples = 0;
  EXPECT_THAT(run(r).outputs[0].getShape(), ElementsAre(0, 4, 2));
}

TEST_F(RequestTest, NamesUnknownProbes) {
  RunRequest r = fourSteps();
  r.probes = {{"first", "u"}};
  EXPECT_EQ("there is nothing to record as 'first.u'; the network has drive, "
            "first, first.v, first.fired, second, second.v, output",
            runError(r));
}

TEST_F(RequestTest, NamesInputsThatDoNotFit) {
  RunRequest r = fourSteps();
  r.inputs[0] = Tensor({1, 3, 3}, ElementType::u8);
  EXPECT_EQ("input 0 needs the shape [1, 3] (held) or [1, 4, 3] (one value per "
            "step), "
            "got [1, 3, 3]",
            runError(r));
  r.inputs.pop_back();
  EXPECT_EQ("the network needs 2 inputs, got 1", runError(r));
  r.timesteps = 0;
  EXPECT_EQ("a run needs at least 1 timestep and 0 samples, got 0 and 1",
            runError(r));
}
