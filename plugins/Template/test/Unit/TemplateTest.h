//===- TemplateTest.h - the plugin in a host --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads the shared object as a tool does, so that what is tested is what users
// load; nothing of the plugin is linked in.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TEST_UNIT_TEMPLATETEST_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TEST_UNIT_TEMPLATETEST_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/ExecutionEngine/JITExecutor.h"
#include "spikeformer/Pipelines/ToolMain.h"
#include "spikeformer/PluginAPI/EmitContext.h"
#include "spikeformer/Reference/Interpreter.h"
#include "llvm/Support/FileSystem.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <random>

namespace spikeformer {

class TemplateTest : public testing::Test {
protected:
  TemplateTest() : context(mlir::MLIRContext::Threading::DISABLED) {
    mlir::DialectRegistry dialects;
    getRegistry().appendDialects(dialects);
    dialects.insert<mlir::func::FuncDialect>();
    context.appendDialectRegistry(dialects);
    context.loadAllAvailableDialects();
  }

  ~TemplateTest() override {
    if (!directory.empty())
      llvm::sys::fs::remove_directories(directory);
  }

  /// Core and the plugin, once per process.
  static PluginRegistry &getRegistry() {
    static llvm::Error error =
        initialisePlugins({TEMPLATE_PLUGIN}, PluginRegistry::get());
    if (error)
      llvm::report_fatal_error(std::move(error));
    return PluginRegistry::get();
  }

  const Target &getTarget() {
    return *llvm::cantFail(getRegistry().getTarget("template"));
  }

  void parse(llvm::StringRef text) {
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    ASSERT_TRUE(module);
  }

  snn::NetworkOp getNetwork() {
    return *module->getOps<snn::NetworkOp>().begin();
  }

  /// Runs the target's passes of all phases.
  mlir::LogicalResult compile(const TargetOptions &options = {}) {
    mlir::PassManager passes(&context);
    for (Phase phase : getPhases())
      getTarget().addPasses(phase, passes, options);
    return passes.run(*module);
  }

  /// Emits the module and returns the directory.
  std::string emit() {
    llvm::SmallString<128> path;
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("artefact", path));
    directory = path.str().str();
    emitContext.emplace(directory);
    llvm::Error error = getTarget().emit(*module, *emitContext);
    EXPECT_FALSE(error) << llvm::toString(std::move(error));
    return directory;
  }

  std::unique_ptr<Executor> makeReference() {
    auto executor = createReferenceExecutor(getNetwork());
    EXPECT_TRUE(mlir::succeeded(executor));
    return std::move(*executor);
  }

  /// Random input for every input of the network, a spike with probability
  /// one half.
  RunRequest makeRequest(int64_t samples, int64_t timesteps) {
    std::mt19937 random(1);
    RunRequest request;
    request.samples = samples;
    request.timesteps = timesteps;
    for (mlir::Type type : getNetwork().getFunctionType().getInputs()) {
      llvm::SmallVector<int64_t> shape{samples, timesteps};
      llvm::append_range(shape, mlir::cast<snn::SignalType>(type).getShape());
      Tensor &input = request.inputs.emplace_back(shape, ElementType::u8);
      for (uint8_t &element : input.data<uint8_t>())
        element = random() % 2;
    }
    return request;
  }

  static void expectEqual(const Tensor &a, const Tensor &b) {
    ASSERT_EQ(a.getElementType(), b.getElementType());
    ASSERT_EQ(a.getShape(), b.getShape());
    for (int64_t k = 0, e = a.getNumElements(); k < e; ++k)
      ASSERT_EQ(a.getAsDouble(k), b.getAsDouble(k)) << "element " << k;
  }

  static void expectEqual(const RunResult &a, const RunResult &b) {
    ASSERT_EQ(a.outputs.size(), b.outputs.size());
    for (auto [x, y] : llvm::zip(a.outputs, b.outputs))
      expectEqual(x, y);
    ASSERT_EQ(a.recordings.size(), b.recordings.size());
    for (auto [x, y] : llvm::zip(a.recordings, b.recordings)) {
      ASSERT_EQ(x.first, y.first);
      expectEqual(x.second, y.second);
    }
    ASSERT_EQ(a.populations.size(), b.populations.size());
    for (auto [x, y] : llvm::zip(a.populations, b.populations)) {
      EXPECT_EQ(x.first, y.first);
      EXPECT_EQ(x.second.neurons, y.second.neurons);
      EXPECT_EQ(x.second.spikes, y.second.spikes);
    }
    EXPECT_EQ(a.inputEvents, b.inputEvents);
    EXPECT_EQ(a.synapticEvents, b.synapticEvents);
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::optional<EmitContext> emitContext;
  std::string directory;
};

} // namespace spikeformer

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TEST_UNIT_TEMPLATETEST_H
