//===- sf-opt.cpp - run passes on a module --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As mlir-opt, with plugins and with our exit codes. The input is opened here
// and not by MLIR, see Pipelines/ModuleFile.h.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "spikeformer/Pipelines/ModuleFile.h"
#include "spikeformer/Pipelines/ToolMain.h"
#include "spikeformer/Support/AtomicFile.h"
#include "llvm/Support/InitLLVM.h"

using namespace spikeformer;

static constexpr ToolInfo tool = {
    "SpikeFormer pass driver\n\n"
    "Example: sf-opt network.mlir --canonicalize -o out.mlir\n",
    /*passFlags=*/true};

/// MLIR's own flag knows only one thread or all of them.
static void applyThreads() {
  if (getThreads() == 1)
    llvm::cl::getRegisteredOptions()["mlir-disable-threading"]->addOccurrence(
        0, "mlir-disable-threading", "true");
}

static ExitCode run(StringRef input, StringRef output,
                    DialectRegistry &dialects,
                    const mlir::MlirOptMainConfig &config) {
  auto buffer = openModule(input, PluginRegistry::get());
  if (!buffer) {
    reportErrors(buffer.takeError(), llvm::errs());
    return exitCannotRun;
  }
  bool refused = false;
  auto write = [&](llvm::raw_ostream &os) -> llvm::Error {
    refused =
        failed(mlir::MlirOptMain(os, std::move(*buffer), dialects, config));
    return refused ? llvm::createStringError("refused")
                   : llvm::Error::success();
  };
  llvm::Error error =
      output == "-" ? write(llvm::outs()) : writeFileAtomically(output, write);
  if (refused) {
    llvm::consumeError(std::move(error));
    return exitRefused;
  }
  if (error) {
    reportErrors(std::move(error), llvm::errs());
    return exitCannotRun;
  }
  return exitDone;
}

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  DialectRegistry dialects;
  mlir::registerAllPasses();
  if (auto code = initialiseTool(argc, argv, tool, dialects))
    return *code;
  llvm::cl::opt<std::string> input(llvm::cl::Positional, llvm::cl::init("-"),
                                   llvm::cl::desc("<input file>"));
  llvm::cl::opt<std::string> output("o", llvm::cl::init("-"),
                                    llvm::cl::desc("Output file"),
                                    llvm::cl::value_desc("filename"));
  mlir::registerCLIOptions(tool.overview, dialects);
  if (auto code = parseCommandLine(argc, argv, tool))
    return *code;

  applyThreads();
  auto config = mlir::MlirOptMainConfig::createFromCLOptions();
  if (config.shouldShowDialects()) {
    for (StringRef name : dialects.getDialectNames())
      llvm::outs() << name << "\n";
    return exitDone;
  }
  if (config.shouldListPasses()) {
    mlir::printRegisteredPasses();
    return exitDone;
  }
  return run(input, output, dialects, config);
}
