//===- TensorRun.h - one pass over a program --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schedules the steps of a program over a batch: blocks of samples that fit
// into the cache run on worker threads, external ops see the whole batch,
// observed values are handed out in the order of the samples.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORRUN_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORRUN_H

#include "BufferPool.h"
#include "TensorProgram.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/ThreadPool.h"

namespace spikeformer::evaluator {

/// An observed value, kept until it is its turn.
struct Observation {
  unsigned slot;
  Tensor tensor;
};
using Observations = std::vector<Observation>;

/// What is the same for the whole run.
struct RunContext {
  const Program &program;
  BufferPool &buffers;
  const llvm::DenseSet<unsigned> &observed;
  /// Receives observations in the order of the samples.
  function_ref<void(const Observations &)> deliver;
  /// Null: everything runs on the calling thread.
  llvm::ThreadPoolInterface *workers = nullptr;
  unsigned threads = 1;
};

/// Runs `task(i, observations)` for i in [0, count), several at once, and
/// delivers what they observed in ascending order of i.
void forEachInOrder(const RunContext &context, int64_t count,
                    function_ref<void(int64_t, Observations &)> task);

/// Copies `block` to the rows of `whole` from `row` on.
void copyRows(const Tensor &block, int64_t row, Tensor &whole);

/// Runs the program on inputs that hold `samples` samples where an argument is
/// batched.
FailureOr<SmallVector<Tensor>> runProgram(const RunContext &context,
                                          ArrayRef<Tensor> inputs,
                                          int64_t samples, int64_t firstSample);

} // namespace spikeformer::evaluator

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORRUN_H
