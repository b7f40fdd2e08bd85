//===- Probes.h - what a user asks to record --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A probe is written NAME, NAME.STATE or NAME.STATE.init, and [I:J] behind it
// selects neurons. Names of populations may hold dots, so only the network says
// what a text means.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_PROBES_H
#define SPIKEFORMER_PIPELINES_PROBES_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Pipelines/Signals.h"
#include "spikeformer/Support/Executor.h"
#include <optional>

namespace spikeformer {

/// One probe of the command line.
struct ProbeRequest {
  /// As written: the name of the array in the recording.
  std::string text;
  Probe probe;
  /// Asks for the initial value of the state, not for its course.
  bool initial = false;
  /// Half-open range of neurons, by row-major index.
  std::optional<std::pair<int64_t, int64_t>> neurons;
  /// Shape of the probed signal, before the selection of neurons.
  llvm::SmallVector<int64_t, 4> shape;

  int64_t getNumNeurons() const;
};

/// Reads the probes in `texts` for a network with these signals and outputs,
/// whose states `executor` knows. Errors: an unknown
/// name, which lists those there are, or a bad range.
llvm::Expected<std::vector<ProbeRequest>>
parseProbes(ArrayRef<std::string> texts, ArrayRef<NamedSignal> signals,
            TypeRange outputs, const Executor &executor);

/// Initial values of the probed state, [...shape], or [J - I] of selected
/// neurons. Diagnostics where the numbers cannot be read.
FailureOr<Tensor> getInitialState(const ProbeRequest &request,
                                  snn::NetworkOp network);

/// `recording`, [sample, step, ...shape], of the selected neurons:
/// [sample, step, J - I] if there is a selection.
Tensor selectNeurons(const Tensor &recording, const ProbeRequest &request);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_PROBES_H
