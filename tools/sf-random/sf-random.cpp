//===- sf-random.cpp - random networks and small counterexamples ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/RandomTool.h"
#include "llvm/Support/InitLLVM.h"

using namespace spikeformer;

static constexpr ToolInfo tool = {
    "Makes valid random networks, compares the engines on them, shrinks those "
    "that fail\n\n"
    "Example: sf-random --seed=7 --kind=recurrent -o net.mlir "
    "--inputs=net.npz\n"
    "         sf-random --compare --first=0 --count=1000 --shrink-to=small.mlir"
    "\n"
    "         sf-random --compare net.mlir --seed=7\n"
    "         sf-random --shrink='grep -q snn.custom' net.mlir -o small.mlir"
    "\n"};

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  DialectRegistry dialects;
  if (auto code = initialiseTool(argc, argv, tool, dialects))
    return *code;
  RandomFlags flags;
  if (auto code = parseCommandLine(argc, argv, tool))
    return *code;
  auto options = flags.get();
  if (!options)
    return ErrorLog().fail(options.takeError());
  return runRandomTool(*options, dialects);
}
