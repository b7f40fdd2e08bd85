//===- SNNAttributes.td - numbers, models, connectivity ----*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNATTRIBUTES_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNATTRIBUTES_TD

include "mlir/IR/AttrTypeBase.td"
include "spikeformer/Dialect/SNN/IR/SNNBase.td"
include "spikeformer/Dialect/SNN/IR/SNNInterfaces.td"

class SNN_Attr<string name, string mnem, list<Trait> traits = []>
    : AttrDef<SNN_Dialect, name, traits> {
  let mnemonic = mnem;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

def SNN_ParamAttr : SNN_Attr<"Param", "param"> {
  let summary = "the elements of a snn.parameter";
  let description = [{
    As a param, bias or initial state of a population: the parameter's shape is
    extended with trailing extents of 1 to the rank of the population; each extent
    is 1 or the population's. So `tensor<16xf32>` is one number per channel of a
    16x26x26 population. As the delay of a projection: one integer per weight.

    Example: `#snn.param<@theta>`.
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$parameter);
  let assemblyFormat = "`<` $parameter `>`";
}

def SNN_RandomAttr : SNN_Attr<"Random", "random"> {
  let summary = "random numbers that depend on their index only";
  let description = [{
    `uniform(lo, hi)` or `normal(mean, sd)`, clipped to `clip` where given. Number
    `k` is a pure function of (generator, seed, stream, k); it is computed in f64
    and rounded once to the type of what takes it (delays: to the nearest step,
    ties to even). `mix64` is the portable hash of the peers' benchmarks; it has
    no stream (0). `docs/Semantics.md`, Random numbers.

    Example: `#snn.random<normal(0.35, 0.035), clip = (0.0, 1.0), generator = philox, seed = 1, stream = 3>`.
  }];
  let parameters = (ins "::spikeformer::snn::Distribution":$distribution,
                        "::mlir::FloatAttr":$first, "::mlir::FloatAttr":$second,
                        "::mlir::FloatAttr":$clipLow, "::mlir::FloatAttr":$clipHigh,
                        "::spikeformer::snn::Generator":$generator,
                        "uint64_t":$seed, "uint32_t":$stream);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

def SNN_FileAttr : SNN_Attr<"File", "file"> {
  let summary = "raw little-endian elements in a file";
  let description = [{
    `size` follows from the type of the parameter; the SHA-256 of these bytes is
    checked when they are read.

    Example: `#snn.file<"weights.bin", offset = 64, sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08">`.
  }];
  let parameters = (ins "::mlir::StringAttr":$path, "uint64_t":$offset,
                        "::mlir::StringAttr":$sha256);
  let assemblyFormat = "`<` $path `,` `offset` `=` $offset `,` `sha256` `=` $sha256 `>`";
  let genVerifyDecl = 1;
}

def SNN_ViewAttr : SNN_Attr<"View", "view"> {
  let summary = "a parameter seen transposed and scaled";
  let description = [{
    The elements of a parameter with axes permuted (axis `i` of the view is axis
    `transpose[i]` of the parameter) and then multiplied by `scale` in the type of
    the parameter, one rounding. Passes compose views; nothing is copied before
    `program`.

    Example: `#snn.view<@w, transpose = [1, 0], scale = 2.500000e-01 : f64>`.
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$parameter,
                        ArrayRefParameter<"int64_t">:$transpose,
                        "::mlir::FloatAttr":$scale);
  let assemblyFormat = "`<` $parameter `,` `transpose` `=` `[` $transpose `]` `,` `scale` `=` $scale `>`";
  let genVerifyDecl = 1;
}

def SNN_RefAttr : SNN_Attr<"Ref", "ref"> {
  let summary = "a population of a network, named from outside";
  let description = [{
    Populations are not symbols; `NetworkIndex` resolves this reference.

    Example: `#snn.ref<@classifier, "hidden">`.
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$network, "::mlir::StringAttr":$population);
  let assemblyFormat = "`<` $network `,` $population `>`";
}

def SNN_RelationAttr : SNN_Attr<"Relation", "relation"> {
  let summary = "how the output of a phase relates to its input";
  let description = [{
    Phases append to the module attribute `snn.relations`; `sf-diff` composes the
    list. `details` holds the map of a renaming, the steps of a retiming or the
    metric of an approximation.

    Example: `#snn.relation<"convert", approximates, {metric = "activation"}>`.
  }];
  let parameters = (ins "::mlir::StringAttr":$phase,
                        EnumParameter<SNN_RelationKind>:$kind,
                        "::mlir::DictionaryAttr":$details);
  let assemblyFormat = "`<` $phase `,` $kind `,` $details `>`";
}

def SNN_ReceptorAttr : SNN_Attr<"Receptor", "receptor"> {
  let summary = "one input port of a population";
  let description = [{
    Printed as part of the population: `in: %a, %b accumulate ordered<f32> bias 0.5`.
    The accumulator starts each step at `bias` (0 where there is none) and takes
    the contributions of its operands. `exact<iN, fraction = k>` adds integers in
    units of 2^-k modulo 2^N (order-free); `ordered<T>` adds in the one order of
    `docs/Semantics.md`; `saturating<iN, fraction = k>` adds in that order and
    stops at the ends of the range.
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "unsigned":$numOperands,
                        EnumParameter<SNN_AccumulatorKind>:$accumulator,
                        "::mlir::Type":$type, "unsigned":$fraction,
                        OptionalParameter<"::mlir::Attribute">:$bias);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}
def SNN_ReceptorArrayAttr : TypedArrayAttrBase<SNN_ReceptorAttr, "receptors">;

//===----------------------------------------------------------------------===//
// Neuron models
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

//===----------------------------------------------------------------------===//
// Connectivity
//===----------------------------------------------------------------------===//

class SNN_Connectivity<string name, string mnem>
    : SNN_Attr<name, mnem, [DeclareAttrInterfaceMethods<SNN_ConnectivityAttrInterface>]>;

def SNN_DenseAttr : SNN_Connectivity<"Dense", "dense"> {
  let summary = "every source reaches every target";
  let description = [{
    Weights: targets x sources (`O, I`), both flattened row-major.

    Example: `#snn.dense`.
  }];
}

def SNN_Conv2DAttr : SNN_Connectivity<"Conv2D", "conv2d"> {
  let summary = "two-dimensional cross-correlation";
  let description = [{
    Signals are C,H,W; weights O,I,H,W with I = C / groups. `pad` is top, left,
    bottom, right. Output extent: floor((H + pads - dilation (K - 1) - 1) / stride) + 1.

    Example: `#snn.conv2d<kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1>`.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$kernel, ArrayRefParameter<"int64_t">:$stride,
                        ArrayRefParameter<"int64_t">:$pad, ArrayRefParameter<"int64_t">:$dilation,
                        "int64_t":$groups);
  let assemblyFormat = [{`<` `kernel` `=` `[` $kernel `]` `,` `stride` `=` `[` $stride `]` `,`
    `pad` `=` `[` $pad `]` `,` `dilation` `=` `[` $dilation `]` `,` `groups` `=` $groups `>`}];
  let genVerifyDecl = 1;
}

def SNN_OneToOneAttr : SNN_Connectivity<"OneToOne", "one_to_one"> {
  let summary = "element k reaches element k";
  let description = [{
    Source and target have the same number of elements. Weights: the shape of the
    target.

    Example: `#snn.one_to_one`.
  }];
}

def SNN_CSRAttr : SNN_Connectivity<"CSR", "csr"> {
  let summary = "sparse rows by source";
  let description = [{
    `rows` has (sources + 1) offsets, `columns` one target per synapse, ascending
    within a row. Weights: one per synapse.

    Example: `#snn.csr<rows = @rows, columns = @columns>`.
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$rows, "::mlir::FlatSymbolRefAttr":$columns);
  let assemblyFormat = "`<` struct(params) `>`";
}

def SNN_FixedProbabilityAttr : SNN_Connectivity<"FixedProbability", "fixed_probability"> {
  let summary = "every pair with probability p, independently";
  let description = [{
    Source i and target j are connected iff bits((first + i) * targets + j) <
    floor(p 2^24), where bits are the 24 bits of the generator; `first` is the number
    of the first source where the sources are a slice of a population. `self = false`
    leaves out first + i = j. Weights: one per synapse, numbered by source, then
    target.

    Example: `#snn.fixed_probability<p = 2.000000e-02 : f64, first = 0, self = true, generator = mix64, seed = 11, stream = 0>`.
  }];
  let parameters = (ins "::mlir::FloatAttr":$p, "uint64_t":$first, "bool":$self,
                        EnumParameter<SNN_Generator>:$generator,
                        "uint64_t":$seed, "uint32_t":$stream);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_FixedTotalAttr : SNN_Connectivity<"FixedTotal", "fixed_total"> {
  let summary = "a number of pairs, drawn with replacement";
  let description = [{
    Draw k (0 to count - 1) is source floor(u0 S), target floor(u1 T) with the first two
    words of Philox block k. Synapses are numbered by source, then draw. Weights:
    one per synapse.

    Example: `#snn.fixed_total<count = 1000, seed = 7, stream = 2>`.
  }];
  let parameters = (ins "uint64_t":$count, "uint64_t":$seed, "uint32_t":$stream);
  let assemblyFormat = "`<` struct(params) `>`";
}

//===----------------------------------------------------------------------===//
// Encoders
//===----------------------------------------------------------------------===//

class SNN_Encoder<string name, string mnem>
    : SNN_Attr<name, mnem, [DeclareAttrInterfaceMethods<SNN_EncoderAttrInterface>]>;

def SNN_ConstantCurrentAttr : SNN_Encoder<"ConstantCurrent", "constant_current"> {
  let summary = "the value itself, in every step";
  let description = [{
    Example: `#snn.constant_current`.
  }];
}

def SNN_PoissonAttr : SNN_Encoder<"Poisson", "poisson"> {
  let summary = "a spike with a probability given by the value";
  let description = [{
    The rate is gain x. `rate_dt`: p = rate dt; p above 1 is an error.
    `one_minus_exp`: p = 1 - exp(-rate dt). A negative rate is an error. Fires iff
    u < p, u the 24-bit uniform number of Philox (seed, stream; element, step,
    sample).

    Example: `#snn.poisson<probability = rate_dt, gain = 1.000000e+00 : f64, seed = 42, stream = 0>`.
  }];
  let parameters = (ins EnumParameter<SNN_Probability>:$probability, "::mlir::FloatAttr":$gain,
                        "uint64_t":$seed, "uint32_t":$stream);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNATTRIBUTES_TD
