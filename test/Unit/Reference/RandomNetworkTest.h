//===- RandomNetworkTest.h - tests of random networks -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the parts of a random module and runs it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_REFERENCE_RANDOMNETWORKTEST_H
#define SPIKEFORMER_TEST_UNIT_REFERENCE_RANDOMNETWORKTEST_H

#include "ReferenceTest.h"
#include "spikeformer/Reference/RandomNetwork.h"

namespace spikeformer {
class RandomNetworkTest : public ReferenceTest {
protected:
  std::string print(mlir::ModuleOp module) {
    std::string text;
    llvm::raw_string_ostream os(text);
    module.print(os);
    return text;
  }
  static snn::SimulateOp getSimulate(mlir::ModuleOp module) {
    snn::SimulateOp simulate;
    module.walk([&](snn::SimulateOp op) { simulate = op; });
    return simulate;
  }
  static snn::NetworkOp getNetwork(mlir::ModuleOp module) {
    return *module.getOps<snn::NetworkOp>().begin();
  }
  /// What the reference interpreter gives for two samples.
  llvm::Expected<RunResult> runRandom(mlir::ModuleOp module, uint64_t seed) {
    auto made = createReferenceExecutor(getNetwork(module));
    if (mlir::failed(made))
      return llvm::createStringError("no executor");
    return (*made)->run(makeRandomRequest(getSimulate(module), seed, 2));
  }
  static int64_t countSpikes(const RunResult &result) {
    int64_t spikes = 0;
    for (const auto &[name, statistics] : result.populations)
      spikes += statistics.spikes;
    return spikes;
  }
};
} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_REFERENCE_RANDOMNETWORKTEST_H
