//===- sf-plugin-check.cpp - the conformance kit for plugins --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ErrorLog.h"
#include "spikeformer/Pipelines/PluginCheckTool.h"
#include "llvm/Support/InitLLVM.h"

using namespace spikeformer;

static constexpr ToolInfo tool = {
    "Checks that the targets of a plugin keep the promises of the plugin "
    "interface\n\n"
    "Example: sf-plugin-check lib/plugins/Zebra8.so\n"
    "         sf-plugin-check Zebra8.so --target=zebra8 --seed=17 --legal=1 "
    "--illegal=0 --keep=failing\n"};

int main(int argc, char **argv) {
  llvm::InitLLVM initLLVM(argc, argv);
  DialectRegistry dialects;
  if (auto code = initialiseTool(argc, argv, tool, dialects))
    return *code;
  PluginCheckFlags flags;
  if (auto code = parseCommandLine(argc, argv, tool))
    return *code;
  auto options = flags.get();
  if (!options)
    return ErrorLog().fail(options.takeError());
  return checkPlugin(*options, dialects);
}
