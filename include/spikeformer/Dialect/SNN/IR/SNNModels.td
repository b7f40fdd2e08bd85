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
  I32EnumAttrCase<"discrete", 2>]>;

def SNN_ResetKind : SNN_Enum<"ResetKind", "what a spike does to the potential", [
  I32EnumAttrCase<"subtract", 0>, I32EnumAttrCase<"to_value", 1>,
  I32EnumAttrCase<"none", 2>]>;

def SNN_FiresKind : SNN_Enum<"FiresKind", "the spike test", [
  I32EnumAttrCase<"above", 0>, I32EnumAttrCase<"at_or_above", 1>]>;

def SNN_ResetTime : SNN_Enum<"ResetTime", "the step in which the reset acts", [
  I32EnumAttrCase<"same_step", 0>, I32EnumAttrCase<"next_step", 1>]>;

def SNN_RefractoryKind : SNN_Enum<"RefractoryKind", "what a refractory neuron does", [
  I32EnumAttrCase<"none", 0>, I32EnumAttrCase<"clamp", 1>]>;

def SNN_SynapseOrder : SNN_Enum<"SynapseOrder", "which state of a two-state model moves first", [
  I32EnumAttrCase<"synapse_first", 0>, I32EnumAttrCase<"membrane_first", 1>]>;

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

class SNN_Model<string name, string mnem>
    : SNN_Attr<name, mnem, [DeclareAttrInterfaceMethods<SNN_NeuronModelAttrInterface>]>;

def SNN_IFAttr : SNN_Model<"IF", "if"> {
  let summary = "integrate and fire";
  let description = [{
    dv/dt = r I (NIR `IF`). Params: `r`, `v_threshold`, `v_init`, and `v_reset`
    where `reset = to_value`. Arithmetic of type `state`.

    Example: `#snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>`.
  }];
  let parameters = (ins "::mlir::Type":$state, EnumParameter<SNN_ResetKind>:$reset,
                        EnumParameter<SNN_FiresKind>:$fires, EnumParameter<SNN_ResetTime>:$when);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_LIFAttr : SNN_Model<"LIF", "lif"> {
  let summary = "leaky integrate and fire";
  let description = [{
    tau dv/dt = (v_leak - v) + r I (NIR `LIF`). Params: `tau`, `r`, `v_leak`,
    `v_threshold`, `v_init`, `v_reset` where `reset = to_value`, `t_ref` where
    `refractory = clamp`. With `integration = discrete` the step is
    v = decay v + r I, and `decay` stands for `tau` and `v_leak`.

    Example: `#snn.lif<state = f32, integration = euler, reset = subtract, fires = above, when = same_step, refractory = none>`.
  }];
  let parameters = (ins "::mlir::Type":$state, EnumParameter<SNN_Integration>:$integration,
                        EnumParameter<SNN_ResetKind>:$reset, EnumParameter<SNN_FiresKind>:$fires,
                        EnumParameter<SNN_ResetTime>:$when,
                        EnumParameter<SNN_RefractoryKind>:$refractory);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_CubaLIFAttr : SNN_Model<"CubaLIF", "cuba_lif"> {
  let summary = "leaky integrate and fire with a synaptic current";
  let description = [{
    tau_syn di/dt = -i + w_in I; tau_mem dv/dt = (v_leak - v) + r i (NIR
    `CubaLIF`). Params: `tau_syn`, `tau_mem`, `r`, `w_in`, `v_leak`,
    `v_threshold`, `v_init`, `v_reset` where `reset = to_value`, `t_ref` where
    `refractory = clamp`. With `integration = discrete`, `decay_syn` and
    `decay_mem` stand for `tau_syn`, `tau_mem` and `v_leak`. `exact` takes input
    as impulses: i jumps by w_in I. i starts at 0.

    Example: `#snn.cuba_lif<state = f32, integration = exact, order = synapse_first, reset = to_value, fires = above, when = same_step, refractory = clamp>`.
  }];
  let parameters = (ins "::mlir::Type":$state, EnumParameter<SNN_Integration>:$integration,
                        EnumParameter<SNN_SynapseOrder>:$order,
                        EnumParameter<SNN_ResetKind>:$reset, EnumParameter<SNN_FiresKind>:$fires,
                        EnumParameter<SNN_ResetTime>:$when,
                        EnumParameter<SNN_RefractoryKind>:$refractory);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_LinearAttr : SNN_Model<"Linear", "linear"> {
  let summary = "emits what its receptor accumulated";
  let description = [{
    No state: the analogue result is the accumulated input. It is the output of a
    converted network, read with `current_sum`.

    Example: `#snn.linear<state = f32>`.
  }];
  let parameters = (ins "::mlir::Type":$state);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
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
