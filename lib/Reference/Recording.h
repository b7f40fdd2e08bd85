//===- Recording.h - what a run keeps ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Copies a signal or a state of every step into a tensor.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_REFERENCE_RECORDING_H
#define SPIKEFORMER_LIB_REFERENCE_RECORDING_H

#include "Simulation.h"
#include "spikeformer/Support/Tensor.h"

namespace spikeformer::reference {

/// One tensor [sample, step, ...shape] that a run fills.
class Recording {
public:
  /// Records `signal` in `numSteps` steps from `firstStep` of each sample.
  Recording(const Signal &signal, int64_t samples, int64_t firstStep,
            int64_t numSteps);
  /// Records state `index` of `node` in every one of `numSteps` steps.
  Recording(const PopulationNode &node, unsigned index, int64_t samples,
            int64_t numSteps);

  /// Copies the present value, of step `step` of sample `sample`.
  void take(int64_t sample, int64_t step);
  Tensor getTensor() const { return tensor; }

private:
  Scalar get(int64_t element) const {
    return signal ? signal->getValues()[element]
                  : node->getState(state, element);
  }
  template <typename T>
  void copy(int64_t position);

  const Signal *signal = nullptr;
  const PopulationNode *node = nullptr;
  unsigned state = 0;
  int64_t numElements, firstStep, numSteps;
  Tensor tensor;
};

} // namespace spikeformer::reference

#endif // SPIKEFORMER_LIB_REFERENCE_RECORDING_H
