//===- Loops.h - what TOSA cannot say ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOSA computes float32 and a few integers, in windows of two axes. The rest is
// `linalg.generic` with a body of arith; this file decides how such loops look.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_LOOPS_H
#define LIB_IMPORT_ONNX_LOOPS_H

#include "Emitter.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"

namespace spikeformer::onnximport {

/// Makes the result of one iteration from the elements that it reads; the last
/// one is that of the result so far.
using LoopBody = llvm::function_ref<Value(OpBuilder &, Location, ValueRange)>;

/// A value that loops read, and where.
struct LoopInput {
  /// Signless.
  Value value;
  AffineMap map;
};

/// Loops with one result, which starts as `initial`.
Value buildLoops(Emitter &emit, ArrayRef<LoopInput> inputs, LoopInput initial,
                 ArrayRef<utils::IteratorType> iterators, LoopBody body);

/// `body` on every element of `inputs`, of any signedness, whose shapes have
/// the rank of `shape` and broadcast to it. The result has elements of `type`.
Value buildElementwise(Emitter &emit, ArrayRef<Value> inputs,
                       ArrayRef<int64_t> shape, ElementType type,
                       LoopBody body);

/// A number of `type`, read as signless, in the function.
Value makeNumber(OpBuilder &builder, Location location, ElementType type,
                 double number);

/// A signless tensor of `shape` whose elements are `number`.
Value makeFilled(Emitter &emit, ArrayRef<int64_t> shape, ElementType type,
                 double number);

/// The lowest number of `type`: minus infinity of floats.
double getLowest(ElementType type);

/// The larger of two numbers of `type`.
Value buildMaximum(OpBuilder &builder, Location location, ElementType type,
                   Value a, Value b);
/// The smaller one.
Value buildMinimum(OpBuilder &builder, Location location, ElementType type,
                   Value a, Value b);

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_LOOPS_H
