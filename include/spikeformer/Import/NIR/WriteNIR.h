//===- WriteNIR.h - writing NIR files ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From a model in memory to a file: the other direction of ReadNIR.h. Equal
// models make equal bytes.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_WRITENIR_H
#define SPIKEFORMER_IMPORT_NIR_WRITENIR_H

#include "spikeformer/Import/NIR/Graph.h"

namespace spikeformer::nir {

/// Writes `model` to `path`, whole or not at all: nodes, parameters and
/// metadata in the order of the model, no times. The library of HDF5 runs in a
/// worker process. Errors: what it says, or why the file cannot be written.
llvm::Error writeFile(const Model &model, StringRef path);

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_WRITENIR_H
