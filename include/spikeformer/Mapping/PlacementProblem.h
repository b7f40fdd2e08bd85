//===- PlacementProblem.h - a core for every slice --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The question and the check of anybody's answer; Placer.h answers. A problem
// is a solution with holes: pins are an answer that is partly noIndex.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_PLACEMENTPROBLEM_H
#define SPIKEFORMER_MAPPING_PLACEMENTPROBLEM_H

#include "spikeformer/Mapping/Messages.h"
#include "spikeformer/TargetModel/MachineGraph.h"

namespace spikeformer {

/// The core of each slice; noIndex where none is decided.
using Placement = std::vector<CoreIndex>;

/// Which core runs which slice. The parts outlive the problem.
struct PlacementProblem {
  const MachineGraph &machine;
  const SliceList &slices;
  const Messages &messages;
  /// What is decided already; empty: nothing is.
  Placement pins;

  /// What is wrong with the question: columns that do not fit, pins to what
  /// does not exist, a slice that no core could hold, pins that together exceed
  /// a core or router or part a cluster, more of a resource than the machine
  /// has.
  Violations check() const;
  /// What is wrong with `placement`: a slice without a core, a pin not kept, a
  /// core or router over the capacity of a resource (who occupies it), a parted
  /// cluster. Needs a well-formed question.
  Violations verify(const Placement &placement) const;
};

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_PLACEMENTPROBLEM_H
