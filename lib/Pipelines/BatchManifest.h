//===- BatchManifest.h - the models of a batch ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a manifest says, checked as a whole before anything is compiled.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_BATCHMANIFEST_H
#define LIB_PIPELINES_BATCHMANIFEST_H

#include "BatchFlags.h"

namespace spikeformer {

/// A model of a batch.
struct BatchEntry {
  /// As the manifest says them.
  std::string input, output;
  /// What the flags were given.
  FlagValues flags;
  CompileToolOptions options;
};

/// The models of the manifest of `options`, in its order. Errors: all that is
/// wrong, each at its place in the manifest: keys and types by the schema,
/// files that are missing, outputs that are named twice or lie outside the
/// directory, and flags whose value is refused.
llvm::Expected<std::vector<BatchEntry>>
readBatchManifest(const BatchToolOptions &options, CompileFlags &flags,
                  ArrayRef<const char *> arguments);

/// How `flag` of a batch names files: not at all, as DATA, or as a path that
/// may also be a name of something else.
enum class FlagFiles { none, data, path };
FlagFiles getFlagFiles(StringRef flag);
/// The file that `value` of `flag` names; empty if it names none. A machine is
/// a file where there is one of that name.
std::string getFlagFile(StringRef flag, StringRef value);

} // namespace spikeformer

#endif // LIB_PIPELINES_BATCHMANIFEST_H
