//===- CalibrationTest.cpp - percentiles against recorded ones ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The percentile and the maximum of every activation of trained networks are
// recorded, made with other software. Sums there have another order, hence the
// tolerance.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Conversion/TosaToSNN/ConvertToSNN.h"
#include "spikeformer/Import/ONNX/ImportONNX.h"
#include "spikeformer/Support/DataSource.h"
#include "spikeformer/Support/Json.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {

constexpr StringLiteral sharedData = SPIKEFORMER_SHARED_DATA;

/// The first training images, as the networks take them.
Tensor loadTrainingImages(int64_t count) {
  DataArgument argument;
  argument.file = (sharedData + "/mnist/train-images-idx3-ubyte.gz").str();
  DataArray array = llvm::cantFail(readDataArray(argument, CsvLabel::none));
  Tensor images({count, 1, 28, 28}, ElementType::f32);
  for (auto [value, pixel] :
       llvm::zip_first(images.data<float>(), array.values.data<uint8_t>()))
    value = static_cast<float>(pixel) / 255;
  return images;
}

class CalibrationTest : public testing::Test {
protected:
  void SetUp() override {
    if (!llvm::sys::fs::exists(sharedData + "/onnx-trained"))
      GTEST_SKIP() << "no shared data";
  }

  OwningOpRef<ModuleOp> import(StringRef name) {
    return importONNX((sharedData + "/onnx-trained/" + name + ".onnx").str(),
                      context);
  }

  void check(StringRef name) {
    JsonValue json = llvm::cantFail(
        parseJsonFile((sharedData + "/onnx-trained/expected.json").str()));
    const JsonValue *network = json.find(name);
    ASSERT_NE(network, nullptr);
    auto module = import(name);
    ASSERT_TRUE(module);
    auto statistics = calibrate(module->lookupSymbol<func::FuncOp>("main"),
                                loadTrainingImages(1000), CalibrationOptions());
    ASSERT_TRUE(succeeded(statistics));
    size_t index = 0;
    for (const JsonValue &expected : llvm::cantFail(
             network->find("activations_first_1000_train")->getArray())) {
      if (llvm::cantFail(expected.find("kind")->getString()) == "output")
        continue;
      ASSERT_LT(index, statistics->size());
      const ActivationStatistics &actual = (*statistics)[index++];
      EXPECT_EQ(actual.node,
                llvm::cantFail(expected.find("node")->getString()));
      double percentile = llvm::cantFail(expected.find("p99_9")->getDouble());
      EXPECT_NEAR(actual.percentile, percentile, 1e-5 * percentile);
      double max = llvm::cantFail(expected.find("max")->getDouble());
      EXPECT_NEAR(actual.max, max, 1e-5 * max);
    }
    EXPECT_EQ(index, statistics->size());
  }

  MLIRContext context;
};

} // namespace

TEST_F(CalibrationTest, Dense) { check("mnist_mlp_bn"); }
TEST_F(CalibrationTest, Convolutions) { check("mnist_cnn_avg"); }
TEST_F(CalibrationTest, ResidualAndClip) { check("mnist_res_relu6"); }
