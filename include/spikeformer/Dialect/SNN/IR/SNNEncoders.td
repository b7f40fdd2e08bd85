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

def SNN_RateAttr : SNN_Encoder<"Rate", "rate"> {
  let summary = "evenly spaced spikes, as many as the value says";
  let description = [{
    p = gain x dt, from 0 to 1, is the share of the steps that has a spike: step t has
    one iff floor((t + 1) p) > floor(t p). For random spikes take `poisson`; the rate
    coding of snnTorch is `poisson` with `rate_dt` in a network with dt = "steps".

    Example: `#snn.rate<gain = 1.000000e+00 : f64>`.
  }];
  let parameters = (ins "::mlir::FloatAttr":$gain);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_LatencyAttr : SNN_Encoder<"Latency", "latency"> {
  let summary = "one spike, the earlier the larger the value";
  let description = [{
    Time to first spike, linear: x from 0 to 1 spikes in step (1 - x) (window - 1),
    rounded to nearest, ties to even; an x below `threshold` is silent.

    Example: `#snn.latency<window = 16, threshold = 1.000000e-02 : f64>`.
  }];
  let parameters = (ins "uint32_t":$window, "::mlir::FloatAttr":$threshold);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_LatencyRCAttr : SNN_Encoder<"LatencyRC", "latency_rc"> {
  let summary = "one spike when a leaky integrator reaches a threshold";
  let description = [{
    Time to first spike of a membrane that the constant current x charges: step
    (tau / dt) ln(x / (x - threshold)), rounded to nearest, ties to even. An x below
    `threshold`, or too small to spike in the first `window` steps, is silent.

    Example: `#snn.latency_rc<window = 16, threshold = 1.000000e-02 : f64, tau = 5.000000e+00 : f64>`.
  }];
  let parameters = (ins "uint32_t":$window, "::mlir::FloatAttr":$threshold, "::mlir::FloatAttr":$tau);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_DeltaAttr : SNN_Encoder<"Delta", "delta"> {
  let summary = "a spike when the value changes";
  let description = [{
    1 where the value rose by `threshold` or more since the step before; with `off` -1
    where it fell by as much (a ternary signal), else silence. The first step of a
    sample is compared with 0 where `from_zero`, else it is silent.

    Example: `#snn.delta<threshold = 1.000000e-01 : f64, off = true, from_zero = false>`.
  }];
  let parameters = (ins "::mlir::FloatAttr":$threshold, "bool":$off, "bool":$from_zero);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_PhaseAttr : SNN_Encoder<"Phase", "phase"> {
  let summary = "the bits of the value, one per step, as weighted spikes";
  let description = [{
    x from 0 to 1 is q = x (2^period - 1), rounded to nearest, ties to even. In phase k
    = t mod period the payload is 2^(period - 1 - k) if this bit of q is set, else
    silence: the most significant bit first, and the sum of a period is q. The result
    is graded with an unsigned payload of `period` bits or more.

    Example: `#snn.phase<period = 8>`.
  }];
  let parameters = (ins "uint32_t":$period);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_BurstAttr : SNN_Encoder<"Burst", "burst"> {
  let summary = "a burst, longer and faster the larger the value";
  let description = [{
    x from 0 to 1 gives n = ceil(spikes x) spikes in steps 0, i, 2 i ... with the interval
    i = ceil(longest - (longest - shortest) x), or `longest` where n is 1.

    Example: `#snn.burst<spikes = 5, shortest = 2, longest = 8>`.
  }];
  let parameters = (ins "uint32_t":$spikes, "uint32_t":$shortest, "uint32_t":$longest);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def SNN_PopulationCodeAttr : SNN_Attr<"PopulationCode", "population_code",
    [DeclareAttrInterfaceMethods<SNN_EncoderAttrInterface, ["getResultShape"]>]> {
  let summary = "a value as the activity of neurons with tuning curves";
  let description = [{
    One more axis of `neurons` elements: element k is exp(-(x - c)^2 / (2 width^2)) with
    the centre c = low + k (high - low) / (neurons - 1). The signal stays analogue: `rate`,
    `latency` or `poisson` after it make spikes. A value that is not finite is an error.

    Example: `#snn.population_code<neurons = 8, low = 0.000000e+00 : f64, high = 1.000000e+00 : f64, width = 1.000000e-01 : f64>`.
  }];
  let parameters = (ins "uint32_t":$neurons, "::mlir::FloatAttr":$low, "::mlir::FloatAttr":$high,
                        "::mlir::FloatAttr":$width);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNENCODERS_TD
