//===- NeuronRanges.h - the neurons of a slice ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How a slice says which neurons of a population it has: the one reading of
// such numbers, for whoever counts, checks or delivers.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_ANALYSIS_NEURONRANGES_H
#define SPIKEFORMER_DIALECT_SNN_ANALYSIS_NEURONRANGES_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/LogicalResult.h"
#include <cstdint>

namespace spikeformer::snn {

/// First and end of ranges in turn, of a population with a shape: one range for
/// each dimension, which is a box; or one range of row-major indices; or, of
/// one dimension, several ranges, ascending and disjoint.
using NeuronRanges = SmallVector<int64_t, 6>;

/// Fails unless `ranges` has a form that `shape` allows, and lies within it.
LogicalResult checkRanges(ArrayRef<int64_t> ranges, ArrayRef<int64_t> shape);

/// `ranges` as disjoint boxes of `shape`. Needs a form that it allows.
SmallVector<NeuronRanges> listBoxes(ArrayRef<int64_t> ranges,
                                    ArrayRef<int64_t> shape);

/// Number of neurons. Needs a form that `shape` allows.
int64_t countNeurons(ArrayRef<int64_t> ranges, ArrayRef<int64_t> shape);

/// Calls `visit` with the row-major index of each neuron, in ascending order.
/// Fails where `checkRanges` does.
LogicalResult forEachNeuron(ArrayRef<int64_t> ranges, ArrayRef<int64_t> shape,
                            llvm::function_ref<void(int64_t)> visit);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_ANALYSIS_NEURONRANGES_H
