//===- SourceFile.h - reading a module --------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one reader of tools. Bytecode with resource blobs is only accepted at an
// aligned address, which pipes and small files do not give by themselves.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_SOURCEFILE_H
#define SPIKEFORMER_SUPPORT_SOURCEFILE_H

#include "llvm/Support/ErrorOr.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace spikeformer {

/// The contents of the file `path`, or of standard input for "-", aligned to 64
/// bytes and followed by a null. Large files are mapped, not copied.
llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>>
readInput(llvm::StringRef path);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_SOURCEFILE_H
