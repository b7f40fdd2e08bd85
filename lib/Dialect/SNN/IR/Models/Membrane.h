//===- Membrane.h - the leaky membrane and its synapse ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How the potential (and the synaptic current) of the LIF family moves in a
// step, before any spike; twice, as IR and as C++. The two share no rule.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_MEMBRANE_H
#define SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_MEMBRANE_H

#include "FireAndReset.h"

namespace spikeformer::snn {

/// tau dv/dt = (v_leak - v) + r I.
struct LeakyMembrane {
  Integration integration;
  InputKind input;

  /// Params and coefficients: {decay, r} where discrete, otherwise {tau,
  /// v_leak, r} and {step or decay, v_leak, r}.
  unsigned getNumNumbers() const {
    return integration == Integration::discrete ? 2 : 3;
  }
  /// State "v", its initial value and the numbers.
  void addTo(ModelLayout &layout, Type state) const;
  LogicalResult
  computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                      ArrayRef<double> params, double dt,
                      MutableArrayRef<double> coefficients) const;
  LogicalResult verify(function_ref<InFlightDiagnostic()> emitError) const;
  /// The potential after the step.
  Value build(StepBuilder &b, Value v, Value input, ValueRange c) const;

  template <typename T>
  T move(T v, T in, ArrayRef<Scalar> c) const {
    T first = get<T>(c[0]), second = get<T>(c[1]);
    if (integration == Integration::discrete) {
      T decayed = first * v;
      return decayed + second * in;
    }
    T current = get<T>(c[2]) * in;
    if (integration == Integration::euler) {
      T drift = (second - v) + current;
      return v + first * drift;
    }
    if (input == InputKind::impulse) {
      T relaxed = second + first * (v - second);
      return relaxed + current;
    }
    T target = second + current;
    return target + first * (v - target);
  }
};

/// tau_syn di/dt = -i + w_in I; tau_mem dv/dt = (v_leak - v) + r i.
struct SynapticMembrane {
  Integration integration;
  SynapseOrder order;
  InputKind input;

  /// Params after "v_init".
  unsigned getNumParams() const {
    return integration == Integration::discrete ? 4 : 5;
  }
  unsigned getNumCoefficients() const {
    return input == InputKind::held ? 6 : 5;
  }
  /// States "v" and "i", the initial value of v and the numbers.
  void addTo(ModelLayout &layout, Type state) const;
  LogicalResult
  computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                      ArrayRef<double> params, double dt,
                      MutableArrayRef<double> coefficients) const;
  LogicalResult verify(function_ref<InFlightDiagnostic()> emitError) const;
  /// {potential, current} after the step.
  std::pair<Value, Value> build(StepBuilder &b, Value v, Value i, Value input,
                                ValueRange c) const;

  template <typename T>
  void move(T &v, T &i, T in, ArrayRef<Scalar> c) const {
    T syn = get<T>(c[0]), drive = get<T>(c[3]) * in, before = i;
    if (order == SynapseOrder::add_decay || order == SynapseOrder::jump) {
      T sum = before + drive;
      i = integration == Integration::euler ? sum - syn * sum : syn * sum;
      v = moveMembrane<T>(v, order == SynapseOrder::jump ? sum : i, c);
      return;
    }
    bool synapseFirst = order == SynapseOrder::synapse_first;
    if (integration == Integration::exact) {
      moveExactly<T>(v, i, drive, c);
      return;
    }
    i = integration == Integration::euler ? before + syn * (drive - before)
                                          : syn * before + drive;
    v = moveMembrane<T>(v, synapseFirst ? i : before, c);
  }

private:
  template <typename T>
  T moveMembrane(T v, T used, ArrayRef<Scalar> c) const {
    T mem = get<T>(c[1]), current = get<T>(c[2]) * used;
    if (integration == Integration::discrete)
      return mem * v + current;
    return v + mem * ((get<T>(c[4]) - v) + current);
  }
  template <typename T>
  void moveExactly(T &v, T &i, T drive, ArrayRef<Scalar> c) const {
    T syn = get<T>(c[0]), leak = get<T>(c[4]), before = i;
    T relaxed = get<T>(c[1]) * (v - leak);
    if (input == InputKind::held) {
      T excess = before - drive;
      v = leak + ((relaxed + get<T>(c[2]) * excess) + get<T>(c[5]) * drive);
      i = drive + syn * excess;
      return;
    }
    bool synapseFirst = order == SynapseOrder::synapse_first;
    T used = synapseFirst ? before + drive : before;
    v = leak + (relaxed + get<T>(c[2]) * used);
    T decayed = syn * used;
    i = synapseFirst ? decayed : decayed + drive;
  }
};

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_IR_MODELS_MEMBRANE_H
