//===- Passes.td - passes of the snn dialect ---------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What changes when a network computes, and nothing of what it computes: each
// pass records its relation, so that sf-diff compares across it exactly.
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

#endif // SPIKEFORMER_DIALECT_SNN_TRANSFORMS_PASSES_TD
