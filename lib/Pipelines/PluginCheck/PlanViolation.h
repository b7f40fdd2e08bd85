//===- PlanViolation.h - networks that a target has to refuse - -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A violation changes one thing of a network that fits to a thing that the
// target's capabilities do not list, and knows which operation is then wrong.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_PLANVIOLATION_H
#define SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_PLANVIOLATION_H

#include "RandomPlan.h"

namespace spikeformer::plugincheck {

/// What a violation is at.
struct PlanPlace {
  enum Kind { input, population, projection, output, network } kind;
  size_t index = 0;

  bool operator==(const PlanPlace &other) const {
    return kind == other.kind && index == other.index;
  }
  /// Lines at which a message about it may stand: its own, and that of the
  /// operation that takes or holds it.
  std::vector<unsigned> getLines(const NetworkPlan &plan,
                                 const PlanLines &lines) const;
};

/// What was broken.
struct PlanViolation {
  /// Such as "delay 16 above the range".
  std::string what;
  PlanPlace place;
  /// A target may also make it legal, by a phase that records `retimed`.
  bool mayBeRetimed = false;
};

/// Whether `capabilities` forbid anything that a violation can break.
bool canViolate(const Capabilities &capabilities);

/// Breaks one thing of `plan`, which fits; canViolate holds. Nothing if what
/// was drawn cannot be broken in this plan, which is then as it was.
std::optional<PlanViolation> violate(NetworkPlan &plan,
                                     const Capabilities &capabilities,
                                     RandomSource &random);

} // namespace spikeformer::plugincheck

#endif // SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_PLANVIOLATION_H
