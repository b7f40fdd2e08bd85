//===- KernelMath.h - elementary functions in kernels -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Appends the functions of spikeformer-rt/Math.h to a kernel, as the same
// operations in the same order: a vector kernel gives the bits that the scalar
// function gives, in every lane.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXECUTIONENGINE_KERNELMATH_H
#define SPIKEFORMER_EXECUTIONENGINE_KERNELMATH_H

#include "mlir/IR/Builders.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer {

/// `x` is f32, f64 or a vector of one of them; the result has its type. For f32
/// it is `sfrt_exp_f32_v1`, for f64 `sfrt_exp_f64_v1`.
Value buildExp(OpBuilder &builder, Location loc, Value x);
/// Likewise the natural logarithm.
Value buildLog(OpBuilder &builder, Location loc, Value x);
/// `x` is f32 or a vector of f32.
Value buildTanh(OpBuilder &builder, Location loc, Value x);
/// `x` to the power of `y`, both f32 or vectors of f32.
Value buildPow(OpBuilder &builder, Location loc, Value x, Value y);

/// `x`, f32, f64 or a vector of one of them, toward zero as integers of type
/// `element` (up to i64): stopped at the ends of the range, 0 for a NaN.
Value buildTruncation(OpBuilder &builder, Location loc, Value x,
                      IntegerType element);

} // namespace spikeformer

#endif // SPIKEFORMER_EXECUTIONENGINE_KERNELMATH_H
