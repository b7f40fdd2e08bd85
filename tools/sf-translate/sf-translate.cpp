//===- sf-translate.cpp - import models from other formats ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every importer in the registry, core's and those of plugins, is a flag.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Import/Config/ImportConfig.h"
#include "spikeformer/Pipelines/ToolMain.h"
#include "spikeformer/Support/Translation.h"
#include "llvm/ADT/StringMap.h"

using namespace spikeformer;

static constexpr ToolInfo tool = {
    "SpikeFormer translations\n\n"
    "Example: sf-translate --import-onnx mnist.onnx -o mnist.mlirbc\n\n"
    "--print-config-schema prints the JSON schema of what --import-config "
    "takes\n"};

/// Flags by name; importers may share one.
using Flags = llvm::StringMap<std::unique_ptr<llvm::cl::opt<std::string>>>;

static void declareImporter(const Importer &importer, Flags &flags) {
  for (const TranslationOption &option : importer.options)
    if (auto &flag = flags[option.name]; !flag)
      flag = std::make_unique<llvm::cl::opt<std::string>>(
          llvm::StringRef(option.name), llvm::cl::desc(option.description),
          llvm::cl::cat(getToolCategory()));
  registerImporter("import-" + importer.name, importer.description,
                   [&](llvm::MemoryBufferRef input, MLIRContext &context) {
                     TranslationValues values;
                     for (const TranslationOption &option : importer.options)
                       if (flags[option.name]->getNumOccurrences() != 0)
                         values[option.name] = *flags[option.name];
                     return importer.run(input, context, values);
                   });
}

int main(int argc, char **argv) {
  DialectRegistry dialects;
  if (auto code = initialiseTool(argc, argv, tool, dialects))
    return *code;
  if (llvm::is_contained(llvm::ArrayRef(argv, argc),
                         llvm::StringRef("--print-config-schema"))) {
    llvm::outs() << getConfigSchema();
    return 0;
  }
  Flags flags;
  for (const auto &importer : PluginRegistry::get().getImporters())
    declareImporter(importer.value, flags);
  return translateMain(argc, argv, tool.overview);
}
