//===- sf-translate.cpp - models from and to other formats ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every importer and exporter in the registry, core's and those of plugins, is
// a flag.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Import/Config/ImportConfig.h"
#include "spikeformer/Pipelines/Model.h"
#include "spikeformer/Pipelines/OutputPath.h"
#include "spikeformer/Pipelines/ToolMain.h"
#include "spikeformer/Support/Translation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace spikeformer;

static constexpr ToolInfo tool = {
    "SpikeFormer translations\n\n"
    "Example: sf-translate --import-onnx mnist.onnx -o mnist.mlirbc\n"
    "         sf-translate --export-nir --profile=norse net.mlir -o net.nir\n\n"
    "--print-config-schema prints the JSON schema of what --import-config "
    "takes\n"};

/// Flags by name; importers and exporters may share one. A flag may be given
/// several times: its value has a line for each.
using Flags = llvm::StringMap<std::unique_ptr<llvm::cl::list<std::string>>>;

static void declareFlags(llvm::ArrayRef<TranslationOption> options,
                         Flags &flags) {
  for (const TranslationOption &option : options)
    if (auto &flag = flags[option.name]; !flag)
      flag = std::make_unique<llvm::cl::list<std::string>>(
          llvm::StringRef(option.name), llvm::cl::desc(option.description),
          llvm::cl::cat(getToolCategory()));
}

static TranslationValues readFlags(llvm::ArrayRef<TranslationOption> options,
                                   const Flags &flags) {
  TranslationValues values;
  for (const TranslationOption &option : options) {
    const auto &flag = *flags.find(option.name)->second;
    if (!flag.empty())
      values[option.name] = llvm::join(flag.begin(), flag.end(), "\n");
  }
  return values;
}

static void declareImporter(const Importer &importer, Flags &flags) {
  declareFlags(importer.options, flags);
  registerImporter("import-" + importer.name, importer.description,
                   [&](llvm::MemoryBufferRef input, MLIRContext &context) {
                     return importer.run(input, context,
                                         readFlags(importer.options, flags));
                   });
}

static int exportModule(const Exporter &exporter, const Flags &flags,
                        const DialectRegistry &dialects, llvm::StringRef input,
                        llvm::StringRef output) {
  ErrorLog log;
  if (llvm::Error error = checkOutputFile(output))
    return log.fail(std::move(error));
  MLIRContext context(dialects, MLIRContext::Threading::DISABLED);
  ErrorLogHandler handler(&context, log);
  context.printOpOnDiagnostic(false);
  auto model = loadModel(input, context, log);
  if (!model)
    return log.fail(model.takeError());
  if (failed(exporter.run(*model->module, output,
                          readFlags(exporter.options, flags))))
    return log.fail(makeReportedError());
  return exitDone;
}

static void declareExporter(const Exporter &exporter, Flags &flags,
                            const DialectRegistry &dialects) {
  declareFlags(exporter.options, flags);
  registerExporter("export-" + exporter.name, exporter.description,
                   [&](llvm::StringRef input, llvm::StringRef output) {
                     return exportModule(exporter, flags, dialects, input,
                                         output);
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
  for (const auto &exporter : PluginRegistry::get().getExporters())
    declareExporter(exporter.value, flags, dialects);
  return translateMain(argc, argv, tool.overview);
}
