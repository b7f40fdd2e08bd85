//===- TensorReduction.cpp - reductions of the tensor evaluator -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every element of a result is reduced in ascending order of the index.
//
//===----------------------------------------------------------------------===//

#include "TensorLoops.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <limits>
#include <type_traits>

using namespace spikeformer;
using namespace spikeformer::evaluator;

namespace {

/// An operand seen as (outer, extent, inner) around the reduced axis.
struct AxisView {
  int64_t outer = 1, extent, inner = 1;

  AxisView(ArrayRef<int64_t> shape, int64_t axis) : extent(shape[axis]) {
    for (int64_t size : shape.take_front(axis))
      outer *= size;
    for (int64_t size : shape.drop_front(axis + 1))
      inner *= size;
  }
};

} // namespace

template <typename T, typename F>
static Kernel getKernel(int64_t axis, T start, F f) {
  return [=](ArrayRef<Tensor> operands, Tensor &result) {
    AxisView view(operands[0].getShape(), axis);
    const T *in = read<T>(operands[0]);
    T *__restrict out = write<T>(result);
    for (int64_t o = 0; o < view.outer; ++o, out += view.inner) {
      std::fill(out, out + view.inner, start);
      for (int64_t k = 0; k < view.extent; ++k, in += view.inner)
        for (int64_t i = 0; i < view.inner; ++i)
          out[i] = f(out[i], in[i]);
    }
  };
}

/// Samples stay apart unless they are what is reduced.
template <typename OpTy>
static bool keepsSamples(const OpSite &site) {
  return cast<OpTy>(site.op).getAxis() != 0 && onlyFirstHoldsSamples(site);
}

static LogicalResult checkReduction(const OpSite &site, int64_t axis) {
  SmallVector<int64_t, 4> shape = site.operands[0].shape;
  shape[axis] = 1;
  return expectShape(site, shape);
}

/// Makes the kernel for numbers with `make(T(), axis)`.
template <typename OpTy, typename Make>
static FailureOr<Kernel> prepareNumbers(OpTy op, const OpSite &site,
                                        Make make) {
  if (site.result.type == ElementType::boolean)
    return rejectType(site, site.result.type);
  if (failed(checkReduction(site, op.getAxis())))
    return failure();
  return FailureOr<Kernel>(visitType(site.result.type, [&](auto zero) {
    return make(zero, static_cast<int64_t>(op.getAxis()));
  }));
}

static FailureOr<Kernel> prepareSum(tosa::ReduceSumOp op, const OpSite &site) {
  return prepareNumbers(op, site, [&](auto zero, int64_t axis) {
    using T = decltype(zero);
    return getKernel<T>(axis, T(0),
                        [](T a, T b) { return static_cast<T>(a + b); });
  });
}

static FailureOr<Kernel> prepareProduct(tosa::ReduceProductOp op,
                                        const OpSite &site) {
  return prepareNumbers(op, site, [&](auto zero, int64_t axis) {
    using T = decltype(zero);
    return getKernel<T>(axis, T(1),
                        [](T a, T b) { return static_cast<T>(a * b); });
  });
}

/// The value that loses every comparison `isMaximum` ? greater : less.
template <typename T>
static T getNeutral(bool isMaximum) {
  using Limits = std::numeric_limits<T>;
  if constexpr (std::is_floating_point_v<T>)
    return isMaximum ? -Limits::infinity() : Limits::infinity();
  else
    return isMaximum ? Limits::min() : Limits::max();
}

template <typename OpTy, bool isMaximum>
static FailureOr<Kernel> prepareExtreme(OpTy op, const OpSite &site) {
  bool ignoresNan = op.getNanMode() == tosa::NanPropagationMode::IGNORE;
  return prepareNumbers(op, site, [&](auto zero, int64_t axis) {
    using T = decltype(zero);
    T start = getNeutral<T>(isMaximum);
    auto wins = [](T a, T b) { return isMaximum ? a > b : a < b; };
    if (ignoresNan)
      return getKernel<T>(axis, start,
                          [=](T a, T b) { return wins(b, a) ? b : a; });
    return getKernel<T>(axis, start,
                        [=](T a, T b) { return wins(b, a) || b != b ? b : a; });
  });
}

template <typename OpTy, bool isAll>
static FailureOr<Kernel> prepareLogical(OpTy op, const OpSite &site) {
  if (failed(checkReduction(site, op.getAxis())))
    return failure();
  auto combine = [](uint8_t a, uint8_t b) -> uint8_t {
    return isAll ? a & b : a | b;
  };
  return getKernel<uint8_t>(op.getAxis(), isAll, combine);
}

/// The lowest index of the largest element. A NaN is the largest, or with
/// `ignoresNan` the smallest.
template <typename T, typename Index>
static Kernel getArgMaxKernel(int64_t axis, bool ignoresNan) {
  return [=](ArrayRef<Tensor> operands, Tensor &result) {
    AxisView view(operands[0].getShape(), axis);
    const T *in = read<T>(operands[0]);
    Index *out = write<Index>(result);
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 0; i < view.inner; ++i) {
        const T *line = in + o * view.extent * view.inner + i;
        int64_t best = 0;
        for (int64_t k = 1; k < view.extent; ++k) {
          T now = line[k * view.inner], top = line[best * view.inner];
          bool beats =
              ignoresNan ? top != top && now == now : now != now && top == top;
          if (now > top || beats)
            best = k;
        }
        *out++ = static_cast<Index>(best);
      }
  };
}

static FailureOr<Kernel> prepareArgMax(tosa::ArgMaxOp op, const OpSite &site) {
  int64_t axis = op.getAxis();
  SmallVector<int64_t, 4> shape = site.operands[0].shape;
  shape.erase(shape.begin() + axis);
  if (failed(expectShape(site, shape)))
    return failure();
  bool ignoresNan = op.getNanMode() == tosa::NanPropagationMode::IGNORE;
  return visitType(site.getOperandType(0), [&](auto zero) {
    using T = decltype(zero);
    if (site.result.type == ElementType::i32)
      return FailureOr<Kernel>(getArgMaxKernel<T, int32_t>(axis, ignoresNan));
    if (site.result.type == ElementType::i64)
      return FailureOr<Kernel>(getArgMaxKernel<T, int64_t>(axis, ignoresNan));
    return FailureOr<Kernel>(rejectType(site, site.result.type));
  });
}

void evaluator::addReductionOps(OpTable &table) {
  table.add<tosa::ReduceSumOp>(keepsSamples<tosa::ReduceSumOp>, prepareSum);
  table.add<tosa::ReduceProductOp>(keepsSamples<tosa::ReduceProductOp>,
                                   prepareProduct);
  table.add<tosa::ReduceMaxOp>(keepsSamples<tosa::ReduceMaxOp>,
                               prepareExtreme<tosa::ReduceMaxOp, true>);
  table.add<tosa::ReduceMinOp>(keepsSamples<tosa::ReduceMinOp>,
                               prepareExtreme<tosa::ReduceMinOp, false>);
  table.add<tosa::ReduceAllOp>(keepsSamples<tosa::ReduceAllOp>,
                               prepareLogical<tosa::ReduceAllOp, true>);
  table.add<tosa::ReduceAnyOp>(keepsSamples<tosa::ReduceAnyOp>,
                               prepareLogical<tosa::ReduceAnyOp, false>);
  table.add<tosa::ArgMaxOp>(keepsSamples<tosa::ArgMaxOp>, prepareArgMax);
}
