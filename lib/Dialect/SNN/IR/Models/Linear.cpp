//===- Linear.cpp - emits what its receptor accumulated -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"

using namespace spikeformer;
using namespace spikeformer::snn;

LogicalResult LinearAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 Type state) {
  return verifyFloatState(emitError, state);
}

ModelLayout LinearAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  layout.emitted = getState();
  return layout;
}

LogicalResult
LinearAttr::computeCoefficients(function_ref<InFlightDiagnostic()>, Operation *,
                                ArrayRef<double>, double,
                                MutableArrayRef<double>) const {
  return success();
}

SmallVector<Value> LinearAttr::buildStep(OpBuilder &, Location, Operation *,
                                         ValueRange, ValueRange inputs,
                                         ValueRange) const {
  return {inputs[0]};
}

Scalar LinearAttr::referenceStep(Operation *, MutableArrayRef<Scalar>,
                                 ArrayRef<Scalar> inputs,
                                 ArrayRef<Scalar>) const {
  return inputs[0];
}
