//===- SNNModels.td - neuron models ------------------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNMODELS_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNMODELS_TD

include "spikeformer/Dialect/SNN/IR/SNNBase.td"
include "spikeformer/Dialect/SNN/IR/SNNInterfaces.td"

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

def SNN_Integration : SNN_Enum<"Integration", "integration rule of a model", [
  I32EnumAttrCase<"euler", 0>, I32EnumAttrCase<"exact", 1>,
  I32EnumAttrCase<"discrete", 2>, I32EnumAttrCase<"exponential_euler", 3>]>;

def SNN_ResetKind : SNN_Enum<"ResetKind", "what a spike does to the potential", [
  I32EnumAttrCase<"subtract", 0>, I32EnumAttrCase<"to_value", 1>,
  I32EnumAttrCase<"none", 2>]>;

def SNN_FiresKind : SNN_Enum<"FiresKind", "the spike test", [
  I32EnumAttrCase<"above", 0>, I32EnumAttrCase<"at_or_above", 1>]>;

def SNN_ResetTime : SNN_Enum<"ResetTime", "the step in which the reset acts", [
  I32EnumAttrCase<"same_step", 0>, I32EnumAttrCase<"next_step", 1>,
  I32EnumAttrCase<"once", 2>]>;

def SNN_RefractoryKind : SNN_Enum<"RefractoryKind", "what a refractory neuron does", [
  I32EnumAttrCase<"none", 0>, I32EnumAttrCase<"clamp", 1>,
  I32EnumAttrCase<"freeze", 2>, I32EnumAttrCase<"ignore_input", 3>]>;

def SNN_SynapseOrder : SNN_Enum<"SynapseOrder", "which state of a two-state model moves first", [
  I32EnumAttrCase<"synapse_first", 0>, I32EnumAttrCase<"membrane_first", 1>,
  I32EnumAttrCase<"add_decay", 2>, I32EnumAttrCase<"jump", 3>]>;

def SNN_SpikeKind : SNN_Enum<"SpikeKind", "what a neuron can emit in a step", [
  I32EnumAttrCase<"one", 0>, I32EnumAttrCase<"either_sign", 1, "signed">,
  I32EnumAttrCase<"many", 2>]>;

def SNN_TestTime : SNN_Enum<"TestTime", "the potential that the spike test sees", [
  I32EnumAttrCase<"after", 0>, I32EnumAttrCase<"before", 1>]>;

def SNN_BoundKind : SNN_Enum<"BoundKind", "bounds of the potential", [
  I32EnumAttrCase<"none", 0>, I32EnumAttrCase<"lower", 1>]>;

def SNN_InputKind : SNN_Enum<"InputKind", "when input acts within a step", [
  I32EnumAttrCase<"held", 0>, I32EnumAttrCase<"impulse", 1>]>;

def SNN_Recovery : SNN_Enum<"Recovery", "the recovery equation of Izhikevich's model", [
  I32EnumAttrCase<"relaxing", 0>, I32EnumAttrCase<"accumulating", 1>]>;

def SNN_SynapseKernel : SNN_Enum<"SynapseKernel", "course of a postsynaptic current", [
  I32EnumAttrCase<"impulse", 0, "delta">, I32EnumAttrCase<"exponential", 1, "exp">,
  I32EnumAttrCase<"alpha", 2>]>;

def SNN_Stages : SNN_Enum<"Stages", "what a sigma-delta neuron does", [
  I32EnumAttrCase<"sigma", 0>, I32EnumAttrCase<"delta", 1>,
  I32EnumAttrCase<"sigma_delta", 2>]>;

def SNN_Activation : SNN_Enum<"Activation", "a function of a value", [
  I32EnumAttrCase<"identity", 0>, I32EnumAttrCase<"relu", 1>]>;

def SNN_Rounding : SNN_Enum<"Rounding", "how a quotient becomes an integer", [
  I32EnumAttrCase<"toward_zero", 0>, I32EnumAttrCase<"floor", 1>,
  I32EnumAttrCase<"nearest_even", 2>]>;

def SNN_Overflow : SNN_Enum<"Overflow", "what happens at the ends of a range", [
  I32EnumAttrCase<"wrap", 0>, I32EnumAttrCase<"saturate", 1>]>;

/// An enumerator that is not printed where it is `value`.
class SNN_Option<EnumAttrInfo info, string value> : EnumParameter<info> {
  let defaultValue = info.cppNamespace # "::" # info.className # "::" # value;
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

class SNN_Model<string name, string mnem>
    : SNN_Attr<name, mnem, [DeclareAttrInterfaceMethods<SNN_NeuronModelAttrInterface>]>;

/// A model whose variables are data: it defines `getLayout`, the numbers and the
/// two steps.
class SNN_LayoutModel<string name, string mnem, dag fields>
    : SNN_Model<name, mnem> {
  let parameters = fields;
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  code layoutDeclaration = [{
    /// Variables and params of the model.
    ::spikeformer::snn::ModelLayout getLayout() const;
  }];
  let extraClassDeclaration = layoutDeclaration;
  let extraClassDefinition = [{
    ::llvm::SmallVector<::spikeformer::snn::ModelVariable> $cppClass::getStates(::mlir::Operation *) const {
      return getLayout().states;
    }
    ::llvm::SmallVector<::llvm::StringRef> $cppClass::getParamNames(::mlir::Operation *) const {
      return getLayout().params;
    }
    ::llvm::SmallVector<::spikeformer::snn::ModelVariable> $cppClass::getReceptors(::mlir::Operation *) const {
      return getLayout().receptors;
    }
    ::llvm::SmallVector<::spikeformer::snn::ModelVariable> $cppClass::getCoefficients(::mlir::Operation *) const {
      return getLayout().coefficients;
    }
    ::mlir::Type $cppClass::getSpikeType(::mlir::Operation *) const {
      return getLayout().emitted;
    }
    void $cppClass::computeInitialState(::mlir::Operation *, ::llvm::ArrayRef<double> params,
                                        ::llvm::MutableArrayRef<double> states) const {
      getLayout().fillInitialStates(params, states);
    }
  }];
}

defvar stateField = (ins "::mlir::Type":$state);
defvar integrationField = (ins EnumParameter<SNN_Integration>:$integration);
defvar orderField = (ins EnumParameter<SNN_SynapseOrder>:$order);
defvar resetFields = (ins EnumParameter<SNN_ResetKind>:$reset, EnumParameter<SNN_FiresKind>:$fires);
defvar ruleFields = !con(resetFields, (ins EnumParameter<SNN_ResetTime>:$when));
defvar refractoryField = (ins EnumParameter<SNN_RefractoryKind>:$refractory);
defvar optionFields = (ins SNN_Option<SNN_SpikeKind, "one">:$spikes,
                           SNN_Option<SNN_TestTime, "after">:$tested,
                           SNN_Option<SNN_BoundKind, "none">:$bound);

def SNN_IFAttr : SNN_LayoutModel<"IF", "if",
    !con(stateField, ruleFields, (ins SNN_Option<SNN_RefractoryKind, "none">:$refractory), optionFields)> {
  let summary = "integrate and fire";
  let description = [{
    dv/dt = r I (NIR `IF`). Params: `r`, `v_threshold`, `v_init`, `v_reset` where
    `reset = to_value`, `t_ref` where there is a refractory period, `v_min` where
    `bound = lower`. Arithmetic of type `state`. Options that are not written are
    `refractory = none`, `spikes = one`, `tested = after`, `bound = none`.

    Example: `#snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step, spikes = many>`.
  }];
  let builders = [AttrBuilder<(ins "::mlir::Type":$state, "::spikeformer::snn::ResetKind":$reset,
                                   "::spikeformer::snn::FiresKind":$fires, "::spikeformer::snn::ResetTime":$when), [{
    return $_get($_ctxt, state, reset, fires, when, RefractoryKind::none, SpikeKind::one, TestTime::after, BoundKind::none);
  }]>];
  let extraClassDeclaration = layoutDeclaration # [{
    /// Whether the rule is one of dialect version 1: no option, no later word.
    bool isBasic() const;
  }];
}

def SNN_LIFAttr : SNN_LayoutModel<"LIF", "lif",
    !con(stateField, integrationField, ruleFields, refractoryField, optionFields,
         (ins SNN_Option<SNN_InputKind, "held">:$input))> {
  let summary = "leaky integrate and fire";
  let description = [{
    tau dv/dt = (v_leak - v) + r I (NIR `LIF`). Params: `tau`, `r`, `v_leak`,
    `v_threshold`, `v_init`, and as for `#snn.if` `v_reset`, `t_ref`, `v_min`. With
    `integration = discrete` the step is v = decay v + r I, and `decay` stands for
    `tau` and `v_leak`. With `integration = exact`, input is held over the step or,
    with `input = impulse`, added after it; so NEURON's IntFire1 is the example
    below with v_leak = 0, r = 1, v_threshold = 1, v_reset = 0.

    Example: `#snn.lif<state = f64, integration = exact, reset = to_value, fires = above, when = same_step, refractory = clamp, input = impulse>`.
  }];
  let builders = [AttrBuilder<(ins "::mlir::Type":$state, "::spikeformer::snn::Integration":$integration,
                                   "::spikeformer::snn::ResetKind":$reset, "::spikeformer::snn::FiresKind":$fires,
                                   "::spikeformer::snn::ResetTime":$when, "::spikeformer::snn::RefractoryKind":$refractory), [{
    return $_get($_ctxt, state, integration, reset, fires, when, refractory, SpikeKind::one, TestTime::after, BoundKind::none,
                 InputKind::held);
  }]>];
  let extraClassDeclaration = layoutDeclaration # [{
    /// Whether the rule is one of dialect version 1: no option, no later word.
    bool isBasic() const;
  }];
}

def SNN_CubaLIFAttr : SNN_LayoutModel<"CubaLIF", "cuba_lif",
    !con(stateField, integrationField, orderField, ruleFields, refractoryField, optionFields,
         (ins SNN_Option<SNN_InputKind, "impulse">:$input))> {
  let summary = "leaky integrate and fire with a synaptic current";
  let description = [{
    tau_syn di/dt = -i + w_in I; tau_mem dv/dt = (v_leak - v) + r i (NIR
    `CubaLIF`). Params: `tau_syn`, `tau_mem`, `r`, `w_in`, `v_leak`,
    `v_threshold`, `v_init`, and as for `#snn.if` `v_reset`, `t_ref`, `v_min`. With
    `integration = discrete`, `decay_syn` and `decay_mem` stand for `tau_syn`,
    `tau_mem` and `v_leak`. `exact` takes input as impulses: i jumps by w_in I;
    with `input = held` it is held over the step. i starts at 0.

    Example: `#snn.cuba_lif<state = f32, integration = exact, order = synapse_first, reset = to_value, fires = above, when = same_step, refractory = clamp>`.
  }];
  let builders = [AttrBuilder<(ins "::mlir::Type":$state, "::spikeformer::snn::Integration":$integration,
                                   "::spikeformer::snn::SynapseOrder":$order,
                                   "::spikeformer::snn::ResetKind":$reset, "::spikeformer::snn::FiresKind":$fires,
                                   "::spikeformer::snn::ResetTime":$when, "::spikeformer::snn::RefractoryKind":$refractory), [{
    return $_get($_ctxt, state, integration, order, reset, fires, when, refractory, SpikeKind::one, TestTime::after,
                 BoundKind::none, InputKind::impulse);
  }]>];
  let extraClassDeclaration = layoutDeclaration # [{
    /// Whether the rule is one of dialect version 1: no option, no later word.
    bool isBasic() const;
  }];
}

def SNN_IAttr : SNN_LayoutModel<"I", "i", stateField> {
  let summary = "integrator that emits its potential";
  let description = [{
    dv/dt = r I (NIR `I`): `#snn.if` without spikes. Params: `r`, `v_init`.

    Example: `#snn.i<state = f32>`.
  }];
}

def SNN_LIAttr : SNN_LayoutModel<"LI", "li",
    !con(stateField, integrationField, (ins SNN_Option<SNN_InputKind, "held">:$input))> {
  let summary = "leaky integrator that emits its potential";
  let description = [{
    tau dv/dt = (v_leak - v) + r I (NIR `LI`): `#snn.lif` without spikes. Params:
    `tau`, `r`, `v_leak`, `v_init`; with `integration = discrete`, `decay` stands
    for `tau` and `v_leak`.

    Example: `#snn.li<state = f32, integration = euler>`.
  }];
}

def SNN_CubaLIAttr : SNN_LayoutModel<"CubaLI", "cuba_li",
    !con(stateField, integrationField, orderField, (ins SNN_Option<SNN_InputKind, "impulse">:$input))> {
  let summary = "leaky integrator with a synaptic current that emits its potential";
  let description = [{
    NIR `CubaLI`: `#snn.cuba_lif` without spikes, with its params but those of the
    spike rule.

    Example: `#snn.cuba_li<state = f32, integration = euler, order = synapse_first>`.
  }];
}

def SNN_ThresholdAttr : SNN_LayoutModel<"Threshold", "threshold",
    !con(stateField, (ins EnumParameter<SNN_FiresKind>:$fires, SNN_Option<SNN_SpikeKind, "one">:$spikes))> {
  let summary = "the spike test of the input";
  let description = [{
    No state: emits what the spike test gives for I (NIR `Threshold`). Params:
    `v_threshold`.

    Example: `#snn.threshold<state = f32, fires = above>`.
  }];
}

def SNN_ALIFAttr : SNN_LayoutModel<"ALIF", "alif",
    !con(stateField, integrationField, ruleFields, refractoryField)> {
  let summary = "leaky integrate and fire with an adaptive threshold";
  let description = [{
    `#snn.lif` whose threshold is v_threshold + beta b; tau_adapt db/dt = -b, and
    each spike adds 1 - exp(-dt / tau_adapt) to b (Bellec et al. 2018). Params:
    those of `#snn.lif`, `beta`, `tau_adapt`, or `decay_adapt` where
    `integration = discrete`. b starts at 0.

    Example: `#snn.alif<state = f32, integration = exact, reset = subtract, fires = above, when = same_step, refractory = none>`.
  }];
}

def SNN_AdLIFAttr : SNN_LayoutModel<"AdLIF", "adlif",
    !con(stateField, integrationField, resetFields)> {
  let summary = "leaky integrate and fire with an adaptation current";
  let description = [{
    `#snn.lif` driven by I - w; tau_w dw/dt = a (v - v_leak) - w, and each spike
    adds b to w (Bittar and Garner 2022). The reset acts in the next step. Params:
    those of `#snn.lif`, `tau_w`, or `decay_w` where `integration = discrete`, `a`,
    `b`, `w_init`.

    Example: `#snn.adlif<state = f32, integration = exact, reset = subtract, fires = at_or_above>`.
  }];
}

def SNN_AdExAttr : SNN_LayoutModel<"AdEx", "adex", !con(stateField, integrationField)> {
  let summary = "adaptive exponential integrate and fire";
  let description = [{
    c_m dv/dt = -g_l (v - e_l) + g_l delta_t exp((v - v_t) / delta_t) - w + I;
    tau_w dw/dt = a (v - e_l) - w; where v >= v_peak, v becomes v_reset and w
    grows by b (Brette and Gerstner 2005). Params in units that fit together, such
    as nF, nS, mV, pA and seconds, or SI: `c_m`, `g_l`, `e_l`, `delta_t`, `v_t`,
    `v_peak`, `v_reset`, `tau_w`, `a`, `b`, `t_ref`, `v_init`, `w_init`.
    `integration`: `euler` or `exponential_euler`.

    Example: `#snn.adex<state = f64, integration = euler>`.
  }];
}

def SNN_IzhikevichAttr : SNN_LayoutModel<"Izhikevich", "izhikevich",
    !con(stateField, (ins SNN_Option<SNN_Recovery, "relaxing">:$recovery))> {
  let summary = "Izhikevich's simple model";
  let description = [{
    dv/dt = k2 v^2 + k1 v + k0 - u + I; du/dt = a (b v - u) (Izhikevich 2003), or
    a b (v - v_r) where `recovery = accumulating` (2004, behaviour R); where
    v > v_peak, v becomes c and u grows by d. Forward Euler, v first. Params in
    millivolts: `k2` (0.04), `k1` (5), `k0` (140), `a`, `b`, `c`, `d`, `v_peak`
    (30), `v_init`, `u_init`, `time_unit`: the seconds in the unit of time (0.001),
    and `v_r` where `recovery = accumulating`.

    Example: `#snn.izhikevich<state = f64>`.
  }];
}

def SNN_ResonateAndFireAttr : SNN_LayoutModel<"ResonateAndFire", "resonate_and_fire",
    !con(stateField, (ins EnumParameter<SNN_FiresKind>:$fires, SNN_Option<SNN_InputKind, "impulse">:$input))> {
  let summary = "resonate and fire";
  let description = [{
    dz/dt = (damping + i omega) z + r I, z = x + i y (Izhikevich 2001); fires where
    y exceeds v_threshold and resets to x_reset + i y_reset. Exact propagator.
    Params: `damping` (1/s, below 0 for a decay), `omega` (rad/s), `r`,
    `v_threshold`, `x_reset`, `y_reset`, `x_init`, `y_init`.

    Example: `#snn.resonate_and_fire<state = f32, fires = above>`.
  }];
}

def SNN_SigmaDeltaAttr : SNN_LayoutModel<"SigmaDelta", "sigma_delta",
    !con(stateField, (ins EnumParameter<SNN_Stages>:$stages, SNN_Option<SNN_Activation, "identity">:$activation))> {
  let summary = "sums changes, sends changes, or both";
  let description = [{
    `sigma` adds the input up and emits the sum; `delta` emits by how much its
    input has moved from what it has sent, where that is at least v_threshold;
    `sigma_delta` does both, with `activation` between. `state` is f32, f64
    (analogue signals) or i32 (graded ones). Params: `v_threshold` unless
    `stages = sigma`.

    Example: `#snn.sigma_delta<state = i32, stages = sigma_delta, activation = relu>`.
  }];
}

def SNN_IafPscAttr : SNN_LayoutModel<"IafPsc", "iaf_psc",
    !con(stateField, (ins EnumParameter<SNN_SynapseKernel>:$synapse, SNN_Option<SNN_BoundKind, "none">:$bound))> {
  let summary = "leaky integrate and fire with postsynaptic currents, exact";
  let description = [{
    c_m dv/dt = -(c_m / tau_m) (v - e_l) + i + I, exact propagators (Rotter and
    Diesmann 1999) and the order of NEST's iaf_psc_delta, iaf_psc_exp and
    iaf_psc_alpha. Receptors: `exc`, `inh` (their weights are signed) and `current`;
    with `synapse = delta`, `in` (jumps of v) and `current`. Params, such as nF,
    seconds, mV and pA: `c_m`, `tau_m`, `e_l`, `v_th`, `v_reset`, `t_ref`,
    `v_init`; `tau_syn_ex`, `tau_syn_in` unless `synapse = delta`; `v_min` where
    `bound = lower`.

    Example: `#snn.iaf_psc<state = f64, synapse = alpha>`.
  }];
}

def SNN_IafCondAttr : SNN_LayoutModel<"IafCond", "iaf_cond_exp", stateField> {
  let summary = "leaky integrate and fire with exponential conductances";
  let description = [{
    c_m dv/dt = -g_l (v - e_l) - g_ex (v - e_ex) - g_in (v - e_in) + I, integrated
    by exponential Euler with the conductances of the beginning of the step.
    Receptors: `exc`, `inh` (conductances, at least 0) and `current`. Params: `c_m`,
    `g_l`, `e_l`, `e_ex`, `e_in`, `tau_syn_ex`, `tau_syn_in`, `v_th`, `v_reset`,
    `t_ref`, `v_init`, in units as for `#snn.adex`.

    Example: `#snn.iaf_cond_exp<state = f64>`.
  }];
}

def SNN_IntegerLIFAttr : SNN_LayoutModel<"IntegerLIF", "integer_lif",
    (ins "unsigned":$width, "unsigned":$bits, EnumParameter<SNN_Rounding>:$rounding,
         EnumParameter<SNN_Overflow>:$overflow, EnumParameter<SNN_ResetKind>:$reset, EnumParameter<SNN_FiresKind>:$fires)> {
  let summary = "leaky integrate and fire in integers";
  let description = [{
    A current and a potential of `width` bits (2 to 32), each of which decays to
    x (2^bits - decay) / 2^bits in every step, rounded and kept in range as told.
    Params, integers: `decay_syn`, `decay_mem` (0 to 2^bits), `v_threshold`,
    `v_init`, and `v_reset` where `reset = to_value`. The receptor is an i32.

    Example: `#snn.integer_lif<width = 24, bits = 12, rounding = toward_zero, overflow = saturate, reset = to_value, fires = above>`.
  }];
}

def SNN_LinearAttr : SNN_LayoutModel<"Linear", "linear", stateField> {
  let summary = "emits what its receptor accumulated";
  let description = [{
    No state: the analogue result is the accumulated input. It is the output of a
    converted network, read with `current_sum`.

    Example: `#snn.linear<state = f32>`.
  }];
}

def SNN_CustomAttr : SNN_Model<"Custom", "custom"> {
  let summary = "a neuron model that the module defines";
  let description = [{
    The model of a `snn.model` operation. Params: those of the model, and for each
    state `x` its initial value `x_init`.

    Example: `#snn.custom<@my_neuron>`.
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$model);
  let assemblyFormat = "`<` $model `>`";
}

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNMODELS_TD
