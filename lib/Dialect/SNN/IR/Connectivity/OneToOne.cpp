//===- OneToOne.cpp - element k reaches element k -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"

using namespace spikeformer;
using namespace spikeformer::snn;

LogicalResult
OneToOneAttr::verifyShapes(function_ref<InFlightDiagnostic()> emitError,
                           ArrayRef<int64_t> source,
                           ArrayRef<int64_t> target) const {
  int64_t have = ShapedType::getNumElements(source);
  int64_t need = ShapedType::getNumElements(target);
  if (have == need)
    return success();
  return emitError() << "one_to_one needs a source of " << need
                     << " elements, as many as the target, got " << have;
}

SmallVector<int64_t>
OneToOneAttr::getWeightShape(ArrayRef<int64_t>,
                             ArrayRef<int64_t> target) const {
  return llvm::to_vector(target);
}

FailureOr<SynapseTable> OneToOneAttr::expand(Operation *,
                                             ArrayRef<int64_t> source,
                                             ArrayRef<int64_t>) const {
  uint64_t count = ShapedType::getNumElements(source);
  SynapseTable table;
  table.rows.push_back(0);
  for (uint64_t k = 0; k < count; ++k) {
    table.targets.push_back(k);
    table.weights.push_back(k);
    table.rows.push_back(k + 1);
  }
  return table;
}
