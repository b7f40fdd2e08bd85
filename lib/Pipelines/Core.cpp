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
#include "spikeformer/Import/NIR/ImportNIR.h"
#include "spikeformer/Import/ONNX/ImportONNX.h"
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
  if (auto text = values.find("dt"); text != values.end()) {
    double dt = 0;
    if (StringRef(text->second).getAsDouble(dt) || !(dt > 0)) {
      emitError(loc) << "--dt needs a step above 0, has '" << text->second
                     << "'";
      return nullptr;
    }
    options.dt = dt;
  }
  return importNIR(model.getBufferIdentifier(), context, options);
}

static void fill(PluginRegistry &registry) {
  registry.addDialects([](DialectRegistry &dialects) {
    dialects.insert<snn::SNNDialect>();
    snn::registerBufferizableOpInterfaceExternalModels(dialects);
  });
  registry.addPasses(registerTosaToSNNPasses);
  registry.addTarget(createCpuTarget());
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
