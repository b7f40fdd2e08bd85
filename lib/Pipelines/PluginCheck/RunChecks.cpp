//===- RunChecks.cpp - what a compiled network computes -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The network behind phase quantize is the one that the chip has to run, bit by
// bit. The interpreter says what it computes.
//
//===----------------------------------------------------------------------===//

#include "TargetChecker.h"
#include "mlir/Pass/PassManager.h"
#include "spikeformer/Dialect/PnR/Transforms/MappedDelivery.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Pipelines/Artefact.h"
#include "spikeformer/Pipelines/EngineComparison.h"
#include "spikeformer/Pipelines/ModelRunner.h"
#include "spikeformer/Reference/RandomNetwork.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

static snn::NetworkOp findNetwork(ModuleOp module) {
  auto networks = module.getOps<snn::NetworkOp>();
  return networks.empty() ? snn::NetworkOp() : *networks.begin();
}

static snn::SimulateOp findSimulate(ModuleOp module) {
  snn::SimulateOp found;
  module.walk([&](snn::SimulateOp op) { found = op; });
  return found;
}

/// Runs `request` on `executor`, which may be an error.
static llvm::Expected<RunResult>
runOn(llvm::Expected<std::unique_ptr<Executor>> executor,
      const RunRequest &request) {
  if (!executor)
    return executor.takeError();
  return (*executor)->run(request);
}

/// Empty if `actual` is what `expected` says.
static std::string compare(const ExpectedRun &expected,
                           llvm::Expected<RunResult> actual) {
  if (!actual)
    return llvm::toString(actual.takeError());
  return describeDifference(expected.result, *actual, expected.request);
}

/// Takes those probes out that `reader` does not have.
static void restrictProbes(RunRequest &request, const Executor &reader) {
  std::vector<std::string> populations = reader.getPopulations();
  llvm::erase_if(request.probes, [&](const Probe &probe) {
    if (!llvm::is_contained(populations, probe.population))
      return true;
    return !probe.state.empty() &&
           !llvm::is_contained(reader.getStates(probe.population), probe.state);
  });
}

/// A mapping is right if it verifies and delivers every spike once.
void TargetChecker::checkMapping(uint64_t seed, ModuleOp module,
                                 const ExpectedRun &expected) {
  snn::NetworkOp network = findNetwork(module);
  if (!network || !pnr::findMapping(network)) {
    log.leaveOut(Check::mapsEqual, "the target makes no pnr.mapping");
    return;
  }
  mlir::PassManager passes(module.getContext(), ModuleOp::getOperationName());
  passes.addPass(createPnRVerifyPass());
  std::string different =
      failed(passes.run(module))
          ? "the mapping does not verify"
          : compare(expected, runOn(createExecutor("reference", network),
                                    expected.request));
  if (different.empty())
    log.pass(Check::mapsEqual);
  else
    log.fail(Check::mapsEqual, seed, different, text);
}

std::optional<RunResult>
TargetChecker::checkArtefact(uint64_t seed, const ExpectedRun &expected) {
  MLIRContext context(dialects, MLIRContext::Threading::DISABLED);
  auto opened = openArtefact(sandbox.getPath("out/first"), context);
  auto result = opened ? opened->artefact->executor->run(expected.request)
                       : llvm::Expected<RunResult>(opened.takeError());
  std::string different =
      result ? describeDifference(expected.result, *result, expected.request)
             : llvm::toString(result.takeError());
  if (different.empty())
    log.pass(Check::runsEqual);
  else
    log.fail(Check::runsEqual, seed, "the artefact: " + different, text);
  return result ? std::optional(std::move(*result)) : std::nullopt;
}

void TargetChecker::checkRuns(uint64_t seed, ModuleOp quantised,
                              ModuleOp module) {
  snn::NetworkOp network = findNetwork(quantised);
  ExpectedRun expected;
  expected.request =
      makeRandomRequest(findSimulate(quantised), seed, numSamples);
  auto reader = target.openArtefact(sandbox.getPath("out/first"));
  if (reader)
    restrictProbes(expected.request, **reader);
  else
    llvm::consumeError(reader.takeError());
  auto executor = createExecutor("reference", network);
  auto result = executor ? (*executor)->run(expected.request)
                         : llvm::Expected<RunResult>(executor.takeError());
  if (!result) {
    log.fail(Check::runsEqual, seed,
             "the interpreter refuses what phase quantize makes: " +
                 llvm::toString(result.takeError()),
             text);
    return;
  }
  expected.latency = (*executor)->getLatency();
  expected.result = std::move(*result);
  std::string jit = compare(
      expected, runOn(createExecutor("jit", network), expected.request));
  if (!jit.empty())
    log.fail(Check::runsEqual, seed, "the JIT against the interpreter: " + jit,
             text);
  checkMapping(seed, module, expected);
  if (!hasPrograms)
    return;
  auto actual = checkArtefact(seed, expected);
  if (!actual)
    return;
  expected.result = std::move(*actual);
  if (llvm::Error error = checkFiles(seed, expected))
    log.fail(Check::programFiles, seed, llvm::toString(std::move(error)), text);
}
