//===- ReferenceTest.h - networks as text -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads a network from text and runs it in the reference interpreter.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_REFERENCE_REFERENCETEST_H
#define SPIKEFORMER_TEST_UNIT_REFERENCE_REFERENCETEST_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Reference/Interpreter.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace spikeformer {

/// A tensor of `values`.
template <typename T>
Tensor makeTensor(llvm::ArrayRef<int64_t> shape, std::vector<T> values) {
  Tensor tensor(shape, elementTypeOf<T>());
  llvm::copy(values, tensor.data<T>().begin());
  return tensor;
}

/// All elements of `tensor`, which has the element type T.
template <typename T>
std::vector<T> valuesOf(const Tensor &tensor) {
  EXPECT_EQ(elementTypeOf<T>(), tensor.getElementType());
  return tensor.data<T>().vec();
}

class ReferenceTest : public testing::Test {
protected:
  ReferenceTest() : context(mlir::MLIRContext::Threading::DISABLED) {
    context.loadDialect<snn::SNNDialect, mlir::func::FuncDialect>();
  }

  /// Makes the executor of the first network of `text`.
  void load(llvm::StringRef text) {
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    ASSERT_TRUE(module);
    auto made =
        createReferenceExecutor(*module->getOps<snn::NetworkOp>().begin());
    ASSERT_TRUE(mlir::succeeded(made));
    executor = std::move(*made);
  }

  /// The diagnostic with which `text` is refused.
  std::string loadError(llvm::StringRef text) {
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    if (!module)
      return "does not parse";
    std::string message;
    mlir::ScopedDiagnosticHandler handler(
        &context,
        [&](mlir::Diagnostic &diagnostic) { message = diagnostic.str(); });
    auto made =
        createReferenceExecutor(*module->getOps<snn::NetworkOp>().begin());
    return mlir::failed(made) ? message : "accepted";
  }

  RunResult run(const RunRequest &request) {
    llvm::Expected<RunResult> result = executor->run(request);
    if (result)
      return std::move(*result);
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }

  std::string runError(const RunRequest &request) {
    llvm::Expected<RunResult> result = executor->run(request);
    return result ? "" : llvm::toString(result.takeError());
  }

  /// One sample of `timesteps` steps that records `probes`.
  static RunRequest request(int64_t timesteps, std::vector<Tensor> inputs,
                            std::vector<Probe> probes = {}) {
    RunRequest request;
    request.timesteps = timesteps;
    request.inputs = std::move(inputs);
    request.probes = std::move(probes);
    return request;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::unique_ptr<Executor> executor;
};

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_REFERENCE_REFERENCETEST_H
