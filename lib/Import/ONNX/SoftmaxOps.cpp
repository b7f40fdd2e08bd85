//===- SoftmaxOps.cpp - Softmax and LogSoftmax ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The maximum is taken off first, so that no exponential overflows.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

/// Softmax of `input` over `axis`, or its logarithm.
static Value buildSoftmax(Emitter &emit, Value input, int64_t axis,
                          bool isLog) {
  IntegerAttr axisAttr = emit.getBuilder().getI32IntegerAttr(axis);
  SmallVector<int64_t> shape(getShape(input));
  shape[axis] = 1;
  RankedTensorType reduced = emit.getType(shape);
  Value max = emit.create<tosa::ReduceMaxOp>(reduced, input, axisAttr);
  Value shifted = emit.subtract(input, max);
  Value exp = emit.create<tosa::ExpOp>(shifted.getType(), shifted);
  Value sum = emit.create<tosa::ReduceSumOp>(reduced, exp, axisAttr);
  if (isLog)
    return emit.subtract(shifted, emit.create<tosa::LogOp>(reduced, sum));
  Value inverse = emit.create<tosa::ReciprocalOp>(reduced, sum);
  return emit.multiply(exp, inverse);
}

static void importSoftmax(Node &node) {
  bool isLog = node.getOperator() == "LogSoftmax";
  bool flattens = node.getOpset() < 13;
  int64_t axis = node.getInteger("axis", flattens ? 1 : -1);
  if (!node.isReady())
    return;
  ArrayRef<int64_t> shape = node.getShape(0);
  axis = node.normalizeAxis(axis, shape.size());
  if (node.hasFailed())
    return;
  Value input = node.getValue(0);
  if (!flattens)
    return node.setValue(buildSoftmax(node.emit(), input, axis, isLog));
  // Up to operator set 12 all axes from `axis` on are normalised together.
  int64_t rows = *countElements(shape.take_front(axis));
  int64_t columns = *countElements(shape.drop_front(axis));
  Value matrix = node.emit().reshape(input, {rows, columns});
  node.setValue(
      node.emit().reshape(buildSoftmax(node.emit(), matrix, 1, isLog), shape));
}

void onnximport::addSoftmaxOperators(OperatorTable &table) {
  for (StringRef name : {"Softmax", "LogSoftmax"})
    table[name] = {importSoftmax, 1, 1, allInputs, noInputs, {"axis"}};
}
