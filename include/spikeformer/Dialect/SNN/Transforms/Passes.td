//===- Passes.td - passes of the snn dialect ---------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each pass records its relation. What changes only when a network computes is
// exact, and sf-diff compares across it to the bit; what puts one way to enter,
// start or read in the place of another approximates.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_TRANSFORMS_PASSES_TD
#define SPIKEFORMER_DIALECT_SNN_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

class SNN_Pass<string flag> : Pass<flag, "::mlir::ModuleOp"> {
  let dependentDialects = ["::spikeformer::snn::SNNDialect"];
}

def SNNRetimePass : SNN_Pass<"snn-retime"> {
  let summary = "give every projection the delay that a target needs at least";
  let description = [{
    Every population p gets a number of steps r(p) by which it is later, the
    smallest for which all delays d + r(target) - r(source) are at least
    `min-delay`; inputs, encoders and constants stay where they are (Leiserson
    and Saxe 1991). Its onset grows by r(p), so that it holds its initial state
    and its bias waits; the spikes are the same, r(p) steps later. Steps of
    `snn.delay` before a projection with one delay become part of that delay.
    What the sources of one projection send has to be equally late.

    Guarantees: recorded as `retimed`; exact for networks whose samples are reset.

    Errors, all at once: a cycle with less delay than its projections need (a
    note for each), an encoder of a signal that would have to be later, a network
    whose state is carried over from sample to sample.

    (* example: test/Dialect/SNN/Transforms/retime.mlir *)
    ```mlir
    %c = snn.project %x through #snn.dense weights @w delay 0 : ...
    %s = snn.population "hidden" (in: %c ...) ...
    // becomes
    %c = snn.project %x through #snn.dense weights @w delay 1 : ...
    %s = snn.population "hidden" (in: %c ...) ... onset 1 ...
    ```
  }];
  let options = [
    Option<"minDelay", "min-delay", "int64_t", /*default=*/"1",
           "Steps that every projection takes at least">];
}

def SNNInsertRelaysPass : SNN_Pass<"snn-insert-relays"> {
  let summary = "send spikes with long delays through relays";
  let description = [{
    A projection with a delay above `max-delay` takes its spikes from a relay:
    a population of neurons that send each spike on. Relays of one signal lie at
    multiples of `max-delay` steps and are shared. The sum of the delays stays.

    Guarantees: populations of the input send the same spikes in the same steps;
    recorded as `identical`.

    Errors, all at once: a signal that is not binary; delays per synapse or per
    source beyond the limit.

    (* example: test/Dialect/SNN/Transforms/insert-relays.mlir *)
    ```mlir
    %c = snn.project %x through #snn.dense weights @w delay 20 : ...
    // becomes, with max-delay=15
    %i = snn.project %x through #snn.one_to_one weights 1.0 delay 15 : ...
    %r = snn.population "input0_relay15" (in: %i ...) model #snn.if<...> ...
    %c = snn.project %r through #snn.dense weights @w delay 5 : ...
    ```
  }];
  let options = [
    Option<"minDelay", "min-delay", "int64_t", /*default=*/"1",
           "Steps that every projection takes at least">,
    Option<"maxDelay", "max-delay", "int64_t", /*default=*/"0",
           "Steps that a projection takes at most; at least 2 x min-delay - 1">];
}

class SNN_HostPass<string flag> : SNN_Pass<flag> {
  let dependentDialects = ["::spikeformer::snn::SNNDialect", "::mlir::tosa::TosaDialect"];
}

def SNNCodeInputsPass : SNN_HostPass<"snn-code-inputs"> {
  let summary = "enter the network with spikes in the place of constant currents";
  let description = [{
    Every input that enters by `#snn.constant_current` enters by spikes that stand
    for the same mean over the T steps of the simulation. Beside the network, x
    becomes the share x / high, clamped to 0 to 1; the weights behind are multiplied
    by what a spike stands for. Where `low` is below 0, -x / -low enters as a second
    input, whose weights have the other sign.
    * `rate`: evenly spaced spikes; one stands for high.
    * `poisson`: a spike with probability x / high; one stands for high.
    * `latency`: one spike, the earlier the larger x is. Neurons `NAME.latch`
      (`#snn.if` without a reset) send in every step after it; each of these spikes
      stands for high T / (T - 1).
    * `phase`: the bits of a number, in periods of as many steps as the largest
      divisor P of T up to 8; a payload of 1 stands for high P / (2^P - 1).

    Guarantees: recorded as `approximates`; nothing is coded twice.

    Errors, all at once: a range that is missing or empty, an input that something
    else than projections takes or that is new in each step, fewer than 2 steps for
    `latency`, a number of steps that nothing from 2 to 8 divides for `phase`; a
    network that is simulated more than once, for an open number of steps or without
    a reset between samples.

    (* example: test/Dialect/SNN/Transforms/code-inputs.mlir *)
    ```mlir
    %s = snn.encode "input" by #snn.constant_current of %x ...
    // becomes, with coding=rate low=0 high=2
    %s = snn.encode "input" by #snn.rate<gain = 1.000000e+00 : f64> of %x ...
    ```
  }];
  let options = [
    Option<"coding", "coding", "std::string", /*default=*/"\"rate\"",
           "How values become spikes: rate, poisson, latency, phase">,
    ListOption<"low", "low", "double", "Least value of each input">,
    ListOption<"high", "high", "double", "Largest value of each input">,
    Option<"seed", "seed", "uint64_t", /*default=*/"0", "Seed of poisson">];
}

def SNNFoldPoolsPass : SNN_Pass<"snn-fold-pools"> {
  let summary = "put sums over windows into the weights behind them";
  let description = [{
    A `snn.pool sum` whose users are projections, also through `snn.reshape`,
    vanishes: `#snn.conv2d` behind it becomes one with a larger kernel and stride,
    `#snn.dense` has a column for each element of the windows, `#snn.one_to_one`
    with one weight per channel becomes a `#snn.conv2d` of each channel. Weights are
    added in double and rounded once.

    A pool stays where a user is something else, weights are no parameter, delays differ
    from synapse to synapse, or zeros around the pooled image are no zeros around the
    image: windows that overlap or leave something over, with a padding.

    Guarantees: currents are the same but for rounding; recorded as `approximates`.

    (* example: test/Dialect/SNN/Transforms/fold-pools.mlir *)
    ```mlir
    %p = snn.pool sum %s kernel [2, 2] stride [2, 2] : !snn.signal<2x4x4, binary> -> !snn.signal<2x2x2, count<4>>
    %c = snn.project %p through #snn.conv2d<kernel = [2, 2], stride = [1, 1], ...> weights @w delay 0 ...
    // becomes
    %c = snn.project %s through #snn.conv2d<kernel = [4, 4], stride = [2, 2], ...> weights @w_0 delay 0 ...
    ```
  }];
}

def SNNSpreadInitialPotentialPass : SNN_Pass<"snn-spread-initial-potential"> {
  let summary = "start at 0 and give the initial potential in parts";
  let description = [{
    Neurons `#snn.if` whose `v_init` is not 0 start at 0 and get v_init / (r dt T)
    more bias in each of the T steps. What has come in after T steps is the same;
    before, it is less.

    Guarantees: recorded as `approximates`; running it again changes nothing.

    Errors, all at once: another model with an initial potential, a gain r of 0, a
    network that is simulated more than once, for an open number of steps or without a
    reset between samples.

    (* example: test/Dialect/SNN/Transforms/spread-initial-potential.mlir *)
    ```mlir
    %s = snn.population "hidden" (in: %i accumulate ordered<f32>) ... params {r = 1.0, v_init = 0.5, ...}
    // becomes, with steps(4)
    %s = snn.population "hidden" (in: %i accumulate ordered<f32> bias #snn.param<@hidden.bias>) ...
      params {r = 1.0, v_init = 0.0, ...}
    ```
  }];
}

def SNNReadOutputsPass : SNN_HostPass<"snn-read-outputs"> {
  let summary = "read sums of currents by a membrane or by counting spikes";
  let description = [{
    Every result with the readout `current_sum` of neurons `#snn.linear` gets
    another readout:
    * `membrane_last`: the neurons become integrators `#snn.i`; the same sum.
    * `count`: they become `#snn.if` with the threshold high - low and a bias less by
      low. Beside the network the sum is count (high - low) + low T, so what follows
      sees sums as before, rounded to high - low; outside of low to high they
      saturate.

    Guarantees: recorded as `identical` or `approximates`.

    Errors, all at once: a range that is missing or empty (`count`), an output that is
    not of neurons `#snn.linear` in f32; a network that is simulated more than once,
    for an open number of steps or without a reset between samples.

    (* example: test/Dialect/SNN/Transforms/read-outputs.mlir *)
    ```mlir
    %r = snn.simulate @net(%x) steps(8) reset(per_sample) readout(current_sum)
    // becomes, with readout=membrane_last
    %r = snn.simulate @net(%x) steps(8) reset(per_sample) readout(membrane_last)
    ```
  }];
  let options = [
    Option<"readout", "readout", "std::string", /*default=*/"\"count\"",
           "What is read: count, membrane_last">,
    Option<"startsAtHalf", "starts-at-half", "bool", /*default=*/"true",
           "Neurons that are counted start at half their threshold, not at 0">,
    ListOption<"low", "low", "double", "Least mean of each result">,
    ListOption<"high", "high", "double", "Largest mean of each result">];
}

#endif // SPIKEFORMER_DIALECT_SNN_TRANSFORMS_PASSES_TD
