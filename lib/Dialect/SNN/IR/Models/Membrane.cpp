//===- Membrane.cpp - the leaky membrane and its synapse ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Membrane.h"
#include "Propagators.h"
#include "spikeformer-rt/Math.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static LogicalResult
verifyIntegration(function_ref<InFlightDiagnostic()> emitError,
                  Integration integration) {
  if (integration != Integration::exponential_euler)
    return success();
  return emitError() << "integration = exponential_euler is of models that are "
                        "not linear; this one has exact";
}

//===----------------------------------------------------------------------===//
// LeakyMembrane
//===----------------------------------------------------------------------===//

void LeakyMembrane::addTo(ModelLayout &layout, Type state) const {
  layout.addStates(state, {"v"});
  layout.addParams({"v_init"});
  if (integration == Integration::discrete) {
    layout.addParams({"decay", "r"});
    layout.addCoefficients(state, {"decay", "r"});
    return;
  }
  layout.addParams({"tau", "v_leak", "r"});
  bool isEuler = integration == Integration::euler;
  layout.addCoefficients(state, {isEuler ? "step" : "decay", "v_leak", "r"});
}

LogicalResult
LeakyMembrane::computeCoefficients(function_ref<InFlightDiagnostic()> emitError,
                                   ArrayRef<double> params, double dt,
                                   MutableArrayRef<double> coefficients) const {
  std::copy(params.begin(), params.end(), coefficients.begin());
  if (integration == Integration::discrete)
    return success();
  double k = dt / params[0];
  coefficients[0] =
      integration == Integration::euler ? k : sfrt_exp_f64_v1(-dt / params[0]);
  return requirePositive(emitError, "tau", params[0]);
}

LogicalResult
LeakyMembrane::verify(function_ref<InFlightDiagnostic()> emitError) const {
  if (input == InputKind::impulse && integration != Integration::exact)
    return emitError() << "input = impulse needs integration = exact";
  return verifyIntegration(emitError, integration);
}

Value LeakyMembrane::build(StepBuilder &b, Value v, Value in,
                           ValueRange c) const {
  switch (integration) {
  case Integration::euler: {
    Value drift = b.add(b.sub(c[1], v), b.mul(c[2], in));
    return b.add(v, b.mul(c[0], drift));
  }
  case Integration::exact: {
    Value current = b.mul(c[2], in);
    bool held = input == InputKind::held;
    Value target = held ? b.add(c[1], current) : c[1];
    Value relaxed = b.add(target, b.mul(c[0], b.sub(v, target)));
    return held ? relaxed : b.add(relaxed, current);
  }
  case Integration::discrete:
    return b.add(b.mul(c[0], v), b.mul(c[1], in));
  case Integration::exponential_euler:
    break;
  }
  llvm_unreachable("refused by the verifier");
}

//===----------------------------------------------------------------------===//
// SynapticMembrane
//===----------------------------------------------------------------------===//

void SynapticMembrane::addTo(ModelLayout &layout, Type state) const {
  layout.addStates(state, {"v", "i"});
  layout.addParams({"v_init"});
  if (integration == Integration::discrete)
    layout.addParams({"decay_syn", "decay_mem", "r", "w_in"});
  else
    layout.addParams({"tau_syn", "tau_mem", "r", "w_in", "v_leak"});
  if (integration == Integration::euler)
    layout.addCoefficients(state, {"step_syn", "step_mem", "r"});
  else
    layout.addCoefficients(state, {"decay_syn", "decay_mem", "gain"});
  layout.addCoefficients(state, {"w_in", "v_leak"});
  if (input == InputKind::held)
    layout.addCoefficients(state, {"held_gain"});
}

LogicalResult SynapticMembrane::computeCoefficients(
    function_ref<InFlightDiagnostic()> emitError, ArrayRef<double> params,
    double dt, MutableArrayRef<double> coefficients) const {
  std::copy(params.begin(), params.end(), coefficients.begin());
  if (integration == Integration::discrete) {
    coefficients[4] = 0.0;
    return success();
  }
  double tauSyn = params[0], tauMem = params[1], r = params[2];
  if (failed(requirePositive(emitError, "tau_syn", tauSyn)) ||
      failed(requirePositive(emitError, "tau_mem", tauMem)))
    return failure();
  if (integration == Integration::euler) {
    coefficients[0] = dt / tauSyn;
    coefficients[1] = dt / tauMem;
    return success();
  }
  coefficients[0] = sfrt_exp_f64_v1(-dt / tauSyn);
  coefficients[1] = sfrt_exp_f64_v1(-dt / tauMem);
  coefficients[2] = getExponentialPropagator(r, tauSyn, tauMem, dt);
  if (input == InputKind::held)
    coefficients[5] = r * (1.0 - coefficients[1]);
  return success();
}

LogicalResult
SynapticMembrane::verify(function_ref<InFlightDiagnostic()> emitError) const {
  bool isExact = integration == Integration::exact;
  if (isExact && order == SynapseOrder::jump)
    return emitError() << "order = jump is order = synapse_first where "
                          "integration = exact; write that";
  if (isExact && order == SynapseOrder::add_decay)
    return emitError() << "order = add_decay needs integration = euler or "
                          "discrete";
  if (input == InputKind::held &&
      (!isExact || order != SynapseOrder::membrane_first))
    return emitError() << "input = held needs integration = exact and order = "
                          "membrane_first";
  return verifyIntegration(emitError, integration);
}

/// The potential after the step where the synapse has been moved.
static Value buildMembrane(StepBuilder &b, Integration integration, Value v,
                           Value used, ValueRange c) {
  Value current = b.mul(c[2], used);
  if (integration == Integration::discrete)
    return b.add(b.mul(c[1], v), current);
  return b.add(v, b.mul(c[1], b.add(b.sub(c[4], v), current)));
}

std::pair<Value, Value> SynapticMembrane::build(StepBuilder &b, Value v,
                                                Value i, Value in,
                                                ValueRange c) const {
  bool isEuler = integration == Integration::euler;
  bool synapseFirst = order == SynapseOrder::synapse_first;
  Value drive = b.mul(c[3], in), sum = b.add(i, drive);
  if (integration == Integration::exact) {
    Value relaxed = b.mul(c[1], b.sub(v, c[4]));
    if (input == InputKind::held) {
      Value excess = b.sub(i, drive);
      Value pushed = b.add(relaxed, b.mul(c[2], excess));
      return {b.add(c[4], b.add(pushed, b.mul(c[5], drive))),
              b.add(drive, b.mul(c[0], excess))};
    }
    Value used = synapseFirst ? sum : i, decayed = b.mul(c[0], used);
    return {b.add(c[4], b.add(relaxed, b.mul(c[2], used))),
            synapseFirst ? decayed : b.add(decayed, drive)};
  }
  Value moved, used;
  if (order == SynapseOrder::add_decay || order == SynapseOrder::jump) {
    Value decayed = b.mul(c[0], sum);
    moved = isEuler ? b.sub(sum, decayed) : decayed;
    used = order == SynapseOrder::jump ? sum : moved;
  } else {
    moved = isEuler ? b.add(i, b.mul(c[0], b.sub(drive, i)))
                    : b.add(b.mul(c[0], i), drive);
    used = synapseFirst ? moved : i;
  }
  return {buildMembrane(b, integration, v, used, c), moved};
}
