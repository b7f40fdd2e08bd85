//===- SNNAttributes.td - numbers, references, receptors ---*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNATTRIBUTES_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNATTRIBUTES_TD

include "spikeformer/Dialect/SNN/IR/SNNEnums.td"

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

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNATTRIBUTES_TD
