//===- Math.h - elementary functions with defined results ---------*- C -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that `exp`, `log`, `tanh` and `pow` of a neuron model mean.
// They use the basic operations of IEEE 754 and the square root only, so that
// every machine gives the same bits. The number at the end of a name is the
// version of the result: a function whose result changes gets a new number.
//
// The `f32` functions round a result of double precision once. They are the
// correctly rounded ones except where the exact value is so near to the middle
// of two neighbours that double precision cannot tell the sides apart: never
// for exp, and for 5 of the 2^32 arguments of log (all were compared).
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_MATH_H
#define SPIKEFORMER_RT_MATH_H

#ifdef __cplusplus
extern "C" {
#endif

/// e to the power of `x`, error below 1 ulp, gradual underflow included.
double sfrt_exp_f64_v1(double x);
/// Natural logarithm, error below 1 ulp; -inf at both zeros, NaN below them.
double sfrt_log_f64_v1(double x);

float sfrt_exp_f32_v1(float x);
float sfrt_log_f32_v1(float x);
float sfrt_tanh_f32_v1(float x);
/// `x` to the power of `y` with the special cases of C.
float sfrt_pow_f32_v1(float x, float y);

/// The x with a fraction `p` of the standard normal distribution below it;
/// -inf at 0, inf at 1, NaN outside. Relative error about 1e-15.
double sfrt_inverse_normal_f64_v1(double p);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // SPIKEFORMER_RT_MATH_H
