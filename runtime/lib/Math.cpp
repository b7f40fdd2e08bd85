//===- Math.cpp - scalar form of the elementary functions -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instantiates the operation sequences for `double`.
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Math.h"
#include "spikeformer-rt/MathAlgorithms.h"

using namespace spikeformer::rt;

double sfrt_exp_f64_v1(double x) { return expF64(x); }
double sfrt_log_f64_v1(double x) { return logF64(x); }
float sfrt_exp_f32_v1(float x) { return float(expF64(double(x))); }
float sfrt_log_f32_v1(float x) { return float(logF64(double(x))); }
float sfrt_tanh_f32_v1(float x) { return float(tanhForF32(double(x))); }
float sfrt_pow_f32_v1(float x, float y) {
  return float(powForF32(double(x), double(y)));
}
double sfrt_inverse_normal_f64_v1(double p) { return inverseNormalF64(p); }
