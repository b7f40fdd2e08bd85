//===- TensorEvaluator.h - run tensor functions on the host -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Executes a function of tosa, arith, tensor and func ops with library kernels,
// without generating code: the float engine for accuracy, calibration and
// comparison, and the ordinary tensor IR around a spiking network.
//
// Graphs have a leading axis of one sample (or a dynamic one). The evaluator
// follows it from the inputs through the function; if it stays the leading axis
// of every value that depends on a sample, a batch runs as a whole, otherwise
// the function runs once per sample. The results are the same bits either way,
// and for every number of threads.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXECUTIONENGINE_TENSOREVALUATOR_H
#define SPIKEFORMER_EXECUTIONENGINE_TENSOREVALUATOR_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/StringMap.h"
#include <functional>
#include <memory>
#include <string>

namespace spikeformer {

/// Executes an op of another dialect. `operands` hold all samples of the batch
/// in their leading axis, and so must the results; `firstSample` is the global
/// index of the first one. Called from the thread that called `run`, never
/// twice at once. Reports its own errors.
using ExternalOp = std::function<FailureOr<SmallVector<Tensor>>(
    Operation *op, ArrayRef<Tensor> operands, int64_t firstSample)>;

struct TensorEvaluatorOptions {
  /// Worker threads; 0 uses all cores.
  unsigned threads = 1;
  /// Ops of other dialects by name, such as "snn.simulate".
  llvm::StringMap<ExternalOp> externalOps;
};

/// One function, ready to run. The module must outlive it.
class TensorEvaluator {
public:
  /// Receives a block of samples of an observed value. Blocks come in the order
  /// of the samples, on the thread that called `run`; a constant comes whole.
  using Observer = std::function<void(Value value, const Tensor &tensor)>;

  /// Checks every op of `function` and of the functions that it calls, and
  /// prepares constants; reports all unknown ops and types at once.
  static FailureOr<TensorEvaluator> create(func::FuncOp function,
                                           TensorEvaluatorOptions options = {});

  TensorEvaluator(TensorEvaluator &&);
  TensorEvaluator &operator=(TensorEvaluator &&);
  ~TensorEvaluator();

  /// Replaces the observer of the values named by `observe`.
  void setObserver(Observer observer);
  /// Asks for `value`, an argument or result inside the function or one that it
  /// calls. Fails if the function does not compute it.
  LogicalResult observe(Value value);

  /// Runs on inputs that hold N samples in the leading axis where the argument
  /// type has 1 or `?`; arguments of other types are shared by all samples. If
  /// no argument has such an axis, all inputs may have one extra leading axis
  /// of samples instead. Results hold N samples in the leading axis; a result
  /// type without a sample axis gets one in front if N is not 1. `firstSample`
  /// is the global index of the first sample, for external ops.
  FailureOr<SmallVector<Tensor>> run(ArrayRef<Tensor> inputs,
                                     int64_t firstSample = 0);

  /// Empty if batches run as a whole, else why samples run one by one.
  StringRef getBatchObstacle() const;

private:
  struct Impl;
  explicit TensorEvaluator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace spikeformer

#endif // SPIKEFORMER_EXECUTIONENGINE_TENSOREVALUATOR_H
