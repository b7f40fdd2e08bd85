//===- ModelOptionsTest.cpp - traces of options and of later models -------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Options of the spike rule and the models that are not of the IF family, each
// on one neuron. Traces are computed by hand in numbers that are exact in
// binary; exact propagators are compared with the solution after many steps.
//
//===----------------------------------------------------------------------===//

#include "ReferenceTest.h"
#include <cmath>

using namespace spikeformer;
using testing::ElementsAre;

namespace {
class ModelOptionsTest : public ReferenceTest {
protected:
  /// Runs neuron "n" with the receptors `receptors`, of which one takes %i.
  void trace(const std::string &model, const std::string &params,
             const std::string &alphabet, const std::vector<float> &inputs,
             const std::string &receptors = "in: %i accumulate ordered<f32>",
             const std::string &dt = "\"steps\"") {
    load("snn.network @n(%x: !snn.signal<1, analogue<f32>>) -> "
         "!snn.signal<1, " +
         alphabet + "> attributes {dt = " + dt + R"(} {
      %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<1, analogue<f32>> -> !snn.current<1>
      %s = snn.population "n" ()" +
         receptors + ") model #snn." + model + " params {" + params +
         "} : !snn.signal<1, " + alphabet + R"(>
      snn.output %s : !snn.signal<1, )" +
         alphabet + ">\n}");
    int64_t steps = inputs.size();
    RunRequest r = request(steps, {makeTensor<float>({1, steps, 1}, inputs)});
    for (const std::string &state : executor->getStates("n"))
      r.probes.push_back({"n", state});
    result = run(r);
  }
  /// What is emitted and a state, as numbers.
  std::vector<double> emitted() { return toNumbers(result.outputs[0]); }
  std::vector<double> state(const std::string &name) {
    return toNumbers(result.recordings["n." + name]);
  }
  static std::vector<double> toNumbers(const Tensor &tensor) {
    std::vector<double> numbers;
    for (int64_t k = 0; k < tensor.getNumElements(); ++k)
      numbers.push_back(tensor.getAsDouble(k));
    return numbers;
  }

  static std::string ifModel(const std::string &options,
                             const std::string &reset = "subtract",
                             const std::string &when = "same_step") {
    return "if<state = f32, reset = " + reset +
           ", fires = at_or_above, when = " + when + ", " + options + ">";
  }
  static constexpr const char *kIFParams =
      "r = 1.0, v_threshold = 1.0, v_init = 0.0";

  RunResult result;
};
} // namespace

//===----------------------------------------------------------------------===//
// The spike rule
//===----------------------------------------------------------------------===//

TEST_F(ModelOptionsTest, ManySpikesSubtractAsManyThresholds) {
  trace(ifModel("spikes = many"), kIFParams, "count<9>",
        {0.5f, 2.0f, 0.25f, 3.5f});
  EXPECT_THAT(emitted(), ElementsAre(0, 2, 0, 4));
  EXPECT_THAT(state("v"), ElementsAre(0.5, 0.5, 0.75, 0.25));
}

TEST_F(ModelOptionsTest, ManySpikesAreResetInTheNextStep) {
  trace(ifModel("spikes = many", "subtract", "next_step"), kIFParams,
        "count<9>", {2.5f, 0.25f, 0.0f});
  EXPECT_THAT(emitted(), ElementsAre(2, 0, 0));
  EXPECT_THAT(state("v"), ElementsAre(2.5, 0.75, 0.75));
  EXPECT_THAT(state("fired"), ElementsAre(2, 0, 0));
}

TEST_F(ModelOptionsTest, SignedSpikesAreSymmetric) {
  trace(ifModel("spikes = signed"), kIFParams, "ternary",
        {-0.5f, -1.0f, 0.25f, 3.0f});
  EXPECT_THAT(emitted(), ElementsAre(0, -1, 0, 1));
  EXPECT_THAT(state("v"), ElementsAre(-0.5, -0.5, -0.25, 1.75));
  trace(ifModel("spikes = signed", "to_value"),
        std::string(kIFParams) + ", v_reset = 0.25", "ternary", {-1.5f, 3.0f});
  EXPECT_THAT(emitted(), ElementsAre(-1, 1));
  EXPECT_THAT(state("v"), ElementsAre(-0.25, 0.25));
}

TEST_F(ModelOptionsTest, TestsThePotentialBeforeTheUpdate) {
  trace(ifModel("tested = before"), kIFParams, "binary",
        {1.5f, 0.0f, 0.5f, 0.0f});
  EXPECT_THAT(emitted(), ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(state("v"), ElementsAre(1.5, 0.5, 1.0, 0.0));
}

TEST_F(ModelOptionsTest, OnceResetsAtOnceAndNotTwice) {
  trace("if<state = f32, reset = subtract, fires = above, when = once>",
        kIFParams, "binary", {2.5f, 0.0f, 1.0f});
  // The second step undoes its reset, for it leaves no spike.
  EXPECT_THAT(emitted(), ElementsAre(1, 0, 1));
  EXPECT_THAT(state("v"), ElementsAre(1.5, 1.5, 1.5));
}

TEST_F(ModelOptionsTest, HasALowerBound) {
  trace(ifModel("bound = lower"), std::string(kIFParams) + ", v_min = -0.5",
        "binary", {-2.0f, 0.25f});
  EXPECT_THAT(state("v"), ElementsAre(-0.5, -0.25));
}

TEST_F(ModelOptionsTest, FreezesWhileRefractory) {
  trace(ifModel("refractory = freeze"), std::string(kIFParams) + ", t_ref = 2",
        "binary", {3.0f, 5.0f, 5.0f, 0.5f});
  EXPECT_THAT(emitted(), ElementsAre(1, 0, 0, 1));
  EXPECT_THAT(state("v"), ElementsAre(2.0, 2.0, 2.0, 1.5));
  EXPECT_THAT(state("refractory"), ElementsAre(2, 1, 0, 2));
}

TEST_F(ModelOptionsTest, IgnoresInputWhileRefractory) {
  trace("lif<state = f32, integration = discrete, reset = subtract, fires = "
        "above, when = same_step, refractory = ignore_input>",
        "decay = 0.5, r = 1.0, v_threshold = 1.0, t_ref = 2.0, v_init = 0.0",
        "binary", {4.0f, 8.0f, 8.0f, 0.5f});
  EXPECT_THAT(emitted(), ElementsAre(1, 0, 0, 0));
  EXPECT_THAT(state("v"), ElementsAre(3.0, 1.5, 0.75, 0.875));
}

TEST_F(ModelOptionsTest, ImpulsesAreAddedAfterTheDecay) {
  // NEURON's IntFire1; exp(-1000) leaves nothing of the step before.
  trace("lif<state = f32, integration = exact, reset = to_value, fires = "
        "above, when = same_step, refractory = clamp, input = impulse>",
        "tau = 0.001, v_leak = 0.0, r = 1.0, v_threshold = 1.0, v_reset = 0.0, "
        "t_ref = 1.0, v_init = 0.0",
        "binary", {0.75f, 0.5f, 1.5f, 3.0f, 0.25f});
  EXPECT_THAT(emitted(), ElementsAre(0, 0, 1, 0, 0));
  EXPECT_THAT(state("v"), ElementsAre(0.75, 0.5, 0.0, 0.0, 0.25));
}

TEST_F(ModelOptionsTest, CountsNeedAPositiveThreshold) {
  EXPECT_EQ(loadError(
                R"(snn.network @n() attributes {dt = "steps"} {
    %s = snn.population "n" (in: accumulate ordered<f32>) model #snn.threshold<state = f32, fires = above, spikes = many>
      params {v_threshold = 0.0} : !snn.signal<1, count<4>>
    snn.output
  })"),
            "'snn.population' op param 'v_threshold' needs a value above 0, "
            "got 0.000000e+00");
}

//===----------------------------------------------------------------------===//
// Synapses, membranes without spikes
//===----------------------------------------------------------------------===//

TEST_F(ModelOptionsTest, SynapsesAddThenDecay) {
  auto traceOrder = [&](const std::string &order) {
    trace("cuba_li<state = f32, integration = discrete, order = " + order + ">",
          "decay_syn = 0.5, decay_mem = 0.5, r = 1.0, w_in = 2.0, v_init = 0.0",
          "analogue<f32>", {1.0f, 0.0f});
  };
  traceOrder("add_decay");
  EXPECT_THAT(state("i"), ElementsAre(1.0, 0.5));
  EXPECT_THAT(emitted(), ElementsAre(1.0, 1.0));
  traceOrder("jump");
  EXPECT_THAT(state("i"), ElementsAre(1.0, 0.5));
  EXPECT_THAT(emitted(), ElementsAre(2.0, 2.0));
  trace("cuba_li<state = f32, integration = euler, order = jump>",
        "tau_syn = 2.0, tau_mem = 4.0, r = 1.0, w_in = 1.0, v_leak = 0.0, "
        "v_init = 0.0",
        "analogue<f32>", {4.0f, 0.0f});
  EXPECT_THAT(state("i"), ElementsAre(2.0, 1.0));
  EXPECT_THAT(emitted(), ElementsAre(1.0, 1.25));
}

TEST_F(ModelOptionsTest, HeldInputIsIntegratedExactly) {
  // tau_mem dv/dt = -v + i, tau_syn di/dt = -i + 1, from rest.
  double tauSyn = 3.0, tauMem = 8.0, t = 40.0;
  trace("cuba_li<state = f64, integration = exact, order = membrane_first, "
        "input = held>",
        "tau_syn = 3.0, tau_mem = 8.0, r = 1.0, w_in = 1.0, v_leak = 0.0, "
        "v_init = 0.0",
        "analogue<f64>", std::vector<float>(40, 1.0f),
        "in: %i accumulate ordered<f64>");
  double share = tauSyn / (tauSyn - tauMem);
  double want =
      1 - share * std::exp(-t / tauSyn) - (1 - share) * std::exp(-t / tauMem);
  EXPECT_NEAR(emitted().back(), want, 1e-13);
  EXPECT_NEAR(state("i").back(), 1 - std::exp(-t / tauSyn), 1e-13);
}

TEST_F(ModelOptionsTest, MembranesWithoutSpikesEmitTheirPotential) {
  trace("i<state = f32>", "r = 2.0, v_init = 1.0", "analogue<f32>",
        {0.5f, -4.0f});
  EXPECT_THAT(emitted(), ElementsAre(2.0, -6.0));
  trace("li<state = f32, integration = euler>",
        "tau = 4.0, r = 1.0, v_leak = 1.0, v_init = 0.0", "analogue<f32>",
        {3.0f, 0.0f});
  EXPECT_THAT(emitted(), ElementsAre(1.0, 1.0));
}

TEST_F(ModelOptionsTest, ThresholdTestsItsInput) {
  trace("threshold<state = f32, fires = above, spikes = signed>",
        "v_threshold = 1.0", "ternary", {0.5f, -2.0f, 1.0f, 2.0f});
  EXPECT_THAT(emitted(), ElementsAre(0, -1, 0, 1));
}

//===----------------------------------------------------------------------===//
// Adaptive models
//===----------------------------------------------------------------------===//

TEST_F(ModelOptionsTest, ALIFRaisesItsThreshold) {
  trace("alif<state = f32, integration = discrete, reset = to_value, fires = "
        "above, when = same_step, refractory = none>",
        "decay = 1.0, r = 1.0, beta = 1.0, decay_adapt = 0.5, v_threshold = "
        "1.0, v_reset = 0.0, v_init = 0.0",
        "binary", {2.0f, 1.25f, 0.5f});
  EXPECT_THAT(emitted(), ElementsAre(1, 0, 1));
  EXPECT_THAT(state("b"), ElementsAre(0.5, 0.25, 0.625));
  EXPECT_THAT(state("v"), ElementsAre(0.0, 1.25, 0.0));
}

TEST_F(ModelOptionsTest, AdLIFTakesItsCurrentOff) {
  trace("adlif<state = f32, integration = discrete, reset = subtract, fires = "
        "at_or_above>",
        "decay = 1.0, r = 1.0, decay_w = 0.5, a = 1.0, b = 1.0, w_init = 0.0, "
        "v_threshold = 1.0, v_init = 0.0",
        "binary", {1.5f, 0.0f, 0.0f});
  EXPECT_THAT(emitted(), ElementsAre(1, 0, 0));
  // w: 0; 0.5 * 1.5 + 1; 0.5 * 1.75 + 0.5 * 0.5.
  EXPECT_THAT(state("w"), ElementsAre(0.0, 1.75, 1.125));
  EXPECT_THAT(state("v"), ElementsAre(1.5, 0.5, -1.25));
}

TEST_F(ModelOptionsTest, ResonatorTurns) {
  // From (1, 0) by 50 steps of 0.1: exp(-2 t) (cos 3t, sin 3t), t = 5.
  trace("resonate_and_fire<state = f64, fires = above>",
        "damping = -2.0, omega = 3.0, r = 1.0, v_threshold = 9.0, x_reset = "
        "0.0, y_reset = 0.0, x_init = 1.0, y_init = 0.0",
        "binary", std::vector<float>(50, 0.0f),
        "in: %i accumulate ordered<f64>", "0.1");
  EXPECT_NEAR(state("x").back(), std::exp(-10.0) * std::cos(15.0), 1e-15);
  EXPECT_NEAR(state("y").back(), std::exp(-10.0) * std::sin(15.0), 1e-15);
  // With held input it comes to rest at r / -(damping + i omega).
  trace("resonate_and_fire<state = f64, fires = above, input = held>",
        "damping = -2.0, omega = 3.0, r = 1.0, v_threshold = 9.0, x_reset = "
        "0.0, y_reset = 0.0, x_init = 0.0, y_init = 0.0",
        "binary", std::vector<float>(300, 1.0f),
        "in: %i accumulate ordered<f64>", "0.1");
  EXPECT_NEAR(state("x").back(), 2.0 / 13, 1e-12);
  EXPECT_NEAR(state("y").back(), 3.0 / 13, 1e-12);
}

//===----------------------------------------------------------------------===//
// Graded models
//===----------------------------------------------------------------------===//

TEST_F(ModelOptionsTest, SigmaDeltaSendsChanges) {
  std::string params = "v_threshold = 3.0";
  trace("sigma_delta<state = f32, stages = sigma_delta, activation = relu>",
        params, "analogue<f32>", {2.0f, 2.0f, -5.0f, 3.0f});
  EXPECT_THAT(state("sigma"), ElementsAre(2.0, 4.0, -1.0, 2.0));
  EXPECT_THAT(emitted(), ElementsAre(0.0, 4.0, -4.0, 0.0));
  trace("sigma_delta<state = f32, stages = delta>", params, "analogue<f32>",
        {2.0f, 4.0f, 4.0f, 1.0f});
  EXPECT_THAT(emitted(), ElementsAre(0.0, 4.0, 0.0, -3.0));
  trace("sigma_delta<state = i32, stages = sigma>", "", "graded<si32>",
        {2.0f, -5.0f}, "in: %i accumulate exact<i32, fraction = 0>");
  EXPECT_THAT(emitted(), ElementsAre(2, -3));
}

TEST_F(ModelOptionsTest, IntegersRoundAsTold) {
  auto decay = [&](const std::string &rounding, float input) {
    trace("integer_lif<width = 8, bits = 2, rounding = " + rounding +
              ", overflow = wrap, reset = none, fires = above>",
          "decay_syn = 1, decay_mem = 4, v_threshold = 100, v_init = 0",
          "binary", {input, 0.0f},
          "in: %i accumulate exact<i32, fraction = 0>");
    return state("i").back();
  };
  EXPECT_EQ(decay("toward_zero", 10), 7);
  EXPECT_EQ(decay("floor", 10), 7);
  EXPECT_EQ(decay("nearest_even", 10), 8);
  EXPECT_EQ(decay("nearest_even", 6), 4);
  EXPECT_EQ(decay("toward_zero", -10), -7);
  EXPECT_EQ(decay("floor", -10), -8);
  EXPECT_EQ(decay("nearest_even", -10), -8);
}

TEST_F(ModelOptionsTest, IntegersWrapOrSaturate) {
  auto add = [&](const std::string &overflow) {
    trace("integer_lif<width = 8, bits = 2, rounding = floor, overflow = " +
              overflow + ", reset = none, fires = above>",
          "decay_syn = 0, decay_mem = 4, v_threshold = 100, v_init = 0",
          "binary", {100.0f, 100.0f},
          "in: %i accumulate exact<i32, fraction = 0>");
    return state("i").back();
  };
  EXPECT_EQ(add("wrap"), -56);
  EXPECT_EQ(add("saturate"), 127);
  EXPECT_THAT(emitted(), ElementsAre(0, 1));
}

//===----------------------------------------------------------------------===//
// Exact and exponential integration
//===----------------------------------------------------------------------===//

TEST_F(ModelOptionsTest, PostsynapticCurrentsAreExact) {
  // One impulse of 3 in the first step; C = 2, tau_m = 7, tau_s = 3, t = 30.
  double tauM = 7, tauS = 3, c = 2, t = 30, w = 3;
  double beta = tauS * tauM / (tauM - tauS);
  double m = std::exp(-t / tauM), s = std::exp(-t / tauS);
  std::vector<float> inputs(31, 0.0f);
  inputs[0] = 3.0f;
  std::string params = "c_m = 2.0, tau_m = 7.0, e_l = 0.0, v_th = 100.0, "
                       "v_reset = 0.0, t_ref = 0.0, v_init = 0.0, tau_syn_ex = "
                       "3.0, tau_syn_in = 7.0";
  for (bool isInhibitory : {false, true}) {
    std::string other = " accumulate ordered<f64>, current: accumulate "
                        "ordered<f64>";
    std::string receptors =
        isInhibitory ? "exc: accumulate ordered<f64>, inh: %i" + other
                     : "exc: %i accumulate ordered<f64>, inh:" + other;
    trace("iaf_psc<state = f64, synapse = exp>", params, "binary", inputs,
          receptors);
    // The second synapse has the time constant of the membrane.
    double want = isInhibitory ? w / c * t * m : w / c * beta * (m - s);
    EXPECT_NEAR(state("v").back(), want, 1e-13);
    trace("iaf_psc<state = f64, synapse = alpha>", params, "binary", inputs,
          receptors);
    double kick = w * std::exp(1.0);
    want = isInhibitory
               ? kick / tauM / c * (t * t / 2) * m
               : kick / tauS / c * beta * beta * (m - s * (1 + t / beta));
    EXPECT_NEAR(state("v").back(), want, 1e-13);
  }
}

TEST_F(ModelOptionsTest, DeltaSynapsesJump) {
  trace("iaf_psc<state = f32, synapse = delta, bound = lower>",
        "c_m = 2.0, tau_m = 1.0e9, e_l = 0.0, v_th = 1.0, v_reset = 0.25, "
        "v_min = -1.0, t_ref = 1.0, v_init = 0.0",
        "binary", {0.5f, -3.0f, 2.0f, 2.0f, 0.5f},
        "in: %i accumulate ordered<f32>, current: accumulate ordered<f32>");
  EXPECT_THAT(emitted(), ElementsAre(0, 0, 1, 0, 0));
  EXPECT_THAT(state("v"), ElementsAre(0.5, -1.0, 0.25, 0.25, 0.75));
}

TEST_F(ModelOptionsTest, ConductancesPullToTheirPotentials) {
  trace("iaf_cond_exp<state = f64>",
        "c_m = 2.0, g_l = 0.5, e_l = -1.0, e_ex = 4.0, e_in = -3.0, tau_syn_ex "
        "= 3.0, tau_syn_in = 5.0, v_th = 9.0, v_reset = 0.0, t_ref = 0.0, "
        "v_init = 0.0",
        "binary", {0.75f, 0.0f},
        "exc: %i accumulate ordered<f64>, inh: accumulate ordered<f64> bias "
        "0.25, current: accumulate ordered<f64> bias 0.125");
  double v0 = (-0.5 + 0.125) / 0.5;
  v0 += std::exp(-0.25) * (0.0 - v0);
  EXPECT_NEAR(state("v")[0], v0, 1e-15);
  EXPECT_THAT(state("g_ex")[0], 0.75);
  // Total conductance 1.5; the drive is -0.5 + 3 - 0.75 + 0.125.
  double x1 = 1.875 / 1.5;
  EXPECT_NEAR(state("v")[1], x1 + std::exp(-0.75) * (v0 - x1), 1e-15);
  EXPECT_NEAR(state("g_ex")[1], 0.75 * std::exp(-1.0 / 3), 1e-15);
  EXPECT_NEAR(state("g_in")[1], 0.25 * std::exp(-1.0 / 5) + 0.25, 1e-15);
}
