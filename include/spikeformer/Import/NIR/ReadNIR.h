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
#include "spikeformer/Support/WorkerProcess.h"

namespace spikeformer::nir {

/// How much a file may ask for.
struct Limits {
  /// Memory and time of the process that parses; its `sharedBytes` bound all
  /// arrays together. A file gets `freeSeconds` and `secondsPerMiB` of
  /// processor time, twice that on the clock, and never more than this.
  WorkerLimits worker{uint64_t(1) << 30, uint64_t(8) << 30, 1800, 3600000};
  unsigned freeSeconds = 10;
  unsigned secondsPerMiB = 1;
  /// Larger files are refused.
  uint64_t maxFileBytes = uint64_t(16) << 30;
  /// Levels of sub-graphs.
  unsigned maxDepth = 64;
  /// Groups and datasets together.
  uint64_t maxObjects = uint64_t(1) << 22;
  /// What all arrays together may declare: so many bytes, and so many more per
  /// byte of the file. 1100 is beyond what deflate can reach.
  uint64_t freeDeclaredBytes = uint64_t(64) << 20;
  uint64_t declaredPerFileByte = 1100;
};

/// Reads a NIR file. Where the file can be read but is wrong in places, the
/// model has what is right and `findings` say the rest. Errors: InputErrors
/// about the file as a whole: it is missing, no HDF5, truncated, too large, or
/// reading it crashed or went beyond the limits of the worker.
llvm::Expected<Model> readFile(StringRef path, const Limits &limits = {});

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_READNIR_H
