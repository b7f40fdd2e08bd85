//===- TensorArithmetic.cpp - arithmetic of the tensor evaluator ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Integers wrap around; NaN goes through minimum, maximum and clamp unless the
// op says otherwise.
//
//===----------------------------------------------------------------------===//

#include "TensorElementwise.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::evaluator;

/// Wraps an integer result around; keeps a float.
template <typename T, typename F>
static T wrap(T a, T b, F f) {
  if constexpr (std::is_floating_point_v<T>)
    return f(a, b);
  else
    return static_cast<T>(
        f(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
}

static constexpr auto add = [](auto a, auto b) {
  return wrap(a, b, [](auto x, auto y) { return x + y; });
};
static constexpr auto subtract = [](auto a, auto b) {
  return wrap(a, b, [](auto x, auto y) { return x - y; });
};
static constexpr auto multiply = [](auto a, auto b) {
  return wrap(a, b, [](auto x, auto y) { return x * y; });
};
static constexpr auto divide = [](auto a, auto b) { return a / b; };

/// Truncating division; a division by zero gives 0.
static constexpr auto divideIntegers = [](auto a, auto b) {
  using T = decltype(a);
  if (b == 0)
    return T(0);
  if constexpr (std::is_signed_v<T>)
    if (b == T(-1))
      return static_cast<T>(-static_cast<uint64_t>(a));
  return static_cast<T>(a / b);
};

/// `f` of the operands read as unsigned.
template <typename F>
static constexpr auto unsignedly(F f) {
  return [f](auto a, auto b) {
    using Unsigned = std::make_unsigned_t<decltype(a)>;
    return static_cast<decltype(a)>(
        f(static_cast<Unsigned>(a), static_cast<Unsigned>(b)));
  };
}

static constexpr auto maximum = [](auto a, auto b) {
  return a > b || a != a ? a : b;
};
static constexpr auto minimum = [](auto a, auto b) {
  return a < b || a != a ? a : b;
};
static constexpr auto maximumNumber = [](auto a, auto b) {
  return a > b || b != b ? a : b;
};
static constexpr auto minimumNumber = [](auto a, auto b) {
  return a < b || b != b ? a : b;
};

static constexpr auto negate = [](auto a) {
  if constexpr (std::is_floating_point_v<decltype(a)>)
    return -a;
  else
    return static_cast<decltype(a)>(-static_cast<uint64_t>(a));
};
static constexpr auto absolute = [](auto a) {
  if constexpr (std::is_floating_point_v<decltype(a)>)
    return std::fabs(a);
  else
    return a < 0 ? negate(a) : a;
};

template <typename OpTy>
static FailureOr<Kernel> prepareMaximum(OpTy op, const OpSite &site) {
  if (op.getNanMode() == tosa::NanPropagationMode::IGNORE)
    return prepareBinary<Domain::numbers>(site, maximumNumber);
  return prepareBinary<Domain::numbers>(site, maximum);
}

template <typename OpTy>
static FailureOr<Kernel> prepareMinimum(OpTy op, const OpSite &site) {
  if (op.getNanMode() == tosa::NanPropagationMode::IGNORE)
    return prepareBinary<Domain::numbers>(site, minimumNumber);
  return prepareBinary<Domain::numbers>(site, minimum);
}

template <typename T>
static T getBound(Attribute attribute) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(
        cast<FloatAttr>(attribute).getValue().convertToDouble());
  } else {
    APInt value = cast<IntegerAttr>(attribute).getValue();
    return static_cast<T>(std::is_signed_v<T>
                              ? value.getSExtValue()
                              : static_cast<int64_t>(value.getZExtValue()));
  }
}

static FailureOr<Kernel> prepareClamp(tosa::ClampOp op, const OpSite &site) {
  bool ignoresNan = op.getNanMode() == tosa::NanPropagationMode::IGNORE;
  return prepare<Domain::numbers>(site, 1, [&](auto zero) {
    using T = decltype(zero);
    T low = getBound<T>(op.getMinVal()), high = getBound<T>(op.getMaxVal());
    if (ignoresNan)
      return getUnaryKernel<T>([=](T x) {
        T above = x > low ? x : low;
        return above < high ? above : high;
      });
    return getUnaryKernel<T>([=](T x) {
      T above = x < low ? low : x;
      return above > high ? high : above;
    });
  });
}

/// The only element of constant operand `number`, or a located error.
static FailureOr<int64_t> getScalar(const OpSite &site, unsigned number) {
  const Tensor &tensor = site.constants[number];
  if (!tensor || tensor.getNumElements() != 1)
    return site.op->emitOpError()
           << "needs a constant of one element as operand " << number;
  return static_cast<int64_t>(tensor.getAsDouble(0));
}

/// Integers narrower than 32 bits multiply into 32 bits; only 32-bit factors
/// have a shift, which rounds half up.
static FailureOr<Kernel> prepareMul(tosa::MulOp, const OpSite &site) {
  if (site.result.type == site.getOperandType(0)) {
    if (site.result.type != ElementType::i32)
      return prepareBinary<Domain::numbers>(site, multiply);
  } else if (site.result.type != ElementType::i32) {
    return rejectType(site, site.result.type);
  }
  FailureOr<int64_t> shift = getScalar(site, 2);
  if (failed(shift))
    return failure();
  return prepareBinary<Domain::integers>(
      site, [shift = *shift](auto a, auto b) {
        auto product = static_cast<int64_t>(a) * static_cast<int64_t>(b);
        int64_t half = shift > 0 ? int64_t(1) << (shift - 1) : 0;
        return static_cast<int32_t>((product + half) >> shift);
      });
}

/// Zero points exist for 8-bit integers only, whose result saturates.
static FailureOr<Kernel> prepareNegate(tosa::NegateOp, const OpSite &site) {
  if (site.getOperandType(0) == ElementType::i8) {
    FailureOr<int64_t> in = getScalar(site, 1), out = getScalar(site, 2);
    if (failed(in) || failed(out))
      return failure();
    int64_t sum = *in + *out;
    return FailureOr<Kernel>(getUnaryKernel<int8_t>([sum](int8_t x) {
      return static_cast<int8_t>(
          std::clamp<int64_t>(sum - x, INT8_MIN, INT8_MAX));
    }));
  }
  return prepare<Domain::numbers>(site, 1, [&](auto zero) {
    return getUnaryKernel<decltype(zero)>(negate);
  });
}

static void addTosa(OpTable &table) {
  addBinary<tosa::AddOp, Domain::numbers>(table, add);
  addBinary<tosa::SubOp, Domain::numbers>(table, subtract);
  addBinary<tosa::IntDivOp, Domain::integers>(table, divideIntegers);
  addUnary<tosa::AbsOp, Domain::numbers>(table, absolute);
  addUnary<tosa::IdentityOp, Domain::numbers>(table, [](auto x) { return x; });
  table.add<tosa::MaximumOp>(eachElement(2), prepareMaximum<tosa::MaximumOp>);
  table.add<tosa::MinimumOp>(eachElement(2), prepareMinimum<tosa::MinimumOp>);
  table.add<tosa::MulOp>(eachElement(2), prepareMul);
  table.add<tosa::NegateOp>(eachElement(1), prepareNegate);
  table.add<tosa::ClampOp>(eachElement(1), prepareClamp);
}

static void addArith(OpTable &table) {
  addBinary<arith::AddFOp, Domain::floats>(table, add);
  addBinary<arith::SubFOp, Domain::floats>(table, subtract);
  addBinary<arith::MulFOp, Domain::floats>(table, multiply);
  addBinary<arith::DivFOp, Domain::floats>(table, divide);
  addBinary<arith::MaximumFOp, Domain::floats>(table, maximum);
  addBinary<arith::MinimumFOp, Domain::floats>(table, minimum);
  addBinary<arith::MaxNumFOp, Domain::floats>(table, maximumNumber);
  addBinary<arith::MinNumFOp, Domain::floats>(table, minimumNumber);
  addUnary<arith::NegFOp, Domain::floats>(table, negate);
  addBinary<arith::AddIOp, Domain::integers>(table, add);
  addBinary<arith::SubIOp, Domain::integers>(table, subtract);
  addBinary<arith::MulIOp, Domain::integers>(table, multiply);
  addBinary<arith::DivSIOp, Domain::integers>(table, divideIntegers);
  addBinary<arith::DivUIOp, Domain::integers>(table,
                                              unsignedly(divideIntegers));
  addBinary<arith::MaxSIOp, Domain::integers>(table, maximum);
  addBinary<arith::MinSIOp, Domain::integers>(table, minimum);
  addBinary<arith::MaxUIOp, Domain::integers>(table, unsignedly(maximum));
  addBinary<arith::MinUIOp, Domain::integers>(table, unsignedly(minimum));
  auto bitAnd = [](auto a, auto b) { return static_cast<decltype(a)>(a & b); };
  auto bitOr = [](auto a, auto b) { return static_cast<decltype(a)>(a | b); };
  auto bitXor = [](auto a, auto b) { return static_cast<decltype(a)>(a ^ b); };
  addBinary<arith::AndIOp, Domain::bits>(table, bitAnd);
  addBinary<arith::OrIOp, Domain::bits>(table, bitOr);
  addBinary<arith::XOrIOp, Domain::bits>(table, bitXor);
}

void evaluator::addArithmeticOps(OpTable &table) {
  addTosa(table);
  addArith(table);
}
