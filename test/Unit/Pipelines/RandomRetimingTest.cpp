//===- RandomRetimingTest.cpp - retimed networks spike the same -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Retimed and relayed, a random network gives the outputs that it gave, and
// every population the spikes and states, as many steps later as the relation
// says.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"
#include "spikeformer/ExecutionEngine/JITExecutor.h"
#include "spikeformer/Reference/Interpreter.h"
#include "spikeformer/Reference/RandomNetwork.h"
#include "gtest/gtest.h"

using namespace spikeformer;

namespace {

class RandomRetiming : public ::testing::Test {
protected:
  RandomRetiming() : context(makeRegistry(), MLIRContext::Threading::DISABLED) {
    context.loadAllAvailableDialects();
  }

  static DialectRegistry makeRegistry() {
    DialectRegistry registry;
    registry.insert<snn::SNNDialect, arith::ArithDialect, func::FuncDialect,
                    math::MathDialect>();
    return registry;
  }

  /// Runs the passes; false where they refuse the network.
  bool rewrite(ModuleOp module, uint64_t seed) {
    ScopedDiagnosticHandler quiet(&context,
                                  [](Diagnostic &) { return success(); });
    PassManager passes(&context);
    int64_t least = 1 + seed % 3;
    passes.addPass(createSNNRetimePass({least}));
    passes.addPass(createSNNInsertRelaysPass({least, 2 * least + 1}));
    return succeeded(passes.run(module));
  }

  static snn::SimulateOp getSimulation(ModuleOp module) {
    snn::SimulateOp simulate;
    module.walk([&](snn::SimulateOp op) { simulate = op; });
    return simulate;
  }

  static std::unique_ptr<Executor> makeExecutor(ModuleOp module) {
    snn::SimulateOp simulate = getSimulation(module);
    auto network = SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
        simulate, simulate.getNetworkAttr());
    auto executor = createReferenceExecutor(network);
    EXPECT_TRUE(succeeded(executor));
    return std::move(*executor);
  }

  MLIRContext context;
};

/// Row `step` of sample `sample` of a recording [sample, step, ...].
StringRef getRow(const Tensor &recording, int64_t sample, int64_t step) {
  llvm::ArrayRef<int64_t> shape = recording.getShape();
  size_t bytes = recording.getNumBytes() / (shape[0] * shape[1]);
  return StringRef(static_cast<const char *>(recording.getBytes()),
                   recording.getNumBytes())
      .substr((sample * shape[1] + step) * bytes, bytes);
}

/// The first sample and step in which `later` is not `earlier`, `shift` steps
/// later; empty: none.
std::string findDifference(const Tensor &earlier, const Tensor &later,
                           int64_t shift) {
  int64_t samples = earlier.getShape()[0];
  int64_t steps = std::min(earlier.getShape()[1], later.getShape()[1] - shift);
  for (int64_t sample = 0; sample < samples; ++sample)
    for (int64_t step = 0; step < steps; ++step)
      if (getRow(earlier, sample, step) != getRow(later, sample, step + shift))
        return "sample " + std::to_string(sample) + " step " +
               std::to_string(step);
  return "";
}

} // namespace

TEST_F(RandomRetiming, SpikesAreTheSameLater) {
  int compared = 0, relayed = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    auto module = createRandomNetwork(&context, seed);
    OwningOpRef<ModuleOp> later(module->clone());
    if (!rewrite(*later, seed))
      continue;
    RunRequest request = makeRandomRequest(getSimulation(*module), seed, 2);
    auto before = makeExecutor(*module)->run(request);
    auto after = makeExecutor(*later)->run(request);
    if (!before || !after) {
      EXPECT_EQ(bool(before), bool(after)) << "seed " << seed;
      llvm::consumeError(before.takeError());
      llvm::consumeError(after.takeError());
      continue;
    }
    ++compared;
    relayed += after->populations.size() > before->populations.size();
    for (auto [index, output] : llvm::enumerate(before->outputs))
      EXPECT_EQ(findDifference(output, after->outputs[index], 0), "")
          << "seed " << seed << " output " << index;
    auto relations = snn::RelationChain::create(*later);
    for (const auto &[key, recording] : before->recordings) {
      snn::Origin origin = relations->trace(StringRef(key).split('.').first);
      EXPECT_EQ(findDifference(recording, after->recordings[key],
                               origin.steps.value_or(0)),
                "")
          << "seed " << seed << " " << key;
    }
  }
  EXPECT_GE(compared, 100);
  EXPECT_GE(relayed, 20);
}
