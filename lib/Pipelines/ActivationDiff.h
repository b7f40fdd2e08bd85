//===- ActivationDiff.h - float against spiking activations -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A conversion approximates every activation x by theta * count / T. This
// measures how well, population by population.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_ACTIVATIONDIFF_H
#define LIB_PIPELINES_ACTIVATIONDIFF_H

#include "DiffSide.h"

namespace spikeformer {

/// Compares `floatSide` with `spikingSide`, which a conversion made of it: the
/// relations in its module say which population stands for which activation.
/// Returns {equal, first, populations, agreement, max_abs_error, samples}.
llvm::Expected<JsonValue> compareActivations(DiffSide &floatSide,
                                             DiffSide &spikingSide,
                                             double tolerance);

} // namespace spikeformer

#endif // LIB_PIPELINES_ACTIVATIONDIFF_H
