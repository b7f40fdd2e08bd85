//===- TensorFunctions.cpp - elementary functions of the evaluator --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of floats, one element at a time. f32 has functions with the same
// bits on every machine where the runtime has them.
//
//===----------------------------------------------------------------------===//

#include "TensorElementwise.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer-rt/Math.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::evaluator;

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

/// `1 / x`.
static constexpr auto inverse = [](auto x) { return decltype(x)(1) / x; };

static void addTosa(OpTable &table) {
  constexpr Domain floats = Domain::floats;
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
  addUnary<tosa::RsqrtOp, floats>(table,
                                  [](auto x) { return inverse(std::sqrt(x)); });
  addBinary<tosa::PowOp, floats>(table, power);
}

static void addMath(OpTable &table) {
  constexpr Domain floats = Domain::floats;
  addUnary<math::AbsFOp, floats>(table, [](auto x) { return std::fabs(x); });
  addUnary<math::CeilOp, floats>(table, [](auto x) { return std::ceil(x); });
  addUnary<math::FloorOp, floats>(table, [](auto x) { return std::floor(x); });
  addUnary<math::RoundEvenOp, floats>(table,
                                      [](auto x) { return std::nearbyint(x); });
  addUnary<math::SqrtOp, floats>(table, [](auto x) { return std::sqrt(x); });
  addUnary<math::ErfOp, floats>(table, [](auto x) { return std::erf(x); });
  addUnary<math::ExpOp, floats>(table, exponential);
  addUnary<math::LogOp, floats>(table, logarithm);
  addUnary<math::TanhOp, floats>(table, hyperbolicTangent);
  addBinary<math::PowFOp, floats>(table, power);
}

void evaluator::addFunctionOps(OpTable &table) {
  addTosa(table);
  addMath(table);
}
