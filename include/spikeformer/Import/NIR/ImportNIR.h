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

/// Attribute of an imported module: its profiles, spelled as in
/// ImportNIROptions.
constexpr llvm::StringLiteral profilesAttrName("nir.profiles");

struct ImportNIROptions {
  /// "NAME[@VERSION]" for all nodes, "NODE=NAME[@VERSION]" for one. If there is
  /// none, the file's metadata settle it, else an error lists those of `known`.
  std::vector<std::string> profiles;
  /// What there is to choose from.
  ArrayRef<nir::Profile> known = nir::getProfiles();
  /// Length of a step in the unit of the file's time constants, if it is not
  /// that of the profile.
  std::optional<double> dt;
};

/// Imports the file `path`. The network is driven by values for every step, and
/// T is left open, unless the file says otherwise. Populations have the names
/// of nodes, inner ones "outer/inner". On failure returns null after one
/// diagnostic for each thing wrong, located at the HDF5 path in the file. What
/// the file is known to lack is a warning.
OwningOpRef<ModuleOp> importNIR(StringRef path, MLIRContext &context,
                                const ImportNIROptions &options);

} // namespace spikeformer

#endif // SPIKEFORMER_IMPORT_NIR_IMPORTNIR_H
