//===- EmitContext.cpp - the files of an artefact -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A name is checked before it becomes a path: it may come from a model.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/EmitContext.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/Digest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using llvm::Error;
using llvm::StringRef;

StringRef spikeformer::getRunsOnLevelName(RunsOnLevel level) {
  switch (level) {
  case RunsOnLevel::executed:
    return "executed";
  case RunsOnLevel::formatChecked:
    return "format-checked";
  case RunsOnLevel::functionalModelOnly:
    return "functional-model-only";
  }
  llvm_unreachable("unknown level");
}

StringRef spikeformer::getFileRoleName(FileRole role) {
  return role == FileRole::program ? "program" : "report";
}

EmitContext::EmitContext(StringRef directory) : directory(directory) {}

static bool staysBelow(StringRef name) {
  if (name.empty() || llvm::sys::path::is_absolute(name))
    return false;
  return llvm::none_of(
      llvm::make_range(llvm::sys::path::begin(name),
                       llvm::sys::path::end(name)),
      [](StringRef part) { return part == ".." || part == "."; });
}

Error EmitContext::writeFile(StringRef name, StringRef contents,
                             FileRole role) {
  if (!staysBelow(name))
    return llvm::createStringError("file name '" + name +
                                   "' leads out of the artefact");
  if (llvm::any_of(files, [&](const EmittedFile &f) { return f.name == name; }))
    return llvm::createStringError("file '" + name +
                                   "' is written twice into the artefact");
  llvm::SmallString<256> path(directory);
  llvm::sys::path::append(path, name);
  StringRef folder = llvm::sys::path::parent_path(path);
  if (std::error_code code = llvm::sys::fs::create_directories(folder))
    return llvm::createFileError(folder, code);
  if (Error error = writeFileAtomically(path, contents))
    return error;
  files.push_back({name.str(), role, sha256(contents)});
  return Error::success();
}

JsonValue EmitContext::makeManifest() const {
  JsonValue fileRows = JsonValue::array();
  for (const EmittedFile &file : files)
    fileRows.push(JsonValue::object()
                      .set("name", file.name)
                      .set("role", getFileRoleName(file.role))
                      .set("sha256", file.sha256));
  JsonValue runsOnRows = JsonValue::array();
  for (const RunsOn &row : runsOn)
    runsOnRows.push(JsonValue::object()
                        .set("software", row.software)
                        .set("version", row.version)
                        .set("level", getRunsOnLevelName(row.level))
                        .set("lacks", row.lacks));
  JsonValue all = manifest;
  all.set("files", std::move(fileRows)).set("runs_on", std::move(runsOnRows));
  return all;
}
