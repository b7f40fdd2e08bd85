//===- TensorArithmetic.cpp - elementwise ops of the tensor evaluator -----===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Elementwise ops of tosa and arith, with broadcasting. Integers wrap around;
// NaN goes through minimum, maximum and clamp unless the op says otherwise.
//
//===----------------------------------------------------------------------===//

#include "TensorLoops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer-rt/Math.h"
#include <cmath>
#include <type_traits>

using namespace spikeformer;
using namespace spikeformer::evaluator;

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// The nest of the result (array 0) and of the operands (arrays 1 and up).
template <size_t count>
static LoopNest<count + 1> getNest(ArrayRef<Tensor> operands,
                                   ArrayRef<int64_t> shape) {
  SmallVector<int64_t, 4> strides[count + 1];
  strides[0] = getStrides(shape);
  for (size_t i = 0; i < count; ++i)
    strides[i + 1] = getBroadcastStrides(operands[i].getShape(), shape);
  LoopNest<count + 1> nest;
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    std::array<int64_t, count + 1> all;
    for (size_t i = 0; i <= count; ++i)
      all[i] = strides[i][axis];
    nest.addInner(shape[axis], all);
  }
  return nest;
}

/// What a functor returns, as it is stored: booleans are bytes.
template <typename R>
using Stored = std::conditional_t<std::is_same_v<R, bool>, uint8_t, R>;

template <typename T, typename F>
static Kernel getUnaryKernel(ElementType resultType, F f) {
  return [=](ArrayRef<Tensor> operands, ArrayRef<int64_t> shape) {
    Tensor result(shape, resultType);
    const T *in = read<T>(operands[0]);
    auto *__restrict out = write<Stored<decltype(f(T()))>>(result);
    for (int64_t i = 0, e = result.getNumElements(); i < e; ++i)
      out[i] = f(in[i]);
    return result;
  };
}

template <typename T, typename F>
static Kernel getBinaryKernel(ElementType resultType, F f) {
  return [=](ArrayRef<Tensor> operands, ArrayRef<int64_t> shape) {
    Tensor result(shape, resultType);
    auto body = [&](std::array<int64_t, 3> at, LoopNest<3>::Axis axis) {
      auto *__restrict out =
          write<Stored<decltype(f(T(), T()))>>(result) + at[0];
      const T *a = read<T>(operands[0]) + at[1];
      const T *b = read<T>(operands[1]) + at[2];
      // A stride of the inner loop is 0 or 1; each case vectorises.
      if (axis.strides[1] && axis.strides[2])
        for (int64_t i = 0; i < axis.extent; ++i)
          out[i] = f(a[i], b[i]);
      else if (axis.strides[1])
        for (int64_t i = 0; i < axis.extent; ++i)
          out[i] = f(a[i], *b);
      else
        for (int64_t i = 0; i < axis.extent; ++i)
          out[i] = f(*a, b[i * axis.strides[2]]);
    };
    getNest<2>(operands, shape).run(body);
    return result;
  };
}

template <typename T>
static Kernel getSelectKernel(ElementType type) {
  return [=](ArrayRef<Tensor> operands, ArrayRef<int64_t> shape) {
    Tensor result(shape, type);
    auto body = [&](std::array<int64_t, 4> at, LoopNest<4>::Axis axis) {
      T *__restrict out = write<T>(result) + at[0];
      const uint8_t *choose = read<uint8_t>(operands[0]) + at[1];
      const T *a = read<T>(operands[1]) + at[2];
      const T *b = read<T>(operands[2]) + at[3];
      for (int64_t i = 0; i < axis.extent; ++i)
        out[i] = choose[i * axis.strides[1]] ? a[i * axis.strides[2]]
                                             : b[i * axis.strides[3]];
    };
    getNest<3>(operands, shape).run(body);
    return result;
  };
}

//===----------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------===//

/// Which element types an op computes.
enum class Domain { floats, numbers, integers, booleans, bits };

static bool contains(Domain domain, ElementType type) {
  bool isBoolean = type == ElementType::boolean;
  switch (domain) {
  case Domain::floats:
    return isFloat(type);
  case Domain::numbers:
    return !isBoolean;
  case Domain::integers:
    return !isBoolean && !isFloat(type);
  case Domain::booleans:
    return isBoolean;
  case Domain::bits:
    return !isFloat(type);
  }
  llvm_unreachable("unknown domain");
}

/// Checks that the first `count` operands broadcast to the result.
static LogicalResult checkBroadcast(const OpSite &site, unsigned count) {
  SmallVector<int64_t, 4> shape(site.result.shape.size(), 1);
  for (const ValueInfo &operand :
       ArrayRef<ValueInfo>(site.operands).take_front(count)) {
    if (operand.shape.size() > shape.size())
      return expectShape(site, operand.shape);
    size_t missing = shape.size() - operand.shape.size();
    for (auto [axis, extent] : llvm::enumerate(operand.shape))
      if (extent != 1)
        shape[missing + axis] = extent;
  }
  return expectShape(site, shape);
}

/// Makes the kernel for the type of the last of `count` operands (a select has
/// its condition first) with `make(T())`; T is in the domain.
template <Domain domain, typename Make>
static FailureOr<Kernel> prepare(const OpSite &site, unsigned count,
                                 Make make) {
  ElementType type = site.getOperandType(count - 1);
  if (!contains(domain, type))
    return rejectType(site, type);
  if (failed(checkBroadcast(site, count)))
    return failure();
  return visitType(type, [&](auto zero) -> FailureOr<Kernel> {
    using T = decltype(zero);
    constexpr bool isFloatType = std::is_floating_point_v<T>;
    constexpr bool wantsFloat = domain == Domain::floats;
    constexpr bool wantsAny = domain == Domain::numbers;
    if constexpr (isFloatType ? wantsFloat || wantsAny : !wantsFloat)
      return make(zero);
    llvm_unreachable("type outside the domain");
  });
}

template <typename OpTy, Domain domain, typename F>
static void addUnary(OpTable &table, F f) {
  table.addSimple<OpTy>(eachElement(1), [f](const OpSite &site) {
    return prepare<domain>(site, 1, [&](auto zero) {
      return getUnaryKernel<decltype(zero)>(site.result.type, f);
    });
  });
}

template <Domain domain, typename F>
static FailureOr<Kernel> prepareBinary(const OpSite &site, F f) {
  return prepare<domain>(site, 2, [&](auto zero) {
    return getBinaryKernel<decltype(zero)>(site.result.type, f);
  });
}

template <typename OpTy, Domain domain, typename F>
static void addBinary(OpTable &table, F f) {
  table.addSimple<OpTy>(eachElement(2), [f](const OpSite &site) {
    return prepareBinary<domain>(site, f);
  });
}

template <typename OpTy>
static void addSelect(OpTable &table) {
  table.addSimple<OpTy>(eachElement(3), [](const OpSite &site) {
    if (failed(checkBroadcast(site, 3)))
      return FailureOr<Kernel>(failure());
    return FailureOr<Kernel>(visitType(site.result.type, [&](auto zero) {
      return getSelectKernel<decltype(zero)>(site.result.type);
    }));
  });
}

//===----------------------------------------------------------------------===//
// Functors
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// Ops with attributes or further operands
//===----------------------------------------------------------------------===//

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
      return getUnaryKernel<T>(site.result.type, [=](T x) {
        T above = x > low ? x : low;
        return above < high ? above : high;
      });
    return getUnaryKernel<T>(site.result.type, [=](T x) {
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
    return FailureOr<Kernel>(
        getUnaryKernel<int8_t>(site.result.type, [sum](int8_t x) {
          return static_cast<int8_t>(
              std::clamp<int64_t>(sum - x, INT8_MIN, INT8_MAX));
        }));
  }
  return prepare<Domain::numbers>(site, 1, [&](auto zero) {
    return getUnaryKernel<decltype(zero)>(site.result.type, negate);
  });
}

/// Outcomes of a comparison for which it is true.
struct Outcomes {
  bool less, equal, greater, unordered;
};

static Outcomes getOutcomes(arith::CmpFPredicate predicate) {
  using P = arith::CmpFPredicate;
  auto isOneOf = [&](std::initializer_list<P> list) {
    return predicate == P::AlwaysTrue || llvm::is_contained(list, predicate);
  };
  return {isOneOf({P::OLT, P::OLE, P::ONE, P::ORD, P::ULT, P::ULE, P::UNE}),
          isOneOf({P::OEQ, P::OLE, P::OGE, P::ORD, P::UEQ, P::ULE, P::UGE}),
          isOneOf({P::OGT, P::OGE, P::ONE, P::ORD, P::UGT, P::UGE, P::UNE}),
          isOneOf({P::UEQ, P::UGT, P::UGE, P::ULT, P::ULE, P::UNE, P::UNO})};
}

static FailureOr<Kernel> prepareCmpF(arith::CmpFOp op, const OpSite &site) {
  return prepareBinary<Domain::floats>(
      site, [o = getOutcomes(op.getPredicate())](auto a, auto b) -> bool {
        bool ordered =
            (o.less & (a < b)) | (o.equal & (a == b)) | (o.greater & (a > b));
        return ordered | (o.unordered & ((a != a) | (b != b)));
      });
}

static FailureOr<Kernel> prepareCmpI(arith::CmpIOp op, const OpSite &site) {
  using P = arith::CmpIPredicate;
  P p = op.getPredicate();
  bool isUnsigned = llvm::is_contained({P::ult, P::ule, P::ugt, P::uge}, p);
  bool less = llvm::is_contained({P::ne, P::slt, P::sle, P::ult, P::ule}, p);
  bool equal = llvm::is_contained({P::eq, P::sle, P::sge, P::ule, P::uge}, p);
  bool greater = llvm::is_contained({P::ne, P::sgt, P::sge, P::ugt, P::uge}, p);
  auto compare = [=](auto a, auto b) -> bool {
    return (less & (a < b)) | (equal & (a == b)) | (greater & (a > b));
  };
  return prepareBinary<Domain::integers>(site, [=](auto a, auto b) -> bool {
    using Unsigned = std::make_unsigned_t<decltype(a)>;
    return isUnsigned
               ? compare(static_cast<Unsigned>(a), static_cast<Unsigned>(b))
               : compare(a, b);
  });
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// f32 has functions with the same bits on every machine.
static constexpr auto exponential = [](auto x) {
  if constexpr (std::is_same_v<decltype(x), float>)
    return sfrt_exp_f32_v1(x);
  else
    return sfrt_exp_f64_v1(x);
};
static constexpr auto logarithm = [](auto x) {
  if constexpr (std::is_same_v<decltype(x), float>)
    return sfrt_log_f32_v1(x);
  else
    return sfrt_log_f64_v1(x);
};
static constexpr auto hyperbolicTangent = [](auto x) {
  if constexpr (std::is_same_v<decltype(x), float>)
    return sfrt_tanh_f32_v1(x);
  else
    return std::tanh(x);
};
static constexpr auto power = [](auto x, auto y) {
  if constexpr (std::is_same_v<decltype(x), float>)
    return sfrt_pow_f32_v1(x, y);
  else
    return std::pow(x, y);
};

static void addFloatFunctions(OpTable &table) {
  constexpr Domain floats = Domain::floats;
  auto inverse = [](auto x) { return decltype(x)(1) / x; };
  addUnary<tosa::CeilOp, floats>(table, [](auto x) { return std::ceil(x); });
  addUnary<tosa::FloorOp, floats>(table, [](auto x) { return std::floor(x); });
  addUnary<tosa::ErfOp, floats>(table, [](auto x) { return std::erf(x); });
  addUnary<tosa::SinOp, floats>(table, [](auto x) { return std::sin(x); });
  addUnary<tosa::CosOp, floats>(table, [](auto x) { return std::cos(x); });
  addUnary<tosa::ExpOp, floats>(table, exponential);
  addUnary<tosa::LogOp, floats>(table, logarithm);
  addUnary<tosa::TanhOp, floats>(table, hyperbolicTangent);
  addUnary<tosa::SigmoidOp, floats>(
      table, [](auto x) { return decltype(x)(1) / (1 + exponential(-x)); });
  addUnary<tosa::ReciprocalOp, floats>(table, inverse);
  addUnary<tosa::RsqrtOp, floats>(
      table, [=](auto x) { return inverse(std::sqrt(x)); });
  addBinary<tosa::PowOp, floats>(table, power);
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
  addSelect<tosa::SelectOp>(table);
  addBinary<tosa::EqualOp, Domain::numbers>(
      table, [](auto a, auto b) { return a == b; });
  addBinary<tosa::GreaterOp, Domain::numbers>(
      table, [](auto a, auto b) { return a > b; });
  addBinary<tosa::GreaterEqualOp, Domain::numbers>(
      table, [](auto a, auto b) { return a >= b; });
  addUnary<tosa::LogicalNotOp, Domain::booleans>(table,
                                                 [](uint8_t x) { return !x; });
  addBinary<tosa::LogicalAndOp, Domain::booleans>(
      table, [](uint8_t a, uint8_t b) { return a && b; });
  addBinary<tosa::LogicalOrOp, Domain::booleans>(
      table, [](uint8_t a, uint8_t b) { return a || b; });
  addBinary<tosa::LogicalXorOp, Domain::booleans>(
      table, [](uint8_t a, uint8_t b) { return a != b; });
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
  addBinary<arith::MaxSIOp, Domain::integers>(table, maximum);
  addBinary<arith::MinSIOp, Domain::integers>(table, minimum);
  auto bitAnd = [](auto a, auto b) { return static_cast<decltype(a)>(a & b); };
  auto bitOr = [](auto a, auto b) { return static_cast<decltype(a)>(a | b); };
  auto bitXor = [](auto a, auto b) { return static_cast<decltype(a)>(a ^ b); };
  addBinary<arith::AndIOp, Domain::bits>(table, bitAnd);
  addBinary<arith::OrIOp, Domain::bits>(table, bitOr);
  addBinary<arith::XOrIOp, Domain::bits>(table, bitXor);
  table.add<arith::CmpFOp>(eachElement(2), prepareCmpF);
  table.add<arith::CmpIOp>(eachElement(2), prepareCmpI);
  addSelect<arith::SelectOp>(table);
}

void evaluator::addArithmeticOps(OpTable &table) {
  addFloatFunctions(table);
  addTosa(table);
  addArith(table);
}
