//===- sf-opt.cpp - run passes on a module
//---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "spikeformer/Conversion/TosaToSNN/Passes.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/Support/SourceFile.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

/// Like `MlirOptMain(argc, argv, ...)`, which cannot read small bytecode files.
static int run(mlir::StringRef inputName, mlir::StringRef outputName,
               mlir::DialectRegistry &registry) {
  constexpr int cannotRun = 2;
  auto input = spikeformer::readInput(inputName);
  if (!input) {
    llvm::errs() << inputName << ": error: cannot read the input: "
                 << input.getError().message() << '\n';
    return cannotRun;
  }
  std::string error;
  auto output = mlir::openOutputFile(outputName, &error);
  if (!output) {
    llvm::errs() << outputName << ": error: " << error << '\n';
    return cannotRun;
  }
  if (failed(mlir::MlirOptMain(output->os(), std::move(*input), registry,
                               mlir::MlirOptMainConfig::createFromCLOptions())))
    return 1;
  output->keep();
  return 0;
}

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  mlir::DialectRegistry registry;
  mlir::registerAllPasses();
  spikeformer::registerTosaToSNNPasses();
  mlir::registerAllDialects(registry);
  registry.insert<spikeformer::snn::SNNDialect>();
  mlir::registerAllExtensions(registry);
  auto [input, output] = mlir::registerAndParseCLIOptions(
      argc, argv, "SpikeFormer pass driver\n", registry);
  return run(input, output, registry);
}
