//===- ReadNIR.h - reading NIR files ----------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a file that may be hostile to a model in memory. See
// docs/Design/ImportNIR.md for what is trusted.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_READNIR_H
#define SPIKEFORMER_IMPORT_NIR_READNIR_H

#include "spikeformer/Import/NIR/Graph.h"
#include "spikeformer/Support/HDF5/ReadFile.h"

namespace spikeformer::nir {

/// How much a file may ask for.
struct Limits : hdf5::Limits {
  /// Levels of sub-graphs.
  unsigned maxDepth = 64;
};

/// Reads a NIR file. Where the file can be read but is wrong in places, the
/// model has what is right and `findings` say the rest. Errors: InputErrors
/// about the file as a whole: it is missing, no HDF5, truncated, too large, or
/// reading it crashed or went beyond the limits of the worker.
llvm::Expected<Model> readFile(StringRef path, const Limits &limits = {});

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_READNIR_H
