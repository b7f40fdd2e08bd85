//===- IntegerLIF.cpp - leaky integrate and fire in integers --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"

using namespace spikeformer;
using namespace spikeformer::snn;

/// Coefficients; v_reset where the reset is to a value.
enum { kKeepSyn, kKeepMem, kThreshold, kReset };
enum { kVInit, kDecaySyn, kDecayMem, kPThreshold, kPReset };

LogicalResult
IntegerLIFAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                       unsigned width, unsigned bits, Rounding, Overflow,
                       ResetKind, FiresKind) {
  if (width < 2 || width > 32)
    return emitError() << "width needs 2 to 32, got " << width;
  if (bits < 1 || bits > 16)
    return emitError() << "bits needs 1 to 16, got " << bits;
  return success();
}

ModelLayout IntegerLIFAttr::getLayout() const {
  ModelLayout layout;
  Type state = IntegerType::get(getContext(), getWidth());
  Type i32 = IntegerType::get(getContext(), 32);
  layout.addReceptors(i32, {"in"});
  layout.addStates(state, {"v", "i"});
  layout.addParams({"v_init", "decay_syn", "decay_mem", "v_threshold"});
  layout.addCoefficients(i32, {"keep_syn", "keep_mem"});
  layout.addCoefficients(state, {"v_threshold"});
  if (getReset() == ResetKind::to_value) {
    layout.addParams({"v_reset"});
    layout.addCoefficients(state, {"v_reset"});
  }
  layout.emitted = IntegerType::get(getContext(), 1);
  return layout;
}

LogicalResult IntegerLIFAttr::computeCoefficients(
    function_ref<InFlightDiagnostic()> emitError, Operation *,
    ArrayRef<double> params, double,
    MutableArrayRef<double> coefficients) const {
  double one = std::ldexp(1.0, getBits());
  double end = std::ldexp(1.0, getWidth() - 1);
  for (auto [name, value] : llvm::zip_equal(getLayout().params, params)) {
    bool isDecay = name.starts_with("decay");
    double low = isDecay ? 0.0 : -end, high = isDecay ? one : end - 1;
    if (!(value >= low && value <= high) || value != std::floor(value))
      return emitError() << "param '" << name << "' needs an integer from "
                         << static_cast<int64_t>(low) << " to "
                         << static_cast<int64_t>(high) << ", got " << value;
  }
  coefficients[kKeepSyn] = one - params[kDecaySyn];
  coefficients[kKeepMem] = one - params[kDecayMem];
  coefficients[kThreshold] = params[kPThreshold];
  if (getReset() == ResetKind::to_value)
    coefficients[kReset] = params[kPReset];
  return success();
}

namespace {
/// Integers of 64 bits, in which nothing overflows.
class WideBuilder : public StepBuilder {
public:
  WideBuilder(OpBuilder &builder, Location loc, IntegerLIFAttr model)
      : StepBuilder(builder, loc), model(model) {}

  Value widen(Value value) {
    return make<arith::ExtSIOp>(
        withElement(value.getType(), builder.getI64Type()), value);
  }
  Value narrow(Value value) {
    return make<arith::TruncIOp>(
        withElement(value.getType(), builder.getIntegerType(model.getWidth())),
        value);
  }
  /// `value` in the range of the states.
  Value fit(Value value) {
    unsigned width = model.getWidth();
    if (model.getOverflow() == Overflow::wrap)
      return widen(narrow(value));
    Value least = integer(llvm::minIntN(width), value);
    return make<arith::MinSIOp>(make<arith::MaxSIOp>(value, least),
                                integer(llvm::maxIntN(width), value));
  }
  /// `product` / 2^bits.
  Value divide(Value product) {
    Value shift = integer(model.getBits(), product);
    Value one = integer(1, product);
    switch (model.getRounding()) {
    case Rounding::floor:
      return make<arith::ShRSIOp>(product, shift);
    case Rounding::toward_zero: {
      Value sign = make<arith::ShRSIOp>(product, integer(63, product));
      Value mask =
          integer(llvm::maskTrailingOnes<uint64_t>(model.getBits()), product);
      Value raised = make<arith::AddIOp>(product, both(sign, mask));
      return make<arith::ShRSIOp>(raised, shift);
    }
    case Rounding::nearest_even: {
      Value odd = both(make<arith::ShRSIOp>(product, shift), one);
      Value half = integer((int64_t(1) << (model.getBits() - 1)) - 1, product);
      Value raised = make<arith::AddIOp>(product, half);
      return make<arith::ShRSIOp>(make<arith::AddIOp>(raised, odd), shift);
    }
    }
    llvm_unreachable("unknown rounding");
  }

private:
  IntegerLIFAttr model;
};
} // namespace

SmallVector<Value> IntegerLIFAttr::buildStep(OpBuilder &builder, Location loc,
                                             Operation *, ValueRange states,
                                             ValueRange inputs,
                                             ValueRange coefficients) const {
  WideBuilder b(builder, loc, *this);
  auto decay = [&](Value state, Value keep) {
    return b.divide(b.make<arith::MulIOp>(b.widen(state), b.widen(keep)));
  };
  Value current = decay(states[1], coefficients[kKeepSyn]);
  current = b.fit(b.make<arith::AddIOp>(current, b.widen(inputs[0])));
  Value v = decay(states[0], coefficients[kKeepMem]);
  v = b.fit(b.make<arith::AddIOp>(v, current));
  Value threshold = b.widen(coefficients[kThreshold]);
  Value fires =
      b.compare(getFires() == FiresKind::above ? arith::CmpIPredicate::sgt
                                               : arith::CmpIPredicate::sge,
                v, threshold);
  if (getReset() == ResetKind::to_value)
    v = b.select(fires, b.widen(coefficients[kReset]), v);
  else if (getReset() == ResetKind::subtract)
    v = b.select(fires, b.fit(b.make<arith::SubIOp>(v, threshold)), v);
  return {b.narrow(v), b.narrow(current), fires};
}

static int64_t fit(IntegerLIFAttr model, int64_t value) {
  unsigned width = model.getWidth();
  if (model.getOverflow() == Overflow::wrap)
    return llvm::SignExtend64(value, width);
  return std::clamp(value, llvm::minIntN(width), llvm::maxIntN(width));
}

static int64_t divide(IntegerLIFAttr model, int64_t product) {
  int64_t divisor = int64_t(1) << model.getBits();
  int64_t quotient = product / divisor, rest = product % divisor;
  if (model.getRounding() == Rounding::toward_zero)
    return quotient;
  if (rest < 0) {
    --quotient;
    rest += divisor;
  }
  if (model.getRounding() == Rounding::floor || 2 * rest < divisor)
    return quotient;
  return 2 * rest > divisor || quotient % 2 != 0 ? quotient + 1 : quotient;
}

Scalar IntegerLIFAttr::referenceStep(Operation *,
                                     MutableArrayRef<Scalar> states,
                                     ArrayRef<Scalar> inputs,
                                     ArrayRef<Scalar> c) const {
  int64_t &v = states[0].integer, &i = states[1].integer;
  i = fit(*this, divide(*this, i * c[kKeepSyn].integer) + inputs[0].integer);
  v = fit(*this, divide(*this, v * c[kKeepMem].integer) + i);
  int64_t threshold = c[kThreshold].integer;
  bool fires = getFires() == FiresKind::above ? v > threshold : v >= threshold;
  if (fires && getReset() == ResetKind::to_value)
    v = c[kReset].integer;
  else if (fires && getReset() == ResetKind::subtract)
    v = fit(*this, v - threshold);
  return Scalar::of(static_cast<int64_t>(fires));
}
