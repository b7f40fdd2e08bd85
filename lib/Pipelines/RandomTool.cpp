//===- RandomTool.cpp - what sf-random does -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/RandomTool.h"
#include "spikeformer/Pipelines/EngineComparison.h"
#include "spikeformer/Pipelines/ModuleWriter.h"
#include "spikeformer/Pipelines/OutputPath.h"
#include "spikeformer/Reference/ShrinkNetwork.h"
#include "spikeformer/Support/Npz.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Program.h"
#include <chrono>

using namespace spikeformer;

namespace {
/// One call of the tool.
class RandomTool {
public:
  RandomTool(const RandomToolOptions &options, const DialectRegistry &dialects)
      : options(options), dialects(dialects) {}

  ExitCode run();

private:
  llvm::Error execute();
  llvm::Error generate();
  llvm::Error writeInputs(ModuleOp module);
  llvm::Error compareSeeds();
  llvm::Error compareSeed(uint64_t seed);
  llvm::Error shrinkDifference(ModuleOp module, uint64_t seed,
                               EngineOutcome outcome);
  llvm::Error shrinkByCommand();

  llvm::Expected<OwningOpRef<ModuleOp>> getModule(MLIRContext &context,
                                                  uint64_t seed);

  const RandomToolOptions &options;
  const DialectRegistry &dialects;
  ErrorLog log;
  JsonValue differences = JsonValue::array();
  int64_t numDifferent = 0;
};

/// A context whose diagnostics go to a log. Attributes live as long as their
/// context, so every network has its own.
struct LoggedContext {
  LoggedContext(const DialectRegistry &dialects, ErrorLog &log)
      : context(dialects, MLIRContext::Threading::DISABLED),
        handler(&context, log) {
    context.printOpOnDiagnostic(false);
  }

  MLIRContext context;
  ErrorLogHandler handler;
};
} // namespace

/// The model, or the random network of `seed`.
llvm::Expected<OwningOpRef<ModuleOp>>
RandomTool::getModule(MLIRContext &context, uint64_t seed) {
  if (options.model.empty())
    return createRandomNetwork(&context, seed, options.network);
  auto model = loadModel(options.model, context, log);
  if (!model)
    return model.takeError();
  return std::move(model->module);
}

/// The one simulation in `@main`.
static llvm::Expected<snn::SimulateOp> getSimulate(ModuleOp module) {
  FailureOr<func::FuncOp> main = getMainFunction(module);
  if (failed(main))
    return makeReportedError();
  FailureOr<snn::SimulateOp> simulate = getSimulation(*main);
  if (failed(simulate))
    return makeReportedError();
  if (!*simulate) {
    main->emitError("simulates no network; random inputs and the comparison of "
                    "engines are for spiking networks");
    return makeReportedError();
  }
  return *simulate;
}

/// Writes a small module without the places in files that it does not come from
/// any more.
static llvm::Error writeShrunk(ModuleOp module, StringRef path) {
  Location unknown = UnknownLoc::get(module.getContext());
  module.walk([&](Operation *op) {
    op->setLoc(unknown);
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        argument.setLoc(unknown);
  });
  return writeModule(module, path);
}

//===----------------------------------------------------------------------===//
// Networks and inputs
//===----------------------------------------------------------------------===//

llvm::Error RandomTool::writeInputs(ModuleOp module) {
  auto simulate = getSimulate(module);
  if (!simulate)
    return simulate.takeError();
  auto inputs = describeInputs((*simulate)->getParentOfType<func::FuncOp>());
  if (failed(inputs))
    return makeReportedError();
  std::vector<Tensor> values =
      makeRandomInputs(*simulate, options.seed, options.samples);
  if (values.size() != inputs->size()) {
    simulate->emitError("needs one operand per argument of @main, has ")
        << values.size() << " and " << inputs->size()
        << "; random inputs are for networks without preprocessing";
    return makeReportedError();
  }
  std::vector<NamedTensor> arrays;
  for (auto [input, value] : llvm::zip_equal(*inputs, values))
    arrays.push_back({input.name, value});
  return writeNpzFile(options.inputs, arrays);
}

llvm::Error RandomTool::generate() {
  LoggedContext logged(dialects, log);
  auto module = getModule(logged.context, options.seed);
  if (!module)
    return module.takeError();
  if (!options.inputs.empty())
    if (llvm::Error error = writeInputs(**module))
      return error;
  return options.model.empty() ? writeModule(**module, options.output)
                               : llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

/// Keeps what went wrong: a difference stays one, a refusal too.
llvm::Error RandomTool::shrinkDifference(ModuleOp module, uint64_t seed,
                                         EngineOutcome outcome) {
  OwningOpRef<ModuleOp> small = shrinkNetwork(module, [&](ModuleOp candidate) {
    auto simulate = getSimulate(candidate);
    if (!simulate) {
      llvm::consumeError(simulate.takeError());
      return false;
    }
    return compareEngines(*simulate, seed).outcome == outcome;
  });
  return writeShrunk(*small, options.shrinkTo);
}

llvm::Error RandomTool::compareSeed(uint64_t seed) {
  LoggedContext logged(dialects, log);
  auto module = getModule(logged.context, seed);
  if (!module)
    return module.takeError();
  auto simulate = getSimulate(**module);
  if (!simulate)
    return simulate.takeError();
  EngineComparison comparison = compareEngines(*simulate, seed);
  if (comparison.outcome == EngineOutcome::equal)
    return llvm::Error::success();
  bool shrinks = !options.shrinkTo.empty() && numDifferent == 0;
  ++numDifferent;
  differences.push(
      JsonValue::object()
          .set("seed", static_cast<int64_t>(seed))
          .set("what", comparison.what)
          .set("shrunk", shrinks ? JsonValue(options.shrinkTo) : JsonValue()));
  return shrinks ? shrinkDifference(**module, seed, comparison.outcome)
                 : llvm::Error::success();
}

llvm::Error RandomTool::compareSeeds() {
  auto begin = std::chrono::steady_clock::now();
  for (int64_t k = 0; k < options.count; ++k)
    if (llvm::Error error = compareSeed(options.seed + k))
      return error;
  std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - begin;
  JsonValue report = JsonValue::object();
  report.set("first", static_cast<int64_t>(options.seed))
      .set("count", options.count)
      .set("different", numDifferent)
      .set("seconds", seconds.count())
      .set("differences", std::move(differences));
  printReport(report, options.report, llvm::outs());
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Shrinking by a command
//===----------------------------------------------------------------------===//

/// What `command` exits with on `module`; negative where the shell does not
/// find it or a signal ends it.
static int runCommand(StringRef command, ModuleOp module) {
  int file;
  llvm::SmallString<128> path;
  if (llvm::sys::fs::createTemporaryFile("sf-random", "mlir", file, path))
    return -1;
  llvm::FileRemover remover(path);
  {
    llvm::raw_fd_ostream os(file, /*shouldClose=*/true);
    module.print(os);
  }
  std::string script = (command + " \"$0\"").str();
  return llvm::sys::ExecuteAndWait("/bin/sh", {"sh", "-c", script, path},
                                   std::nullopt, {"", "", ""});
}

llvm::Error RandomTool::shrinkByCommand() {
  LoggedContext logged(dialects, log);
  auto module = getModule(logged.context, options.seed);
  if (!module)
    return module.takeError();
  if ((**module).getOps<snn::NetworkOp>().empty()) {
    (**module).emitError("there is no snn.network to shrink");
    return makeReportedError();
  }
  int code = runCommand(options.shrink, **module);
  std::string prefix = "--shrink='" + options.shrink + "': ";
  if (code < 0)
    return llvm::createStringError(prefix + "the command cannot run on " +
                                   options.model);
  if (code != 0)
    return makeRefusedError(prefix + "needs exit code 0 for " + options.model +
                            ", has " + llvm::Twine(code) +
                            "; the module is not interesting as it is");
  auto smallest = shrinkNetwork(**module, [&](ModuleOp candidate) {
    return runCommand(options.shrink, candidate) == 0;
  });
  return writeShrunk(*smallest, options.output);
}

//===----------------------------------------------------------------------===//
// The tool
//===----------------------------------------------------------------------===//

llvm::Error RandomTool::execute() {
  for (StringRef path : {options.output, options.inputs, options.shrinkTo})
    if (llvm::Error error = checkOutputFile(path))
      return error;
  if (options.compare)
    return compareSeeds();
  return options.shrink.empty() ? generate() : shrinkByCommand();
}

ExitCode RandomTool::run() {
  if (llvm::Error error = execute())
    return log.fail(std::move(error));
  return numDifferent == 0 ? exitDone : exitRefused;
}

ExitCode spikeformer::runRandomTool(const RandomToolOptions &options,
                                    const DialectRegistry &dialects) {
  return RandomTool(options, dialects).run();
}
