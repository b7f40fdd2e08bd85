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
#include "spikeformer/Import/ONNX/ImportONNX.h"
#include "spikeformer/Pipelines/CpuTarget.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/Version.h"

using namespace spikeformer;

static void fillMethods(PluginRegistry &registry) {
  registry.addMethod({"auto", "the method that suits most networks"});
  for (StringRef name : getThresholdMethodNames())
    registry.addMethod(
        {name.str(), "thresholds from activations by " + name.str()});
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
  fillMethods(registry);
}

const PluginEntry &spikeformer::getCorePlugin() {
  static const PluginEntry entry = {SF_PLUGIN_API_VERSION, "SpikeFormer",
                                    getVersion().data(), fill};
  return entry;
}
