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

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNCONNECTIVITY_TD
