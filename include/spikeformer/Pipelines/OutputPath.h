//===- OutputPath.h - where tools may write ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whether a file can be written is asked before the work, not after it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_OUTPUTPATH_H
#define SPIKEFORMER_PIPELINES_OUTPUTPATH_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace spikeformer {

/// Fails if `path` is a directory, or lies in one that is missing or cannot be
/// written. An empty path is no output.
llvm::Error checkOutputFile(llvm::StringRef path);

/// `name` in `directory`.
std::string joinPath(llvm::StringRef directory, llvm::StringRef name);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_OUTPUTPATH_H
