//===- ExportNIR.h - networks as NIR files ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The other direction of ImportNIR.h. A network is written as the graph that
// its reader, software with a profile, computes as the network does.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXPORT_NIR_EXPORTNIR_H
#define SPIKEFORMER_EXPORT_NIR_EXPORTNIR_H

#include "mlir/IR/BuiltinOps.h"
#include "spikeformer/Import/NIR/Profiles.h"
#include <optional>

namespace spikeformer {

struct ExportNIROptions {
  /// "NAME[@VERSION]" for all nodes, "POPULATION=NAME[@VERSION]" for one. If
  /// there is none, the profile of an imported module is taken.
  std::vector<std::string> profiles;
  /// What there is to choose from.
  ArrayRef<nir::Profile> known = nir::getProfiles();
  /// Length of a step in the unit of the file's time constants, if it is not
  /// that of the network or of the profile.
  std::optional<double> dt;
};

/// Writes the network of `module` to `path`, whole or not at all. Fails after
/// one diagnostic for each construct that NIR or the profile cannot say. What
/// surrounds the network in `@main` is left out with a warning.
LogicalResult exportNIR(ModuleOp module, StringRef path,
                        const ExportNIROptions &options);

} // namespace spikeformer

#endif // SPIKEFORMER_EXPORT_NIR_EXPORTNIR_H
