//===- ModelTest.cpp - the chip's neuron in both engines ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// buildStep through the JIT and referenceStep through the interpreter give the
// same bits, for inputs of all 32 bits; a trace by hand says that both are
// right.
//
//===----------------------------------------------------------------------===//

#include "TemplateTest.h"

using namespace spikeformer;
using testing::ElementsAre;

namespace {
struct ModelTest : TemplateTest {
  /// 37 neurons, so that vectors have a rest, each with its own input.
  void load(const std::string &model, const std::string &params) {
    parse(R"(
      snn.parameter @threshold : tensor<37xi32> = #snn.random<uniform(1.0, 32767.0), generator = philox, seed = 1, stream = 0>
      snn.parameter @init : tensor<37xi32> = #snn.random<uniform(-32768.0, 32767.0), generator = philox, seed = 1, stream = 1>
      snn.network @n(%x: !snn.signal<37, analogue<f64>>) -> !snn.signal<37, binary> attributes {dt = "steps"} {
        %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<37, analogue<f64>> -> !snn.current<37>
        %s = snn.population "n" (in: %i accumulate exact<i32, fraction = 0>) model )" +
          model + " params {" + params + R"(} : !snn.signal<37, binary>
        snn.output %s : !snn.signal<37, binary>
      })");
  }

  /// Steps of `values` in turn, then of random numbers of all sizes.
  RunRequest makeInputs(std::vector<double> values) {
    std::mt19937_64 random(7);
    while (values.size() < 37 * 400)
      values.push_back(static_cast<int32_t>(random()) >> (random() % 32));
    values.resize(37 * 400);
    RunRequest request;
    request.timesteps = 400;
    request.inputs.emplace_back(llvm::ArrayRef<int64_t>{1, 400, 37},
                                ElementType::f64);
    llvm::copy(values, request.inputs[0].data<double>().begin());
    request.probes = {{"n", ""}, {"n", "v"}};
    return request;
  }

  void expectAgreement() {
    RunRequest request = makeInputs({2147483647.0, -2147483648.0});
    auto jit = createJITExecutor(getNetwork());
    ASSERT_TRUE(static_cast<bool>(jit)) << llvm::toString(jit.takeError());
    llvm::Expected<RunResult> a = makeReference()->run(request);
    llvm::Expected<RunResult> b = (*jit)->run(request);
    ASSERT_TRUE(a && b);
    expectEqual(*a, *b);
    EXPECT_GT(a->populations["n"].spikes, 100);
  }

  /// States and spikes of the first neuron.
  void trace(const std::vector<double> &inputs) {
    RunRequest request = makeInputs({});
    llvm::MutableArrayRef<double> data = request.inputs[0].data<double>();
    for (size_t step = 0; step < inputs.size(); ++step)
      data[step * 37] = inputs[step];
    llvm::Expected<RunResult> result = makeReference()->run(request);
    ASSERT_TRUE(static_cast<bool>(result));
    for (size_t step = 0; step < inputs.size(); ++step) {
      potentials.push_back(result->recordings["n.v"].getAsDouble(step * 37));
      spikes.push_back(result->recordings["n"].getAsDouble(step * 37));
    }
  }

  std::vector<int> potentials, spikes;
};
} // namespace

static const std::string randomParams =
    "v_init = #snn.param<@init>, v_threshold = #snn.param<@threshold>";

TEST_F(ModelTest, EnginesAgreeWithoutLeak) {
  load("#template.accumulate<leak = 0, reset = subtract>", randomParams);
  expectAgreement();
}

TEST_F(ModelTest, EnginesAgreeForEveryLeak) {
  for (int leak = 1; leak <= 15; ++leak) {
    load("#template.accumulate<leak = " + std::to_string(leak) +
             ", reset = to_value>",
         randomParams + ", v_reset = -32768");
    expectAgreement();
  }
}

TEST_F(ModelTest, SubtractsTheThreshold) {
  load("#template.accumulate<leak = 0, reset = subtract>",
       "v_init = 5, v_threshold = 10");
  trace({4, 1, 25, 0, 0, -3});
  EXPECT_THAT(potentials, ElementsAre(9, 0, 15, 5, 5, 2));
  EXPECT_THAT(spikes, ElementsAre(0, 1, 1, 1, 0, 0));
}

TEST_F(ModelTest, ResetsToAValue) {
  load("#template.accumulate<leak = 0, reset = to_value>",
       "v_init = 0, v_threshold = 10, v_reset = -7");
  trace({30, 17, 9});
  EXPECT_THAT(potentials, ElementsAre(-7, -7, 2));
  EXPECT_THAT(spikes, ElementsAre(1, 1, 0));
}

TEST_F(ModelTest, LeaksTowardMinusInfinity) {
  load("#template.accumulate<leak = 2, reset = subtract>",
       "v_init = 7, v_threshold = 1000");
  // 7 - 1, 6 - 1, 5 - 1, 4 - 1, 3 - 0; then -20 + 5, -15 + 4, -11 + 3.
  trace({0, 0, 0, 0, 0, -23, 0, 0, 0});
  EXPECT_THAT(potentials, ElementsAre(6, 5, 4, 3, 3, -20, -15, -11, -8));
}

TEST_F(ModelTest, StopsAtTheEndsOf16Bits) {
  load("#template.accumulate<leak = 0, reset = subtract>",
       "v_init = 0, v_threshold = 32767");
  trace({-2147483648.0, -1, 2147483647.0, 32767, 32766, 1});
  EXPECT_THAT(potentials, ElementsAre(-32768, -32768, 0, 0, 32766, 0));
  EXPECT_THAT(spikes, ElementsAre(0, 0, 1, 1, 0, 1));
}

TEST_F(ModelTest, RefusesNumbersThatNoRegisterHolds) {
  load("#template.accumulate<leak = 0, reset = subtract>",
       "v_init = 0.5, v_threshold = 10");
  std::string message;
  mlir::ScopedDiagnosticHandler handler(
      &context, [&](mlir::Diagnostic &d) { message = d.str(); });
  EXPECT_TRUE(mlir::failed(createReferenceExecutor(getNetwork())));
  EXPECT_EQ(message, "'snn.population' op param 'v_init' needs an integer from "
                     "-32768 to 32767, got 5.000000e-01");
}
