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
#include "spikeformer/Conversion/TosaToSNN/Passes.h"
#include "spikeformer/Conversion/TosaToSNN/Thresholds.h"
#include "spikeformer/Dialect/PnR/Transforms/Passes.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/Dialect/SNN/Transforms/BufferizableOpInterfaceImpl.h"
#include "spikeformer/Dialect/SNN/Transforms/Passes.h"
#include "spikeformer/Export/NIR/ExportNIR.h"
#include "spikeformer/Import/Config/ImportConfig.h"
#include "spikeformer/Import/NIR/ImportNIR.h"
#include "spikeformer/Import/ONNX/ImportONNX.h"
#include "spikeformer/Import/SONATA/ImportSONATA.h"
#include "spikeformer/Pipelines/ConversionMethod.h"
#include "spikeformer/Pipelines/CpuTarget.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/Diagnostics.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Version.h"

using namespace spikeformer;

static void fillMethods(PluginRegistry &registry) {
  registry.addMethod({autoMethodName.str(),
                      "the best of the others on the calibration samples"});
  ArrayRef<StringRef> names = getThresholdMethodNames();
  for (size_t index = 0; index < names.size(); ++index) {
    auto method = static_cast<ThresholdMethod>(index);
    registry.addMethod(
        {names[index].str(), getThresholdMethodDescription(method).str()});
    auto addCorrected = [&](Correction what, StringRef moved) {
      ConversionMethod corrected{method, what};
      registry.addMethod({corrected.getName(),
                          ("the same, then " + moved +
                           " by which the spikes of each channel meet its mean")
                              .str()});
    };
    addCorrected(Correction::bias, "biases");
    addCorrected(Correction::start, "initial potentials");
  }
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

/// The profile in the data file of a plugin.
static llvm::Expected<nir::Profile> readProfile(const NIRProfile &registered) {
  auto json = parseJsonFile(registered.file);
  if (!json)
    return json.takeError();
  auto table = nir::readProfiles(*json);
  if (!table)
    return table.takeError();
  std::string name = registered.name + "@" + registered.version;
  if (const nir::Profile *profile = nir::findProfile(*table, name))
    return *profile;
  return makeInputError(registered.file, "has no profile '" + name +
                                             "', which its plugin offers");
}

/// The profiles of core and of plugins; none after diagnostics.
static std::optional<std::vector<nir::Profile>> collectProfiles(Location loc) {
  std::vector<nir::Profile> profiles = nir::getProfiles().vec();
  for (const auto &[registered, plugin] :
       PluginRegistry::get().getNIRProfiles()) {
    if (registered.file.empty())
      continue;
    auto profile = readProfile(registered);
    if (!profile) {
      emitError(loc) << llvm::toString(profile.takeError());
      return std::nullopt;
    }
    profiles.push_back(std::move(*profile));
  }
  return profiles;
}

/// The lines of a flag that may be given several times.
static std::vector<std::string> getLines(const TranslationValues &values,
                                         StringRef flag) {
  auto found = values.find(flag);
  if (found == values.end())
    return {};
  SmallVector<StringRef> lines;
  StringRef(found->second).split(lines, '\n');
  return std::vector<std::string>(lines.begin(), lines.end());
}

static OwningOpRef<ModuleOp> importNIRWith(llvm::MemoryBufferRef model,
                                           MLIRContext &context,
                                           const TranslationValues &values) {
  ImportNIROptions options;
  Location loc = getPartLocation(&context, model.getBufferIdentifier(), "");
  auto profiles = collectProfiles(loc);
  if (!profiles || failed(readStep(values, loc, options.dt)))
    return nullptr;
  options.known = *profiles;
  options.profiles = getLines(values, "profile");
  return importNIR(model.getBufferIdentifier(), context, options);
}

static LogicalResult exportNIRWith(ModuleOp module, StringRef path,
                                   const TranslationValues &values) {
  ExportNIROptions options;
  auto profiles = collectProfiles(module.getLoc());
  if (!profiles || failed(readStep(values, module.getLoc(), options.dt)))
    return failure();
  options.known = *profiles;
  options.profiles = getLines(values, "profile");
  return exportNIR(module, path, options);
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
  std::vector<TranslationOption> options = {
      {"profile", "What a step of NIR is: nir, snntorch, norse, sinabs, ..., "
                  "or NODE=NAME for one node"},
      {"dt", "Length of a step in the unit of the file's time constants"}};
  registry.addImporter({"nir",
                        "Import a NIR graph under a profile",
                        {".nir"},
                        options,
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
  registry.addExporter({"nir",
                        "Export a network as NIR for software with a profile",
                        {".nir"},
                        options,
                        exportNIRWith});
}

static void fill(PluginRegistry &registry) {
  registry.addDialects([](DialectRegistry &dialects) {
    dialects.insert<pnr::PnRDialect, snn::SNNDialect>();
    snn::registerBufferizableOpInterfaceExternalModels(dialects);
  });
  registry.addPasses(registerTosaToSNNPasses);
  registry.addPasses(registerPnRPasses);
  registry.addPasses(registerSNNPasses);
  registry.addTarget(createCpuTarget());
  fillImporters(registry);
  for (const nir::Profile &profile : nir::getProfiles())
    registry.addNIRProfile({profile.name, profile.version,
                            profile.description + "; from " + profile.evidence,
                            /*file=*/""});
  fillMethods(registry);
}

const PluginEntry &spikeformer::getCorePlugin() {
  static const PluginEntry entry = {SF_PLUGIN_API_VERSION, "SpikeFormer",
                                    getVersion().data(), fill};
  return entry;
}
