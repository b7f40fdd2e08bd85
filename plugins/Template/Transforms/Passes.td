//===- Passes.td - passes of the template plugin -----------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One pass for each phase that concerns the chip; Emit/TemplateTarget.cpp says
// which.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_PASSES_TD
#define SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def TemplateLegalizePass : Pass<"template-legalize", "::mlir::ModuleOp"> {
  let summary = "check a module against what the chip can run";
  let description = [{
    Reports every violation, each at its operation: what the network needs, what
    the chip has, what to do. Changes nothing. Accepts float networks that
    `template-quantize` can turn into `#template.accumulate` and networks that
    have been.
  }];
}

def TemplateQuantizePass : Pass<"template-quantize", "::mlir::ModuleOp"> {
  let summary = "turn float neurons into the chip's integer neurons";
  let description = [{
    For each population of a legal float network one scale: the largest one at
    which every weight into it fits -127 to 127 and threshold, bias, initial and
    reset potential fit their registers. Weights and these numbers are multiplied
    by it and rounded to the nearest integer, ties to even. The scales are
    recorded in `snn.relations`. Populations of integers stay as they are, so a
    second run changes nothing.
  }];
  let dependentDialects = ["::spikeformer::templ::TemplateDialect"];
}

def TemplatePartitionPass : Pass<"template-partition", "::mlir::ModuleOp"> {
  let summary = "cut populations into slices for one core";
  let description = [{
    Writes a `template.mapping` of the network in which every slice is as large
    as an empty core holds and cores are `?` or pinned. A mapping that is there
    already stays, so that a user can write one.
  }];
  let options = [
    Option<"machine", "machine", "std::string", "\"\"",
           "name of the machine; the default machine if empty">,
    ListOption<"pins", "pins", "std::string", "POPULATION=CORE">];
  let dependentDialects = ["::spikeformer::templ::TemplateDialect"];
}

def TemplatePlacePass : Pass<"template-place", "::mlir::ModuleOp"> {
  let summary = "give every slice a core";
  let description = [{
    First fit, in the order of the rows, after the slices that have a core. Names
    every slice that fits nowhere, the resource that is short and what occupies
    the cores.
  }];
}

def TemplateVerifyPlacePass : Pass<"template-verify-place", "::mlir::ModuleOp"> {
  let summary = "check a placement, whoever made it";
  let description = [{
    The network is the one that was mapped; every neuron is in one slice; every
    slice has a core; cores exist and hold their slices.
  }];
}

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_PASSES_TD
