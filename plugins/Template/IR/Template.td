//===- Template.td - the template dialect ------------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the chip is programmed with that snn cannot say: its neuron.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATE_TD
#define SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATE_TD

include "mlir/IR/AttrTypeBase.td"
include "spikeformer/Dialect/SNN/IR/SNNModels.td"
include "spikeformer/Dialect/SNN/IR/SNNInterfaces.td"

def Template_Dialect : Dialect {
  let name = "template";
  let summary = "an imaginary chip of small cores";
  let description = [{
    The neuron of the chip as a model of `snn`. The dialect has a version (2),
    which bytecode carries. Files of version 1 load, unless they have a
    `template.mapping`, of which `pnr.mapping` took the place.
  }];
  let cppNamespace = "::spikeformer::templ";
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::spikeformer::snn::SNNDialect"];
  let extraClassDeclaration = [{
    /// Version of the dialect that this library writes.
    static constexpr uint64_t kVersion = 2;
    void registerAttributes();
    void addBytecodeInterface();
  }];
}

def Template_AccumulateAttr : AttrDef<Template_Dialect, "Accumulate",
    [DeclareAttrInterfaceMethods<SNN_NeuronModelAttrInterface>]> {
  let mnemonic = "accumulate";
  let summary = "the chip's integer neuron";
  let description = [{
    One step, in integers: v' = v - (v >> leak) + I, where the shift rounds toward
    minus infinity and `leak = 0` is a neuron without leak; v' stops at the ends of
    16 bits; the neuron fires if v' >= v_threshold and ends the step with
    v' - v_threshold (`reset = subtract`) or v_reset (`reset = to_value`).

    Params, all of them integers: `v_init`, `v_threshold` (1 to 32767) and, with
    `reset = to_value`, `v_reset`. The receptor `in` adds integers of 32 bits.

    1. The leak is a shift of 0 to 15 bits (`accumulate_c1`).
    2. The reset is `subtract` or `to_value` (`accumulate_c2`).

    Example: `#template.accumulate<leak = 4, reset = subtract>`.
  }];
  let parameters = (ins "unsigned":$leak, EnumParameter<SNN_ResetKind>:$reset);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATE_TD
