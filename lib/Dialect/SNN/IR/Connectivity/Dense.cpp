//===- Dense.cpp - every source reaches every target ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SynapseNumbers.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"

using namespace spikeformer;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// Dense: weights by target, then source
//===----------------------------------------------------------------------===//

LogicalResult DenseAttr::verifyShapes(function_ref<InFlightDiagnostic()>,
                                      ArrayRef<int64_t>,
                                      ArrayRef<int64_t>) const {
  return success();
}

SmallVector<int64_t> DenseAttr::getWeightShape(ArrayRef<int64_t> source,
                                               ArrayRef<int64_t> target) const {
  return {ShapedType::getNumElements(target),
          ShapedType::getNumElements(source)};
}

FailureOr<SynapseTable> DenseAttr::expand(Operation *, ArrayRef<int64_t> source,
                                          ArrayRef<int64_t> target) const {
  uint64_t sources = ShapedType::getNumElements(source);
  uint64_t targets = ShapedType::getNumElements(target);
  SynapseTable table;
  table.rows.reserve(sources + 1);
  table.targets.reserve(sources * targets);
  table.weights.reserve(sources * targets);
  table.rows.push_back(0);
  for (uint64_t s = 0; s < sources; ++s) {
    for (uint64_t t = 0; t < targets; ++t) {
      table.targets.push_back(t);
      table.weights.push_back(t * sources + s);
    }
    table.rows.push_back(table.targets.size());
  }
  return table;
}

//===----------------------------------------------------------------------===//
// AllToAll: weights by synapse
//===----------------------------------------------------------------------===//

LogicalResult
AllToAllAttr::verifyShapes(function_ref<InFlightDiagnostic()> emitError,
                           ArrayRef<int64_t> source,
                           ArrayRef<int64_t> target) const {
  if (getSelf() ||
      ShapedType::getNumElements(source) == ShapedType::getNumElements(target))
    return success();
  return emitError() << "all_to_all with self = false needs as many sources as "
                        "targets";
}

SmallVector<int64_t> AllToAllAttr::getWeightShape(ArrayRef<int64_t>,
                                                  ArrayRef<int64_t>) const {
  return {ShapedType::kDynamic};
}

FailureOr<SynapseTable> AllToAllAttr::expand(Operation *,
                                             ArrayRef<int64_t> source,
                                             ArrayRef<int64_t> target) const {
  uint64_t sources = ShapedType::getNumElements(source);
  uint64_t targets = ShapedType::getNumElements(target);
  SynapseTable table;
  table.rows.push_back(0);
  for (uint64_t s = 0; s < sources; ++s) {
    for (uint64_t t = 0; t < targets; ++t)
      if (getSelf() || s != t)
        table.targets.push_back(t);
    table.rows.push_back(table.targets.size());
  }
  numberWeights(table);
  return table;
}
