//===- ImportSONATA.h - SONATA networks -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a SONATA configuration with its files of nodes and edges to a module.
// See docs/Design/ImportSONATA.md.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_SONATA_IMPORTSONATA_H
#define SPIKEFORMER_IMPORT_SONATA_IMPORTSONATA_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Support/LLVM.h"
#include <optional>

namespace spikeformer {

struct ImportSONATAOptions {
  /// Length of a step in seconds; by default a tenth of the configuration's
  /// `run.dt`.
  std::optional<double> dt;
};

/// Reads the configuration at `path`, of a simulation or of a circuit, or the
/// file that names both. Null after a diagnostic for everything that cannot be
/// read or that `snn` cannot say.
OwningOpRef<ModuleOp> importSONATA(StringRef path, MLIRContext &context,
                                   const ImportSONATAOptions &options);

} // namespace spikeformer

#endif // SPIKEFORMER_IMPORT_SONATA_IMPORTSONATA_H
