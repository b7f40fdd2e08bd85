//===- sf-random.cpp - random networks and small counterexamples ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes a valid random network from a seed, or shrinks a module that a command
// finds fault with.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/Pipelines/ModuleFile.h"
#include "spikeformer/Pipelines/ToolMain.h"
#include "spikeformer/Reference/RandomNetwork.h"
#include "spikeformer/Reference/ShrinkNetwork.h"
#include "spikeformer/Support/AtomicFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Program.h"

using namespace spikeformer;
namespace cl = llvm::cl;

static constexpr ToolInfo tool = {
    "Valid random networks, and reduction of failing ones\n\n"
    "Example: sf-random --seed=7 --kind=recurrent -o net.mlir\n"
    "         sf-random --shrink=./differs.sh net.mlir -o small.mlir\n\n"
    "--shrink runs COMMAND with the name of a candidate appended; exit code 1 "
    "says that the fault is still there.\n"};

namespace {
struct Options {
  cl::opt<std::string> input{cl::Positional, cl::desc("[module to shrink]"),
                             cl::cat(getToolCategory())};
  cl::opt<uint64_t> seed{"seed", cl::value_desc("N"),
                         cl::desc("Seed of the network"),
                         cl::cat(getToolCategory())};
  cl::opt<std::string> kind{
      "kind", cl::init("any"), cl::value_desc("NAME"),
      cl::desc("any, feedforward, convolutional, recurrent, custom or wide"),
      cl::cat(getToolCategory())};
  cl::opt<std::string> shrink{"shrink", cl::value_desc("COMMAND"),
                              cl::desc("Shrink the module while COMMAND exits "
                                       "with 1 on it"),
                              cl::cat(getToolCategory())};
  cl::opt<std::string> output{"o", cl::init("-"), cl::value_desc("FILE"),
                              cl::desc("Output file"),
                              cl::cat(getToolCategory())};
};
} // namespace

static ExitCode fail(const llvm::Twine &message,
                     ExitCode code = exitCannotRun) {
  llvm::errs() << "error: " << message << "\n";
  return code;
}

static ExitCode write(ModuleOp module, StringRef path) {
  auto print = [&](llvm::raw_ostream &os) {
    module.print(os);
    return llvm::Error::success();
  };
  llvm::Error error =
      path == "-" ? print(llvm::outs()) : writeFileAtomically(path, print);
  if (!error)
    return exitDone;
  reportErrors(std::move(error), llvm::errs());
  return exitCannotRun;
}

static ExitCode generate(const Options &options, MLIRContext &context) {
  std::optional<RandomKind> kind = parseRandomKind(options.kind);
  if (!kind)
    return fail("--kind=" + options.kind + ": there is no such kind");
  if (options.seed.getNumOccurrences() == 0)
    return fail("--seed=N is needed");
  return write(*createRandomNetwork(&context, options.seed, *kind),
               options.output);
}

/// What `command` exits with on `module`; negative where it cannot run.
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

static ExitCode shrink(const Options &options, MLIRContext &context) {
  auto sources = openModuleSources(options.input, PluginRegistry::get());
  if (!sources) {
    reportErrors(sources.takeError(), llvm::errs());
    return exitCannotRun;
  }
  auto module = mlir::parseSourceFile<ModuleOp>(**sources, &context);
  if (!module)
    return exitCannotRun;
  if (module->getOps<snn::NetworkOp>().empty())
    return fail(options.input + " has no snn.network", exitRefused);
  int code = runCommand(options.shrink, *module);
  if (code != 1)
    return fail("--shrink: the command has to exit with 1 on " + options.input +
                    ", it exits with " + llvm::Twine(code),
                exitRefused);
  auto isInteresting = [&](ModuleOp candidate) {
    return runCommand(options.shrink, candidate) == 1;
  };
  return write(*shrinkNetwork(*module, isInteresting), options.output);
}

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  DialectRegistry dialects;
  if (auto code = initialiseTool(argc, argv, tool, dialects))
    return *code;
  Options options;
  if (auto code = parseCommandLine(argc, argv, tool))
    return *code;
  MLIRContext context(dialects);
  bool shrinks = !options.shrink.empty();
  if (shrinks == options.input.empty())
    return fail(shrinks ? "--shrink needs a module"
                        : "only --shrink takes a "
                          "module");
  return shrinks ? shrink(options, context) : generate(options, context);
}
