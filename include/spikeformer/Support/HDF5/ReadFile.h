//===- ReadFile.h - HDF5 files that are not trusted -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The library reads hostile files with known crashes, so it runs in a worker
// process with limits. docs/Design/ImportNIR.md says what is trusted.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_HDF5_READFILE_H
#define SPIKEFORMER_SUPPORT_HDF5_READFILE_H

#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/WorkerProcess.h"

namespace spikeformer::hdf5 {

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
  /// Groups and datasets together.
  uint64_t maxObjects = uint64_t(1) << 22;
  /// What all arrays together may declare: so many bytes, and so many more per
  /// byte of the file. 1100 is beyond what deflate can reach.
  uint64_t freeDeclaredBytes = uint64_t(64) << 20;
  uint64_t declaredPerFileByte = 1100;
};

/// A file that a worker has open: `root` is the identifier of its group `/`,
/// -1 if the library cannot open the file and `failure` says why.
struct OpenFile {
  int64_t root;
  std::string failure;
  uint64_t bytes;
};

/// Runs `read` in a worker that has `path` open and gives what it made. `need`
/// says what the file should be: "a NIR file". Errors: InputErrors about the
/// file as a whole: it is missing, no HDF5, truncated, too large, or reading it
/// crashed or went beyond the limits of the worker.
llvm::Expected<WorkerResult> readInWorker(
    StringRef path, StringRef need, const Limits &limits,
    llvm::function_ref<std::string(const OpenFile &, WorkerOutput &)> read);

} // namespace spikeformer::hdf5

#endif // SPIKEFORMER_SUPPORT_HDF5_READFILE_H
