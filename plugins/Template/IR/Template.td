//===- Template.td - the template dialect ------------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the chip is programmed with that snn cannot say: its neuron, and where
// neurons lie.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATE_TD
#define SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "spikeformer/Dialect/SNN/IR/SNNModels.td"
include "spikeformer/Dialect/SNN/IR/SNNInterfaces.td"

def Template_Dialect : Dialect {
  let name = "template";
  let summary = "an imaginary chip of small cores";
  let description = [{
    The neuron of the chip as a model of `snn`, and the placement of a network as
    an overlay. The dialect has a version (1), which bytecode carries.
  }];
  let cppNamespace = "::spikeformer::templ";
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::spikeformer::snn::SNNDialect"];
  let extraClassDeclaration = [{
    /// Version of the dialect that this library writes.
    static constexpr uint64_t kVersion = 1;
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

def Template_MappingOp : Op<Template_Dialect, "mapping", [Symbol]> {
  let summary = "where the neurons of a network lie";
  let description = [{
    An overlay: the network itself stays as it is. A row gives a slice, neurons
    [first, first + count) of a population, and its core. `?` is a core still to
    be chosen, so a problem, a problem with pins and a solution are one syntax.
    `digest` is the SHA-256 of the network that was mapped.

    1. The columns have one length (`mapping_c1`).
    2. Slices are not empty and cores not negative (`mapping_c2`).

    That every neuron has one core, that cores exist and hold their slices, and
    that the network is still the one that was mapped, is checked by
    `template-verify-place`.

    Example:
    ```mlir
    template.mapping @mapping of @classifier on "template4" digest "e3b0c442" {
      "hidden"[0 : 64] core 0
      "hidden"[64 : 100] core ?
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$network,
                       StrAttr:$machine, StrAttr:$digest,
                       StrArrayAttr:$populations, DenseI64ArrayAttr:$firsts,
                       DenseI64ArrayAttr:$counts, DenseI64ArrayAttr:$cores);
  let assemblyFormat = [{
    $sym_name `of` $network `on` $machine `digest` $digest
    custom<Slices>($populations, $firsts, $counts, $cores) attr-dict}];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The core of a slice that is not placed.
    static constexpr int64_t kFree = -1;
    /// The rows, in order.
    ::llvm::SmallVector<::spikeformer::templ::Slice> getSlices();
    /// Replaces the column of cores.
    void setSliceCores(::llvm::ArrayRef<::spikeformer::templ::Slice> slices);
  }];
}

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_IR_TEMPLATE_TD
