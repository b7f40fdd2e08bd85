//===- ModelTest.cpp - traces of neuron models ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every model, integration, reset and spike test on one neuron. Expected traces
// are computed by hand in numbers that are exact in binary; where exp is
// involved, by the formula of docs/Semantics.md.
//
//===----------------------------------------------------------------------===//

#include "ReferenceTest.h"
#include "spikeformer-rt/Math.h"
#include <limits>

using namespace spikeformer;
using testing::ElementsAre;

namespace {
/// One neuron "n" that takes an analogue f32 input.
class ModelTest : public ReferenceTest {
protected:
  void loadNeuron(const std::string &model, const std::string &params,
                  const std::string &dt = "\"steps\"") {
    load("snn.network @n(%x: !snn.signal<1, analogue<f32>>) -> "
         "!snn.signal<1, binary> attributes {dt = " +
         dt + R"(} {
      %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<1, analogue<f32>> -> !snn.current<1>
      %s = snn.population "n" (in: %i accumulate ordered<f32>) model )" +
         model + " params {" + params + R"(} : !snn.signal<1, binary>
      snn.output %s : !snn.signal<1, binary>
    })");
  }

  /// Runs over `inputs`, one per step.
  void trace(std::vector<float> inputs) {
    int64_t steps = inputs.size();
    RunRequest r = request(steps, {makeTensor<float>({1, steps, 1}, inputs)});
    for (const std::string &state : executor->getStates("n"))
      r.probes.push_back({"n", state});
    result = run(r);
  }
  std::vector<uint8_t> spikes() { return valuesOf<uint8_t>(result.outputs[0]); }
  std::vector<float> state(const std::string &name) {
    return valuesOf<float>(result.recordings["n." + name]);
  }
  std::vector<int32_t> counter(const std::string &name) {
    return valuesOf<int32_t>(result.recordings["n." + name]);
  }

  RunResult result;
};
} // namespace

//===----------------------------------------------------------------------===//
// if
//===----------------------------------------------------------------------===//

static std::string ifModel(const std::string &reset, const std::string &fires,
                           const std::string &when) {
  return "#snn.if<state = f32, reset = " + reset + ", fires = " + fires +
         ", when = " + when + ">";
}

static const std::string ifParams = "r = 1.0, v_threshold = 1.0, v_init = 0.0";
static const std::vector<float> ifInputs{0.5f, 0.5f, 0.25f, 1.75f, 0.0f};

TEST_F(ModelTest, IFSubtractsAtOrAbove) {
  loadNeuron(ifModel("subtract", "at_or_above", "same_step"), ifParams);
  trace(ifInputs);
  EXPECT_THAT(spikes(), ElementsAre(0, 1, 0, 1, 1));
  EXPECT_THAT(state("v"), ElementsAre(0.5f, 0.0f, 0.25f, 1.0f, 0.0f));
}

TEST_F(ModelTest, IFSubtractsAbove) {
  loadNeuron(ifModel("subtract", "above", "same_step"), ifParams);
  trace(ifInputs);
  EXPECT_THAT(spikes(), ElementsAre(0, 0, 1, 1, 0));
  EXPECT_THAT(state("v"), ElementsAre(0.5f, 1.0f, 0.25f, 1.0f, 1.0f));
}

TEST_F(ModelTest, IFResetsToValue) {
  loadNeuron(ifModel("to_value", "at_or_above", "same_step"),
             ifParams + ", v_reset = -0.5");
  trace(ifInputs);
  EXPECT_THAT(spikes(), ElementsAre(0, 1, 0, 1, 0));
  EXPECT_THAT(state("v"), ElementsAre(0.5f, -0.5f, -0.25f, -0.5f, -0.5f));
}

TEST_F(ModelTest, IFWithoutReset) {
  loadNeuron(ifModel("none", "at_or_above", "same_step"), ifParams);
  trace(ifInputs);
  EXPECT_THAT(spikes(), ElementsAre(0, 1, 1, 1, 1));
  EXPECT_THAT(state("v"), ElementsAre(0.5f, 1.0f, 1.25f, 3.0f, 3.0f));
}

TEST_F(ModelTest, IFSubtractsInTheNextStep) {
  loadNeuron(ifModel("subtract", "at_or_above", "next_step"), ifParams);
  trace(ifInputs);
  EXPECT_THAT(spikes(), ElementsAre(0, 1, 0, 1, 1));
  EXPECT_THAT(state("v"), ElementsAre(0.5f, 1.0f, 0.25f, 2.0f, 1.0f));
  EXPECT_THAT(counter("fired"), ElementsAre(0, 1, 0, 1, 1));
}

TEST_F(ModelTest, IFResetsToValueInTheNextStep) {
  loadNeuron(ifModel("to_value", "above", "next_step"),
             ifParams + ", v_reset = 0.25");
  trace({2.0f, 5.0f, 0.5f, 0.5f, 0.0f});
  // The value replaces the integrated potential, whatever came in.
  EXPECT_THAT(state("v"), ElementsAre(2.0f, 0.25f, 0.75f, 1.25f, 0.25f));
  EXPECT_THAT(spikes(), ElementsAre(1, 0, 0, 1, 0));
}

TEST_F(ModelTest, IFMultipliesWithTheStepInSeconds) {
  loadNeuron(ifModel("subtract", "above", "same_step"),
             "r = 4.0, v_threshold = 9.0, v_init = 1.0", "0.5");
  trace({1.0f, 0.5f});
  EXPECT_THAT(state("v"), ElementsAre(3.0f, 4.0f));
}

//===----------------------------------------------------------------------===//
// lif
//===----------------------------------------------------------------------===//

TEST_F(ModelTest, LIFEuler) {
  loadNeuron("#snn.lif<state = f32, integration = euler, reset = subtract, "
             "fires = above, when = same_step, refractory = none>",
             "tau = 4.0, r = 1.0, v_leak = 0.0, v_threshold = 1.0, "
             "v_init = 0.0");
  trace({4.0f, 4.0f, 4.0f});
  EXPECT_THAT(spikes(), ElementsAre(0, 1, 1));
  EXPECT_THAT(state("v"), ElementsAre(1.0f, 0.75f, 0.5625f));
}

TEST_F(ModelTest, LIFLeaksToItsLeakPotential) {
  loadNeuron("#snn.lif<state = f32, integration = euler, reset = none, "
             "fires = above, when = same_step, refractory = none>",
             "tau = 4.0, r = 1.0, v_leak = 1.0, v_threshold = 9.0, "
             "v_init = 0.0");
  trace({0.0f, 0.0f});
  EXPECT_THAT(state("v"), ElementsAre(0.25f, 0.4375f));
}

TEST_F(ModelTest, LIFExact) {
  loadNeuron("#snn.lif<state = f32, integration = exact, reset = none, "
             "fires = above, when = same_step, refractory = none>",
             "tau = 0.02, r = 3.0, v_leak = -1.0, v_threshold = 9.0, "
             "v_init = 0.5",
             "0.001");
  trace({0.7f, -0.3f});
  auto d = static_cast<float>(sfrt_exp_f64_v1(-0.001 / 0.02));
  float x0 = -1.0f + 3.0f * 0.7f;
  float v0 = x0 + d * (0.5f - x0);
  float x1 = -1.0f + 3.0f * -0.3f;
  EXPECT_THAT(state("v"), ElementsAre(v0, x1 + d * (v0 - x1)));
}

TEST_F(ModelTest, LIFDiscrete) {
  loadNeuron("#snn.lif<state = f32, integration = discrete, reset = to_value, "
             "fires = at_or_above, when = next_step, refractory = none>",
             "decay = 0.5, r = 2.0, v_threshold = 0.875, v_reset = 0.0, "
             "v_init = 0.0");
  trace({0.25f, 0.25f, 0.25f, 0.25f});
  EXPECT_THAT(spikes(), ElementsAre(0, 0, 1, 0));
  EXPECT_THAT(state("v"), ElementsAre(0.5f, 0.75f, 0.875f, 0.0f));
}

TEST_F(ModelTest, LIFIsRefractory) {
  loadNeuron("#snn.lif<state = f32, integration = discrete, reset = to_value, "
             "fires = above, when = same_step, refractory = clamp>",
             "decay = 1.0, r = 1.0, v_threshold = 1.0, v_reset = -1.0, "
             "t_ref = 2.0, v_init = 0.0");
  trace({2.0f, 2.0f, 2.0f, 2.0f, 2.0f});
  EXPECT_THAT(spikes(), ElementsAre(1, 0, 0, 0, 1));
  EXPECT_THAT(state("v"), ElementsAre(-1.0f, -1.0f, -1.0f, 1.0f, -1.0f));
  EXPECT_THAT(counter("refractory"), ElementsAre(2, 1, 0, 0, 2));
}

TEST_F(ModelTest, RefractoryTimeIsRoundedToTheNearestStep) {
  auto countSteps = [&](const std::string &time) {
    loadNeuron("#snn.lif<state = f32, integration = discrete, reset = "
               "to_value, fires = above, when = same_step, refractory = clamp>",
               "decay = 1.0, r = 1.0, v_threshold = 1.0, v_reset = 0.0, "
               "t_ref = " +
                   time + ", v_init = 0.0",
               "0.5");
    trace({2.0f});
    return counter("refractory").front();
  };
  EXPECT_EQ(3, countSteps("1.3"));
  EXPECT_EQ(3, countSteps("1.7"));
  // Ties go to the even number of steps.
  EXPECT_EQ(2, countSteps("1.25"));
  EXPECT_EQ(2, countSteps("0.75"));
}

//===----------------------------------------------------------------------===//
// cuba_lif
//===----------------------------------------------------------------------===//

static std::string cuba(const std::string &integration,
                        const std::string &order,
                        const std::string &refractory = "none",
                        const std::string &reset = "none") {
  return "#snn.cuba_lif<state = f32, integration = " + integration +
         ", order = " + order + ", reset = " + reset +
         ", fires = above, when = same_step, refractory = " + refractory + ">";
}

TEST_F(ModelTest, CubaDiscrete) {
  std::string params = "decay_syn = 0.5, decay_mem = 0.5, r = 1.0, w_in = 2.0, "
                       "v_threshold = 9.0, v_init = 0.0";
  loadNeuron(cuba("discrete", "synapse_first"), params);
  trace({1.0f, 0.0f, 0.0f});
  EXPECT_THAT(state("i"), ElementsAre(2.0f, 1.0f, 0.5f));
  EXPECT_THAT(state("v"), ElementsAre(2.0f, 2.0f, 1.5f));
  loadNeuron(cuba("discrete", "membrane_first"), params);
  trace({1.0f, 0.0f, 0.0f});
  EXPECT_THAT(state("i"), ElementsAre(2.0f, 1.0f, 0.5f));
  EXPECT_THAT(state("v"), ElementsAre(0.0f, 2.0f, 2.0f));
}

TEST_F(ModelTest, CubaEuler) {
  std::string params = "tau_syn = 2.0, tau_mem = 4.0, r = 1.0, w_in = 1.0, "
                       "v_leak = 0.0, v_threshold = 9.0, v_init = 0.0";
  loadNeuron(cuba("euler", "synapse_first"), params);
  trace({4.0f, 0.0f});
  EXPECT_THAT(state("i"), ElementsAre(2.0f, 1.0f));
  EXPECT_THAT(state("v"), ElementsAre(0.5f, 0.625f));
  loadNeuron(cuba("euler", "membrane_first"), params);
  trace({4.0f, 0.0f});
  EXPECT_THAT(state("i"), ElementsAre(2.0f, 1.0f));
  EXPECT_THAT(state("v"), ElementsAre(0.0f, 0.5f));
}

TEST_F(ModelTest, CubaExactTakesImpulses) {
  std::string params = "tau_syn = 0.005, tau_mem = 0.02, r = 3.0, w_in = 0.7, "
                       "v_leak = -1.0, v_threshold = 9.0, v_init = 0.5";
  double p11 = sfrt_exp_f64_v1(-0.001 / 0.005);
  double p22 = sfrt_exp_f64_v1(-0.001 / 0.02);
  auto p21 = static_cast<float>(3.0 * 0.005 / (0.005 - 0.02) * (p11 - p22));
  auto syn = static_cast<float>(p11), mem = static_cast<float>(p22);
  float a = 0.7f * 1.3f;
  float relaxed = mem * (0.5f - -1.0f);

  loadNeuron(cuba("exact", "synapse_first"), params, "0.001");
  trace({1.3f});
  EXPECT_THAT(state("i"), ElementsAre(syn * a));
  EXPECT_THAT(state("v"), ElementsAre(-1.0f + (relaxed + p21 * a)));

  loadNeuron(cuba("exact", "membrane_first"), params, "0.001");
  trace({1.3f, 0.0f});
  float v0 = -1.0f + (relaxed + p21 * 0.0f);
  EXPECT_THAT(state("i"), ElementsAre(a, syn * a + 0.0f));
  EXPECT_THAT(state("v"),
              ElementsAre(v0, -1.0f + (mem * (v0 - -1.0f) + p21 * a)));
}

TEST_F(ModelTest, CubaExactWithEqualTimeConstants) {
  loadNeuron(cuba("exact", "synapse_first"),
             "tau_syn = 0.02, tau_mem = 0.02, r = 3.0, w_in = 1.0, "
             "v_leak = 0.0, v_threshold = 9.0, v_init = 0.0",
             "0.001");
  trace({1.0f});
  double decay = sfrt_exp_f64_v1(-0.001 / 0.02);
  EXPECT_THAT(state("i"), ElementsAre(static_cast<float>(decay)));
  EXPECT_THAT(state("v"),
              ElementsAre(static_cast<float>(3.0 * (0.001 / 0.02) * decay)));
}

TEST_F(ModelTest, CubaCurrentGoesOnWhileRefractory) {
  loadNeuron(cuba("discrete", "synapse_first", "clamp", "to_value"),
             "decay_syn = 0.5, decay_mem = 1.0, r = 1.0, w_in = 1.0, "
             "v_threshold = 1.0, v_reset = 0.0, t_ref = 1.0, v_init = 0.0");
  trace({4.0f, 0.0f, 0.0f, 0.0f});
  EXPECT_THAT(state("i"), ElementsAre(4.0f, 2.0f, 1.0f, 0.5f));
  EXPECT_THAT(state("v"), ElementsAre(0.0f, 0.0f, 1.0f, 0.0f));
  EXPECT_THAT(spikes(), ElementsAre(1, 0, 0, 1));
  EXPECT_THAT(counter("refractory"), ElementsAre(1, 0, 0, 1));
}

//===----------------------------------------------------------------------===//
// custom, linear, params
//===----------------------------------------------------------------------===//

TEST_F(ModelTest, CustomWithTwoReceptorsAndPayload) {
  load(R"(
  snn.model @m states(v = %v : f32, n = %n : i32) receptors(a = %a : f32, b = %b : i32) params(theta = %theta : f32) {
    %h = arith.constant 0.5 : f32
    %none = arith.constant 0 : i32
    %d = arith.mulf %v, %h : f32
    %v1 = arith.addf %d, %a : f32
    %n1 = arith.addi %n, %b : i32
    %over = arith.cmpf ogt, %v1, %theta : f32
    %r = arith.subf %v1, %theta : f32
    %v2 = arith.select %over, %r, %v1 : f32
    %p = arith.select %over, %n1, %none : i32
    snn.yield %p states(%v2, %n1) : i32, f32, i32
  }
  snn.network @n(%x: !snn.signal<1, analogue<f32>>) -> !snn.signal<1, graded<si8>> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<1, analogue<f32>> -> !snn.current<1>
    %s = snn.population "n" (a: %i accumulate ordered<f32>, b: accumulate exact<i32, fraction = 0> bias -3.0) model #snn.custom<@m>
      params {theta = 1.0, v_init = 0.5, n_init = 5} : !snn.signal<1, graded<si8>>
    snn.output %s : !snn.signal<1, graded<si8>>
  })");
  trace({0.5f, 1.0f, 0.25f, 1.0f});
  EXPECT_THAT(state("v"), ElementsAre(0.75f, 0.375f, 0.4375f, 0.21875f));
  EXPECT_THAT(counter("n"), ElementsAre(2, -1, -4, -7));
  EXPECT_THAT(valuesOf<int32_t>(result.outputs[0]), ElementsAre(0, -1, 0, -7));
}

TEST_F(ModelTest, CustomTruncatesWithinTheRange) {
  load(R"(
  snn.model @m states(a = %a : i1, b = %b : i8, c = %c : i32, d = %d : i64) receptors(in = %in : f32) params(x = %x : f64) {
    %t1 = arith.fptosi %x : f64 to i1
    %t8 = arith.fptosi %x : f64 to i8
    %t32 = arith.fptosi %x : f64 to i32
    %t64 = arith.fptosi %x : f64 to i64
    snn.yield %t1 states(%t1, %t8, %t32, %t64) : i1, i1, i8, i32, i64
  }
  snn.parameter @x : tensor<13xf64> = dense<[-0.0, 1.9, -1.9, 127.9, 128.0, -128.9, -130.0, 2147483648.0, -2147483649.0, 1.0e19,
                                             0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000]>
  snn.network @n(%x: !snn.signal<13, analogue<f32>>) -> !snn.signal<13, binary> attributes {dt = "steps"} {
    %s = snn.population "n" (in: accumulate ordered<f32>) model #snn.custom<@m>
      params {x = #snn.param<@x>, a_init = 0, b_init = 0, c_init = 0, d_init = 0} : !snn.signal<13, binary>
    snn.output %s : !snn.signal<13, binary>
  })");
  RunRequest r =
      request(1, {makeTensor<float>({1, 13}, std::vector<float>(13))},
              {{"n", "b"}, {"n", "c"}, {"n", "d"}});
  result = run(r);
  constexpr int32_t low = INT32_MIN, high = INT32_MAX;
  EXPECT_THAT(spikes(), ElementsAre(0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0));
  EXPECT_THAT(counter("b"), ElementsAre(0, 1, -1, 127, 127, -128, -128, 127,
                                        -128, 127, 127, -128, 0));
  EXPECT_THAT(counter("c"), ElementsAre(0, 1, -1, 127, 128, -128, -130, high,
                                        low, high, high, low, 0));
  EXPECT_THAT(valuesOf<int64_t>(result.recordings["n.d"]),
              ElementsAre(0, 1, -1, 127, 128, -128, -130, 2147483648,
                          -2147483649, INT64_MAX, INT64_MAX, INT64_MIN, 0));
}

TEST_F(ModelTest, CustomRoundsFunctionsOnce) {
  load(R"(
  snn.model @m states(e = %e : f32, l = %l : f32) receptors(in = %in : f32) params() {
    %e1 = math.exp %in : f32
    %l1 = math.log %in : f32
    %f = arith.cmpf ogt, %e1, %l1 : f32
    snn.yield %f states(%e1, %l1) : i1, f32, f32
  }
  snn.network @n(%x: !snn.signal<1, analogue<f32>>) -> !snn.signal<1, binary> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<1, analogue<f32>> -> !snn.current<1>
    %s = snn.population "n" (in: %i accumulate ordered<f32>) model #snn.custom<@m> params {e_init = 0.0, l_init = 0.0} : !snn.signal<1, binary>
    snn.output %s : !snn.signal<1, binary>
  })");
  trace({0.0f, 1.0f, 0.3f, 100.0f});
  float infinity = std::numeric_limits<float>::infinity();
  EXPECT_THAT(state("e"), ElementsAre(1.0f, sfrt_exp_f32_v1(1.0f),
                                      sfrt_exp_f32_v1(0.3f), infinity));
  EXPECT_THAT(state("l"), ElementsAre(-infinity, 0.0f, sfrt_log_f32_v1(0.3f),
                                      sfrt_log_f32_v1(100.0f)));
}

TEST_F(ModelTest, StatesOfDouble) {
  load(
      R"(snn.network @n(%x: !snn.signal<1, analogue<f64>>) -> !snn.signal<1, analogue<f64>> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.one_to_one weights 0.1 delay 0 : !snn.signal<1, analogue<f64>> -> !snn.current<1>
    %s, %v = snn.population "n" (in: %i accumulate ordered<f64>) model #snn.if<state = f64, reset = none, fires = above, when = same_step>
      params {r = 1.0, v_threshold = 9.0, v_init = 0.2} expose ["v"] : !snn.signal<1, binary>, !snn.signal<1, analogue<f64>>
    snn.output %v : !snn.signal<1, analogue<f64>>
  })");
  result = run(request(2, {makeTensor<double>({1, 1}, {3.0})}));
  double v0 = 0.2 + 0.1 * 3.0;
  EXPECT_THAT(valuesOf<double>(result.outputs[0]),
              ElementsAre(v0, v0 + 0.1 * 3.0));
}

TEST_F(ModelTest, ParamsPerChannel) {
  load(R"(
  snn.parameter @theta : tensor<2xf32> = dense<[1.0, 3.0]>
  snn.network @n(%x: !snn.signal<2x2, analogue<f32>>) -> !snn.signal<2x2, binary> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<2x2, analogue<f32>> -> !snn.current<2x2>
    %s = snn.population "n" (in: %i accumulate ordered<f32> bias #snn.param<@theta>) model #snn.if<state = f32, reset = none, fires = above, when = same_step>
      params {r = 1.0, v_threshold = #snn.param<@theta>, v_init = 0.0} : !snn.signal<2x2, binary>
    snn.output %s : !snn.signal<2x2, binary>
  })");
  result =
      run(request(1, {makeTensor<float>({1, 2, 2}, {0.0f, 0.5f, -0.5f, 0.5f})},
                  {{"n", "v"}}));
  EXPECT_THAT(spikes(), ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(state("v"), ElementsAre(1.0f, 1.5f, 2.5f, 3.5f));
}
