//===- GradedNetworkTest.cpp - levels of one step and counts of many ------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One calibration gives two networks: integrate-and-fire neurons that count L
// steps, and neurons that send one of L levels in one step. Where the input of
// a layer is constant both say the same; a network that was trained with levels
// is what its graded network computes, however deep it is. All numbers are
// small multiples of powers of two, so that nothing is rounded and everything
// is exact, also where a sum lies between two levels.
//
//===----------------------------------------------------------------------===//

#include "FunctionRun.h"
#include "RandomGraph.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Conversion/TosaToSNN/ConvertToSNN.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {

constexpr int64_t samples = 4;
constexpr uint64_t seeds = 20;

/// The text of a network: two convolutions of 2x2 taps with a pool in between,
/// two matrix products.
class Network {
public:
  /// Without `levels` its activations state thresholds.
  Network(uint64_t seed, std::optional<int64_t> levels, bool isMaximum,
          bool isPadded)
      : random(seed), levels(levels), isMaximum(isMaximum), isPadded(isPadded) {
  }

  std::string get();

private:
  /// Eighths, each drawn anew.
  std::string draw(StringRef shape, int64_t count, int64_t low, int64_t high);
  void convolve(StringRef input, StringRef inShape, StringRef output,
                StringRef outShape, StringRef weightShape, int64_t channels);
  void activate(StringRef input, StringRef output, StringRef shape,
                StringRef ones);
  void pool();

  RandomNumbers random;
  std::optional<int64_t> levels;
  bool isMaximum, isPadded;
  std::string text;
};

} // namespace

std::string Network::draw(StringRef shape, int64_t count, int64_t low,
                          int64_t high) {
  Tensor numbers({count}, ElementType::f32);
  std::string hex;
  for (float &number : numbers.data<float>())
    number = static_cast<float>(random.integer(low, high)) / 8;
  llvm::raw_string_ostream os(hex);
  for (uint8_t byte :
       ArrayRef(reinterpret_cast<const uint8_t *>(numbers.getBytes()),
                numbers.getNumBytes()))
    os << llvm::format_hex_no_prefix(byte, 2);
  return llvm::formatv("\"tosa.const\"() <{{values = dense<\"0x{1}\"> : "
                       "tensor<{0}xf32>}> : () -> tensor<{0}xf32>\n",
                       shape, hex);
}

void Network::convolve(StringRef input, StringRef inShape, StringRef output,
                       StringRef outShape, StringRef weightShape,
                       int64_t channels) {
  int64_t inputs = weightShape.back() - '0';
  text += llvm::formatv("%{0}w = {1}%{0}b = {2}", output,
                        draw(weightShape, channels * 4 * inputs, -6, 8),
                        draw(std::to_string(channels), channels, 0, 4));
  text += llvm::formatv(
      "%{2} = tosa.conv2d %{0}, %{2}w, %{2}b, %zp, %zp {{acc_type = f32, "
      "dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = "
      "array<i64: 1, 1>} : (tensor<{1}xf32>, tensor<{4}xf32>, "
      "tensor<{5}xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<{3}xf32>\n",
      input, inShape, output, outShape, weightShape, channels);
}

/// lambda clip(floor(x / lambda L + 0.5) / L, 0, 1) with lambda = 2, or a ReLU
/// with that threshold.
void Network::activate(StringRef input, StringRef output, StringRef shape,
                       StringRef ones) {
  if (!levels) {
    text += llvm::formatv(
        "%{1} = tosa.clamp %{0} {{min_val = 0.0 : f32, max_val = "
        "3.40282347E+38 : f32, snn.threshold = 2.0 : f32} : (tensor<{2}xf32>) "
        "-> tensor<{2}xf32> loc(\"{1}\")\n",
        input, output, shape);
    return;
  }
  auto constant = [&](StringRef name, double value) {
    text +=
        llvm::formatv("%{0}{1} = \"tosa.const\"() <{{values = dense<{2:f6}> "
                      ": tensor<{3}xf32>}> : () -> tensor<{3}xf32>\n",
                      output, name, value, ones);
  };
  constant("up", *levels / 2.0);
  constant("half", 0.5);
  constant("down", 1.0 / *levels);
  constant("lambda", 2);
  text += llvm::formatv(
      R"mlir(
      %{1}0 = tosa.mul %{0}, %{1}up, %shift : (tensor<{2}xf32>, tensor<{3}xf32>, tensor<1xi8>) -> tensor<{2}xf32>
      %{1}1 = tosa.add %{1}0, %{1}half : (tensor<{2}xf32>, tensor<{3}xf32>) -> tensor<{2}xf32>
      %{1}2 = tosa.floor %{1}1 : (tensor<{2}xf32>) -> tensor<{2}xf32>
      %{1}3 = tosa.mul %{1}2, %{1}down, %shift : (tensor<{2}xf32>, tensor<{3}xf32>, tensor<1xi8>) -> tensor<{2}xf32>
      %{1}4 = tosa.clamp %{1}3 {{min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<{2}xf32>) -> tensor<{2}xf32> loc("{1}")
      %{1} = tosa.mul %{1}4, %{1}lambda, %shift : (tensor<{2}xf32>, tensor<{3}xf32>, tensor<1xi8>) -> tensor<{2}xf32>
  )mlir",
      input, output, shape, ones);
}

/// Of 5x5 to 4x4 elements; with zeros around the image in steps of two to 3x3.
void Network::pool() {
  if (isMaximum && isPadded)
    text += "%pool = tosa.max_pool2d %a {kernel = array<i64: 3, 3>, pad = "
            "array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>} : "
            "(tensor<1x5x5x3xf32>) -> tensor<1x3x3x3xf32>\n";
  else if (isMaximum)
    text += "%pool = tosa.max_pool2d %a {kernel = array<i64: 3, 3>, pad = "
            "array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : "
            "(tensor<1x5x5x3xf32>) -> tensor<1x3x3x3xf32>\n";
  else
    text += "%p = tosa.pad %a, %pads, %zp : (tensor<1x5x5x3xf32>, "
            "!tosa.shape<8>, tensor<1xf32>) -> tensor<1x6x6x3xf32>\n"
            "%pool = tosa.avg_pool2d %p, %zp, %zp {acc_type = f32, kernel = "
            "array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = "
            "array<i64: 2, 2>} : (tensor<1x6x6x3xf32>, tensor<1xf32>, "
            "tensor<1xf32>) -> tensor<1x3x3x3xf32>\n";
}

std::string Network::get() {
  text = R"mlir(
    func.func @main(%x: tensor<1x6x6x2xf32>) -> tensor<1x1x3xf32> {
      %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
      %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
      %flat = tosa.const_shape {values = dense<[1, 1, 16]> : tensor<3xindex>} : () -> !tosa.shape<3>
      %pads = tosa.const_shape {values = dense<[0, 0, 1, 0, 1, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  )mlir";
  convolve("x", "1x6x6x2", "c", "1x5x5x3", "3x2x2x2", 3);
  activate("c", "a", "1x5x5x3", "1x1x1x1");
  pool();
  convolve("pool", "1x3x3x3", "d", "1x2x2x4", "4x2x2x3", 4);
  activate("d", "e", "1x2x2x4", "1x1x1x1");
  text += "%v = " + draw("1x16x5", 80, -6, 8);
  text += "%w = " + draw("1x5x3", 15, -6, 8);
  text += R"mlir(
      %f = tosa.reshape %e, %flat : (tensor<1x2x2x4xf32>, !tosa.shape<3>) -> tensor<1x1x16xf32>
      %g = tosa.matmul %f, %v, %zp, %zp : (tensor<1x1x16xf32>, tensor<1x16x5xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x5xf32>
  )mlir";
  activate("g", "h", "1x1x5", "1x1x1");
  text += R"mlir(
      %i = tosa.matmul %h, %w, %zp, %zp : (tensor<1x1x5xf32>, tensor<1x5x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
      return %i : tensor<1x1x3xf32>
    }
  )mlir";
  return text;
}

namespace {

class GradedNetworkTest : public testing::Test {
protected:
  GradedNetworkTest() {
    context
        .loadDialect<func::FuncDialect, tosa::TosaDialect, snn::SNNDialect>();
  }

  OwningOpRef<ModuleOp> parse(const std::string &text) {
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    return module;
  }

  static Tensor makeInput(uint64_t seed) {
    Tensor input({samples, 6, 6, 2}, ElementType::f32);
    RandomNumbers random(seed);
    for (float &value : input.data<float>())
      value = static_cast<float>(random.integer(-4, 12)) / 8;
    return input;
  }

  FunctionRun run(ModuleOp module, uint64_t seed) {
    return runFunction(module.lookupSymbol<func::FuncOp>("main"),
                       makeInput(seed));
  }

  FunctionRun convertAndRun(const std::string &text, uint64_t seed,
                            const TosaToSNNOptions &options) {
    OwningOpRef<ModuleOp> module = parse(text);
    ConvertOptions convert;
    convert.network = options;
    ConversionReport report;
    if (!module || failed(convertToSNN(*module, convert, report)) ||
        failed(verify(*module)))
      return FunctionRun();
    return run(*module, seed);
  }

  static TosaToSNNOptions makeOptions(NeuronKind neuron, int64_t timesteps) {
    TosaToSNNOptions options;
    options.neuron = neuron;
    options.timesteps = timesteps;
    return options;
  }

  MLIRContext context;
};

/// The sum over the steps of a recording [sample, step, ...].
std::vector<double> sumSteps(const Tensor &recording) {
  int64_t steps = recording.getShape()[1];
  int64_t inner = recording.getNumElements() / (samples * steps);
  std::vector<double> sums(samples * inner);
  for (int64_t k = 0; k < recording.getNumElements(); ++k)
    sums[k / (inner * steps) * inner + k % inner] += recording.getAsDouble(k);
  return sums;
}

} // namespace

/// Every count from 0 to L occurs, and sums halfway between two as well.
TEST_F(GradedNetworkTest, FirstLayerSendsInOneStepWhatIsCountedInMany) {
  for (int64_t levels : {1, 4, 16}) {
    std::vector<bool> seen(levels + 1);
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      std::string text = Network(seed, std::nullopt, false, false).get();
      FunctionRun counted =
          convertAndRun(text, seed, makeOptions(NeuronKind::IF, levels));
      TosaToSNNOptions options = makeOptions(NeuronKind::Graded, 1);
      options.levels = levels;
      FunctionRun graded = convertAndRun(text, seed, options);
      ASSERT_TRUE(counted.network && graded.network) << "seed " << seed;
      auto sent = sumSteps(graded.network->recordings.find("a")->second);
      ASSERT_EQ(sumSteps(counted.network->recordings.find("a")->second), sent)
          << "seed " << seed << ", " << levels << " levels";
      for (double level : sent)
        seen[static_cast<size_t>(level)] = true;
    }
    EXPECT_EQ(llvm::count(seen, true), levels + 1);
  }
}

/// However many steps there are, and whatever --levels says.
TEST_F(GradedNetworkTest, IsTheNetworkThatWasTrainedWithLevels) {
  unsigned different = 0;
  for (int64_t levels : {1, 2, 4, 8})
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      bool isMaximum = seed % 2 == 1;
      std::string text = Network(seed, levels, isMaximum, seed % 4 == 3).get();
      OwningOpRef<ModuleOp> module = parse(text);
      Tensor expected = run(*module, seed).result;
      TosaToSNNOptions options =
          makeOptions(NeuronKind::Graded, seed % 3 == 0 ? 4 : 1);
      if (isMaximum)
        options.maxPool = MaxPool::Winner;
      Tensor actual = convertAndRun(text, seed, options).result;
      ASSERT_TRUE(expected && actual) << "seed " << seed;
      for (int64_t k = 0; k < expected.getNumElements(); ++k)
        ASSERT_EQ(actual.data<float>()[k], expected.data<float>()[k])
            << "seed " << seed << ", " << levels << " levels, element " << k;
      if (isMaximum)
        options.maxPool = MaxPool::Gate;
      options.neuron = NeuronKind::IF;
      options.timesteps = levels;
      Tensor counted = convertAndRun(text, seed, options).result;
      ASSERT_TRUE(counted);
      different += !llvm::equal(counted.data<float>(), expected.data<float>());
    }
  // In depth spikes arrive unevenly, and counts are others.
  EXPECT_GT(different, seeds);
}

/// The largest level is the level of the largest sum.
TEST_F(GradedNetworkTest, MaximaOfLevelsAndOfSumsAreTheSame) {
  double largest = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    std::string text = Network(seed, std::nullopt, true, seed % 2).get();
    TosaToSNNOptions options = makeOptions(NeuronKind::Graded, 1);
    options.levels = 8;
    options.maxPool = MaxPool::Winner;
    Tensor ofLevels = convertAndRun(text, seed, options).result;
    options.maxPool = MaxPool::Current;
    Tensor ofSums = convertAndRun(text, seed, options).result;
    ASSERT_TRUE(ofLevels && ofSums) << "seed " << seed;
    for (int64_t k = 0; k < ofSums.getNumElements(); ++k) {
      ASSERT_EQ(ofLevels.data<float>()[k], ofSums.data<float>()[k])
          << "seed " << seed;
      largest = std::max<double>(largest, std::abs(ofSums.data<float>()[k]));
    }
  }
  EXPECT_GT(largest, 1);
}
