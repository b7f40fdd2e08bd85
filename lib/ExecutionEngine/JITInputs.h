//===- JITInputs.h - tensors that a run presents ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inputs may have any element type; calls read the type of the signal. What
// does not fit the alphabet is found before anything runs.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_JITINPUTS_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_JITINPUTS_H

#include "JITProgram.h"
#include "spikeformer/Support/Executor.h"
#include "llvm/Support/Error.h"

namespace spikeformer::jit {

/// One input of a run, in the element type of its signal.
class BoundInput {
public:
  BoundInput(Tensor values, int64_t samples, int64_t steps)
      : values(std::move(values)), samples(samples), steps(steps) {}

  /// One value for all steps.
  bool isHeld() const { return steps == 0; }
  SfrtInput bind(int64_t sample) const {
    size_t bytes = values.getNumBytes() / samples;
    return {static_cast<const char *>(values.getBytes()) + bytes * sample,
            isHeld() ? 0 : bytes / steps};
  }

private:
  Tensor values;
  int64_t samples;
  /// 0 for a held input.
  int64_t steps;
};

/// Checks and converts the inputs of `request`. The error names the input, and
/// the first element that does not fit.
llvm::Expected<std::vector<BoundInput>> bindInputs(ArrayRef<InputInfo> inputs,
                                                   const RunRequest &request);

} // namespace spikeformer::jit

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_JITINPUTS_H
