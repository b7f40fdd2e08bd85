//===- sf-run.cpp - run a model on data -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/RunTool.h"
#include "llvm/Support/InitLLVM.h"

using namespace spikeformer;

static constexpr ToolInfo tool = {
    "Runs a model on data and reports accuracy, spikes and speed\n\n"
    "Example: sf-run model.mlirbc --data=t10k-images-idx3-ubyte.gz "
    "--labels=t10k-labels-idx1-ubyte.gz --report=json\n"};

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  DialectRegistry dialects;
  if (auto code = initialiseTool(argc, argv, tool, dialects))
    return *code;
  RunFlags flags;
  if (auto code = parseCommandLine(argc, argv, tool))
    return *code;
  auto options = flags.get();
  if (!options)
    return ErrorLog().fail(options.takeError());
  return runModel(*options, dialects);
}
