//===- Encoders.cpp - how values become signals ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Math.h"
#include "spikeformer-rt/Random.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/Support/FormatVariadic.h"

using namespace spikeformer;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// ConstantCurrent
//===----------------------------------------------------------------------===//

LogicalResult
ConstantCurrentAttr::verifyTypes(function_ref<InFlightDiagnostic()> emitError,
                                 Type input, Type result) const {
  if (input == result &&
      cast<SignalType>(input).getKind() == AlphabetKind::analogue)
    return success();
  return emitError() << "constant_current needs an analogue signal and keeps "
                        "its type";
}

FailureOr<double> ConstantCurrentAttr::referenceEncode(double value, double,
                                                       uint64_t, uint32_t,
                                                       uint32_t) const {
  return value;
}

std::string ConstantCurrentAttr::explain(double, double) const { return ""; }

//===----------------------------------------------------------------------===//
// Poisson
//===----------------------------------------------------------------------===//

LogicalResult
PoissonAttr::verifyTypes(function_ref<InFlightDiagnostic()> emitError,
                         Type input, Type result) const {
  auto in = cast<SignalType>(input);
  if (in.getKind() == AlphabetKind::analogue &&
      (in.getCarrier().isF32() || in.getCarrier().isF64()) &&
      cast<SignalType>(result).getKind() == AlphabetKind::binary)
    return success();
  return emitError() << "poisson turns analogue<f32|f64> into binary";
}

/// Probability of a spike in one step; not in [0, 1] where `value` is wrong.
static double expectedSpikes(PoissonAttr encoder, double value, double dt) {
  double expected = value * (encoder.getGain().getValueAsDouble() * dt);
  if (encoder.getProbability() == Probability::rate_dt || expected < 0)
    return expected;
  return 1.0 - sfrt_exp_f64_v1(-expected);
}

FailureOr<double> PoissonAttr::referenceEncode(double value, double dt,
                                               uint64_t element, uint32_t step,
                                               uint32_t sample) const {
  double p = expectedSpikes(*this, value, dt);
  if (!(p >= 0 && p <= 1))
    return failure();
  double u = rt::uniform24(
      rt::philoxWord(getSeed(), getStream(), element, step, sample));
  return u < p ? 1.0 : 0.0;
}

std::string PoissonAttr::explain(double value, double dt) const {
  return llvm::formatv("poisson needs a probability from 0 to 1 per step, "
                       "the value {0} gives {1}; lower the gain",
                       value, expectedSpikes(*this, value, dt))
      .str();
}
