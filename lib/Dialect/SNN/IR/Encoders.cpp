//===- Encoders.cpp - how values become signals ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the interpreter executes; docs/Semantics.md section 6 has the formulas.
// Values are exact in f64, in which all is computed.
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Math.h"
#include "spikeformer-rt/Random.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

using EmitError = function_ref<InFlightDiagnostic()>;

//===----------------------------------------------------------------------===//
// What encoders have in common
//===----------------------------------------------------------------------===//

static bool isReal(Type type) {
  auto signal = cast<SignalType>(type);
  return signal.getKind() == AlphabetKind::analogue &&
         isa<FloatType>(signal.getCarrier());
}

static LogicalResult verifySpikes(EmitError emitError, StringRef name,
                                  Type input, Type result, AlphabetKind kind) {
  if (isReal(input) && cast<SignalType>(result).getKind() == kind)
    return success();
  return emitError() << name << " turns analogue<f32|f64> into "
                     << stringifyAlphabetKind(kind);
}

static LogicalResult verifyNumber(EmitError emitError, StringRef name,
                                  FloatAttr number, StringRef need, bool ok) {
  if (ok)
    return success();
  return emitError() << name << " needs " << need << ", got " << number;
}

static LogicalResult verifyPositive(EmitError emitError, StringRef name,
                                    StringRef what, FloatAttr number) {
  double value = number.getValueAsDouble();
  return verifyNumber(emitError, name, number, (what + " above 0").str(),
                      value > 0 && std::isfinite(value));
}

static bool isUnit(double value) { return value >= 0 && value <= 1; }

static std::string explainUnit(StringRef name, double value) {
  return llvm::formatv("{0} needs a value from 0 to 1, got {1}; scale the "
                       "input",
                       name, value)
      .str();
}

//===----------------------------------------------------------------------===//
// ConstantCurrent
//===----------------------------------------------------------------------===//

LogicalResult ConstantCurrentAttr::verifyTypes(EmitError emitError, Type input,
                                               Type result) const {
  auto in = cast<SignalType>(input), out = cast<SignalType>(result);
  if (in.getKind() == AlphabetKind::analogue && in.getKind() == out.getKind() &&
      in.getCarrier() == out.getCarrier())
    return success();
  return emitError() << "constant_current needs an analogue signal and keeps "
                        "its type";
}

LogicalResult
ConstantCurrentAttr::referenceEncode(const EncoderInput &input,
                                     MutableArrayRef<double> emitted) const {
  emitted[0] = input.value;
  return success();
}

std::string ConstantCurrentAttr::explain(double, double) const { return ""; }

//===----------------------------------------------------------------------===//
// Poisson
//===----------------------------------------------------------------------===//

LogicalResult PoissonAttr::verifyTypes(EmitError emitError, Type input,
                                       Type result) const {
  return verifySpikes(emitError, "poisson", input, result,
                      AlphabetKind::binary);
}

/// Probability of a spike in one step; not in [0, 1] where `value` is wrong.
static double expectedSpikes(PoissonAttr encoder, double value, double dt) {
  double expected = value * (encoder.getGain().getValueAsDouble() * dt);
  if (encoder.getProbability() == Probability::rate_dt || expected < 0)
    return expected;
  return 1.0 - sfrt_exp_f64_v1(-expected);
}

LogicalResult
PoissonAttr::referenceEncode(const EncoderInput &input,
                             MutableArrayRef<double> emitted) const {
  double p = expectedSpikes(*this, input.value, input.dt);
  if (!isUnit(p))
    return failure();
  double u = rt::uniform24(rt::philoxWord(getSeed(), getStream(), input.element,
                                          input.step, input.sample));
  emitted[0] = u < p;
  return success();
}

std::string PoissonAttr::explain(double value, double dt) const {
  return llvm::formatv("poisson needs a probability from 0 to 1 per step, "
                       "the value {0} gives {1}; lower the gain",
                       value, expectedSpikes(*this, value, dt))
      .str();
}

//===----------------------------------------------------------------------===//
// Rate
//===----------------------------------------------------------------------===//

LogicalResult RateAttr::verify(EmitError emitError, FloatAttr gain) {
  return verifyPositive(emitError, "rate", "a gain", gain);
}

LogicalResult RateAttr::verifyTypes(EmitError emitError, Type input,
                                    Type result) const {
  return verifySpikes(emitError, "rate", input, result, AlphabetKind::binary);
}

LogicalResult RateAttr::referenceEncode(const EncoderInput &input,
                                        MutableArrayRef<double> emitted) const {
  double p = input.value * (getGain().getValueAsDouble() * input.dt);
  if (!isUnit(p))
    return failure();
  double step = input.step;
  emitted[0] = std::floor((step + 1) * p) > std::floor(step * p);
  return success();
}

std::string RateAttr::explain(double value, double dt) const {
  return llvm::formatv("rate needs 0 to 1 spikes per step, the value {0} "
                       "gives {1}; lower the gain",
                       value, value * (getGain().getValueAsDouble() * dt))
      .str();
}

//===----------------------------------------------------------------------===//
// Latency
//===----------------------------------------------------------------------===//

static LogicalResult verifyWindow(EmitError emitError, StringRef name,
                                  uint32_t window) {
  if (window >= 1)
    return success();
  return emitError() << name << " needs a window of at least 1 step";
}

LogicalResult LatencyAttr::verify(EmitError emitError, uint32_t window,
                                  FloatAttr threshold) {
  if (failed(verifyWindow(emitError, "latency", window)))
    return failure();
  return verifyNumber(emitError, "latency", threshold,
                      "a threshold from 0 to 1",
                      isUnit(threshold.getValueAsDouble()));
}

LogicalResult LatencyAttr::verifyTypes(EmitError emitError, Type input,
                                       Type result) const {
  return verifySpikes(emitError, "latency", input, result,
                      AlphabetKind::binary);
}

LogicalResult
LatencyAttr::referenceEncode(const EncoderInput &input,
                             MutableArrayRef<double> emitted) const {
  if (!isUnit(input.value))
    return failure();
  double when = std::nearbyint((1.0 - input.value) * (getWindow() - 1.0));
  emitted[0] = input.value >= getThreshold().getValueAsDouble() &&
               when == static_cast<double>(input.step);
  return success();
}

std::string LatencyAttr::explain(double value, double) const {
  return explainUnit("latency", value);
}

LogicalResult LatencyRCAttr::verify(EmitError emitError, uint32_t window,
                                    FloatAttr threshold, FloatAttr tau) {
  if (failed(verifyWindow(emitError, "latency_rc", window)) ||
      failed(verifyPositive(emitError, "latency_rc", "a threshold", threshold)))
    return failure();
  return verifyPositive(emitError, "latency_rc", "a tau", tau);
}

LogicalResult LatencyRCAttr::verifyTypes(EmitError emitError, Type input,
                                         Type result) const {
  return verifySpikes(emitError, "latency_rc", input, result,
                      AlphabetKind::binary);
}

LogicalResult
LatencyRCAttr::referenceEncode(const EncoderInput &input,
                               MutableArrayRef<double> emitted) const {
  double x = input.value, threshold = getThreshold().getValueAsDouble();
  if (!(x >= 0 && std::isfinite(x)))
    return failure();
  emitted[0] = 0;
  if (x <= threshold || input.step >= getWindow())
    return success();
  double steps = getTau().getValueAsDouble() / input.dt;
  double when = std::nearbyint(steps * sfrt_log_f64_v1(x / (x - threshold)));
  emitted[0] = when == static_cast<double>(input.step);
  return success();
}

std::string LatencyRCAttr::explain(double value, double) const {
  return llvm::formatv("latency_rc needs a finite value of at least 0, got "
                       "{0}; shift the input",
                       value)
      .str();
}

//===----------------------------------------------------------------------===//
// Delta
//===----------------------------------------------------------------------===//

LogicalResult DeltaAttr::verify(EmitError emitError, FloatAttr threshold, bool,
                                bool) {
  return verifyPositive(emitError, "delta", "a threshold", threshold);
}

LogicalResult DeltaAttr::verifyTypes(EmitError emitError, Type input,
                                     Type result) const {
  StringRef name = getOff() ? "delta with off = true" : "delta";
  return verifySpikes(emitError, name, input, result,
                      getOff() ? AlphabetKind::ternary : AlphabetKind::binary);
}

LogicalResult
DeltaAttr::referenceEncode(const EncoderInput &input,
                           MutableArrayRef<double> emitted) const {
  if (!std::isfinite(input.value))
    return failure();
  double before = input.previous.value_or(getFromZero() ? 0.0 : input.value);
  double change = input.value - before;
  double threshold = getThreshold().getValueAsDouble();
  emitted[0] = change >= threshold ? 1.0 : 0.0;
  if (getOff() && change <= -threshold)
    emitted[0] = -1.0;
  return success();
}

std::string DeltaAttr::explain(double value, double) const {
  return llvm::formatv("delta needs finite values, got {0}; correct the input",
                       value)
      .str();
}

//===----------------------------------------------------------------------===//
// Phase
//===----------------------------------------------------------------------===//

LogicalResult PhaseAttr::verify(EmitError emitError, uint32_t period) {
  if (period >= 1 && period <= 24)
    return success();
  return emitError() << "phase needs a period of 1 to 24 steps, got " << period;
}

LogicalResult PhaseAttr::verifyTypes(EmitError emitError, Type input,
                                     Type result) const {
  auto out = cast<SignalType>(result);
  auto carrier = dyn_cast_or_null<IntegerType>(out.getCarrier());
  if (isReal(input) && out.getKind() == AlphabetKind::graded && carrier &&
      carrier.isUnsigned() && carrier.getWidth() >= getPeriod())
    return success();
  return emitError() << "phase turns analogue<f32|f64> into graded<uiN> with N "
                        "of at least "
                     << getPeriod();
}

LogicalResult
PhaseAttr::referenceEncode(const EncoderInput &input,
                           MutableArrayRef<double> emitted) const {
  if (!isUnit(input.value))
    return failure();
  double largest = std::ldexp(1.0, getPeriod()) - 1;
  auto bits = static_cast<uint32_t>(std::nearbyint(input.value * largest));
  uint32_t weight = 1u << (getPeriod() - 1 - input.step % getPeriod());
  emitted[0] = bits & weight;
  return success();
}

std::string PhaseAttr::explain(double value, double) const {
  return explainUnit("phase", value);
}

//===----------------------------------------------------------------------===//
// Burst
//===----------------------------------------------------------------------===//

LogicalResult BurstAttr::verify(EmitError emitError, uint32_t spikes,
                                uint32_t shortest, uint32_t longest) {
  if (spikes < 1)
    return emitError() << "burst needs at least 1 spike";
  if (shortest >= 1 && shortest <= longest)
    return success();
  return emitError() << "burst needs intervals of at least 1 step, the "
                        "shortest not above the longest, got "
                     << shortest << " and " << longest;
}

LogicalResult BurstAttr::verifyTypes(EmitError emitError, Type input,
                                     Type result) const {
  return verifySpikes(emitError, "burst", input, result, AlphabetKind::binary);
}

LogicalResult
BurstAttr::referenceEncode(const EncoderInput &input,
                           MutableArrayRef<double> emitted) const {
  double x = input.value;
  if (!isUnit(x))
    return failure();
  double spikes = std::ceil(getSpikes() * x);
  double longest = getLongest(), interval = longest;
  if (spikes > 1)
    interval = std::ceil(longest - (longest - getShortest()) * x);
  double number = std::floor(input.step / interval);
  emitted[0] = number * interval == input.step && number < spikes;
  return success();
}

std::string BurstAttr::explain(double value, double) const {
  return explainUnit("burst", value);
}

//===----------------------------------------------------------------------===//
// PopulationCode
//===----------------------------------------------------------------------===//

LogicalResult PopulationCodeAttr::verify(EmitError emitError, uint32_t neurons,
                                         FloatAttr low, FloatAttr high,
                                         FloatAttr width) {
  if (neurons < 2)
    return emitError() << "population_code needs at least 2 neurons, got "
                       << neurons;
  double first = low.getValueAsDouble(), last = high.getValueAsDouble();
  if (!(first < last && std::isfinite(last - first)))
    return emitError() << "population_code needs a low below its high, got "
                       << low << " and " << high;
  return verifyPositive(emitError, "population_code", "a width", width);
}

LogicalResult PopulationCodeAttr::verifyTypes(EmitError emitError, Type input,
                                              Type result) const {
  if (isReal(input) && isReal(result))
    return success();
  return emitError() << "population_code turns analogue<f32|f64> into "
                        "analogue<f32|f64>";
}

SmallVector<int64_t>
PopulationCodeAttr::getResultShape(ArrayRef<int64_t> source) const {
  SmallVector<int64_t> shape = llvm::to_vector(source);
  shape.push_back(getNeurons());
  return shape;
}

LogicalResult
PopulationCodeAttr::referenceEncode(const EncoderInput &input,
                                    MutableArrayRef<double> emitted) const {
  if (!std::isfinite(input.value))
    return failure();
  double low = getLow().getValueAsDouble(), high = getHigh().getValueAsDouble();
  double width = getWidth().getValueAsDouble();
  for (auto [k, activity] : llvm::enumerate(emitted)) {
    double centre =
        low + static_cast<double>(k) * (high - low) / (getNeurons() - 1.0);
    double distance = input.value - centre;
    activity =
        sfrt_exp_f64_v1(-((distance * distance) / (2.0 * (width * width))));
  }
  return success();
}

std::string PopulationCodeAttr::explain(double value, double) const {
  return llvm::formatv("population_code needs finite values, got {0}; correct "
                       "the input",
                       value)
      .str();
}
