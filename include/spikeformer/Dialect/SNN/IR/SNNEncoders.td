//===- SNNEncoders.td - how values become signals ----------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNENCODERS_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNENCODERS_TD

include "spikeformer/Dialect/SNN/IR/SNNBase.td"
include "spikeformer/Dialect/SNN/IR/SNNInterfaces.td"

def SNN_Probability : SNN_Enum<"Probability", "how a rate becomes a probability per step", [
  I32EnumAttrCase<"rate_dt", 0>, I32EnumAttrCase<"one_minus_exp", 1>]>;

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

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNENCODERS_TD
