//===- ConvertedNetworkTest.cpp - converted networks compute the function -===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Integrate-and-fire neurons that start at half their threshold count to within
// half a spike, so with enough steps the simulated network gives what the float
// function gives. Every case runs both: a wrong weight, order, padding or scale
// shows, whatever the pass printed. Neurons of the other kinds must give the
// same, those that send changes or levels after few steps.
//
//===----------------------------------------------------------------------===//

#include "FunctionRun.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Conversion/TosaToSNN/ConvertToSNN.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {

constexpr int64_t samples = 3;
constexpr NeuronKind allNeurons[] = {NeuronKind::IF, NeuronKind::Ternary,
                                     NeuronKind::Burst, NeuronKind::SigmaDelta,
                                     NeuronKind::Graded};
constexpr NeuronKind spiking[] = {NeuronKind::IF, NeuronKind::Ternary,
                                  NeuronKind::Burst};

SmallVector<Tensor> makeInputs(func::FuncOp function) {
  SmallVector<Tensor> inputs;
  uint64_t state = 1;
  for (Type type : function.getArgumentTypes()) {
    SmallVector<int64_t> shape(cast<RankedTensorType>(type).getShape());
    shape[0] = samples;
    Tensor &input = inputs.emplace_back(shape, ElementType::f32);
    for (float &value : input.data<float>()) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      value = static_cast<float>(static_cast<int64_t>(state >> 56) - 64) / 128;
    }
  }
  return inputs;
}

class ConvertedNetworkTest : public testing::Test {
protected:
  ConvertedNetworkTest() : context(makeRegistry()) {
    context.loadAllAvailableDialects();
  }

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registry.insert<arith::ArithDialect, func::FuncDialect, snn::SNNDialect,
                    tosa::TosaDialect>();
    return registry;
  }

  OwningOpRef<ModuleOp> parse(StringRef body) {
    std::string text = R"mlir(
      func.func @main(
    )mlir" + body.str() +
                       "}";
    return parseSourceString<ModuleOp>(text, &context);
  }

  Tensor evaluate(ModuleOp module) {
    auto function = module.lookupSymbol<func::FuncOp>("main");
    return runFunction(function, makeInputs(function)).result;
  }

  /// Converts with the thresholds in the text, or calibrated ones, and compares
  /// with the float function on the same inputs.
  void check(StringRef body, float tolerance, bool calibrates = false,
             int64_t timesteps = 1000, MaxPool maxPool = MaxPool::Refuse,
             ArrayRef<NeuronKind> neurons = allNeurons) {
    for (NeuronKind neuron : neurons) {
      SCOPED_TRACE(getNeuronKindNames()[static_cast<size_t>(neuron)].str());
      bool counts = llvm::is_contained(spiking, neuron);
      checkNeuron(body, tolerance, calibrates, counts ? timesteps : 2, maxPool,
                  neuron);
    }
  }

  void checkNeuron(StringRef body, float tolerance, bool calibrates,
                   int64_t timesteps, MaxPool maxPool, NeuronKind neuron) {
    OwningOpRef<ModuleOp> module = parse(body);
    ASSERT_TRUE(module);
    Tensor expected = evaluate(*module);
    ASSERT_TRUE(expected);
    ConvertOptions options;
    options.network.timesteps = timesteps;
    options.network.maxPool = maxPool;
    options.network.neuron = neuron;
    options.network.deltaBits = 12;
    options.network.levels = 4095;
    if (calibrates) {
      options.thresholds.method = ThresholdMethod::PercentileChannel;
      options.thresholds.calibration.percentile = 100;
      options.samples = makeInputs(module->lookupSymbol<func::FuncOp>("main"));
    }
    ConversionReport report;
    ASSERT_TRUE(succeeded(convertToSNN(*module, options, report)));
    ASSERT_TRUE(succeeded(verify(*module)));
    Tensor actual = evaluate(*module);
    ASSERT_TRUE(actual);
    ASSERT_EQ(actual.getShape(), expected.getShape());
    double largest = 0;
    for (int64_t k = 0; k < actual.getNumElements(); ++k) {
      EXPECT_NEAR(actual.data<float>()[k], expected.data<float>()[k], tolerance)
          << "element " << k;
      largest = std::max(largest, std::abs(expected.getAsDouble(k)));
    }
    // A network that is silent would agree with anything.
    EXPECT_GT(largest, 20 * tolerance);
  }

  MLIRContext context;
};

/// Constants that every case uses: zero point, shift of products.
#define CONSTANTS                                                              \
  "%zp = \"tosa.const\"() <{values = dense<0.0> : tensor<1xf32>}> : () -> "    \
  "tensor<1xf32>\n"                                                            \
  "%shift = \"tosa.const\"() <{values = dense<0> : tensor<1xi8>}> : () -> "    \
  "tensor<1xi8>\n"

} // namespace

TEST_F(ConvertedNetworkTest, Dense) {
  check("%x: tensor<1x3xf32>) -> tensor<1x2xf32> {" CONSTANTS R"mlir(
    %w1 = "tosa.const"() <{values = dense<[[[1.0, -2.0, 0.5], [3.0, 4.0, -1.0], [-0.5, 0.25, 2.0]]]> : tensor<1x3x3xf32>}> : () -> tensor<1x3x3xf32>
    %b1 = "tosa.const"() <{values = dense<[[0.5, 0.25, -0.125]]> : tensor<1x3xf32>}> : () -> tensor<1x3xf32>
    %w2 = "tosa.const"() <{values = dense<[[[1.0, 0.5], [-1.0, 0.75], [2.0, -0.5]]]> : tensor<1x3x2xf32>}> : () -> tensor<1x3x2xf32>
    %s3 = tosa.const_shape {values = dense<[1, 1, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %s2 = tosa.const_shape {values = dense<[1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %s1 = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %0 = tosa.reshape %x, %s3 : (tensor<1x3xf32>, !tosa.shape<3>) -> tensor<1x1x3xf32>
    %1 = tosa.matmul %0, %w1, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
    %2 = tosa.reshape %1, %s2 : (tensor<1x1x3xf32>, !tosa.shape<2>) -> tensor<1x3xf32>
    %3 = tosa.add %2, %b1 : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
    %4 = tosa.clamp %3 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32, snn.threshold = 8.0 : f32} : (tensor<1x3xf32>) -> tensor<1x3xf32>
    %5 = tosa.reshape %4, %s3 : (tensor<1x3xf32>, !tosa.shape<3>) -> tensor<1x1x3xf32>
    %6 = tosa.matmul %5, %w2, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
    %7 = tosa.reshape %6, %s1 : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
    return %7 : tensor<1x2xf32>
  )mlir",
        0.02f);
}

/// A transposed image, a strided convolution, a pool, a flatten in the order of
/// the logical axes.
constexpr StringLiteral image = CONSTANTS R"mlir(
    %w1 = "tosa.const"() <{values = dense<[[[[1.0, -0.5], [0.5, 0.25]], [[-1.0, 2.0], [0.75, 1.0]]], [[[0.5, 1.5], [-0.25, 1.0]], [[1.0, -1.0], [2.0, 0.5]]]]> : tensor<2x2x2x2xf32>}> : () -> tensor<2x2x2x2xf32>
    %b1 = "tosa.const"() <{values = dense<[0.25, -0.125]> : tensor<2xf32>}> : () -> tensor<2xf32>
    %w2 = "tosa.const"() <{values = dense<[[[1.0, 0.5], [-1.0, 0.75], [2.0, -0.5], [0.25, 1.0], [0.5, -1.0], [1.5, 0.25], [-0.75, 1.0], [0.125, 2.0]]]> : tensor<1x8x2xf32>}> : () -> tensor<1x8x2xf32>
    %flat = tosa.const_shape {values = dense<[1, 1, 8]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %out = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
)mlir";

TEST_F(ConvertedNetworkTest, ConvolutionPoolAndFlattenOfChannelsFirst) {
  check("%x: tensor<1x2x5x5xf32>) -> tensor<1x2xf32> {" + image.str() + R"mlir(
    %0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x5x5xf32>) -> tensor<1x5x5x2xf32>
    %1 = tosa.conv2d %0, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x5x5x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
    %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
    %3 = tosa.avg_pool2d %2, %zp, %zp {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
    %4 = tosa.transpose %3 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    %5 = tosa.reshape %4, %flat : (tensor<1x2x2x2xf32>, !tosa.shape<3>) -> tensor<1x1x8xf32>
    %6 = tosa.matmul %5, %w2, %zp, %zp : (tensor<1x1x8xf32>, tensor<1x8x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
    %7 = tosa.reshape %6, %out : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
    return %7 : tensor<1x2xf32>
  )mlir",
        0.02f, true);
}

TEST_F(ConvertedNetworkTest, FlattenOfChannelsLastAndPaddedStridedWindow) {
  check("%x: tensor<1x3x4x2xf32>) -> tensor<1x2xf32> {" + image.str() + R"mlir(
    %pads = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
    %0 = tosa.pad %x, %pads, %zp : (tensor<1x3x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
    %1 = tosa.conv2d %0, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 2, 2>, pad = array<i64: 0, 1, 1, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
    %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    %5 = tosa.reshape %2, %flat : (tensor<1x2x2x2xf32>, !tosa.shape<3>) -> tensor<1x1x8xf32>
    %6 = tosa.matmul %5, %w2, %zp, %zp : (tensor<1x1x8xf32>, tensor<1x8x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
    %7 = tosa.reshape %6, %out : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
    return %7 : tensor<1x2xf32>
  )mlir",
        0.02f, true);
}

/// A residual block with a batch norm that no weights can take, and an image as
/// the result.
TEST_F(ConvertedNetworkTest, ResidualScaleAndImageResult) {
  check("%x: tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32> {" + image.str() +
            R"mlir(
    %scale = "tosa.const"() <{values = dense<[[[[0.5, 2.0]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
    %0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x3x3xf32>) -> tensor<1x3x3x2xf32>
    %1 = tosa.conv2d %0, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 1>, stride = array<i64: 1, 1>} : (tensor<1x3x3x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x2xf32>
    %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x3x3x2xf32>) -> tensor<1x3x3x2xf32>
    %3 = tosa.conv2d %2, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 1, 1, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x3x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x2xf32>
    %4 = tosa.sub %3, %2 : (tensor<1x3x3x2xf32>, tensor<1x3x3x2xf32>) -> tensor<1x3x3x2xf32>
    %5 = tosa.mul %4, %scale, %shift : (tensor<1x3x3x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<1x3x3x2xf32>
    %6 = tosa.add %scale, %5 : (tensor<1x1x1x2xf32>, tensor<1x3x3x2xf32>) -> tensor<1x3x3x2xf32>
    %7 = tosa.clamp %6 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x3x3x2xf32>) -> tensor<1x3x3x2xf32>
    %8 = tosa.transpose %7 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x3x3x2xf32>) -> tensor<1x2x3x3xf32>
    return %8 : tensor<1x2x3x3xf32>
  )mlir",
        0.05f, true);
}

/// Depthwise with a multiplier, two groups, a concatenation, a slice that cuts
/// off what no window reaches.
TEST_F(ConvertedNetworkTest, DepthwiseGroupsConcatAndSlice) {
  check("%x: tensor<1x4x4x2xf32>) -> tensor<1x1x1x4xf32> {" + image.str() +
            R"mlir(
    %wd = "tosa.const"() <{values = dense<[[[[1.0, -0.5], [0.5, 0.25]], [[-1.0, 2.0], [0.75, 1.0]]]]> : tensor<1x2x2x2xf32>}> : () -> tensor<1x2x2x2xf32>
    %bd = "tosa.const"() <{values = dense<[0.25, -0.125, 0.5, 0.125]> : tensor<4xf32>}> : () -> tensor<4xf32>
    %a0 = tosa.const_shape {values = dense<[0, 0, 0, 0]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %a2 = tosa.const_shape {values = dense<[0, 0, 0, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %half = tosa.const_shape {values = dense<[1, 4, 3, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %cut = tosa.const_shape {values = dense<[1, 3, 3, 4]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %0 = tosa.depthwise_conv2d %x, %wd, %bd, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1x2x2x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x3x4xf32>
    %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
    %2 = tosa.slice %1, %a0, %half {snn.grouped = 2 : i64} : (tensor<1x4x3x4xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x3x2xf32>
    %3 = tosa.conv2d %2, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 1>, stride = array<i64: 1, 1>, snn.grouped = 2 : i64} : (tensor<1x4x3x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x3x2xf32>
    %w3 = "tosa.const"() <{values = dense<[[[[0.5, 0.5], [1.5, -0.25]], [[1.0, -2.0], [0.25, 1.0]]], [[[-0.5, 1.0], [-0.75, 1.0]], [[1.0, 1.0], [0.5, -0.5]]]]> : tensor<2x2x2x2xf32>}> : () -> tensor<2x2x2x2xf32>
    %4 = tosa.slice %1, %a2, %half {snn.grouped = 2 : i64} : (tensor<1x4x3x4xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x4x3x2xf32>
    %5 = tosa.conv2d %4, %w3, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 1>, stride = array<i64: 1, 1>, snn.grouped = 2 : i64} : (tensor<1x4x3x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x3x2xf32>
    %6 = tosa.concat %3, %5 {axis = 3 : i32, snn.grouped = 2 : i64} : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x4xf32>
    %7 = tosa.clamp %6 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
    %8 = tosa.concat %7, %1 {axis = 3 : i32} : (tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>) -> tensor<1x4x3x8xf32>
    %w4 = "tosa.const"() <{values = dense<[[[[1.0, -0.5, 0.5, 0.25, 2.0, -1.0, 0.75, 1.5]]], [[[0.5, 0.5, -1.0, 0.25, 1.0, 1.0, -0.75, 0.5]]], [[[-0.5, 0.5, 1.0, -0.25, 2.0, 1.0, 0.5, -1.5]]], [[[0.25, 1.5, 0.5, 1.25, -2.0, 1.0, 0.125, 1.0]]]]> : tensor<4x1x1x8xf32>}> : () -> tensor<4x1x1x8xf32>
    %9 = tosa.conv2d %8, %w4, %bd, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x3x8xf32>, tensor<4x1x1x8xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x3x4xf32>
    %10 = tosa.clamp %9 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
    %11 = tosa.slice %10, %a0, %cut : (tensor<1x4x3x4xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x3x3x4xf32>
    %w5 = "tosa.const"() <{values = dense<[[[[1.0, -0.5, 0.5, 0.25]]], [[[0.5, 0.5, -1.0, 0.25]]], [[[-0.5, 0.5, 1.0, -0.25]]], [[[0.25, 1.5, 0.5, 1.25]]]]> : tensor<4x1x1x4xf32>}> : () -> tensor<4x1x1x4xf32>
    %12 = tosa.conv2d %11, %w5, %bd, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x3x3x4xf32>, tensor<4x1x1x4xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x4xf32>
    %13 = tosa.clamp %12 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32>
    %14 = tosa.avg_pool2d %13, %zp, %zp {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x4xf32>
    return %14 : tensor<1x1x1x4xf32>
  )mlir",
        0.1f, true);
}

/// Two inputs whose branches, of unlike depth, meet as one vector; an average
/// over zeros that count.
TEST_F(ConvertedNetworkTest, VectorsOfTwoInputsAndCountedPadding) {
  check("%x: tensor<1x3x3x2xf32>, %y: tensor<1x1x3xf32>) -> tensor<1x1x2xf32> "
        "{" +
            image.str() + R"mlir(
    %wy = "tosa.const"() <{values = dense<[[[1.0, -2.0, 0.5], [3.0, 4.0, -1.0], [-0.5, 0.25, 2.0]]]> : tensor<1x3x3xf32>}> : () -> tensor<1x3x3xf32>
    %wo = "tosa.const"() <{values = dense<[[[-1.00, -1.50], [0.75, -0.25], [-0.25, 1.00], [1.50, -1.00], [0.50, 0.25], [-0.50, 1.50], [1.25, -0.50], [0.25, 0.75], [-0.75, -1.25], [1.00, 0.00], [0.00, 1.25], [-1.00, -0.75], [0.75, 0.50]]]> : tensor<1x13x2xf32>}> : () -> tensor<1x13x2xf32>
    %pads = tosa.const_shape {values = dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
    %two = tosa.const_shape {values = dense<[1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %0 = tosa.conv2d %x, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x3x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
    %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    %2 = tosa.transpose %1 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    %3 = tosa.reshape %2, %flat : (tensor<1x2x2x2xf32>, !tosa.shape<3>) -> tensor<1x1x8xf32>
    %4 = tosa.pad %1, %pads, %zp : (tensor<1x2x2x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
    %5 = tosa.avg_pool2d %4, %zp, %zp {acc_type = f32, kernel = array<i64: 3, 3>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
    %6 = tosa.conv2d %5, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
    %7 = tosa.clamp %6 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
    %8 = tosa.reshape %7, %two : (tensor<1x1x1x2xf32>, !tosa.shape<3>) -> tensor<1x1x2xf32>
    %9 = tosa.matmul %y, %wy, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
    %10 = tosa.clamp %9 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x1x3xf32>) -> tensor<1x1x3xf32>
    %11 = tosa.concat %3, %10, %8 {axis = 2 : i32} : (tensor<1x1x8xf32>, tensor<1x1x3xf32>, tensor<1x1x2xf32>) -> tensor<1x1x13xf32>
    %12 = tosa.matmul %11, %wo, %zp, %zp : (tensor<1x1x13xf32>, tensor<1x13x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
    return %12 : tensor<1x1x2xf32>
  )mlir",
        0.05f, true);
}

/// Maxima in front of an activation and behind it, of a part of an image, with
/// padding, of all of it by reductions, with a second user, and of the input.
constexpr StringLiteral maxima = R"mlir(
    %s = tosa.const_shape {values = dense<[1, 5, 5, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %a = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
    %p = tosa.max_pool2d %x {kernel = array<i64: 2, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x7x6x2xf32>) -> tensor<1x6x6x2xf32>
    %0 = tosa.conv2d %p, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 1, 1>} : (tensor<1x6x6x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x2xf32>
    %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x6x6x2xf32>) -> tensor<1x6x6x2xf32>
    %2 = tosa.slice %1, %a, %s : (tensor<1x6x6x2xf32>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x5x5x2xf32>
    %3 = tosa.max_pool2d %2 {kernel = array<i64: 3, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x5x5x2xf32>) -> tensor<1x2x3x2xf32>
    %4 = tosa.conv2d %3, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<1x2x3x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x4x2xf32>
    %5 = tosa.max_pool2d %4 {kernel = array<i64: 2, 2>, pad = array<i64: 1, 0, 0, 1>, stride = array<i64: 1, 1>} : (tensor<1x3x4x2xf32>) -> tensor<1x3x4x2xf32>
    %6 = tosa.clamp %5 {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x3x4x2xf32>) -> tensor<1x3x4x2xf32>
    %7 = tosa.reduce_max %6 {axis = 1 : i32} : (tensor<1x3x4x2xf32>) -> tensor<1x1x4x2xf32>
    %8 = tosa.reduce_max %7 {axis = 2 : i32} : (tensor<1x1x4x2xf32>) -> tensor<1x1x1x2xf32>
    %9 = tosa.avg_pool2d %6, %zp, %zp {acc_type = f32, kernel = array<i64: 3, 4>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x2xf32>
    %10 = tosa.add %8, %9 : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
    return %10 : tensor<1x1x1x2xf32>
  )mlir";

TEST_F(ConvertedNetworkTest, MaximaByGates) {
  check("%x: tensor<1x7x6x2xf32>) -> tensor<1x1x1x2xf32> {" + image.str() +
            maxima.str(),
        0.05f, true, 1000, MaxPool::Gate, NeuronKind::IF);
}

/// The maximum of sums varies where a sum does, so only what constant inputs
/// give is close.
TEST_F(ConvertedNetworkTest, MaximaOfSums) {
  check("%x: tensor<1x7x6x2xf32>) -> tensor<1x1x1x2xf32> {" + image.str() +
            maxima.str(),
        0.2f, true, 1000, MaxPool::Current);
}

/// Preprocessing stays before the network and a softmax behind it.
/// A PReLU, a pool, a padded convolution, a residual sum, a LeakyReLU: the
/// error falls with the number of steps as that of a ReLU network does.
TEST_F(ConvertedNetworkTest, SlopesBelowZero) {
  std::string body =
      "%x: tensor<1x5x5x2xf32>) -> tensor<1x2xf32> {" + image.str() + R"mlir(
    %slopes = "tosa.const"() <{values = dense<[[[[0.5, -0.25]]]]> : tensor<1x1x1x2xf32>}> : () -> tensor<1x1x1x2xf32>
    %slope = "tosa.const"() <{values = dense<0.125> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
    %zero = "tosa.const"() <{values = dense<0.0> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
    %half = "tosa.const"() <{values = dense<-1.5> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
    %0 = tosa.conv2d %x, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x5x5x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
    %c = tosa.add %0, %half : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x2xf32>
    %1 = tosa.mul %c, %slopes, %shift : (tensor<1x4x4x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<1x4x4x2xf32>
    %2 = tosa.greater_equal %c, %zero : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x2xi1>
    %3 = tosa.select %2, %c, %1 : (tensor<1x4x4x2xi1>, tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
    %4 = tosa.avg_pool2d %3, %zp, %zp {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
    %5 = tosa.conv2d %3, %w1, %b1, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
    %6 = tosa.sub %4, %5 : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    %7 = tosa.mul %6, %slope, %shift : (tensor<1x2x2x2xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x2x2x2xf32>
    %8 = tosa.maximum %6, %7 : (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    %9 = tosa.reshape %8, %flat : (tensor<1x2x2x2xf32>, !tosa.shape<3>) -> tensor<1x1x8xf32>
    %10 = tosa.matmul %9, %w2, %zp, %zp : (tensor<1x1x8xf32>, tensor<1x8x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
    %11 = tosa.reshape %10, %out : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
    return %11 : tensor<1x2xf32>
  )mlir";
  for (int64_t timesteps : {250, 1000, 4000})
    check(body, 40.0f / timesteps, true, timesteps);
}

TEST_F(ConvertedNetworkTest, WhatIsComputedOutside) {
  check(
      "%x: tensor<1x3xf32>, %y: tensor<1x3xf32>) -> tensor<1x3xf32> {" CONSTANTS
      R"mlir(
    %w = "tosa.const"() <{values = dense<[[[1.0, -2.0, 0.5], [3.0, 4.0, -1.0], [-0.5, 0.25, 2.0]]]> : tensor<1x3x3xf32>}> : () -> tensor<1x3x3xf32>
    %mean = "tosa.const"() <{values = dense<[[0.5, 0.25, -0.125]]> : tensor<1x3xf32>}> : () -> tensor<1x3xf32>
    %s3 = tosa.const_shape {values = dense<[1, 1, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %s2 = tosa.const_shape {values = dense<[1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %p = tosa.sub %x, %mean : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
    %q = tosa.tanh %y : (tensor<1x3xf32>) -> tensor<1x3xf32>
    %0 = tosa.reshape %p, %s3 : (tensor<1x3xf32>, !tosa.shape<3>) -> tensor<1x1x3xf32>
    %1 = tosa.matmul %0, %w, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
    %2 = tosa.reshape %1, %s2 : (tensor<1x1x3xf32>, !tosa.shape<2>) -> tensor<1x3xf32>
    %3 = tosa.add %2, %q : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
    %zero = "tosa.const"() <{values = dense<0.0> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
    %4 = tosa.maximum %3, %zero {snn.threshold = 3.0 : f32} : (tensor<1x3xf32>, tensor<1x1xf32>) -> tensor<1x3xf32>
    %5 = tosa.reshape %4, %s3 : (tensor<1x3xf32>, !tosa.shape<3>) -> tensor<1x1x3xf32>
    %6 = tosa.matmul %5, %w, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
    %7 = tosa.reshape %6, %s2 : (tensor<1x1x3xf32>, !tosa.shape<2>) -> tensor<1x3xf32>
    %8 = tosa.reduce_max %7 {axis = 1 : i32} : (tensor<1x3xf32>) -> tensor<1x1xf32>
    %9 = tosa.sub %7, %8 : (tensor<1x3xf32>, tensor<1x1xf32>) -> tensor<1x3xf32>
    %10 = tosa.exp %9 : (tensor<1x3xf32>) -> tensor<1x3xf32>
    %11 = tosa.reduce_sum %10 {axis = 1 : i32} : (tensor<1x3xf32>) -> tensor<1x1xf32>
    %12 = tosa.reciprocal %11 : (tensor<1x1xf32>) -> tensor<1x1xf32>
    %13 = tosa.mul %10, %12, %shift : (tensor<1x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x3xf32>
    return %13 : tensor<1x3xf32>
  )mlir",
      0.02f);
}

/// Trained with four levels up to 2 and run for four steps, counts are levels.
TEST_F(ConvertedNetworkTest, Levels) {
  check("%x: tensor<1x3xf32>) -> tensor<1x3xf32> {" CONSTANTS R"mlir(
    %w = "tosa.const"() <{values = dense<[[[1.0, -2.0, 0.5], [3.0, 4.0, -1.0], [-0.5, 0.25, 2.0]]]> : tensor<1x3x3xf32>}> : () -> tensor<1x3x3xf32>
    %inverse = "tosa.const"() <{values = dense<0.5> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
    %levels = "tosa.const"() <{values = dense<4.0> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
    %half = "tosa.const"() <{values = dense<0.5> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
    %level = "tosa.const"() <{values = dense<0.25> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
    %lambda = "tosa.const"() <{values = dense<2.0> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
    %s3 = tosa.const_shape {values = dense<[1, 1, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %s2 = tosa.const_shape {values = dense<[1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %0 = tosa.reshape %x, %s3 : (tensor<1x3xf32>, !tosa.shape<3>) -> tensor<1x1x3xf32>
    %1 = tosa.matmul %0, %w, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
    %2 = tosa.reshape %1, %s2 : (tensor<1x1x3xf32>, !tosa.shape<2>) -> tensor<1x3xf32>
    %3 = tosa.mul %2, %inverse, %shift : (tensor<1x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x3xf32>
    %4 = tosa.mul %3, %levels, %shift : (tensor<1x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x3xf32>
    %5 = tosa.add %4, %half : (tensor<1x3xf32>, tensor<1x1xf32>) -> tensor<1x3xf32>
    %6 = tosa.floor %5 : (tensor<1x3xf32>) -> tensor<1x3xf32>
    %7 = tosa.mul %6, %level, %shift : (tensor<1x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x3xf32>
    %8 = tosa.clamp %7 {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<1x3xf32>) -> tensor<1x3xf32>
    %9 = tosa.mul %8, %lambda, %shift : (tensor<1x3xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x3xf32>
    %10 = tosa.reshape %9, %s3 : (tensor<1x3xf32>, !tosa.shape<3>) -> tensor<1x1x3xf32>
    %11 = tosa.matmul %10, %w, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
    %12 = tosa.reshape %11, %s2 : (tensor<1x1x3xf32>, !tosa.shape<2>) -> tensor<1x3xf32>
    return %12 : tensor<1x3xf32>
  )mlir",
        1e-5f, false, 4, MaxPool::Refuse, spiking);
}

/// 1, 0.25 and 5 whatever the input is; then 1 - 4 x 0.25 and the first and the
/// last of them.
constexpr StringLiteral uneven = CONSTANTS R"mlir(
    %w1 = "tosa.const"() <{values = dense<0.0> : tensor<1x1x3xf32>}> : () -> tensor<1x1x3xf32>
    %b1 = "tosa.const"() <{values = dense<[[[1.0, 0.25, 5.0]]]> : tensor<1x1x3xf32>}> : () -> tensor<1x1x3xf32>
    %w2 = "tosa.const"() <{values = dense<[[[1.0, 1.0, 0.0], [-4.0, 0.0, 0.0], [0.0, 0.0, 1.0]]]> : tensor<1x3x3xf32>}> : () -> tensor<1x3x3xf32>
    %w3 = "tosa.const"() <{values = dense<[[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]]> : tensor<1x3x3xf32>}> : () -> tensor<1x3x3xf32>
    %0 = tosa.matmul %x, %w1, %zp, %zp : (tensor<1x1x1xf32>, tensor<1x1x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
    %1 = tosa.add %0, %b1 : (tensor<1x1x3xf32>, tensor<1x1x3xf32>) -> tensor<1x1x3xf32>
)mlir";

constexpr StringLiteral unevenEnd = R"mlir(
    %3 = tosa.matmul %2, %w2, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
    %4 = tosa.clamp %3 {min_val = 0.0 : f32, max_val = 2.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x1x3xf32>) -> tensor<1x1x3xf32>
    %5 = tosa.matmul %4, %w3, %zp, %zp : (tensor<1x1x3xf32>, tensor<1x3x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
    return %5 : tensor<1x1x3xf32>
)mlir";

/// The 0.25 spikes after the 1 does: binary neurons of their difference send
/// what they must not, and neurons that may send -1 at any time too little.
TEST_F(ConvertedNetworkTest, TernaryTakesSpikesBackAndIsNeverNegative) {
  checkNeuron("%x: tensor<1x1x1xf32>) -> tensor<1x1x3xf32> {" + uneven.str() +
                  R"mlir(
    %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 1.0 : f32, snn.threshold = dense<1.0> : tensor<1x1x3xf32>} : (tensor<1x1x3xf32>) -> tensor<1x1x3xf32>
  )mlir" + unevenEnd.str(),
              1e-6f, false, 4, MaxPool::Refuse, NeuronKind::Ternary);
}

/// The threshold is half of the bound: two spikes per step and no more.
TEST_F(ConvertedNetworkTest, BurstsReachTheBoundAndStayThere) {
  checkNeuron("%x: tensor<1x1x1xf32>) -> tensor<1x1x3xf32> {" + uneven.str() +
                  R"mlir(
    %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32, snn.threshold = dense<[[[1.0, 1.0, 2.0]]]> : tensor<1x1x3xf32>} : (tensor<1x1x3xf32>) -> tensor<1x1x3xf32>
  )mlir" + unevenEnd.str(),
              0.05f, false, 64, MaxPool::Refuse, NeuronKind::Burst);
}
