//===- ImportNetwork.h - machine graphs as mapping problems -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A machine graph has no neurons: it becomes a `pnr.mapping` in which nothing
// is placed.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_SPINNAKER_IMPORT_IMPORTNETWORK_H
#define SPIKEFORMER_PLUGINS_SPINNAKER_IMPORT_IMPORTNETWORK_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Support/LLVM.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace spikeformer::spinnaker {

/// Imports a file of format spinnaker-network/1, on the machine of as many
/// SpiNN-5 boards as it says. Null after a diagnostic.
OwningOpRef<ModuleOp> importNetwork(llvm::MemoryBufferRef file,
                                    MLIRContext &context);

} // namespace spikeformer::spinnaker

#endif // SPIKEFORMER_PLUGINS_SPINNAKER_IMPORT_IMPORTNETWORK_H
