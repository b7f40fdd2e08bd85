//===- ScalarEvaluation.h - scalar arith in C++ ----------------------*- C++
//-*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operations that a `snn.model` may use, each evaluated on scalars. The
// same table decides what the verifier allows.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SCALAREVALUATION_H
#define SPIKEFORMER_DIALECT_SNN_IR_SCALAREVALUATION_H

#include "mlir/IR/Operation.h"
#include "spikeformer/Dialect/SNN/IR/SNNModel.h"
#include "llvm/ADT/DenseMap.h"

namespace spikeformer::snn {

/// Values of the operations evaluated so far. Integers are kept
/// sign-extended; i1 is 0 or 1.
using ScalarFrame = llvm::DenseMap<mlir::Value, Scalar>;

/// Whether `op` is one that a model may use.
bool isModelOperation(mlir::Operation &op);

/// Evaluates `op` (isModelOperation) and enters its result into `frame`.
void evaluateScalar(mlir::Operation &op, ScalarFrame &frame);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_IR_SCALAREVALUATION_H
