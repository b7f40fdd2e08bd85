//===- RandomGraphsTest.cpp - what holds of every trained network ---------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On 200 random networks: our evaluator gives what MLIR's own lowering of TOSA
// gives, both engines agree on the converted network, folding batch norms
// changes nothing but rounding. On some of them: units of the input and
// the order of channels do not matter, and more steps come closer to the float
// network.
//
//===----------------------------------------------------------------------===//

#include "FunctionRun.h"
#include "RandomGraph.h"
#include "UpstreamLowering.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Verifier.h"
#include "spikeformer/Conversion/TosaToSNN/ConvertToSNN.h"
#include "spikeformer/Pipelines/EngineComparison.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstring>

using namespace spikeformer;

namespace {

constexpr uint64_t graphs = 200;
constexpr int64_t samples = 8;

class RandomGraphsTest : public testing::Test {
protected:
  RandomGraphsTest() : context(MLIRContext::Threading::DISABLED) {
    context
        .loadDialect<func::FuncDialect, tosa::TosaDialect, snn::SNNDialect>();
  }

  OwningOpRef<ModuleOp> make(uint64_t seed, float inputScale = 1) {
    OwningOpRef<ModuleOp> module(ModuleOp::create(UnknownLoc::get(&context)));
    addRandomGraph(*module, "main", seed, inputScale);
    EXPECT_TRUE(succeeded(verify(*module))) << "seed " << seed;
    return module;
  }

  static func::FuncOp getMain(ModuleOp module) {
    return module.lookupSymbol<func::FuncOp>("main");
  }

  /// Converts with thresholds from `inputs`; false after a failure.
  static bool convert(ModuleOp module, ArrayRef<Tensor> inputs,
                      int64_t timesteps, ThresholdMethod method,
                      NeuronKind neuron = NeuronKind::IF) {
    ConvertOptions options;
    options.network.neuron = neuron;
    options.network.deltaBits = 20;
    options.thresholds.method = method;
    options.samples.assign(inputs.begin(), inputs.end());
    options.network.timesteps = timesteps;
    ConversionReport report;
    return succeeded(convertToSNN(module, std::move(options), report));
  }

  MLIRContext context;
};

double getLargest(const Tensor &tensor) {
  double largest = 0;
  for (float value : tensor.data<float>())
    largest = std::max(largest, std::abs(static_cast<double>(value)));
  return largest;
}

bool isSame(const Tensor &a, const Tensor &b) {
  return a.getShape() == b.getShape() &&
         a.getElementType() == b.getElementType() &&
         std::memcmp(a.getBytes(), b.getBytes(), a.getNumBytes()) == 0;
}

} // namespace

TEST_F(RandomGraphsTest, EvaluatorGivesWhatUpstreamGives) {
  // Lowering takes time by the square of a module's functions.
  constexpr uint64_t share = 20;
  for (uint64_t first = 0; first < graphs; first += share) {
    OwningOpRef<ModuleOp> module(ModuleOp::create(UnknownLoc::get(&context)));
    std::vector<UpstreamCase> cases;
    for (uint64_t seed = first; seed < first + share; ++seed) {
      std::string name = "graph" + std::to_string(seed);
      func::FuncOp function = addRandomGraph(*module, name, seed);
      Tensor input = makeRandomInputs(function, 1, seed).front();
      Tensor expected = runFunction(function, input).result;
      ASSERT_TRUE(expected) << name;
      cases.push_back({function, input, expected});
    }
    auto errors = runUpstream(cases);
    ASSERT_TRUE(static_cast<bool>(errors))
        << llvm::toString(errors.takeError());
    for (auto [index, error] : llvm::enumerate(*errors))
      EXPECT_LE(error, 1e-5 * getLargest(cases[index].expected))
          << "seed " << first + index;
  }
}

TEST_F(RandomGraphsTest, EnginesAgreeOnConvertedNetworks) {
  for (uint64_t seed = 0; seed < graphs; ++seed) {
    OwningOpRef<ModuleOp> module = make(seed);
    SmallVector<Tensor> inputs =
        makeRandomInputs(getMain(*module), samples, seed);
    ASSERT_TRUE(convert(*module, inputs, 12, ThresholdMethod::Percentile))
        << "seed " << seed;
    snn::SimulateOp simulate;
    module->walk([&](snn::SimulateOp op) { simulate = op; });
    EngineComparison comparison = compareEngines(simulate, seed);
    EXPECT_EQ(comparison.outcome, EngineOutcome::equal)
        << "seed " << seed << ": " << comparison.what;
  }
}

TEST_F(RandomGraphsTest, EnginesAgreeOnOtherNeurons) {
  const NeuronKind kinds[] = {NeuronKind::Ternary, NeuronKind::Burst,
                              NeuronKind::SigmaDelta, NeuronKind::Graded};
  for (uint64_t seed = 0; seed < 60; ++seed) {
    OwningOpRef<ModuleOp> module = make(seed);
    SmallVector<Tensor> inputs =
        makeRandomInputs(getMain(*module), samples, seed);
    ASSERT_TRUE(convert(*module, inputs, 6, ThresholdMethod::Percentile,
                        kinds[seed % 4]))
        << "seed " << seed;
    snn::SimulateOp simulate;
    module->walk([&](snn::SimulateOp op) { simulate = op; });
    EngineComparison comparison = compareEngines(simulate, seed);
    EXPECT_EQ(comparison.outcome, EngineOutcome::equal)
        << "seed " << seed << ": " << comparison.what;
  }
}

/// Changes are what they are and not counts of thresholds: one step gives what
/// the float network gives, but for changes too small to be sent.
TEST_F(RandomGraphsTest, ChangesOfOneStepAreTheFloatNetwork) {
  for (uint64_t seed = 0; seed < graphs; ++seed) {
    OwningOpRef<ModuleOp> module = make(seed);
    func::FuncOp main = getMain(*module);
    SmallVector<Tensor> inputs = makeRandomInputs(main, samples, seed);
    Tensor expected = runFunction(main, inputs).result;
    ASSERT_TRUE(convert(*module, inputs, 1, ThresholdMethod::Max,
                        NeuronKind::SigmaDelta));
    Tensor actual = runFunction(main, inputs).result;
    double tolerance = 1e-4 * getLargest(expected);
    for (int64_t k = 0; k < expected.getNumElements(); ++k)
      ASSERT_NEAR(actual.data<float>()[k], expected.data<float>()[k], tolerance)
          << "seed " << seed;
  }
}

TEST_F(RandomGraphsTest, FoldedBatchNormsChangeNothingButRounding) {
  unsigned folded = 0;
  for (uint64_t seed = 0; seed < graphs; ++seed) {
    OwningOpRef<ModuleOp> module = make(seed);
    func::FuncOp main = getMain(*module);
    SmallVector<Tensor> inputs = makeRandomInputs(main, samples, seed);
    Tensor expected = runFunction(main, inputs).result;
    auto countProducts = [&] {
      return llvm::range_size(main.getBody().getOps<tosa::MulOp>());
    };
    size_t before = countProducts();
    ASSERT_TRUE(succeeded(foldBatchNorm(main)));
    // What a batch norm is behind can always take it here.
    EXPECT_EQ(countProducts(), 0u) << "seed " << seed;
    folded += before;
    Tensor actual = runFunction(main, inputs).result;
    double tolerance = 1e-5 * getLargest(expected);
    for (int64_t k = 0; k < expected.getNumElements(); ++k)
      ASSERT_NEAR(actual.data<float>()[k], expected.data<float>()[k], tolerance)
          << "seed " << seed;
  }
  EXPECT_GT(folded, graphs);
}

/// An input in units 2^k times smaller and first weights 2^k times larger: the
/// same currents, so the same spikes.
TEST_F(RandomGraphsTest, UnitsOfTheInputChangeNoSpike) {
  int64_t spikes = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    std::optional<RunResult> runs[2];
    for (bool scaled : {false, true}) {
      float scale =
          scaled ? std::ldexp(1.0f, static_cast<int>(seed % 9) - 4) : 1.0f;
      OwningOpRef<ModuleOp> module = make(seed, scale);
      func::FuncOp main = getMain(*module);
      SmallVector<Tensor> inputs = makeRandomInputs(main, samples, seed, scale);
      ASSERT_TRUE(
          convert(*module, inputs, 16, ThresholdMethod::PercentileChannel));
      runs[scaled] = runFunction(main, inputs).network;
      ASSERT_TRUE(runs[scaled]);
    }
    EXPECT_TRUE(isSame(runs[0]->outputs.front(), runs[1]->outputs.front()));
    for (auto &[name, recording] : runs[0]->recordings) {
      EXPECT_TRUE(isSame(recording, runs[1]->recordings.find(name)->second))
          << "seed " << seed << ", " << name;
      spikes += runs[0]->populations.find(name)->second.spikes;
    }
  }
  EXPECT_GT(spikes, 10000);
}

/// Counts are right to about one spike, whatever T, so the error of a rate
/// falls as 1/T (1.7, 0.46, 0.11, 0.028 % of the largest output). With the
/// largest activation as the threshold nothing saturates.
TEST_F(RandomGraphsTest, ErrorFallsAsOneOverSteps) {
  const int64_t steps[] = {16, 64, 256, 1024};
  double errors[4] = {};
  for (uint64_t seed = 0; seed < 24; ++seed)
    for (auto [index, timesteps] : llvm::enumerate(steps)) {
      OwningOpRef<ModuleOp> module = make(seed);
      func::FuncOp main = getMain(*module);
      SmallVector<Tensor> inputs = makeRandomInputs(main, samples, seed);
      Tensor expected = runFunction(main, inputs).result;
      ASSERT_TRUE(convert(*module, inputs, timesteps, ThresholdMethod::Max));
      Tensor actual = runFunction(main, inputs).result;
      double sum = 0;
      for (int64_t k = 0; k < expected.getNumElements(); ++k)
        sum += std::abs(actual.getAsDouble(k) - expected.getAsDouble(k));
      errors[index] += sum / (expected.getNumElements() * getLargest(expected));
    }
  for (unsigned k = 1; k < 4; ++k)
    EXPECT_NEAR(std::log2(errors[k - 1] / errors[k]), 2, 0.5)
        << "from " << steps[k - 1] << " to " << steps[k] << " steps";
}

/// The channels of the first layer in another order: its spikes in that order,
/// all others the same. All numbers are small multiples of powers of two, so
/// that no sum depends on its order.
TEST_F(RandomGraphsTest, PermutedChannelsPermuteSpikes) {
  int64_t spikes = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const SmallVector<int64_t> orders[] = {{0, 1, 2, 3, 4}, {3, 0, 4, 2, 1}};
    std::optional<RunResult> runs[2];
    for (auto [index, order] : llvm::enumerate(orders)) {
      OwningOpRef<ModuleOp> module(ModuleOp::create(UnknownLoc::get(&context)));
      func::FuncOp main = addPermutedGraph(*module, "main", seed, order);
      Tensor input({samples, 6, 6, 2}, ElementType::f32);
      RandomNumbers random(seed);
      for (float &value : input.data<float>())
        value = static_cast<float>(random.integer(-4, 12)) / 8;
      ASSERT_TRUE(convert(*module, {}, 16, ThresholdMethod::Max));
      runs[index] = runFunction(main, input).network;
      ASSERT_TRUE(runs[index]);
    }
    EXPECT_TRUE(isSame(runs[0]->outputs.front(), runs[1]->outputs.front()));
    const Tensor &plain = runs[0]->recordings.find("first")->second;
    const Tensor &permuted = runs[1]->recordings.find("first")->second;
    ASSERT_EQ(plain.getShape(), permuted.getShape());
    // Sample, step, channel, row, column.
    int64_t inner = plain.getShape()[3] * plain.getShape()[4];
    for (int64_t k = 0; k < plain.getNumElements(); ++k) {
      int64_t channel = k / inner % 5;
      int64_t from = k + (orders[1][channel] - channel) * inner;
      ASSERT_EQ(permuted.getAsDouble(k), plain.getAsDouble(from))
          << "seed " << seed << ", element " << k;
      spikes += plain.getAsDouble(k) != 0;
    }
    EXPECT_TRUE(isSame(runs[0]->recordings.find("second")->second,
                       runs[1]->recordings.find("second")->second));
  }
  EXPECT_GT(spikes, 10000);
}
