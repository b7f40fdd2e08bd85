//===- EvaluateConstants.cpp - values that no input decides ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EvaluateConstants.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"
#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "spikeformer/Support/TensorAttr.h"
#include "llvm/ADT/SetVector.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

LogicalResult tosatosnn::evaluateConstants(func::FuncOp function,
                                           ArrayRef<Value> values) {
  OwningOpRef<ModuleOp> module(ModuleOp::create(function.getLoc()));
  OpBuilder builder(module->getBodyRegion());
  SmallVector<Type> types =
      llvm::map_to_vector(values, [](Value value) { return value.getType(); });
  auto folded = func::FuncOp::create(builder, function.getLoc(), "folded",
                                     builder.getFunctionType({}, types));
  builder.setInsertionPointToStart(folded.addEntryBlock());
  llvm::SetVector<Operation *> needed;
  for (Value value : values)
    needed.insert(value.getDefiningOp());
  for (size_t i = 0; i < needed.size(); ++i)
    for (Value operand : needed[i]->getOperands())
      needed.insert(operand.getDefiningOp());
  IRMapping mapping;
  for (Operation &op : function.front())
    if (needed.contains(&op))
      builder.clone(op, mapping);
  func::ReturnOp::create(builder, function.getLoc(),
                         llvm::map_to_vector(values, [&](Value value) {
                           return mapping.lookup(value);
                         }));
  FailureOr<TensorEvaluator> evaluator = TensorEvaluator::create(folded);
  if (failed(evaluator))
    return failure();
  FailureOr<SmallVector<Tensor>> results = evaluator->run({});
  if (failed(results))
    return failure();
  for (auto [index, tensor] : llvm::enumerate(*results)) {
    Value value = values[index];
    builder.setInsertionPointAfterValue(value);
    ElementsAttr elements = getElementsAttr(tensor, builder.getContext());
    Value number = tosa::ConstOp::create(builder, value.getLoc(),
                                         value.getType(), elements);
    value.replaceAllUsesWith(number);
  }
  return success();
}
