//===- EmitContext.h - the files of an artefact -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An emitter hands every file to the context, which writes it and keeps its
// hash, so that a manifest cannot list a file that differs from the one
// written.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINAPI_EMITCONTEXT_H
#define SPIKEFORMER_PLUGINAPI_EMITCONTEXT_H

#include "spikeformer/Support/Json.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace spikeformer {

/// How far somebody else's software confirms an artefact.
enum class RunsOnLevel {
  /// The software runs it and gives our numbers.
  executed,
  /// The software reads it.
  formatChecked,
  /// No software but ours runs this network.
  functionalModelOnly
};

/// The spelling in a manifest: executed, format-checked,
/// functional-model-only.
llvm::StringRef getRunsOnLevelName(RunsOnLevel level);

/// One row of `runs_on` in a manifest.
struct RunsOn {
  std::string software;
  std::string version;
  RunsOnLevel level;
  /// What the software lacks for this network; empty if nothing.
  std::string lacks;
};

/// What a file of an artefact is for.
enum class FileRole {
  /// The chip's software loads it.
  program,
  /// People read it; the artefact runs without it.
  report
};

/// The spelling in a manifest: program, report.
llvm::StringRef getFileRoleName(FileRole role);

/// A file of an artefact.
struct EmittedFile {
  /// Relative to the artefact, with '/'.
  std::string name;
  FileRole role;
  /// Lower-case hexadecimal digits.
  std::string sha256;
};

/// Where an emitter writes to.
class EmitContext {
public:
  /// `directory` exists; the caller publishes or removes it as a whole.
  explicit EmitContext(llvm::StringRef directory);

  llvm::StringRef getDirectory() const { return directory; }

  /// Writes one file. `name` is relative and stays below the directory;
  /// folders are made. The same name twice is an error.
  llvm::Error writeFile(llvm::StringRef name, llvm::StringRef contents,
                        FileRole role = FileRole::program);

  void addRunsOn(RunsOn row) { runsOn.push_back(std::move(row)); }

  /// In the order of writing.
  llvm::ArrayRef<EmittedFile> getFiles() const { return files; }
  llvm::ArrayRef<RunsOn> getRunsOn() const { return runsOn; }

  /// Fields of the manifest that only the target knows, such as `inputs`.
  JsonValue &getManifest() { return manifest; }
  const JsonValue &getManifest() const { return manifest; }

  /// getManifest() with `files` and `runs_on` at its end.
  JsonValue makeManifest() const;

private:
  std::string directory;
  std::vector<EmittedFile> files;
  std::vector<RunsOn> runsOn;
  JsonValue manifest = JsonValue::object();
};

} // namespace spikeformer

#endif // SPIKEFORMER_PLUGINAPI_EMITCONTEXT_H
