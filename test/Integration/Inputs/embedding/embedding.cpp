//===- embedding.cpp - SpikeFormer inside another compiler ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compiler that has TOSA of its own: it runs an upstream pass, hands the
// module over to the conversion in the same pipeline, and runs what comes out.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "spikeformer/Conversion/TosaToSNN/Passes.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/ExecutionEngine/JITExecutor.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

int main(int, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<mlir::func::FuncDialect, mlir::tensor::TensorDialect,
                  mlir::tosa::TosaDialect, snn::SNNDialect>();
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(argv[1], &context);
  if (!module)
    return 1;

  mlir::PassManager pipeline(&context);
  pipeline.addPass(mlir::createCSEPass());
  pipeline.addNestedPass<mlir::func::FuncOp>(createTosaFoldBatchNormPass());
  ConvertTosaToSNNPassOptions options;
  options.timesteps = 8;
  pipeline.addPass(createConvertTosaToSNNPass(options));
  if (failed(pipeline.run(*module)))
    return 1;
  module->print(llvm::outs());

  auto network = *module->getOps<snn::NetworkOp>().begin();
  auto executor = createJITExecutor(network);
  if (!executor) {
    llvm::errs() << llvm::toString(executor.takeError()) << "\n";
    return 1;
  }
  RunRequest request;
  request.timesteps = 8;
  Tensor input({1, 2}, ElementType::f32);
  input.data<float>()[0] = 1.0f;
  input.data<float>()[1] = 0.5f;
  request.inputs = {input};
  auto result = (*executor)->run(request);
  if (!result) {
    llvm::errs() << llvm::toString(result.takeError()) << "\n";
    return 1;
  }
  for (auto &[name, statistics] : result->populations)
    llvm::outs() << name << ": " << statistics.spikes << " spikes\n";
  return 0;
}
