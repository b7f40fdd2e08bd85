//===- ArtefactWriter.h - writing an artefact -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A target writes its own files; manifest and report are the same for all and
// are written beside them here. The directory appears whole or not at all.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_ARTEFACTWRITER_H
#define SPIKEFORMER_PIPELINES_ARTEFACTWRITER_H

#include "spikeformer/Pipelines/Compiler.h"

namespace spikeformer {

/// Whether the directory `path` has a manifest with a version, so that it may
/// be replaced.
bool isOwnArtefact(StringRef path);

/// Makes report.json, of what runs the artefact.
using ReportMaker = function_ref<JsonValue(ArrayRef<RunsOn> runsOn)>;

/// Writes what `compiler`, which has run all phases, made for `target` to
/// `options.emit.output`. Errors: what the target cannot write, a directory
/// that is not ours; a ReportedError after diagnostics.
llvm::Error writeArtefact(const Compiler &compiler,
                          const CompileOptions &options, const Target &target,
                          ReportMaker makeReport);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_ARTEFACTWRITER_H
