//===- MLIRPlugin.cpp - SpikeFormer as a plugin of mlir-opt ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR's own tools load dialects and passes from shared objects through these
// two functions, so that our IR can be worked on without our tools:
//   mlir-opt --load-dialect-plugin=libSpikeFormer.so
//            --load-pass-plugin=libSpikeFormer.so
// Plugins of SPIKEFORMER_PLUGIN_PATH come along. MLIR's loader goes on after an
// error; here a plugin that cannot be loaded ends the program as it does in our
// tools, because what follows would be obscure.
//
//===----------------------------------------------------------------------===//

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "spikeformer/Pipelines/ToolMain.h"
#include "spikeformer/PluginAPI/PluginLoader.h"
#include "spikeformer/Support/Version.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

/// Fills the registry on the first call, by whichever of the two functions.
static PluginRegistry &getFilledRegistry() {
  PluginRegistry &registry = PluginRegistry::get();
  if (!registry.getPlugins().empty())
    return registry;
  if (llvm::Error error = initialisePlugins(getPluginPathEntries(), registry)) {
    reportErrors(std::move(error), llvm::errs());
    std::exit(exitCannotRun);
  }
  return registry;
}

extern "C" mlir::DialectPluginLibraryInfo LLVM_ATTRIBUTE_WEAK
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "SpikeFormer", getVersion().data(),
          [](DialectRegistry *dialects) {
            getFilledRegistry().appendDialects(*dialects);
          }};
}

extern "C" mlir::PassPluginLibraryInfo LLVM_ATTRIBUTE_WEAK
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "SpikeFormer", getVersion().data(),
          [] { getFilledRegistry().registerPasses(); }};
}
