//===- StimulusWriter.h - data for the software of a chip ----- -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The inputs of a run as the target's own software takes them, and beside them
// what that software has to find.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_STIMULUSWRITER_H
#define SPIKEFORMER_PIPELINES_STIMULUSWRITER_H

#include "spikeformer/PluginAPI/Target.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer {

/// `values`, [sample, ...shape] or with a step behind the sample, as presented
/// in each of `timesteps` steps: [sample, step, ...shape]. `rank` is the number
/// of axes of the shape.
Tensor presentEachStep(const Tensor &values, int64_t rank, int64_t timesteps);

/// Writes `directory`, whole or not at all: the files of `target` for
/// `stimulus`; expected.npy, expected1.npy, ... with `expected`, one for each
/// output; and stimulus.json, which lists them. A directory that is there is
/// replaced if it has a stimulus.json of ours.
llvm::Error writeStimulus(StringRef directory, const Target &target,
                          const Stimulus &stimulus, ArrayRef<Tensor> expected);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_STIMULUSWRITER_H
