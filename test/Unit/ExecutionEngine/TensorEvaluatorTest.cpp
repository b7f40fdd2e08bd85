//===- TensorEvaluatorTest.cpp - batches, threads, inputs, external ops ---===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Parser/Parser.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <cstring>

using namespace spikeformer;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// A network whose blocks hold few samples: values of 40 KB.
const char *const network = R"mlir(
func.func @main(%x: tensor<1x32x32x1xf32>) -> (tensor<1x10xf32>, tensor<1xi32>) {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %w = "tosa.const"() {values = dense<[[[[0.5], [-0.25]], [[0.125], [1.0]]], [[[-0.5], [0.75]], [[1.5], [0.1]]]]> : tensor<2x2x2x1xf32>} : () -> tensor<2x2x2x1xf32>
  %0 = tosa.conv2d %x, %w, %z, %z, %z {acc_type = f32, pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x32x32x1xf32>, tensor<2x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x32x32x2xf32>
  %1 = tosa.tanh %0 : (tensor<1x32x32x2xf32>) -> tensor<1x32x32x2xf32>
  %2 = tosa.avg_pool2d %1, %z, %z {acc_type = f32, kernel = array<i64: 16, 8>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 16, 8>} : (tensor<1x32x32x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x4x2xf32>
  %s = tosa.const_shape {values = dense<[1, 1, 16]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %3 = tosa.reshape %2, %s : (tensor<1x2x4x2xf32>, !tosa.shape<3>) -> tensor<1x1x16xf32>
  %4 = tosa.transpose %3 {perms = array<i32: 0, 2, 1>} : (tensor<1x1x16xf32>) -> tensor<1x16x1xf32>
  %5 = tosa.matmul %4, %3, %z, %z : (tensor<1x16x1xf32>, tensor<1x1x16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x16x16xf32>
  %6 = tosa.reduce_sum %5 {axis = 1 : i32} : (tensor<1x16x16xf32>) -> tensor<1x1x16xf32>
  %a = tosa.const_shape {values = dense<[0, 0, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %b = tosa.const_shape {values = dense<[1, 1, 10]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %7 = tosa.slice %6, %a, %b : (tensor<1x1x16xf32>, !tosa.shape<3>, !tosa.shape<3>) -> tensor<1x1x10xf32>
  %t = tosa.const_shape {values = dense<[1, 10]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %8 = tosa.reshape %7, %t : (tensor<1x1x10xf32>, !tosa.shape<2>) -> tensor<1x10xf32>
  %9 = tosa.argmax %8 {axis = 1 : i32} : (tensor<1x10xf32>) -> tensor<1xi32>
  return %8, %9 : tensor<1x10xf32>, tensor<1xi32>
}
)mlir";

class TensorEvaluatorTest : public testing::Test {
protected:
  TensorEvaluatorTest() {
    context.loadDialect<arith::ArithDialect, func::FuncDialect,
                        tosa::TosaDialect>();
    context.allowUnregisteredDialects();
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
      messages.push_back(diagnostic.str());
    });
  }

  func::FuncOp parse(StringRef text) {
    module = parseSourceString<ModuleOp>(text, &context);
    return module->lookupSymbol<func::FuncOp>("main");
  }
  /// Fails the test if the function cannot be run.
  TensorEvaluator create(StringRef text, TensorEvaluatorOptions options = {}) {
    auto evaluator = TensorEvaluator::create(parse(text), std::move(options));
    EXPECT_TRUE(succeeded(evaluator)) << testing::PrintToString(messages);
    return std::move(*evaluator);
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::vector<std::string> messages;
};

Tensor makeTensor(ArrayRef<int64_t> shape) {
  Tensor tensor(shape, ElementType::f32);
  uint32_t state = 7;
  for (float &value : tensor.data<float>()) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<float>(state >> 8) / (1 << 23) - 1;
  }
  return tensor;
}

bool equal(const Tensor &a, const Tensor &b) {
  return a.getShape() == b.getShape() &&
         a.getElementType() == b.getElementType() &&
         std::memcmp(a.getBytes(), b.getBytes(), a.getNumBytes()) == 0;
}

} // namespace

TEST_F(TensorEvaluatorTest, BatchesAndThreadsGiveTheBitsOfSingleSamples) {
  TensorEvaluator single = create(network);
  EXPECT_EQ(single.getBatchObstacle(), "");
  Tensor images = makeTensor({37, 32, 32, 1});
  auto batch = single.run(images);
  ASSERT_TRUE(succeeded(batch));
  EXPECT_THAT((*batch)[0].getShape(), ElementsAre(37, 10));
  EXPECT_THAT((*batch)[1].getShape(), ElementsAre(37));
  for (int64_t i = 0; i < 37; ++i) {
    auto one = single.run(images.slice(i, i + 1));
    ASSERT_TRUE(succeeded(one));
    EXPECT_TRUE(equal((*one)[0], (*batch)[0].slice(i, i + 1))) << i;
    EXPECT_TRUE(equal((*one)[1], (*batch)[1].slice(i, i + 1))) << i;
  }
  TensorEvaluatorOptions options;
  options.threads = 3;
  auto parallel = TensorEvaluator::create(
      module->lookupSymbol<func::FuncOp>("main"), std::move(options));
  auto again = parallel->run(images);
  ASSERT_TRUE(succeeded(again));
  EXPECT_TRUE(equal((*again)[0], (*batch)[0]));
  EXPECT_TRUE(equal((*again)[1], (*batch)[1]));
}

TEST_F(TensorEvaluatorTest, NoSamplesGiveEmptyResults) {
  auto results = create(network).run(Tensor({0, 32, 32, 1}, ElementType::f32));
  ASSERT_TRUE(succeeded(results));
  EXPECT_THAT((*results)[0].getShape(), ElementsAre(0, 10));
  EXPECT_THAT((*results)[1].getShape(), ElementsAre(0));
}

TEST_F(TensorEvaluatorTest, InputsWithoutSampleAxisMayHaveOneInFront) {
  TensorEvaluator evaluator = create(R"mlir(
    func.func @main(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
      %0 = tosa.reduce_max %x {axis = 1 : i32} : (tensor<2x3xf32>) -> tensor<2x1xf32>
      return %0 : tensor<2x1xf32>
    })mlir");
  Tensor images = makeTensor({4, 2, 3});
  auto stacked = evaluator.run(images);
  ASSERT_TRUE(succeeded(stacked));
  EXPECT_THAT(stacked->front().getShape(), ElementsAre(4, 2, 1));
  for (int64_t i = 0; i < 4; ++i) {
    auto one = evaluator.run(images.slice(i, i + 1).reshape({2, 3}));
    ASSERT_TRUE(succeeded(one));
    EXPECT_THAT(one->front().getShape(), ElementsAre(2, 1));
    EXPECT_TRUE(
        equal(one->front(), stacked->front().slice(i, i + 1).reshape({2, 1})));
  }
}

TEST_F(TensorEvaluatorTest, ArgumentsWithoutSampleAxisAreShared) {
  TensorEvaluator evaluator = create(R"mlir(
    func.func @main(%x: tensor<1x2xf32>, %w: tensor<1x2xf32>) -> tensor<1x2xf32> {
      %0 = tosa.add %x, %w : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
      return %0 : tensor<1x2xf32>
    })mlir");
  auto wrong = evaluator.run({makeTensor({3, 2}), makeTensor({1, 2})});
  EXPECT_TRUE(failed(wrong));
  EXPECT_THAT(messages,
              ElementsAre("'func.func' op needs as input #1 float32 of shape "
                          "[3, 2], but was given float32 of shape [1, 2]"));
}

TEST_F(TensorEvaluatorTest, WrongInputsAreReported) {
  TensorEvaluator evaluator = create(network);
  EXPECT_TRUE(failed(evaluator.run({})));
  EXPECT_TRUE(failed(evaluator.run(Tensor({2, 32, 32, 1}, ElementType::u8))));
  EXPECT_TRUE(failed(evaluator.run(makeTensor({2, 1, 32, 32}))));
  EXPECT_THAT(messages,
              ElementsAre(HasSubstr("needs 1 inputs, but was given 0"),
                          HasSubstr("but was given uint8 of shape [2, 32"),
                          HasSubstr("of shape [2, 32, 32, 1], but was given "
                                    "float32 of shape [2, 1, 32, 32]")));
}

static const char *const externalNetwork = R"mlir(
  func.func @main(%x: tensor<?x2xf32>) -> tensor<?x3xi32> {
    %0 = tosa.abs %x : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %1 = "test.simulate"(%0) : (tensor<?x2xf32>) -> tensor<?x3xi32>
    return %1 : tensor<?x3xi32>
  })mlir";

TEST_F(TensorEvaluatorTest, ExternalOpsGetTheBatchAndItsFirstSample) {
  TensorEvaluatorOptions options;
  options.threads = 2;
  std::vector<int64_t> calls;
  options.externalOps["test.simulate"] =
      [&](Operation *op, ArrayRef<Tensor> operands, int64_t firstSample) {
        calls.push_back(firstSample);
        Tensor result({operands[0].getShape()[0], 3}, ElementType::i32);
        for (int32_t &value : result.data<int32_t>())
          value = static_cast<int32_t>(firstSample);
        return SmallVector<Tensor>{result};
      };
  TensorEvaluator evaluator = create(externalNetwork, std::move(options));
  auto results = evaluator.run(makeTensor({200, 2}), /*firstSample=*/40);
  ASSERT_TRUE(succeeded(results));
  EXPECT_THAT(calls, ElementsAre(40));
  EXPECT_THAT(results->front().getShape(), ElementsAre(200, 3));
  EXPECT_EQ(results->front().data<int32_t>()[599], 40);
}

TEST_F(TensorEvaluatorTest, ExternalOpsMustGiveTheirResultType) {
  TensorEvaluatorOptions options;
  options.externalOps["test.simulate"] = [](Operation *op, ArrayRef<Tensor>,
                                            int64_t) {
    return SmallVector<Tensor>{Tensor({1, 3}, ElementType::i32)};
  };
  TensorEvaluator evaluator = create(externalNetwork, std::move(options));
  EXPECT_TRUE(failed(evaluator.run(makeTensor({2, 2}))));
  EXPECT_THAT(messages,
              ElementsAre("'test.simulate' op was executed outside the "
                          "evaluator, whose result #0 must have shape [2, 3] "
                          "and element type 'int32'"));
}

TEST_F(TensorEvaluatorTest, ObserversSeeEverySampleOnce) {
  TensorEvaluatorOptions options;
  options.threads = 2;
  TensorEvaluator evaluator = create(network, std::move(options));
  auto main = module->lookupSymbol<func::FuncOp>("main");
  Value tanh;
  main.walk([&](tosa::TanhOp op) { tanh = op; });
  int64_t samples = 0;
  evaluator.setObserver([&](Value value, const Tensor &tensor) {
    EXPECT_EQ(value, tanh);
    samples += tensor.getShape().front();
  });
  ASSERT_TRUE(succeeded(evaluator.observe(tanh)));
  ASSERT_TRUE(succeeded(evaluator.run(makeTensor({23, 32, 32, 1}))));
  EXPECT_EQ(samples, 23);
}

TEST_F(TensorEvaluatorTest, ForeignValuesCannotBeObserved) {
  TensorEvaluator evaluator = create(network);
  auto other = parseSourceString<ModuleOp>(externalNetwork, &context);
  Operation &op = other->getBody()->front().getRegion(0).front().front();
  EXPECT_TRUE(failed(evaluator.observe(op.getResult(0))));
}

TEST_F(TensorEvaluatorTest, ResourcesAreReadInPlace) {
  Tensor values = makeTensor({5});
  ArrayRef<char> bytes(static_cast<const char *>(values.getBytes()),
                       values.getNumBytes());
  AsmResourceBlob blob(bytes, 64, [](void *, size_t, size_t) {}, false);
  auto attribute = DenseResourceElementsAttr::get(
      RankedTensorType::get({5}, Float32Type::get(&context)), "blob",
      std::move(blob));
  auto main = parse("func.func @main() -> tensor<5xf32> {\n"
                    "  %0 = arith.constant dense<0.0> : tensor<5xf32>\n"
                    "  return %0 : tensor<5xf32>\n"
                    "}");
  main.walk([&](arith::ConstantOp op) { op.setValueAttr(attribute); });
  auto evaluator = TensorEvaluator::create(main);
  ASSERT_TRUE(succeeded(evaluator));
  auto results = evaluator->run({});
  ASSERT_TRUE(succeeded(results));
  EXPECT_EQ(results->front().getBytes(), values.getBytes());
}
