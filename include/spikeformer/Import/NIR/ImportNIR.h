//===- ImportNIR.h - NIR graphs as networks ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A graph of neurons and weights becomes a `snn.network` under a profile: the
// file says the equations, the profile what a step is.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_IMPORTNIR_H
#define SPIKEFORMER_IMPORT_NIR_IMPORTNIR_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Import/NIR/Profiles.h"
#include <optional>

namespace spikeformer {

struct ImportNIROptions {
  /// Null asks for one by an error that lists them.
  const nir::Profile *profile = nullptr;
  /// Length of a step in the unit of the file's time constants, if it is not
  /// that of the profile.
  std::optional<double> dt;
};

/// Imports the file `path`. The network is driven by values for every step; T
/// is left open. Populations have the names of nodes, inner ones "outer/inner".
/// On failure returns null after one diagnostic for each thing wrong, located
/// at the HDF5 path in the file.
OwningOpRef<ModuleOp> importNIR(StringRef path, MLIRContext &context,
                                const ImportNIROptions &options);

} // namespace spikeformer

#endif // SPIKEFORMER_IMPORT_NIR_IMPORTNIR_H
