//===- sf-compile.cpp - compile a model for a target ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/CompileTool.h"
#include "llvm/Support/InitLLVM.h"

using namespace spikeformer;

static constexpr ToolInfo tool = {
    "Compiles a model for a target, converting a trained network to spikes; or "
    "all models that a manifest names\n\n"
    "Example: sf-compile mnist.onnx --target=cpu --timesteps=32 "
    "--calibrate=train-images.idx --input-scale=1/255 -o mnist.mlirbc\n"};

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  DialectRegistry dialects;
  if (auto code = initialiseTool(argc, argv, tool, dialects))
    return *code;
  CompileFlags flags;
  if (auto code = parseCommandLine(argc, argv, tool))
    return *code;
  if (flags.isBatch())
    return compileBatch(flags, ArrayRef(argv, argc), dialects);
  auto options = flags.get();
  if (!options)
    return ErrorLog().fail(options.takeError());
  return compileModel(*options, dialects);
}
