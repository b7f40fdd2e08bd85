//===- Passes.td - passes of the template plugin -----------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What only this chip knows; the passes that map are those of pnr.
// Emit/TemplateTarget.cpp says which pass runs in which phase.
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

def TemplateVerifyMappingPass
    : Pass<"template-verify-mapping", "::mlir::ModuleOp"> {
  let summary = "check that a mapping fits the registers of the chip";
  let description = [{
    Beyond `pnr-verify`: the machine is one of this target, a network is mapped,
    a slice sends one message, and all bits of a key are the chip's. Reports
    everything that is wrong and changes nothing.
  }];
}

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TRANSFORMS_PASSES_TD
