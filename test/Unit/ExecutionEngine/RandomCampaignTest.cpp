//===- RandomCampaignTest.cpp - the engines on random networks ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Interpreter and JIT agree in every spike, state and counter of 500 random
// networks, at 1 and 2 threads, every optimisation level, and through text and
// bytecode by turns. More: `sf-random --compare`.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/MLIRContext.h"
#include "spikeformer/Pipelines/EngineComparison.h"
#include "spikeformer/Reference/RandomNetwork.h"
#include "gtest/gtest.h"
#include <limits>

using namespace spikeformer;

static EngineComparison runSeed(uint64_t seed) {
  mlir::DialectRegistry registry;
  registry.insert<snn::SNNDialect, mlir::arith::ArithDialect,
                  mlir::func::FuncDialect, mlir::math::MathDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  auto module = createRandomNetwork(&context, seed);
  snn::SimulateOp simulate;
  module->walk([&](snn::SimulateOp op) { simulate = op; });
  return compareEngines(simulate, seed);
}

TEST(RandomCampaign, EnginesAgree) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    EngineComparison comparison = runSeed(seed);
    EXPECT_EQ(comparison.outcome, EngineOutcome::equal)
        << "seed " << seed << ": " << comparison.what;
  }
}

//===----------------------------------------------------------------------===//
// What counts as a difference
//===----------------------------------------------------------------------===//

/// Two samples of three steps of two neurons.
static RunResult makeResult(std::initializer_list<float> values) {
  RunResult result;
  Tensor tensor({2, 3, 2}, ElementType::f32);
  std::copy(values.begin(), values.end(), tensor.data<float>().begin());
  result.recordings.insert({"p.v", tensor});
  result.populations.insert({"p", {2, 5}});
  return result;
}

TEST(RandomCampaign, ZerosOfEitherSignDiffer) {
  RunRequest request;
  request.firstSample = 7;
  RunResult a = makeResult({0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0f, 0, 1});
  RunResult b = makeResult({0, 0, 0, 0, 0, 0, 0, 0, 0, -0.0f, 0, 2});
  EXPECT_EQ(describeDifference(a, a, request), "");
  EXPECT_EQ(describeDifference(a, b, request),
            "p.v, sample 8, step 1, neuron 1: needs 0, has -0");
}

TEST(RandomCampaign, AllNaNsAreTheSame) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  RunResult a = makeResult({nan}), b = makeResult({-nan});
  EXPECT_EQ(describeDifference(a, b, {}), "");
  EXPECT_NE(describeDifference(a, makeResult({0}), {}), "");
}

TEST(RandomCampaign, CountersDiffer) {
  RunResult a = makeResult({}), b = makeResult({});
  b.populations["p"].spikes = 6;
  EXPECT_EQ(describeDifference(a, b, {}), "spikes of p: needs 5, has 6");
  b = a;
  b.synapticEvents = 1;
  EXPECT_EQ(describeDifference(a, b, {}), "synaptic events: needs 0, has 1");
}
