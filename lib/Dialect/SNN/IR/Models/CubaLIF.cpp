//===- CubaLIF.cpp - leaky integrate and fire with a synaptic current -----===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FireAndReset.h"
#include "spikeformer-rt/Math.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static FireRule getRule(CubaLIFAttr model) {
  return {model.getReset(), model.getFires(), model.getWhen(),
          model.getRefractory()};
}

/// Coefficients before those of the rule.
static constexpr unsigned kNumOwn = 5;

LogicalResult CubaLIFAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  Type state, Integration, SynapseOrder,
                                  ResetKind reset, FiresKind fires,
                                  ResetTime when, RefractoryKind refractory) {
  if (failed(verifyFloatState(emitError, state)))
    return failure();
  return FireRule{reset, fires, when, refractory}.verify(emitError);
}

SmallVector<ModelVariable> CubaLIFAttr::getStates(Operation *) const {
  SmallVector<ModelVariable> states{{"v", getState()}, {"i", getState()}};
  getRule(*this).appendStates(getContext(), states);
  return states;
}

SmallVector<StringRef> CubaLIFAttr::getParamNames(Operation *) const {
  SmallVector<StringRef> names{"v_init"};
  if (getIntegration() == Integration::discrete)
    names.append({"decay_syn", "decay_mem", "r", "w_in"});
  else
    names.append({"tau_syn", "tau_mem", "r", "w_in", "v_leak"});
  getRule(*this).appendParamNames(names);
  return names;
}

SmallVector<ModelVariable> CubaLIFAttr::getReceptors(Operation *) const {
  return {{"in", getState()}};
}

SmallVector<ModelVariable> CubaLIFAttr::getCoefficients(Operation *) const {
  Type t = getState();
  SmallVector<ModelVariable> coefficients;
  if (getIntegration() == Integration::euler)
    coefficients = {
        {"step_syn", t}, {"step_mem", t}, {"r", t}, {"w_in", t}, {"v_leak", t}};
  else
    coefficients = {{"decay_syn", t},
                    {"decay_mem", t},
                    {"gain", t},
                    {"w_in", t},
                    {"v_leak", t}};
  getRule(*this).appendCoefficients(t, coefficients);
  return coefficients;
}

Type CubaLIFAttr::getSpikeType(Operation *) const {
  return IntegerType::get(getContext(), 1);
}

/// Propagator from i to v over one step (Rotter and Diesmann 1999, Biol.
/// Cybern. 81, 381-402, for tau_mem dv/dt = -v + r i and tau_syn di/dt = -i).
static double getCoupling(double tauSyn, double tauMem, double r, double dt) {
  double decaySyn = sfrt_exp_f64_v1(-dt / tauSyn);
  double decayMem = sfrt_exp_f64_v1(-dt / tauMem);
  if (tauSyn == tauMem)
    return r * (dt / tauMem) * decayMem;
  return r * tauSyn / (tauSyn - tauMem) * (decaySyn - decayMem);
}

LogicalResult
CubaLIFAttr::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                                 Operation *user, ArrayRef<double> params,
                                 double dt,
                                 MutableArrayRef<double> coefficients) const {
  if (failed(requireFinite(emitError, getParamNames(user), params)))
    return failure();
  bool discrete = getIntegration() == Integration::discrete;
  unsigned numOwn = discrete ? kNumOwn - 1 : kNumOwn;
  ArrayRef<double> own = params.drop_front(1).take_front(numOwn);
  std::copy(own.begin(), own.end(), coefficients.begin());
  if (discrete) {
    coefficients[4] = 0.0;
  } else {
    if (failed(requirePositive(emitError, "tau_syn", own[0])) ||
        failed(requirePositive(emitError, "tau_mem", own[1])))
      return failure();
    bool euler = getIntegration() == Integration::euler;
    for (unsigned i = 0; i < 2; ++i)
      coefficients[i] = euler ? dt / own[i] : sfrt_exp_f64_v1(-dt / own[i]);
    if (!euler)
      coefficients[2] = getCoupling(own[0], own[1], own[2], dt);
  }
  return getRule(*this).computeCoefficients(emitError,
                                            params.drop_front(1 + numOwn), dt,
                                            coefficients.drop_front(kNumOwn));
}

void CubaLIFAttr::computeInitialState(Operation *, ArrayRef<double> params,
                                      MutableArrayRef<double> states) const {
  llvm::fill(states, 0.0);
  states[0] = params[0];
}

/// {potential, current} after integration, before the spike test.
static std::pair<Value, Value> buildMoved(CubaLIFAttr model, StepBuilder &b,
                                          Value v, Value i, Value input,
                                          ValueRange c) {
  bool synapseFirst = model.getOrder() == SynapseOrder::synapse_first;
  Value drive = b.mul(c[3], input);
  if (model.getIntegration() == Integration::euler) {
    Value moved = b.add(i, b.mul(c[0], b.sub(drive, i)));
    Value used = synapseFirst ? moved : i;
    Value drift = b.add(b.sub(c[4], v), b.mul(c[2], used));
    return {b.add(v, b.mul(c[1], drift)), moved};
  }
  if (model.getIntegration() == Integration::discrete) {
    Value moved = b.add(b.mul(c[0], i), drive);
    Value used = synapseFirst ? moved : i;
    return {b.add(b.mul(c[1], v), b.mul(c[2], used)), moved};
  }
  Value used = synapseFirst ? b.add(i, drive) : i;
  Value relaxed = b.mul(c[1], b.sub(v, c[4]));
  Value potential = b.add(c[4], b.add(relaxed, b.mul(c[2], used)));
  Value decayed = b.mul(c[0], used);
  return {potential, synapseFirst ? decayed : b.add(decayed, drive)};
}

SmallVector<Value> CubaLIFAttr::buildStep(OpBuilder &builder, Location loc,
                                          Operation *, ValueRange states,
                                          ValueRange inputs,
                                          ValueRange coefficients) const {
  StepBuilder b(builder, loc);
  auto [moved, current] =
      buildMoved(*this, b, states[0], states[1], inputs[0], coefficients);
  SmallVector<Value> results = b.fire(getRule(*this), states[0], moved,
                                      states.size() > 2 ? states[2] : Value(),
                                      coefficients.drop_front(kNumOwn));
  results.insert(results.begin() + 1, current);
  return results;
}

template <typename T>
static void referenceMove(CubaLIFAttr model, T &v, T &i, T input,
                          ArrayRef<Scalar> c) {
  T syn = get<T>(c[0]), mem = get<T>(c[1]), gain = get<T>(c[2]);
  T drive = get<T>(c[3]) * input, leak = get<T>(c[4]);
  bool synapseFirst = model.getOrder() == SynapseOrder::synapse_first;
  T before = i;
  switch (model.getIntegration()) {
  case Integration::euler: {
    i = before + syn * (drive - before);
    T current = gain * (synapseFirst ? i : before);
    v = v + mem * ((leak - v) + current);
    return;
  }
  case Integration::discrete: {
    i = syn * before + drive;
    T decayed = mem * v;
    v = decayed + gain * (synapseFirst ? i : before);
    return;
  }
  case Integration::exact: {
    T used = synapseFirst ? before + drive : before;
    T relaxed = mem * (v - leak);
    v = leak + (relaxed + gain * used);
    T decayed = syn * used;
    i = synapseFirst ? decayed : decayed + drive;
    return;
  }
  }
}

template <typename T>
static bool step(CubaLIFAttr model, MutableArrayRef<Scalar> states, T input,
                 ArrayRef<Scalar> coefficients) {
  FireRule rule = getRule(model);
  T &v = get<T>(states[0]);
  T moved = v;
  referenceMove<T>(model, moved, get<T>(states[1]), input, coefficients);
  return ReferenceFire<T>(rule, coefficients.drop_front(kNumOwn))
      .step(v, moved, states.size() > 2 ? &states[2].integer : nullptr);
}

Scalar CubaLIFAttr::referenceStep(Operation *, MutableArrayRef<Scalar> states,
                                  ArrayRef<Scalar> inputs,
                                  ArrayRef<Scalar> coefficients) const {
  bool fires = getState().isF32()
                   ? step<float>(*this, states, inputs[0].f32, coefficients)
                   : step<double>(*this, states, inputs[0].f64, coefficients);
  return Scalar::of(static_cast<int64_t>(fires));
}
