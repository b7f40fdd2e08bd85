//===- Diagnostics.h - how errors are spelled -------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one spelling of locations that have no line: a part of a binary file is
// `NameLoc(part)` over `FileLineCol(basename, 0, 0)`.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_DIAGNOSTICS_H
#define SPIKEFORMER_SUPPORT_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer {

/// The location of `part` (a node, a population) of a file without lines.
/// `file` is a path, of which only the last component is kept: what is written
/// must not depend on the directory. An empty `part` means the whole file.
Location getPartLocation(MLIRContext *context, StringRef file, StringRef part);

/// While alive, prints diagnostics at locations of `getPartLocation` to
/// standard error as `file: node 'part': error: text`; leaves all others to the
/// handler that was there before.
class PartDiagnosticHandler : public ScopedDiagnosticHandler {
public:
  explicit PartDiagnosticHandler(MLIRContext *context);
};

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_DIAGNOSTICS_H
