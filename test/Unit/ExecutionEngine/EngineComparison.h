//===- EngineComparison.h - two engines on one network ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a network in the JIT and in the reference interpreter, records all that
// can be recorded, and expects the same bits.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_EXECUTIONENGINE_ENGINECOMPARISON_H
#define SPIKEFORMER_TEST_UNIT_EXECUTIONENGINE_ENGINECOMPARISON_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer-rt/Random.h"
#include "spikeformer/ExecutionEngine/JITExecutor.h"
#include "spikeformer/Reference/Interpreter.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <cstring>

namespace spikeformer {

class EngineComparison : public testing::Test {
protected:
  EngineComparison() : context(mlir::MLIRContext::Threading::DISABLED) {
    context.loadDialect<snn::SNNDialect, mlir::func::FuncDialect>();
  }

  /// Makes both executors of the first network of `text`.
  void load(llvm::StringRef text, const JITOptions &options = {}) {
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    ASSERT_TRUE(module);
    network = *module->getOps<snn::NetworkOp>().begin();
    auto made = createReferenceExecutor(network);
    ASSERT_TRUE(mlir::succeeded(made));
    reference = std::move(*made);
    auto compiled = createJITExecutor(network, options);
    ASSERT_TRUE(static_cast<bool>(compiled))
        << llvm::toString(compiled.takeError());
    jit = std::move(*compiled);
    EXPECT_EQ(jit->getLatency(), reference->getLatency());
    EXPECT_EQ(jit->getPopulations(), reference->getPopulations());
    for (const std::string &population : reference->getPopulations())
      EXPECT_EQ(jit->getStates(population), reference->getStates(population));
  }

  /// A tensor for a network input; `steps` 0 makes a held one. About one of
  /// `sparsity` elements is not 0.
  static Tensor makeInput(snn::SignalType type, int64_t samples, int64_t steps,
                          uint64_t seed, unsigned sparsity = 3) {
    llvm::SmallVector<int64_t> shape{samples};
    if (steps)
      shape.push_back(steps);
    llvm::append_range(shape, type.getShape());
    bool isReal = llvm::isa<mlir::FloatType>(type.getElementType());
    Tensor tensor(shape, isReal ? ElementType::f64 : ElementType::i32);
    for (int64_t k = 0, e = tensor.getNumElements(); k < e; ++k) {
      uint64_t bits = rt::hashMix(rt::hashMix(seed) + k);
      if (bits % sparsity)
        continue;
      bits >>= 20;
      if (isReal) {
        tensor.data<double>()[k] = double(bits % 2048) * 0x1.234p-11;
        continue;
      }
      int32_t &value = tensor.data<int32_t>()[k];
      switch (type.getKind()) {
      case snn::AlphabetKind::binary:
        value = 1;
        break;
      case snn::AlphabetKind::ternary:
        value = bits % 2 ? 1 : -1;
        break;
      case snn::AlphabetKind::count:
        value = bits % (type.getLimit() + 1);
        break;
      default:
        value = int32_t(bits % 256) -
                (type.getCarrier().isUnsignedInteger() ? 0 : 128);
      }
    }
    return tensor;
  }

  /// A request with random inputs, the ones in `held` held, that records
  /// everything.
  RunRequest request(int64_t samples, int64_t timesteps,
                     llvm::ArrayRef<unsigned> held = {}) {
    RunRequest request;
    request.samples = samples;
    request.timesteps = timesteps;
    request.firstSample = 5;
    for (auto [index, type] :
         llvm::enumerate(network.getFunctionType().getInputs()))
      request.inputs.push_back(
          makeInput(llvm::cast<snn::SignalType>(type), samples,
                    llvm::is_contained(held, index) ? 0 : timesteps, index));
    for (const std::string &population : reference->getPopulations()) {
      request.probes.push_back({population, ""});
      for (const std::string &state : reference->getStates(population))
        request.probes.push_back({population, state});
    }
    for (auto encode : network.getBody().getOps<snn::EncodeOp>())
      request.probes.push_back({encode.getName().str(), ""});
    request.probes.push_back({"output", ""});
    return request;
  }

  static void expectSame(const Tensor &got, const Tensor &want,
                         const std::string &what) {
    ASSERT_EQ(got.getShape(), want.getShape()) << what;
    ASSERT_EQ(got.getElementType(), want.getElementType()) << what;
    if (std::memcmp(got.getBytes(), want.getBytes(), got.getNumBytes()) == 0)
      return;
    unsigned size = getElementSize(got.getElementType());
    for (int64_t k = 0, e = got.getNumElements(); k < e; ++k)
      ASSERT_EQ(std::memcmp((const char *)got.getBytes() + k * size,
                            (const char *)want.getBytes() + k * size, size),
                0)
          << what << ", element " << k << ": got " << got.getAsDouble(k)
          << ", want " << want.getAsDouble(k);
  }

  static void expectSame(const RunResult &got, const RunResult &want) {
    ASSERT_EQ(got.outputs.size(), want.outputs.size());
    for (size_t k = 0; k < got.outputs.size(); ++k)
      expectSame(got.outputs[k], want.outputs[k],
                 "output " + std::to_string(k));
    ASSERT_EQ(got.recordings.size(), want.recordings.size());
    for (const auto &[key, tensor] : want.recordings)
      expectSame(got.recordings.find(key)->second, tensor, key);
    ASSERT_EQ(got.populations.size(), want.populations.size());
    for (const auto &[name, statistics] : want.populations) {
      auto found = got.populations.find(name);
      ASSERT_NE(found, got.populations.end()) << name;
      EXPECT_EQ(found->second.neurons, statistics.neurons) << name;
      EXPECT_EQ(found->second.spikes, statistics.spikes) << name;
    }
    EXPECT_EQ(got.inputEvents, want.inputEvents);
    EXPECT_EQ(got.synapticEvents, want.synapticEvents);
  }

  /// Runs `request` with several numbers of threads; returns what the reference
  /// gives.
  RunResult compare(RunRequest request) {
    llvm::Expected<RunResult> want = reference->run(request);
    if (!want) {
      ADD_FAILURE() << llvm::toString(want.takeError());
      return {};
    }
    for (unsigned threads : {1, 3}) {
      request.threads = threads;
      llvm::Expected<RunResult> got = jit->run(request);
      if (!got) {
        ADD_FAILURE() << llvm::toString(got.takeError());
        continue;
      }
      expectSame(*got, *want);
    }
    return std::move(*want);
  }

  /// Both engines on random inputs: all per step, all held, carried over.
  RunResult compareAll(int64_t timesteps = 12) {
    RunRequest stepped = request(4, timesteps);
    RunResult result = compare(stepped);
    stepped.resetPerSample = false;
    compare(stepped);
    llvm::SmallVector<unsigned> all = llvm::to_vector(
        llvm::seq<unsigned>(0, network.getFunctionType().getNumInputs()));
    if (all.empty())
      return result;
    RunRequest held = request(3, timesteps, all);
    compare(held);
    held.resetPerSample = false;
    compare(held);
    if (all.size() > 1)
      compare(request(2, timesteps, ArrayRef(all).drop_front()));
    return result;
  }

  static int64_t countSpikes(const RunResult &result, llvm::StringRef name) {
    auto found = result.populations.find(name.str());
    return found == result.populations.end() ? -1 : found->second.spikes;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  snn::NetworkOp network;
  std::unique_ptr<Executor> reference, jit;
};

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_EXECUTIONENGINE_ENGINECOMPARISON_H
