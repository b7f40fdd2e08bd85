//===- Propagators.cpp - numbers of exact integration ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Propagators.h"
#include "spikeformer-rt/Math.h"
#include "spikeformer/Support/LLVM.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

double snn::getExponentialPropagator(double r, double tauSyn, double tauMem,
                                     double dt) {
  double decaySyn = sfrt_exp_f64_v1(-dt / tauSyn);
  double decayMem = sfrt_exp_f64_v1(-dt / tauMem);
  if (tauSyn == tauMem)
    return r * (dt / tauMem) * decayMem;
  return r * tauSyn / (tauSyn - tauMem) * (decaySyn - decayMem);
}

double snn::getAlphaPropagator(double r, double tauSyn, double tauMem,
                               double dt) {
  double decaySyn = sfrt_exp_f64_v1(-dt / tauSyn);
  double decayMem = sfrt_exp_f64_v1(-dt / tauMem);
  if (tauSyn == tauMem)
    return r / tauMem * (dt * dt * 0.5) * decayMem;
  double beta = tauSyn * tauMem / (tauMem - tauSyn);
  return r / tauMem * (beta * beta) * (decayMem - decaySyn * (1.0 + dt / beta));
}

/// c[0] + x c[1] + ... by Horner's rule.
template <unsigned N>
static double evaluate(double x, const double (&c)[N]) {
  double sum = c[N - 1];
  for (int k = N - 2; k >= 0; --k)
    sum = sum * x + c[k];
  return sum;
}

std::pair<double, double> snn::getRotation(double angle) {
  constexpr double cosine[] = {
      1.0,         -1.0 / 2,       1.0 / 24,        -1.0 / 720,
      1.0 / 40320, -1.0 / 3628800, 1.0 / 479001600, -1.0 / 87178291200};
  constexpr double sine[] = {
      1.0,          -1.0 / 6,        1.0 / 120,        -1.0 / 5040,
      1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800, -1.0 / 1307674368000};
  constexpr double twoPi = 0x1.921fb54442d18p+2;
  double x = std::remainder(angle, twoPi) / 4, square = x * x;
  double c = evaluate(square, cosine), s = x * evaluate(square, sine);
  for (int k = 0; k < 2; ++k) {
    double doubled = 2.0 * c * s;
    c = c * c - s * s;
    s = doubled;
  }
  return {c, s};
}
