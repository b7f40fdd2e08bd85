//===- TensorCast.cpp - element type conversions of the evaluator ---------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tosa.cast rounds a float half to even, arith truncates it; both saturate here
// and make 0 of a NaN, where arith leaves the value open. Integers are cut.
//
//===----------------------------------------------------------------------===//

#include "TensorLoops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <cmath>
#include <limits>
#include <type_traits>

using namespace spikeformer;
using namespace spikeformer::evaluator;

namespace {
enum class Rounding { halfToEven, towardZero };
} // namespace

template <Rounding rounding, typename To, typename From>
static To convert(From x) {
  if constexpr (std::is_floating_point_v<To> || !std::is_floating_point_v<From>)
    return static_cast<To>(x);
  else {
    From rounded =
        rounding == Rounding::halfToEven ? std::nearbyint(x) : std::trunc(x);
    // 2 to the number of value bits is exact, the largest integer may not be.
    const From limit = std::ldexp(From(1), std::numeric_limits<To>::digits);
    if (rounded >= limit)
      return std::numeric_limits<To>::max();
    if (rounded <= static_cast<From>(std::numeric_limits<To>::min()))
      return std::numeric_limits<To>::min();
    return rounded == rounded ? static_cast<To>(rounded) : To(0);
  }
}

template <typename From, typename To, typename F>
static Kernel getKernel(F f) {
  return [=](ArrayRef<Tensor> operands, Tensor &result) {
    const From *in = read<From>(operands[0]);
    To *__restrict out = write<To>(result);
    for (int64_t i = 0, e = result.getNumElements(); i < e; ++i)
      out[i] = f(in[i]);
  };
}

/// A signless integer as the op reads it.
static ElementType getUnsigned(ElementType type) {
  switch (type) {
  case ElementType::i8:
    return ElementType::u8;
  case ElementType::i16:
    return ElementType::u16;
  case ElementType::i32:
    return ElementType::u32;
  case ElementType::i64:
    return ElementType::u64;
  default:
    return type;
  }
}

/// Converts from operand type `from`, read as such, to the result type.
template <Rounding rounding>
static FailureOr<Kernel> prepareConversion(const OpSite &site, ElementType from,
                                           ElementType to) {
  if (failed(expectShape(site, site.operands[0].shape)))
    return failure();
  ElementType type = site.result.type;
  return visitType(from, [&](auto source) {
    using From = decltype(source);
    if (type == ElementType::boolean)
      return getKernel<From, uint8_t>([](From x) { return x != 0; });
    return visitType(to, [&](auto target) {
      using To = decltype(target);
      return getKernel<From, To>(
          [](From x) { return convert<rounding, To>(x); });
    });
  });
}

static FailureOr<Kernel> prepareTosa(tosa::CastOp, const OpSite &site) {
  return prepareConversion<Rounding::halfToEven>(site, site.getOperandType(0),
                                                 site.result.type);
}

static FailureOr<Kernel> prepareUnsigned(const OpSite &site) {
  return prepareConversion<Rounding::towardZero>(
      site, getUnsigned(site.getOperandType(0)), getUnsigned(site.result.type));
}

/// An i1 that is true reads as -1.
static FailureOr<Kernel> prepareSigned(const OpSite &site) {
  if (site.getOperandType(0) != ElementType::boolean)
    return prepareConversion<Rounding::towardZero>(site, site.getOperandType(0),
                                                   site.result.type);
  if (failed(expectShape(site, site.operands[0].shape)))
    return failure();
  return visitType(site.result.type, [&](auto target) {
    using To = decltype(target);
    return FailureOr<Kernel>(
        getKernel<uint8_t, To>([](uint8_t x) { return static_cast<To>(-x); }));
  });
}

static FailureOr<Kernel> prepareTruncation(const OpSite &site) {
  if (site.result.type == ElementType::boolean)
    return site.op->emitOpError() << "is not computed for results of i1 by the "
                                     "tensor evaluator; compare with 0 instead";
  return prepareSigned(site);
}

void evaluator::addCastOps(OpTable &table) {
  table.add<tosa::CastOp>(eachElement(1), prepareTosa);
  table.addSimple<arith::SIToFPOp>(eachElement(1), prepareSigned);
  table.addSimple<arith::ExtSIOp>(eachElement(1), prepareSigned);
  table.addSimple<arith::UIToFPOp>(eachElement(1), prepareUnsigned);
  table.addSimple<arith::ExtUIOp>(eachElement(1), prepareUnsigned);
  table.addSimple<arith::FPToUIOp>(eachElement(1), prepareUnsigned);
  table.addSimple<arith::FPToSIOp>(eachElement(1), prepareTruncation);
  table.addSimple<arith::TruncIOp>(eachElement(1), prepareTruncation);
  table.addSimple<arith::IndexCastOp>(eachElement(1), prepareTruncation);
  table.addSimple<arith::ExtFOp>(eachElement(1), prepareSigned);
  table.addSimple<arith::TruncFOp>(eachElement(1), prepareSigned);
}
