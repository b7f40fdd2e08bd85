//===- EngineComparison.cpp - both engines on random inputs ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/EngineComparison.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/ExecutionEngine/JITExecutor.h"
#include "spikeformer/Reference/Interpreter.h"
#include "spikeformer/Reference/RandomNetwork.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include <cmath>
#include <cstring>

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

static constexpr size_t kBytecodeAlignment = 64;

/// First element in which `a` and `b`, of one type and shape, differ; -1 if
/// there is none.
static int64_t findDifference(const Tensor &a, const Tensor &b) {
  unsigned size = getElementSize(a.getElementType());
  auto *left = static_cast<const char *>(a.getBytes());
  auto *right = static_cast<const char *>(b.getBytes());
  for (int64_t k = 0, e = a.getNumElements(); k < e; ++k)
    if (std::memcmp(left + k * size, right + k * size, size) &&
        !(std::isnan(a.getAsDouble(k)) && std::isnan(b.getAsDouble(k))))
      return k;
  return -1;
}

namespace {
/// Keeps the earliest difference.
class DifferenceFinder {
public:
  explicit DifferenceFinder(int64_t firstSample) : firstSample(firstSample) {}

  void compare(StringRef name, const Tensor &a, const Tensor &b);
  const std::string &getText() const { return text; }

private:
  int64_t firstSample;
  std::string text;
  /// Sample and step of the difference in `text`.
  std::pair<int64_t, int64_t> place;
};
} // namespace

/// Both are [sample, step, ...shape].
void DifferenceFinder::compare(StringRef name, const Tensor &a,
                               const Tensor &b) {
  if (a.getShape() != b.getShape() ||
      a.getElementType() != b.getElementType()) {
    text = (name + " has another type or shape").str();
    place = {-1, -1};
    return;
  }
  int64_t k = findDifference(a, b);
  if (k < 0)
    return;
  int64_t steps = a.getShape()[1];
  int64_t neurons = a.getNumElements() / a.getShape()[0] / steps;
  auto found = std::make_pair(k / neurons / steps, k / neurons % steps);
  if (!text.empty() && place <= found)
    return;
  place = found;
  text.clear();
  llvm::raw_string_ostream(text)
      << name << ", sample " << firstSample + place.first << ", step "
      << place.second << ", neuron " << k % neurons
      << llvm::format(": needs %.17g, has %.17g", a.getAsDouble(k),
                      b.getAsDouble(k));
}

/// The counters in which two runs differ.
static std::string compareCounters(const RunResult &a, const RunResult &b) {
  std::string text;
  auto compare = [&](StringRef name, int64_t inA, int64_t inB) {
    if (text.empty() && inA != inB)
      text = llvm::formatv("{0}: needs {1}, has {2}", name, inA, inB);
  };
  for (const auto &[name, statistics] : a.populations) {
    auto found = b.populations.find(name);
    compare("spikes of " + name, statistics.spikes,
            found == b.populations.end() ? -1 : found->second.spikes);
  }
  compare("input spikes", a.inputEvents, b.inputEvents);
  compare("synaptic events", a.synapticEvents, b.synapticEvents);
  return text;
}

std::string spikeformer::describeDifference(const RunResult &reference,
                                            const RunResult &actual,
                                            const RunRequest &request) {
  if (reference.outputs.size() != actual.outputs.size())
    return "the number of outputs";
  DifferenceFinder finder(request.firstSample);
  for (const auto &[key, recording] : reference.recordings) {
    auto found = actual.recordings.find(key);
    if (found == actual.recordings.end())
      return "no recording of " + key;
    finder.compare(key, recording, found->second);
  }
  for (size_t o = 0; o < reference.outputs.size(); ++o)
    finder.compare("output " + std::to_string(o), reference.outputs[o],
                   actual.outputs[o]);
  return finder.getText().empty() ? compareCounters(reference, actual)
                                  : finder.getText();
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

static llvm::Expected<RunResult> runReference(snn::NetworkOp network,
                                              const RunRequest &request) {
  auto executor = createReferenceExecutor(network);
  if (failed(executor))
    return llvm::createStringError("the interpreter refuses the network");
  return (*executor)->run(request);
}

static llvm::Expected<RunResult> runJIT(snn::NetworkOp network,
                                        const RunRequest &request,
                                        const JITOptions &options) {
  auto executor = createJITExecutor(network, options);
  if (!executor)
    return executor.takeError();
  return (*executor)->run(request);
}

/// The module of `simulate`, written and read back: as text or as bytecode.
static OwningOpRef<ModuleOp> roundTrip(snn::SimulateOp simulate,
                                       bool asBytecode) {
  auto module = simulate->getParentOfType<ModuleOp>();
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (!asBytecode)
    module.print(os);
  else if (failed(mlir::writeBytecodeToFile(module, os)))
    return nullptr;
  // Resources of bytecode are used where they lie, which has to be aligned.
  auto buffer = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(
      bytes.size(), "round trip", llvm::Align(kBytecodeAlignment));
  llvm::copy(bytes, buffer->getBufferStart());
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  return mlir::parseSourceFile<ModuleOp>(sources, simulate.getContext());
}

static snn::SimulateOp findSimulation(ModuleOp module) {
  snn::SimulateOp found;
  module.walk([&](snn::SimulateOp op) { found = op; });
  return found;
}

static snn::NetworkOp findNetwork(snn::SimulateOp simulate) {
  return SymbolTable::lookupNearestSymbolFrom<snn::NetworkOp>(
      simulate, simulate.getNetworkAttr());
}

EngineComparison spikeformer::compareEngines(snn::SimulateOp simulate,
                                             uint64_t seed) {
  std::string diagnostics;
  ScopedDiagnosticHandler watch(simulate.getContext(), [&](Diagnostic &seen) {
    diagnostics += ": " + seen.str();
    return success();
  });
  RunRequest request = makeRandomRequest(simulate, seed, numComparedSamples);
  auto reference = runReference(findNetwork(simulate), request);
  if (!reference)
    return {EngineOutcome::referenceFails,
            llvm::toString(reference.takeError()) + diagnostics};
  JITOptions options;
  options.optLevel = seed % 4;
  request.threads = 1 + seed % 2;
  bool asBytecode = seed / 8 % 2;
  OwningOpRef<ModuleOp> copy = roundTrip(simulate, asBytecode);
  if (!copy)
    return {EngineOutcome::jitFails,
            (asBytecode ? "its bytecode" : "its text") +
                std::string(" cannot be read back") + diagnostics};
  auto actual = runJIT(findNetwork(findSimulation(*copy)), request, options);
  if (!actual)
    return {EngineOutcome::jitFails,
            llvm::toString(actual.takeError()) + diagnostics};
  std::string what = describeDifference(*reference, *actual, request);
  return {what.empty() ? EngineOutcome::equal : EngineOutcome::different, what};
}
