//===- TensorElementwise.h - kernels of elementwise ops ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makes the kernel of an elementwise op, with broadcasting, from a function of
// one element per operand.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORELEMENTWISE_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORELEMENTWISE_H

#include "TensorLoops.h"
#include <type_traits>

namespace spikeformer::evaluator {

/// The nest of the result (array 0) and of the operands (arrays 1 and up).
template <size_t count>
LoopNest<count + 1> getNest(ArrayRef<Tensor> operands,
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
Kernel getUnaryKernel(F f) {
  return [=](ArrayRef<Tensor> operands, Tensor &result) {
    const T *in = read<T>(operands[0]);
    auto *__restrict out = write<Stored<decltype(f(T()))>>(result);
    for (int64_t i = 0, e = result.getNumElements(); i < e; ++i)
      out[i] = f(in[i]);
  };
}

/// The inner loop of a binary op. A stride is 0 or 1; each case vectorises.
template <typename T, typename R, typename F>
void runInner(const LoopNest<3>::Axis &axis, const T *a, const T *b,
              R *__restrict out, F f) {
  if (axis.strides[1] && axis.strides[2])
    for (int64_t i = 0; i < axis.extent; ++i)
      out[i] = f(a[i], b[i]);
  else if (axis.strides[1])
    for (int64_t i = 0; i < axis.extent; ++i)
      out[i] = f(a[i], *b);
  else
    for (int64_t i = 0; i < axis.extent; ++i)
      out[i] = f(*a, b[i * axis.strides[2]]);
}

/// True if operand 2 is one short line, read again in each iteration of a
/// single outer loop, while operand 1 has the elements of the result.
bool repeatsShortLine(const LoopNest<3> &nest);

/// Runs the nest of a bias of few channels: the line is laid out several times
/// in a row, so that the inner loop is long enough to pay.
template <typename T, typename R, typename F>
void runRepeated(const LoopNest<3> &nest, const T *a, const T *b, R *out, F f) {
  constexpr int64_t target = 256;
  int64_t line = nest.axes[1].extent, total = nest.axes[0].extent * line;
  int64_t length = std::min(total, target / line * line);
  T repeated[target];
  for (int64_t i = 0; i < length; ++i)
    repeated[i] = b[i % line];
  for (int64_t i = 0; i < total; i += length)
    runInner<T, R>({std::min(length, total - i), {1, 1, 1}}, a + i, repeated,
                   out + i, f);
}

template <typename T, typename F>
Kernel getBinaryKernel(F f) {
  return [=](ArrayRef<Tensor> operands, Tensor &result) {
    using R = Stored<decltype(f(T(), T()))>;
    const T *a = read<T>(operands[0]), *b = read<T>(operands[1]);
    R *out = write<R>(result);
    LoopNest<3> nest = getNest<2>(operands, result.getShape());
    if (repeatsShortLine(nest))
      return runRepeated(nest, a, b, out, f);
    nest.run([&](std::array<int64_t, 3> at, LoopNest<3>::Axis axis) {
      runInner<T, R>(axis, a + at[1], b + at[2], out + at[0], f);
    });
  };
}

/// Which element types an op computes.
enum class Domain { floats, numbers, integers, booleans, bits };

/// True if `domain` has `type`.
bool contains(Domain domain, ElementType type);

/// Checks that the first `count` operands broadcast to the result.
LogicalResult checkBroadcast(const OpSite &site, unsigned count);

/// Makes the kernel for the type of the last of `count` operands (a select has
/// its condition first) with `make(T())`; T is in the domain.
template <Domain domain, typename Make>
FailureOr<Kernel> prepare(const OpSite &site, unsigned count, Make make) {
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
void addUnary(OpTable &table, F f) {
  table.addSimple<OpTy>(eachElement(1), [f](const OpSite &site) {
    return prepare<domain>(
        site, 1, [&](auto zero) { return getUnaryKernel<decltype(zero)>(f); });
  });
}

template <Domain domain, typename F>
FailureOr<Kernel> prepareBinary(const OpSite &site, F f) {
  return prepare<domain>(
      site, 2, [&](auto zero) { return getBinaryKernel<decltype(zero)>(f); });
}

template <typename OpTy, Domain domain, typename F>
void addBinary(OpTable &table, F f) {
  table.addSimple<OpTy>(eachElement(2), [f](const OpSite &site) {
    return prepareBinary<domain>(site, f);
  });
}

} // namespace spikeformer::evaluator

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORELEMENTWISE_H
