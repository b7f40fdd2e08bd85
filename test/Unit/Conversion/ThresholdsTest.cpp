//===- ThresholdsTest.cpp - thresholds from statistics --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every method on one activation of three channels: one that varies, one that
// is rarely active, one that never is.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Conversion/TosaToSNN/ConvertToSNN.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace spikeformer;

namespace {

constexpr StringLiteral network = R"mlir(
  func.func @main(%x: tensor<1x1x1x3xf32>) -> tensor<1x3x1x1xf32> {
    %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %w = "tosa.const"() <{values = dense<[[[[1.0, 0.0, 0.0]]], [[[0.0, 1.0, 0.0]]], [[[0.0, 0.0, 1.0]]]]> : tensor<3x1x1x3xf32>}> : () -> tensor<3x1x1x3xf32>
    %0 = tosa.conv2d %x, %w, %zp, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x1x1x3xf32>, tensor<3x1x1x3xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x3xf32>
    %1 = tosa.transpose %0 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x1x1x3xf32>) -> tensor<1x3x1x1xf32>
    %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x3x1x1xf32>) -> tensor<1x3x1x1xf32> loc("relu")
    return %2 : tensor<1x3x1x1xf32>
  }
)mlir";

class ThresholdsTest : public testing::Test {
protected:
  ThresholdsTest()
      : handler(&context, [&](Diagnostic &diagnostic) {
          messages.push_back(diagnostic.str());
          return success();
        }) {
    context.loadDialect<func::FuncDialect, tosa::TosaDialect>();
    module = parseSourceString<ModuleOp>(network, &context);
    function = module->lookupSymbol<func::FuncOp>("main");
    function.walk([&](tosa::ClampOp clamp) { activation = clamp; });
  }

  /// Ten samples of the three channels.
  static Tensor makeSamples(float scale) {
    Tensor samples({10, 1, 1, 3}, ElementType::f32);
    for (int64_t k = 0; k < 10; ++k) {
      samples.data<float>()[3 * k] = scale * static_cast<float>(k + 1);
      samples.data<float>()[3 * k + 1] = k == 4 ? scale * 7.0f : -1.0f;
      samples.data<float>()[3 * k + 2] = -2.0f;
    }
    return samples;
  }

  Attribute getThreshold(ThresholdMethod method, float scale = 1) {
    CalibrationOptions options;
    options.percentile = 50;
    options.perChannel = method == ThresholdMethod::PercentileChannel;
    auto statistics = calibrate(function, makeSamples(scale), options);
    if (failed(statistics) || failed(setThresholds(*statistics, method)))
      return Attribute();
    return activation->getAttr(thresholdAttrName);
  }

  MLIRContext context;
  std::vector<std::string> messages;
  ScopedDiagnosticHandler handler;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  Operation *activation = nullptr;
};

} // namespace

TEST_F(ThresholdsTest, MaxIsTheLargestElement) {
  EXPECT_EQ(getThreshold(ThresholdMethod::Max),
            Builder(&context).getF32FloatAttr(10));
}

/// 19 of the 30 elements are 0, so the median is 0 and the largest element
/// takes its place.
TEST_F(ThresholdsTest, PercentileThatIsZeroGivesWayToTheMaximum) {
  EXPECT_EQ(getThreshold(ThresholdMethod::Percentile),
            Builder(&context).getF32FloatAttr(10));
}

/// Channels first, because the activation stands behind a transpose.
TEST_F(ThresholdsTest, ChannelsTakeTheirOwnThenTheirMaximumThenThatOfAll) {
  auto elements = dyn_cast_or_null<DenseElementsAttr>(
      getThreshold(ThresholdMethod::PercentileChannel));
  ASSERT_TRUE(elements);
  EXPECT_THAT(elements.getType().getShape(), testing::ElementsAre(1, 3, 1, 1));
  EXPECT_THAT(llvm::to_vector(elements.getValues<float>()),
              testing::ElementsAre(5.5f, 7.0f, 10.0f));
}

/// Thresholds of the channels, chosen by `method`.
static SmallVector<float> getChannels(Operation *activation) {
  auto elements = dyn_cast_or_null<DenseElementsAttr>(
      activation->getAttr(thresholdAttrName));
  return elements ? llvm::to_vector(elements.getValues<float>())
                  : SmallVector<float>();
}

/// A channel that always has the value 3 exceeds the threshold 0 by 3 in the
/// first batch and never again; 1 of the others does in one of ten samples.
TEST_F(ThresholdsTest, LocalThresholdsGrowByTwiceTheMeanExcess) {
  Tensor samples({10, 1, 1, 3}, ElementType::f32);
  for (int64_t k = 0; k < 10; ++k)
    samples.data<float>()[3 * k] = 3;
  samples.data<float>()[1] = 1;
  ThresholdOptions options;
  options.method = ThresholdMethod::Local;
  ASSERT_TRUE(succeeded(chooseThresholds(function, samples, options)));
  double second = 0;
  for (int batch = 0; batch < 100; ++batch)
    second += 2 * std::max(0.0, 1 - second) / 10;
  EXPECT_THAT(
      getChannels(activation),
      testing::ElementsAre(6.0f, testing::FloatNear(second, 1e-5), 6.0f));
}

/// The least squared error over all thresholds that are tried, by the book.
TEST_F(ThresholdsTest, LeastSquaresIsTheLeastError) {
  Tensor samples = makeSamples(1);
  ThresholdOptions options;
  options.method = ThresholdMethod::LeastSquares;
  options.timesteps = 3;
  ASSERT_TRUE(succeeded(chooseThresholds(function, samples, options)));
  double best = 0, least = std::numeric_limits<double>::infinity();
  for (int fraction = 64; fraction > 0; --fraction) {
    double theta = 10.0 * fraction / 64, error = 0;
    for (int value = 1; value <= 10; ++value) {
      double spikes = std::min(std::floor(value * 3 / theta + 0.5), 3.0);
      error += std::pow(spikes * theta / 3 - value, 2);
    }
    if (error < least) {
      least = error;
      best = theta;
    }
  }
  EXPECT_LT(best, 10);
  // A channel of one value says it exactly with its threshold there.
  EXPECT_THAT(getChannels(activation),
              testing::ElementsAre(static_cast<float>(best), 7.0f,
                                   static_cast<float>(best)));
}

TEST_F(ThresholdsTest, NeverActive) {
  EXPECT_FALSE(getThreshold(ThresholdMethod::Percentile, -1));
  EXPECT_THAT(messages, testing::ElementsAre(testing::HasSubstr(
                            "cannot be calibrated: need a sample on which it "
                            "is active, have none")));
}

TEST_F(ThresholdsTest, BadSamplesAndPercentiles) {
  CalibrationOptions options;
  EXPECT_TRUE(failed(calibrate(function, {}, options)));
  EXPECT_TRUE(failed(
      calibrate(function, Tensor({0, 1, 1, 3}, ElementType::f32), options)));
  options.percentile = 101;
  EXPECT_TRUE(failed(calibrate(function, makeSamples(1), options)));
  Tensor infinite = makeSamples(1);
  infinite.data<float>()[0] = std::numeric_limits<float>::infinity();
  options.percentile = 50;
  EXPECT_TRUE(failed(calibrate(function, infinite, options)));
  EXPECT_THAT(
      messages,
      testing::ElementsAre(
          testing::HasSubstr("needs samples for 1 inputs, have 0"),
          testing::HasSubstr("needs at least one sample"),
          testing::HasSubstr("needs a percentile from 0 to 100, have 1.01"),
          testing::HasSubstr("need finite numbers, have infinity or NaN")));
}

TEST(ThresholdMethodTest, Names) {
  for (auto [index, name] : llvm::enumerate(getThresholdMethodNames()))
    EXPECT_EQ(parseThresholdMethod(name), static_cast<ThresholdMethod>(index));
  EXPECT_FALSE(parseThresholdMethod("automatic"));
}
