//===- KernelMathTest.cpp - kernels against scalar functions --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/KernelMath.h"
#include "KernelBuilder.h"
#include "spikeformer-rt/Math.h"
#include "spikeformer-rt/Random.h"
#include "spikeformer/ExecutionEngine/KernelCompiler.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstring>

using namespace spikeformer;

namespace {
/// Bits of any value, with the special ones in front.
template <typename T>
std::vector<T> makeInputs(uint64_t seed, std::vector<T> inputs) {
  for (uint64_t i = inputs.size(); i < (1 << 14); ++i) {
    uint64_t bits = rt::hashMix(seed + i);
    // Every other one has a size at which the functions do not saturate.
    T value = T(double(int64_t(bits)) * 0x1p-59);
    if (i % 2)
      std::memcpy(&value, &bits, sizeof(value));
    inputs.push_back(value);
  }
  return inputs;
}

template <typename T>
void expectSame(Elementwise body, llvm::function_ref<T(T, T)> expected) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  const T inf = INFINITY, nan = NAN;
  std::vector<T> a = makeInputs<T>(1, {0, -T(0), 1, -1, inf, -inf, nan, 2});
  std::vector<T> b = makeInputs<T>(9, {0, 1, nan, inf, -inf, 3, 0, 2.5});
  for (unsigned level : {0, 1, 3}) {
    auto compiler = take(KernelCompiler::create(context, {level, ""}));
    for (int64_t lanes : {1, 8, 16}) {
      Type type = sizeof(T) == 4 ? Type(Float32Type::get(&context))
                                 : Type(Float64Type::get(&context));
      Kernel kernel =
          take(compiler->compile(std::to_string(lanes), [&](ModuleOp module) {
            buildElementwise(module, "f", type, lanes, body);
          }));
      std::vector<T> out(a.size());
      reinterpret_cast<ElementwiseKernel<T>>(kernel.get())(
          a.data(), b.data(), out.data(), a.size());
      unsigned different = 0;
      for (size_t i = 0; i < a.size(); ++i) {
        T want = expected(a[i], b[i]);
        different += std::memcmp(&out[i], &want, sizeof(T)) &&
                     !(std::isnan(out[i]) && std::isnan(want));
      }
      EXPECT_EQ(different, 0u) << "level " << level << ", lanes " << lanes;
    }
  }
}

TEST(KernelMath, ExpF64IsTheScalarFunction) {
  expectSame<double>(
      [](auto &b, Value x, Value) { return buildExp(b, b.getLoc(), x); },
      [](double x, double) { return sfrt_exp_f64_v1(x); });
}
TEST(KernelMath, LogF64IsTheScalarFunction) {
  expectSame<double>(
      [](auto &b, Value x, Value) { return buildLog(b, b.getLoc(), x); },
      [](double x, double) { return sfrt_log_f64_v1(x); });
}
TEST(KernelMath, ExpF32IsTheScalarFunction) {
  expectSame<float>(
      [](auto &b, Value x, Value) { return buildExp(b, b.getLoc(), x); },
      [](float x, float) { return sfrt_exp_f32_v1(x); });
}
TEST(KernelMath, LogF32IsTheScalarFunction) {
  expectSame<float>(
      [](auto &b, Value x, Value) { return buildLog(b, b.getLoc(), x); },
      [](float x, float) { return sfrt_log_f32_v1(x); });
}
TEST(KernelMath, TanhF32IsTheScalarFunction) {
  expectSame<float>(
      [](auto &b, Value x, Value) { return buildTanh(b, b.getLoc(), x); },
      [](float x, float) { return sfrt_tanh_f32_v1(x); });
}
TEST(KernelMath, PowF32IsTheScalarFunction) {
  expectSame<float>(
      [](auto &b, Value x, Value y) { return buildPow(b, b.getLoc(), x, y); },
      [](float x, float y) { return sfrt_pow_f32_v1(x, y); });
}
} // namespace
