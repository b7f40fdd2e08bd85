//===- sf-diff.cpp - compare two models or recordings ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/DiffTool.h"
#include "llvm/Support/InitLLVM.h"

using namespace spikeformer;

static constexpr ToolInfo tool = {
    "Says whether two models, engines or recordings give the same spikes, and "
    "where they first differ\n\n"
    "Example: sf-diff model.mlirbc --engine=jit,reference "
    "--data=t10k-images-idx3-ubyte.gz --limit=10\n"};

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  DialectRegistry dialects;
  if (auto code = initialiseTool(argc, argv, tool, dialects))
    return *code;
  DiffFlags flags;
  if (auto code = parseCommandLine(argc, argv, tool))
    return *code;
  auto options = flags.get();
  if (!options)
    return ErrorLog().fail(options.takeError());
  return diffModels(*options, dialects);
}
