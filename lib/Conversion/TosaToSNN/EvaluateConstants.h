//===- EvaluateConstants.h - values that no input decides -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights that a file stores in another form than the network needs are
// computed once, by the evaluator, so that they are what the float path has.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_EVALUATECONSTANTS_H
#define LIB_CONVERSION_TOSATOSNN_EVALUATECONSTANTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer::tosatosnn {

/// Replaces each of `values` of `function`, which depend on constants only, by
/// a `tosa.const` of what the evaluator makes of it. Fails after a message of
/// the evaluator.
LogicalResult evaluateConstants(func::FuncOp function, ArrayRef<Value> values);

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_EVALUATECONSTANTS_H
