//===- Threshold.cpp - the spike test of the input ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// No potential and no reset: what is tested is the input.
static FireRule getRule(ThresholdAttr model) {
  FireRule rule{ResetKind::none, model.getFires(), ResetTime::same_step};
  rule.spikes = model.getSpikes();
  return rule;
}

LogicalResult
ThresholdAttr::verify(function_ref<InFlightDiagnostic()> emitError, Type state,
                      FiresKind, SpikeKind) {
  return verifyFloatState(emitError, state);
}

ModelLayout ThresholdAttr::getLayout() const {
  ModelLayout layout;
  layout.addReceptors(getState(), {"in"});
  getRule(*this).addTo(layout, getState());
  return layout;
}

LogicalResult
ThresholdAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                                   Operation *, ArrayRef<double> params,
                                   double dt,
                                   MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getLayout().params, params)))
    return failure();
  return getRule(*this).computeCoefficients(emitError, params, dt,
                                            coefficients);
}

SmallVector<Value> ThresholdAttr::buildStep(OpBuilder &builder, Location loc,
                                            Operation *, ValueRange,
                                            ValueRange inputs,
                                            ValueRange coefficients) const {
  FireRule rule = getRule(*this);
  FireBuilder b(builder, loc, rule, Value(), coefficients);
  return {b.fire(inputs[0], inputs[0]).back()};
}

template <typename T>
static Scalar step(ThresholdAttr model, MutableArrayRef<Scalar> states,
                   ArrayRef<Scalar> inputs, ArrayRef<Scalar> c) {
  FireRule rule = getRule(model);
  T v = get<T>(inputs[0]);
  return Scalar::of(ReferenceFire<T>(rule, states, 0, c).step(v, v));
}

Scalar ThresholdAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                                    ArrayRef<Scalar> inputs,
                                    ArrayRef<Scalar> coefficients) const {
  return getState().isF32() ? step<float>(*this, states, inputs, coefficients)
                            : step<double>(*this, states, inputs, coefficients);
}
