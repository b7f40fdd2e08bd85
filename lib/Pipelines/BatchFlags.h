//===- BatchFlags.h - flags that each model of a batch has ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A key of a manifest is the name of a flag and goes through the flag's own
// parser, so that a batch knows every flag and reads it as the command line
// does. A model's word goes before the defaults of the manifest, these before
// the command line.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_BATCHFLAGS_H
#define LIB_PIPELINES_BATCHFLAGS_H

#include "spikeformer/Pipelines/CompileTool.h"
#include <map>

namespace spikeformer {

/// Flags and their values, in the order of the names.
using FlagValues = std::map<std::string, std::vector<std::string>>;

/// The flags of sf-compile that a model of a batch may have.
class BatchFlags {
public:
  /// Those of `names` that `arguments`, which have been parsed, give.
  BatchFlags(ArrayRef<const char *> arguments, ArrayRef<std::string> names);

  /// `values` and, for other flags, those of the command line.
  FlagValues complete(FlagValues values) const;
  /// Gives the flags these values and no others. The error names the first flag
  /// that cannot be read.
  llvm::Error apply(const FlagValues &values);

private:
  std::map<std::string, llvm::cl::Option *> flags;
  FlagValues commandLine;
};

} // namespace spikeformer

#endif // LIB_PIPELINES_BATCHFLAGS_H
