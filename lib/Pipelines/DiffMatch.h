//===- DiffMatch.h - which signals of two sides are the same ----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Phases rename populations, split them, shift them in time and scale them. Two
// signals are compared on the neurons that come from the same ones.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_DIFFMATCH_H
#define LIB_PIPELINES_DIFFMATCH_H

#include "DiffSide.h"
#include "spikeformer/Pipelines/Comparison.h"

namespace spikeformer {

/// Neurons that both sides have.
struct CommonSignal {
  /// Name on each side; reports use that of A.
  std::string nameA, nameB;
  /// Probe on each side.
  std::string probeA, probeB;
  /// Index of the first common neuron on each side.
  int64_t firstA = 0, firstB = 0;
  Alignment alignment;
};

struct CommonSignals {
  std::vector<CommonSignal> signals;
  /// Arrays of a recording that are of no signal of the model.
  std::vector<std::string> ignored;
  /// The weakest relation between the sides, if both are modules.
  std::optional<snn::RelationKind> relation;
};

/// What `a` and `b` have in common, in the order of `a`. A recording names the
/// probes of the model that it is compared with. Fails if there is nothing, or
/// with diagnostics where relations cannot be read.
llvm::Expected<CommonSignals> matchSignals(const DiffSide &a,
                                           const DiffSide &b);

} // namespace spikeformer

#endif // LIB_PIPELINES_DIFFMATCH_H
