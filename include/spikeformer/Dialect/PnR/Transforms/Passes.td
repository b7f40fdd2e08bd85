//===- Passes.td - passes of the pnr dialect ---------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each pass solves one problem of lib/Mapping for all mappings of a module, on
// the machine that a mapping names. Their examples are tests:
// test/Dialect/PnR/Transforms.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_PNR_TRANSFORMS_PASSES_TD
#define SPIKEFORMER_DIALECT_PNR_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

class PnR_Pass<string flag> : Pass<flag, "::mlir::ModuleOp"> {
  let dependentDialects = ["::spikeformer::pnr::PnRDialect"];
}

def PnRPartitionPass : PnR_Pass<"pnr-partition"> {
  let summary = "cut populations into slices for one core";
  let description = [{
    Makes a `pnr.mapping` for each network of a module that has none: slices of
    populations, encoders and inputs, as large as the target of the machine lets
    them be, what they use by its one function `usageOf`, and the messages between
    them. The network stays as it is; the mapping keeps its digest.

    (* example: plugins/*/test/partition.mlir, of targets that say what slices cost *)
  }];
  let options = [
    Option<"machine", "machine", "std::string", /*default=*/"",
           "Machine, which says what its target charges for a slice">,
    Option<"maxNeurons", "max-neurons", "int64_t", /*default=*/"0",
           "Most neurons of a slice, if the target would take more; 0: as many "
           "as it takes">,
    Option<"rates", "rates", "std::string", /*default=*/"",
           "JSON report of sf-run, whose rates say how often neurons send; "
           "without it each sends a packet in every step">];
}

def PnRPlacePass : PnR_Pass<"pnr-place"> {
  let summary = "choose a core for every slice";
  let description = [{
    Consumes `pnr.slices` and `pnr.messages`; what has a location keeps it, and
    every `?` gets one. Trees and tables that were there are dropped if a location
    changed.

    Guarantees: `pnr-verify` finds nothing wrong with the placement. If none is
    found, every tight resource is an error that says what it needs, what there
    is and who occupies it.

    (* example: test/Dialect/PnR/Transforms/place.mlir *)
    ```mlir
    pnr.slices resources ["neurons"] {"a" uses [64] at ?}
    // becomes
    pnr.slices resources ["neurons"] {"a" uses [64] at (0, 0) core 0}
    ```
  }];
  let options = [
    Option<"machine", "machine", "std::string", /*default=*/"",
           "Machine in place of the one that the mapping names">,
    Option<"objective", "objective", "std::string", /*default=*/"",
           "What to make small: messages, hops, busiest_core, hottest_link, "
           "energy, latency, cores, or a sum such as hops=1,hottest_link=0.2">,
    ListOption<"pins", "pins", "std::string",
               "SLICE-OR-POPULATION=x/y or SLICE=x/y/core, to be kept">,
    Option<"effort", "effort", "unsigned", /*default=*/"1",
           "Work to put into search, 0 least">,
    Option<"timeLimit", "time-limit", "double", /*default=*/"0",
           "Seconds after which search takes what it has; 0: no limit">,
    Option<"seed", "seed", "uint64_t", /*default=*/"0", "Seed of the search">];
}

def PnRRoutePass : PnR_Pass<"pnr-route"> {
  let summary = "find a multicast tree for every message";
  let description = [{
    Consumes a full placement and makes `pnr.trees`, over live links only.

    Guarantees: `pnr-verify` finds nothing wrong with the trees.

    (* example: test/Dialect/PnR/Transforms/route.mlir *)
  }];
  let options = [
    Option<"effort", "effort", "unsigned", /*default=*/"1",
           "Work to put into search, 0 least">,
    Option<"timeLimit", "time-limit", "double", /*default=*/"0",
           "Seconds after which search takes what it has; 0: no limit">];
}

def PnRAllocatePass : PnR_Pass<"pnr-allocate"> {
  let summary = "choose routing keys for every message";
  let description = [{
    Consumes trees and makes `pnr.keys`; keys that are there are kept. Keys lie
    so that tables compress: that is why trees come first.

    Guarantees: `pnr-verify` finds nothing wrong with the keys.

    (* example: test/Dialect/PnR/Transforms/allocate.mlir *)
  }];
  let options = [
    Option<"keyBits", "key-bits", "unsigned", /*default=*/"32",
           "Bits of a key">,
    Option<"reservedBits", "reserved-bits", "unsigned", /*default=*/"0",
           "Low bits of every key that the machine's software has for itself, "
           "where a network is mapped">,
    Option<"effort", "effort", "unsigned", /*default=*/"1",
           "Work to put into search, 0 least">];
}

def PnRCompressPass : PnR_Pass<"pnr-compress"> {
  let summary = "make the smallest routing tables";
  let description = [{
    Consumes keys and trees and makes `pnr.tables`, which send every packet as
    one entry for each message and router would.

    Guarantees: `pnr-verify` finds nothing wrong with the tables; one that does
    not fit its router is an error with the number of entries.

    (* example: test/Dialect/PnR/Transforms/compress.mlir *)
  }];
  let options = [
    Option<"effort", "effort", "unsigned", /*default=*/"1",
           "Work to put into search, 0 least">];
}

def PnRVerifyPass : PnR_Pass<"pnr-verify"> {
  let summary = "check everything that a mapping says";
  let description = [{
    Asks each problem whether its question is well formed and the answer in the
    mapping right, whoever gave it; what is still `?` is not looked at. Reports
    everything that is wrong and changes nothing.

    (* example: test/Dialect/PnR/Transforms/verify-errors.mlir *)
  }];
  let options = [
    Option<"keyBits", "key-bits", "unsigned", /*default=*/"32",
           "Bits of a key">];
}

#endif // SPIKEFORMER_DIALECT_PNR_TRANSFORMS_PASSES_TD
