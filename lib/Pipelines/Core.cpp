//===- Core.cpp - what core itself offers ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place that lists what core registers.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Core.h"
#include "spikeformer/Conversion/TosaToSNN/Calibration.h"
#include "spikeformer/Conversion/TosaToSNN/Passes.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/Dialect/SNN/Transforms/BufferizableOpInterfaceImpl.h"
#include "spikeformer/Import/Config/ImportConfig.h"
#include "spikeformer/Import/NIR/ImportNIR.h"
#include "spikeformer/Import/ONNX/ImportONNX.h"
#include "spikeformer/Import/SONATA/ImportSONATA.h"
#include "spikeformer/Pipelines/CpuTarget.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/Version.h"

using namespace spikeformer;

static void fillMethods(PluginRegistry &registry) {
  registry.addMethod({"auto", "the method that suits most networks"});
  for (StringRef name : getThresholdMethodNames())
    registry.addMethod(
        {name.str(), "thresholds from activations by " + name.str()});
}

/// Reads `--dt` into `dt`, if it is given.
static LogicalResult readStep(const TranslationValues &values, Location loc,
                              std::optional<double> &dt) {
  auto text = values.find("dt");
  double step = 0;
  if (text == values.end())
    return success();
  if (StringRef(text->second).getAsDouble(step) || !(step > 0))
    return emitError(loc) << "--dt needs a step above 0, has '" << text->second
                          << "'";
  dt = step;
  return success();
}

/// Reads `--profile` and `--dt`.
static OwningOpRef<ModuleOp> importNIRWith(llvm::MemoryBufferRef model,
                                           MLIRContext &context,
                                           const TranslationValues &values) {
  ImportNIROptions options;
  Location loc = getPartLocation(&context, model.getBufferIdentifier(), "");
  if (auto name = values.find("profile"); name != values.end()) {
    const auto *found =
        llvm::find_if(nir::getProfiles(), [&](const nir::Profile &profile) {
          return profile.name == name->second;
        });
    if (found == nir::getProfiles().end()) {
      emitError(loc) << "there is no profile '" << name->second
                     << "'; there are" << nir::listProfiles();
      return nullptr;
    }
    options.profile = found;
  }
  if (failed(readStep(values, loc, options.dt)))
    return nullptr;
  return importNIR(model.getBufferIdentifier(), context, options);
}

/// Reads `--dt`.
static OwningOpRef<ModuleOp> importSONATAWith(llvm::MemoryBufferRef model,
                                              MLIRContext &context,
                                              const TranslationValues &values) {
  ImportSONATAOptions options;
  if (failed(readStep(
          values, getPartLocation(&context, model.getBufferIdentifier(), ""),
          options.dt)))
    return nullptr;
  return importSONATA(model.getBufferIdentifier(), context, options);
}

static void fillImporters(PluginRegistry &registry) {
  registry.addImporter(
      {"onnx",
       "Import an ONNX model as TOSA",
       {".onnx"},
       {},
       [](llvm::MemoryBufferRef model, MLIRContext &context,
          const TranslationValues &) { return importONNX(model, context); }});
  registry.addImporter({"nir",
                        "Import a NIR graph under a profile",
                        {".nir"},
                        {{"profile", "What a step is: nir, snntorch, norse, "
                                     "sinabs, rockpool, spyx, ..."},
                         {"dt", "Length of a step in the unit of the file's "
                                "time constants"}},
                        importNIRWith});
  registry.addImporter({"sonata",
                        "Import a SONATA network from its configuration",
                        {},
                        {{"dt", "Length of a step in seconds (default: a "
                                "tenth of the configuration's)"}},
                        importSONATAWith});
  registry.addImporter({"config",
                        "Import a layered network from a JSON configuration",
                        {},
                        {},
                        [](llvm::MemoryBufferRef model, MLIRContext &context,
                           const TranslationValues &) {
                          return importConfig(model.getBuffer(),
                                              model.getBufferIdentifier(),
                                              context);
                        }});
}

static void fill(PluginRegistry &registry) {
  registry.addDialects([](DialectRegistry &dialects) {
    dialects.insert<snn::SNNDialect>();
    snn::registerBufferizableOpInterfaceExternalModels(dialects);
  });
  registry.addPasses(registerTosaToSNNPasses);
  registry.addTarget(createCpuTarget());
  fillImporters(registry);
  for (const nir::Profile &profile : nir::getProfiles())
    registry.addNIRProfile(
        {profile.name, getVersion().str(), profile.description, /*file=*/""});
  fillMethods(registry);
}

const PluginEntry &spikeformer::getCorePlugin() {
  static const PluginEntry entry = {SF_PLUGIN_API_VERSION, "SpikeFormer",
                                    getVersion().data(), fill};
  return entry;
}
