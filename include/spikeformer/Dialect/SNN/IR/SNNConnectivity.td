//===- SNNConnectivity.td - who reaches whom ---------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNCONNECTIVITY_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNCONNECTIVITY_TD

include "spikeformer/Dialect/SNN/IR/SNNEnums.td"
include "spikeformer/Dialect/SNN/IR/SNNInterfaces.td"

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

def SNN_Conv1DAttr : SNN_Connectivity<"Conv1D", "conv1d"> {
  let summary = "one-dimensional cross-correlation";
  let description = [{
    Signals are C,L; weights O,I,L with I = C / groups. `pad` is begin, end. Output
    extent: floor((L + pads - dilation (K - 1) - 1) / stride) + 1.

    Example: `#snn.conv1d<kernel = 5, stride = 2, pad = [2, 2], dilation = 1, groups = 1>`.
  }];
  let parameters = (ins "int64_t":$kernel, "int64_t":$stride, ArrayRefParameter<"int64_t">:$pad,
                        "int64_t":$dilation, "int64_t":$groups);
  let assemblyFormat = [{`<` `kernel` `=` $kernel `,` `stride` `=` $stride `,` `pad` `=` `[` $pad `]` `,`
    `dilation` `=` $dilation `,` `groups` `=` $groups `>`}];
  let genVerifyDecl = 1;
}

def SNN_ConvTranspose2DAttr : SNN_Connectivity<"ConvTranspose2D", "conv_transpose2d"> {
  let summary = "two-dimensional transposed convolution";
  let description = [{
    Source pixel y reaches target pixel y stride - pad + k dilation with element k of
    the kernel. Signals are C,H,W; weights O,I,H,W with I = C / groups (PyTorch and
    ONNX store them I,O,H,W). `pad` is top, left, bottom, right; `output_pad` (bottom,
    right) adds rows that only later taps reach. Output extent: (H - 1) stride - pads
    + dilation (K - 1) + output_pad + 1.

    Example: `#snn.conv_transpose2d<kernel = [3, 3], stride = [2, 2], pad = [1, 1, 1, 1], output_pad = [1, 1], dilation = [1, 1], groups = 1>`.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$kernel, ArrayRefParameter<"int64_t">:$stride,
                        ArrayRefParameter<"int64_t">:$pad, ArrayRefParameter<"int64_t">:$output_pad,
                        ArrayRefParameter<"int64_t">:$dilation, "int64_t":$groups);
  let assemblyFormat = [{`<` `kernel` `=` `[` $kernel `]` `,` `stride` `=` `[` $stride `]` `,`
    `pad` `=` `[` $pad `]` `,` `output_pad` `=` `[` $output_pad `]` `,`
    `dilation` `=` `[` $dilation `]` `,` `groups` `=` $groups `>`}];
  let genVerifyDecl = 1;
}

def SNN_ConvTranspose1DAttr : SNN_Connectivity<"ConvTranspose1D", "conv_transpose1d"> {
  let summary = "one-dimensional transposed convolution";
  let description = [{
    As `conv_transpose2d` along one axis. Signals are C,L; weights O,I,L.

    Example: `#snn.conv_transpose1d<kernel = 4, stride = 2, pad = [1, 1], output_pad = 0, dilation = 1, groups = 1>`.
  }];
  let parameters = (ins "int64_t":$kernel, "int64_t":$stride, ArrayRefParameter<"int64_t">:$pad,
                        "int64_t":$output_pad, "int64_t":$dilation, "int64_t":$groups);
  let assemblyFormat = [{`<` `kernel` `=` $kernel `,` `stride` `=` $stride `,` `pad` `=` `[` $pad `]` `,`
    `output_pad` `=` $output_pad `,` `dilation` `=` $dilation `,` `groups` `=` $groups `>`}];
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

def SNN_AllToAllAttr : SNN_Connectivity<"AllToAll", "all_to_all"> {
  let summary = "every source reaches every target, perhaps not itself";
  let description = [{
    `self = false` leaves out the pairs of element k with itself; source and target
    then have the same number of elements. Weights: one per synapse, numbered by
    source, then target (`dense` has targets x sources instead).

    Example: `#snn.all_to_all<self = false>`.
  }];
  let parameters = (ins "bool":$self);
  let assemblyFormat = "`<` struct(params) `>`";
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

def SNN_FixedInDegreeAttr : SNN_Connectivity<"FixedInDegree", "fixed_in_degree"> {
  let summary = "every target has the same number of random sources";
  let description = [{
    `count` synapses per target. `self = false` leaves out source t of target t
    (autapses). `multapses = true` draws with replacement, so that a pair may have
    several synapses; `false` draws `count` different sources, every subset equally
    likely. Both without bias, by rejection; the algorithm is in `docs/Semantics.md`.
    Synapses are numbered by source, then target, then draw. Weights: one per synapse.

    Example: `#snn.fixed_in_degree<count = 100, self = true, multapses = true, seed = 7, stream = 2>`.
  }];
  let parameters = (ins "uint64_t":$count, "bool":$self, "bool":$multapses,
                        "uint64_t":$seed, "uint32_t":$stream);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_DistanceAttr : SNN_Connectivity<"Distance", "distance"> {
  let summary = "a probability that falls with the distance on a grid";
  let description = [{
    An element of a shape of one axis has its place on a line, of more axes on the
    grid of the last two: all axes before share it. Distances are in grid steps of the target; a source
    grid of another extent is stretched over the target's. `periodic = true` takes the
    shorter way round. Source i and target j at distance d are connected iff
    bits(i * targets + j) < floor(p f(d) 2^24), f(d) = exp(-d^2 / (2 scale^2)) for
    `gaussian` and exp(-d / scale) for `exponential`. `self = false` leaves out i = j.
    Weights: one per synapse, numbered by source, then target.

    Example: `#snn.distance<falloff = gaussian, p = 5.000000e-01 : f64, scale = 2.000000e+00 : f64, periodic = true, self = false, seed = 3, stream = 1>`.
  }];
  let parameters = (ins EnumParameter<SNN_Falloff>:$falloff, "::mlir::FloatAttr":$p,
                        "::mlir::FloatAttr":$scale, "bool":$periodic, "bool":$self,
                        "uint64_t":$seed, "uint32_t":$stream);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// How late
//===----------------------------------------------------------------------===//

def SNN_PerSourceAttr : SNN_Attr<"PerSource", "per_source"> {
  let summary = "one delay for all synapses of a source element";
  let description = [{
    The delays of a projection, by axon: the parameter's shape is extended with
    trailing extents of 1 to the rank of the source; each extent is 1 or the source's.
    A random parameter of dynamic extent has one number per source element. Numbers
    are rounded to the nearest step, ties to even, and are at least 1.

    Example: `#snn.per_source<@d>`.
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$parameter);
  let assemblyFormat = "`<` $parameter `>`";
}

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNCONNECTIVITY_TD
