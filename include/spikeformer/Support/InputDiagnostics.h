//===- InputDiagnostics.h - errors in files as diagnostics ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_INPUTDIAGNOSTICS_H
#define SPIKEFORMER_SUPPORT_INPUTDIAGNOSTICS_H

#include "mlir/IR/MLIRContext.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/Support/Error.h"

namespace spikeformer {

/// Emits a diagnostic for every error: an InputError at its line and column or
/// at its path in the file, with the directory of the file, others without a
/// place. Fails if there is any.
LogicalResult emitErrors(llvm::Error errors, MLIRContext &context);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_INPUTDIAGNOSTICS_H
