//===- RandomCampaignTest.cpp - the engines on random networks ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Interpreter and JIT agree in every spike, state and counter of 300 random
// networks, at 1 and 2 threads and every optimisation level by turns. More:
// SPIKEFORMER_CAMPAIGN_FIRST and SPIKEFORMER_CAMPAIGN_COUNT.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/MLIRContext.h"
#include "spikeformer/ExecutionEngine/JITExecutor.h"
#include "spikeformer/Reference/Interpreter.h"
#include "spikeformer/Reference/RandomNetwork.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstdlib>
#include <cstring>

using namespace spikeformer;

/// The number in environment variable `name`, or `otherwise`.
static uint64_t getNumber(const char *name, uint64_t otherwise) {
  const char *text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// First element in which `a` and `b` differ, -1 if there is none. Which NaN an
/// operation returns is open, so any two are equal.
static int64_t findDifference(const Tensor &a, const Tensor &b) {
  if (a.getShape() != b.getShape() || a.getElementType() != b.getElementType())
    return 0;
  unsigned size = getElementSize(a.getElementType());
  auto *left = static_cast<const char *>(a.getBytes());
  auto *right = static_cast<const char *>(b.getBytes());
  for (int64_t k = 0, e = a.getNumElements(); k < e; ++k)
    if (std::memcmp(left + k * size, right + k * size, size) &&
        !(std::isnan(a.getAsDouble(k)) && std::isnan(b.getAsDouble(k))))
      return k;
  return -1;
}

/// What differs between two results; empty if nothing does.
static std::string compare(const RunResult &a, const RunResult &b) {
  for (size_t o = 0; o < a.outputs.size(); ++o)
    if (int64_t k = findDifference(a.outputs[o], b.outputs[o]); k >= 0)
      return "output " + std::to_string(o) + " at " + std::to_string(k);
  for (const auto &[key, recording] : a.recordings) {
    auto other = b.recordings.find(key);
    if (other == b.recordings.end())
      return "no recording of " + key;
    if (int64_t k = findDifference(recording, other->second); k >= 0)
      return key + " at " + std::to_string(k);
  }
  for (const auto &[name, statistics] : a.populations) {
    auto other = b.populations.find(name);
    if (other == b.populations.end() ||
        other->second.spikes != statistics.spikes)
      return "spikes of " + name;
  }
  if (a.inputEvents != b.inputEvents)
    return "input events";
  return a.synapticEvents == b.synapticEvents ? "" : "synaptic events";
}

static std::string runSeed(uint64_t seed) {
  mlir::DialectRegistry registry;
  registry.insert<snn::SNNDialect, mlir::arith::ArithDialect,
                  mlir::func::FuncDialect, mlir::math::MathDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  auto module = createRandomNetwork(&context, seed);
  snn::SimulateOp simulate;
  module->walk([&](snn::SimulateOp op) { simulate = op; });
  snn::NetworkOp network = *module->getOps<snn::NetworkOp>().begin();

  auto reference = createReferenceExecutor(network);
  JITOptions options;
  options.optLevel = seed % 4;
  auto jit = createJITExecutor(network, options);
  if (mlir::failed(reference) || !jit)
    return "cannot be made: " +
           (jit ? std::string("reference") : llvm::toString(jit.takeError()));
  RunRequest request = makeRandomRequest(simulate, seed, /*samples=*/3);
  auto expected = (*reference)->run(request);
  request.threads = 1 + seed % 2;
  auto actual = (*jit)->run(request);
  if (!expected || !actual)
    return "cannot run: " +
           llvm::toString(expected ? actual.takeError() : expected.takeError());
  return compare(*expected, *actual);
}

TEST(RandomCampaign, EnginesAgree) {
  uint64_t first = getNumber("SPIKEFORMER_CAMPAIGN_FIRST", 0);
  uint64_t count = getNumber("SPIKEFORMER_CAMPAIGN_COUNT", 300);
  for (uint64_t seed = first; seed < first + count; ++seed)
    EXPECT_EQ(runSeed(seed), "") << "seed " << seed;
}
