//===- MaxPoolTest.cpp - what maximum pools of spikes send ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random windows over random spikes, on both engines: after every step a gate
// has sent the largest count of its window, and a winner sends where any neuron
// of its window sends.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Conversion/TosaToSNN/ConvertToSNN.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/ExecutionEngine/JITExecutor.h"
#include "spikeformer/Reference/Interpreter.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"
#include <random>

using namespace spikeformer;

namespace {

constexpr int64_t channels = 2, steps = 40, samples = 2;

/// A pool of an image of channels x height x width.
struct Shape {
  int64_t height, width;
  int64_t kernel[2], stride[2];
  /// Top, bottom, left, right.
  int64_t pad[4];

  int64_t getOutput(unsigned axis) const {
    int64_t extent = axis == 0 ? height : width;
    return (extent + pad[2 * axis] + pad[2 * axis + 1] - kernel[axis]) /
               stride[axis] +
           1;
  }
};

Shape makeShape(std::mt19937 &random) {
  auto draw = [&](int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random() % (high - low + 1));
  };
  Shape shape;
  for (unsigned axis : {0, 1}) {
    int64_t kernel = shape.kernel[axis] = draw(1, 4);
    int64_t stride = shape.stride[axis] = draw(1, 3);
    int64_t before = shape.pad[2 * axis] = draw(0, kernel - 1);
    int64_t after = shape.pad[2 * axis + 1] = draw(0, kernel - 1);
    // TOSA wants windows that reach the last element.
    int64_t extent = kernel + stride * draw(1, 3) - before - after;
    while (extent < 1)
      extent += stride;
    (axis == 0 ? shape.height : shape.width) = extent;
  }
  return shape;
}

/// Spikes at thresholds 0.7 and 1.9, pooled, behind a factor.
std::string makeText(const Shape &s) {
  int64_t rows = s.getOutput(0), columns = s.getOutput(1);
  return llvm::formatv(R"mlir(
    func.func @main(%x: tensor<1x{0}x{1}x2xf32>) -> tensor<1x{2}x{3}x2xf32> {{
      %zp = "tosa.const"() <{{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %w = "tosa.const"() <{{values = dense<[[[[1.0, -0.5]]], [[[0.75, 1.5]]]]> : tensor<2x1x1x2xf32>}> : () -> tensor<2x1x1x2xf32>
      %b = "tosa.const"() <{{values = dense<[0.1, -0.2]> : tensor<2xf32>}> : () -> tensor<2xf32>
      %f = "tosa.const"() <{{values = dense<[[[[0.3, 0.7]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
      %shift = "tosa.const"() <{{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %0 = tosa.conv2d %x, %w, %b, %zp, %zp {{acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x{0}x{1}x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x{0}x{1}x2xf32>
      %1 = tosa.clamp %0 {{min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32, snn.threshold = dense<[[[[0.7, 1.9]]]]> : tensor<1x1x1x2xf32>} : (tensor<1x{0}x{1}x2xf32>) -> tensor<1x{0}x{1}x2xf32> loc("neurons")
      %2 = tosa.mul %1, %f, %shift : (tensor<1x{0}x{1}x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<1x{0}x{1}x2xf32>
      %3 = tosa.max_pool2d %2 {{kernel = array<i64: {4}, {5}>, pad = array<i64: {6}, {7}, {8}, {9}>, stride = array<i64: {10}, {11}>} : (tensor<1x{0}x{1}x2xf32>) -> tensor<1x{2}x{3}x2xf32> loc("pool")
      return %3 : tensor<1x{2}x{3}x2xf32>
    }
  )mlir",
                       s.height, s.width, rows, columns, s.kernel[0],
                       s.kernel[1], s.pad[0], s.pad[1], s.pad[2], s.pad[3],
                       s.stride[0], s.stride[1])
      .str();
}

/// The largest element of each window of `image` (channels x height x width).
std::vector<int> pool(const Shape &s, ArrayRef<int> image) {
  std::vector<int> result;
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i < s.getOutput(0); ++i)
      for (int64_t j = 0; j < s.getOutput(1); ++j) {
        int largest = 0;
        for (int64_t a = 0; a < s.kernel[0]; ++a)
          for (int64_t b = 0; b < s.kernel[1]; ++b) {
            int64_t y = i * s.stride[0] + a - s.pad[0];
            int64_t x = j * s.stride[1] + b - s.pad[2];
            if (y >= 0 && y < s.height && x >= 0 && x < s.width)
              largest =
                  std::max(largest, image[(c * s.height + y) * s.width + x]);
          }
        result.push_back(largest);
      }
  return result;
}

/// Adds the spikes of one sample and step to `counts`.
void add(const Tensor &spikes, int64_t sample, int64_t step,
         std::vector<int> &counts) {
  int64_t neurons = spikes.getNumElements() / (samples * steps);
  counts.resize(neurons);
  for (int64_t k = 0; k < neurons; ++k)
    counts[k] += static_cast<int>(
        spikes.getAsDouble((sample * steps + step) * neurons + k));
}

class MaxPoolTest : public testing::Test {
protected:
  MaxPoolTest() {
    context
        .loadDialect<func::FuncDialect, tosa::TosaDialect, snn::SNNDialect>();
  }

  OwningOpRef<ModuleOp> convert(const Shape &shape, MaxPool choice) {
    OwningOpRef<ModuleOp> module =
        parseSourceString<ModuleOp>(makeText(shape), &context);
    ConvertOptions options;
    options.network.timesteps = steps;
    options.network.maxPool = choice;
    ConversionReport report;
    if (!module || failed(convertToSNN(*module, options, report)) ||
        failed(verify(*module)))
      return nullptr;
    return module;
  }

  RunRequest makeRequest(const Shape &shape, std::mt19937 &random) {
    RunRequest request;
    request.samples = samples;
    request.timesteps = steps;
    Tensor input({samples, steps, channels, shape.height, shape.width},
                 ElementType::f32);
    for (float &value : input.data<float>())
      value = static_cast<float>(random() % 512) / 128 - 1;
    request.inputs.push_back(input);
    return request;
  }

  MLIRContext context;
};

void checkGate(Executor &executor, RunRequest request, const Shape &shape) {
  request.probes = {{"neurons", ""}, {"pool", ""}};
  auto run = executor.run(request);
  ASSERT_TRUE(static_cast<bool>(run)) << llvm::toString(run.takeError());
  const Tensor &before = run->recordings["neurons"];
  const Tensor &behind = run->recordings["pool"];
  int total = 0;
  for (int64_t sample = 0; sample < samples; ++sample) {
    std::vector<int> counts, sent;
    for (int64_t step = 0; step < steps; ++step) {
      add(before, sample, step, counts);
      add(behind, sample, step, sent);
      ASSERT_EQ(sent, pool(shape, counts)) << "step " << step;
    }
    for (int count : sent)
      total += count;
  }
  EXPECT_GT(total, 0);
}

/// The linear output of a winner is the factor of a spike or 0.
void checkWinner(Executor &executor, RunRequest request, const Shape &shape) {
  request.probes = {{"neurons", ""}};
  auto run = executor.run(request);
  ASSERT_TRUE(static_cast<bool>(run)) << llvm::toString(run.takeError());
  const Tensor &output = run->outputs.front();
  int64_t pooled = output.getNumElements() / (samples * steps);
  for (int64_t sample = 0; sample < samples; ++sample)
    for (int64_t step = 0; step < steps; ++step) {
      std::vector<int> spikes;
      add(run->recordings["neurons"], sample, step, spikes);
      for (auto [k, winner] : llvm::enumerate(pool(shape, spikes)))
        ASSERT_EQ(output.getAsDouble((sample * steps + step) * pooled + k) > 0,
                  winner > 0);
    }
}

} // namespace

TEST_F(MaxPoolTest, GateSendsTheLargestCountAndWinnerAnySpike) {
  std::mt19937 random(1);
  for (int round = 0; round < 12; ++round) {
    Shape shape = makeShape(random);
    RunRequest request = makeRequest(shape, random);
    SCOPED_TRACE(makeText(shape));
    for (auto [choice, check] :
         {std::make_pair(MaxPool::Gate, checkGate),
          std::make_pair(MaxPool::Winner, checkWinner)}) {
      OwningOpRef<ModuleOp> module = convert(shape, choice);
      ASSERT_TRUE(module);
      auto network = *module->getOps<snn::NetworkOp>().begin();
      auto reference = createReferenceExecutor(network);
      ASSERT_TRUE(succeeded(reference));
      check(**reference, request, shape);
      auto jit = createJITExecutor(network);
      ASSERT_TRUE(static_cast<bool>(jit)) << llvm::toString(jit.takeError());
      check(**jit, request, shape);
    }
  }
}
