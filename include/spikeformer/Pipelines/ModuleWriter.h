//===- ModuleWriter.h - writing modules -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How every tool writes IR: bytecode or text by the name of the file, whole or
// not at all, and the same bytes wherever it runs.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_MODULEWRITER_H
#define SPIKEFORMER_PIPELINES_MODULEWRITER_H

#include "mlir/IR/BuiltinOps.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/Support/Error.h"

namespace spikeformer {

/// Whether a module can be written under that name: .mlir or .mlirbc.
bool isModuleFileName(StringRef path);

/// Cuts file names in locations down to their last component: what is written
/// must not depend on the directory.
void dropDirectories(ModuleOp module);

/// Writes bytecode to *.mlirbc, text with the locations that are known to other
/// names, text to standard output for "-".
llvm::Error writeModule(ModuleOp module, StringRef path,
                        Durability durability = Durability::now);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_MODULEWRITER_H
