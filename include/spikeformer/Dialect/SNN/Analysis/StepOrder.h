//===- StepOrder.h - the order of operations within a timestep --*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A network is a graph region; a step executes it in an order in which every
// operation follows those whose results it needs in the same step.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_ANALYSIS_STEPORDER_H
#define SPIKEFORMER_DIALECT_SNN_ANALYSIS_STEPORDER_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::snn {

/// The operations of `network` without its output, in an order of execution
/// for one step: a source that reaches an operation without delay comes first.
/// Delayed projections and `snn.delay` come before everything that takes their
/// results; what they deliver was emitted in an earlier step. Stable: otherwise
/// the order of the text is kept.
SmallVector<Operation *> getStepOrder(NetworkOp network);

/// Step in which the window of output `index` begins: the onset of the
/// population that produces it, through pools and reshapes; 0 if there is none.
int64_t getOutputOnset(NetworkOp network, unsigned index);

/// Steps of a run after the last one in which the input is presented: the
/// largest onset of an output, so that the window of every output is complete.
int64_t getLatency(NetworkOp network);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_ANALYSIS_STEPORDER_H
