//===- Propagators.h - numbers of exact integration -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Matrix elements of Rotter and Diesmann 1999, Biol. Cybern. 81, 381-402. They
// are coefficients: computed once per neuron, for both engines.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_PROPAGATORS_H
#define SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_PROPAGATORS_H

#include <utility>

namespace spikeformer::snn {

/// v after `dt` of tau_mem dv/dt = -v + r i, tau_syn di/dt = -i from v = 0,
/// i = 1.
double getExponentialPropagator(double r, double tauSyn, double tauMem,
                                double dt);

/// Likewise for di/dt = y - i / tau_syn, dy/dt = -y / tau_syn from v = i = 0,
/// y = 1.
double getAlphaPropagator(double r, double tauSyn, double tauMem, double dt);

/// {cos, sin} of `angle` by series with a fixed order of operations.
std::pair<double, double> getRotation(double angle);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_PROPAGATORS_H
