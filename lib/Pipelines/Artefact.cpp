//===- Artefact.cpp - run what a target emitted ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Artefact.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Dialect/SNN/IR/ReadoutTypes.h"
#include "spikeformer/Pipelines/Manifest.h"
#include "spikeformer/Pipelines/OutputPath.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/Digest.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;

bool spikeformer::isArtefact(StringRef directory) {
  return llvm::sys::fs::exists(joinPath(directory, manifestFile));
}

/// All files that differ from what the manifest says.
static llvm::Error checkFiles(StringRef directory, const Manifest &manifest) {
  llvm::Error errors = llvm::Error::success();
  for (const auto &[name, digest] : manifest.files) {
    std::string path = joinPath(directory, name);
    llvm::Expected<std::string> found = sha256OfFile(path);
    llvm::Error error =
        !found ? found.takeError()
        : *found == digest
            ? llvm::Error::success()
            : makeInputError(path, "was changed after it was emitted: needs "
                                   "SHA-256 " +
                                       digest + ", has " + *found +
                                       "; compile the model again");
    errors = llvm::joinErrors(std::move(errors), std::move(error));
  }
  return errors;
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

static RankedTensorType getInputType(const ManifestInput &input,
                                     int64_t timesteps) {
  SmallVector<int64_t> shape{ShapedType::kDynamic};
  if (input.hasSteps)
    shape.push_back(timesteps);
  llvm::append_range(shape, input.signal.getShape());
  return RankedTensorType::get(shape, input.element);
}

/// @main of the network that `manifest` describes, at the place of `path`.
static OwningOpRef<ModuleOp> makeModule(const Manifest &manifest,
                                        StringRef path, MLIRContext &context) {
  Location loc = FileLineColLoc::get(&context, path, 0, 0);
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  auto builder = OpBuilder::atBlockEnd(module->getBody());
  SmallVector<Type> inputs, outputs, arguments, results;
  for (const ManifestInput &input : manifest.inputs) {
    inputs.push_back(input.signal);
    arguments.push_back(getInputType(input, manifest.timesteps));
  }
  SmallVector<int32_t> readouts;
  for (const ManifestOutput &output : manifest.outputs) {
    outputs.push_back(output.signal);
    results.push_back(snn::getReadoutType(output.readout, output.signal));
    readouts.push_back(static_cast<int32_t>(output.readout));
  }
  auto network =
      snn::NetworkOp::create(builder, loc, "artefact", StringAttr(),
                             builder.getFunctionType(inputs, outputs));
  auto main = func::FuncOp::create(builder, loc, "main",
                                   builder.getFunctionType(arguments, results));
  for (auto [index, input] : llvm::enumerate(manifest.inputs))
    setInputName(main, index, input.name);
  builder.setInsertionPointToStart(main.addEntryBlock());
  auto simulate = snn::SimulateOp::create(
      builder, loc, results, network.getSymName(), main.getArguments(),
      builder.getI64IntegerAttr(manifest.timesteps),
      static_cast<uint32_t>(manifest.reset), readouts);
  func::ReturnOp::create(builder, loc, simulate.getResults());
  return module;
}

llvm::Expected<Model> spikeformer::openArtefact(StringRef directory,
                                                MLIRContext &context) {
  std::string path = joinPath(directory, manifestFile);
  llvm::Expected<JsonValue> json = parseJsonFile(path);
  if (!json)
    return json.takeError();
  context.loadDialect<func::FuncDialect>();
  llvm::Expected<Manifest> manifest = readManifest(*json, context);
  if (!manifest)
    return manifest.takeError();
  if (llvm::Error error = checkFiles(directory, *manifest))
    return std::move(error);
  auto target = PluginRegistry::get().getTarget(manifest->target);
  if (!target)
    return target.takeError();
  auto executor = (*target)->openArtefact(directory);
  if (!executor)
    return executor.takeError();
  auto digest = sha256OfFile(path);
  if (!digest)
    return digest.takeError();
  Model model;
  model.path = directory.str();
  model.sha256 = *digest;
  model.module = makeModule(*manifest, path, context);
  model.artefact.emplace(Artefact{manifest->target, std::move(*executor),
                                  std::move(manifest->populations)});
  return model;
}
