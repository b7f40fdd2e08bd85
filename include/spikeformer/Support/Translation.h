//===- Translation.h - importers of translation tools -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Importers are entered in MLIR's translation registry. The driver is our own
// because upstream's truncates the output before it has a result, writes text
// only and has one exit code for everything that can go wrong.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_TRANSLATION_H
#define SPIKEFORMER_SUPPORT_TRANSLATION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <functional>

namespace spikeformer {

/// Reads a module from a buffer whose identifier is the path of the input; null
/// after diagnostics on the context.
using ImportFunction =
    std::function<OwningOpRef<ModuleOp>(llvm::MemoryBufferRef, MLIRContext &)>;

/// Registers `import` under the flag `--<name>`. The module is verified before
/// it is written.
void registerImporter(StringRef name, StringRef description,
                      ImportFunction import);

/// Reads the module `input` and writes it to `output`; the exit code.
using ExportFunction = std::function<int(StringRef input, StringRef output)>;

/// Registers `write` under the flag `--<name>`.
void registerExporter(StringRef name, StringRef description,
                      ExportFunction write);

/// The main function of a translation tool:
///   sf-translate --import-onnx IN -o OUT.mlir[bc]
///   sf-translate --export-nir IN.mlir[bc] -o OUT.nir
/// writes bytecode to files named `.mlirbc`, text otherwise. Returns 0 when
/// done, 1 when the input is refused, 2 when it cannot run (bad usage, input
/// missing or unreadable, output not writable). The output is written whole or
/// not at all.
int translateMain(int argc, char **argv, StringRef overview);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_TRANSLATION_H
