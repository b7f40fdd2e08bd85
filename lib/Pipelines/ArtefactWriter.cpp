//===- ArtefactWriter.cpp - writing an artefact ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/ArtefactWriter.h"
#include "spikeformer/Pipelines/Manifest.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/Digest.h"
#include "spikeformer/Support/Version.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;

bool spikeformer::isOwnArtefact(StringRef path) {
  llvm::SmallString<256> manifest(path);
  llvm::sys::path::append(manifest, manifestFile);
  auto json = parseJsonFile(manifest);
  if (json)
    return json->find("format_version") != nullptr;
  llvm::consumeError(json.takeError());
  return false;
}

/// Digest of the model's file; of nothing for standard input.
static llvm::Expected<std::string> digestSource(const Model &model) {
  if (!model.sha256.empty() || model.path == "-")
    return model.sha256;
  return sha256OfFile(model.path);
}

static llvm::Expected<JsonValue> makeManifest(const Compiler &compiler,
                                              const CompileOptions &options,
                                              const Target &target,
                                              const EmitContext &emitted) {
  JsonValue manifest = JsonValue::object();
  const Model &model = compiler.getModel();
  llvm::Expected<std::string> digest = digestSource(model);
  if (!digest)
    return digest.takeError();
  manifest.set("format_version", 1)
      .set("tool_version", getVersion())
      .set("target", target.getName())
      .set("machine", options.mapping.machine)
      .set("phase", getPhaseName(options.until))
      .set("source", JsonValue::object()
                         .set("name", llvm::sys::path::filename(model.path))
                         .set("sha256", *digest));
  if (failed(describeNetwork(*model.module, manifest)))
    return makeReportedError();
  manifest.setMembers(emitted.makeManifest());
  if (manifest.find("machine")->str() == "\"\"") {
    // The default is the first one that the target names.
    std::vector<Machine> machines = target.getMachines();
    manifest.set("machine",
                 machines.empty() ? JsonValue() : JsonValue(machines[0].name));
  }
  return manifest;
}

llvm::Error spikeformer::writeArtefact(const Compiler &compiler,
                                       const CompileOptions &options,
                                       const Target &target,
                                       ReportMaker makeReport) {
  auto directory = AtomicDirectory::create(options.emit.output, isOwnArtefact);
  if (!directory)
    return directory.takeError();
  EmitContext emitted(directory->path());
  if (llvm::Error error = target.emit(*compiler.getModel().module, emitted))
    return error;
  auto write = [&](StringRef name, const JsonValue &value) {
    llvm::SmallString<256> path(directory->path());
    llvm::sys::path::append(path, name);
    return writeFileAtomically(path, value.str(), options.emit.durability);
  };
  llvm::Expected<JsonValue> manifest =
      makeManifest(compiler, options, target, emitted);
  if (!manifest)
    return manifest.takeError();
  if (llvm::Error error = checkManifest(*manifest))
    return error;
  if (llvm::Error error = write(manifestFile, *manifest))
    return error;
  if (llvm::Error error = write("report.json", makeReport(emitted.getRunsOn())))
    return error;
  return directory->commit(options.emit.durability);
}
