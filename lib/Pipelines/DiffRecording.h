//===- DiffRecording.h - recordings to compare with -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_DIFFRECORDING_H
#define LIB_PIPELINES_DIFFRECORDING_H

#include "spikeformer/Pipelines/DiffTool.h"
#include "spikeformer/Pipelines/Probes.h"
#include "spikeformer/Support/Npz.h"

namespace spikeformer {

/// Whether `path` names a recording: FILE.npz, FILE.npz:KEY or FILE.npy.
bool isRecording(StringRef path);

/// The arrays of a recording by the signal that they are of: all of an archive
/// by their names, or those that `recorded` names; a single array is of the
/// output. Events become dense. Errors: a file that cannot be read, a name that
/// is not there, nothing that could be a recording.
llvm::Expected<std::vector<NamedTensor>>
readRecording(StringRef path, ArrayRef<RecordedSignal> recorded);

/// Gives `recording` the shape [sample, step, ...signal]: an axis of one sample
/// where there is none. Errors: it is no recording of such a signal.
llvm::Error fitRecording(StringRef path, NamedTensor &recording,
                         const ProbeRequest &probe);

} // namespace spikeformer

#endif // LIB_PIPELINES_DIFFRECORDING_H
