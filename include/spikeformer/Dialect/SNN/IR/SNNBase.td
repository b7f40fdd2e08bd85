//===- SNNBase.td - the snn dialect ------------------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNBASE_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNBASE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def SNN_Dialect : Dialect {
  let name = "snn";
  let summary = "spiking neural networks with one meaning";
  let description = [{
    A network is synchronous dataflow in a graph region: an SSA value is a
    *signal*, one tensor per timestep. Structure (models, connectivity, widths)
    is in attributes, numbers are `params`, bulk data are `snn.parameter`
    operations. What every construct means, to the bit, is in
    `docs/Semantics.md`; why it is so is in `docs/Dialects/SNN.md`.

    The dialect has a version (1). It is written into bytecode; a file of a
    newer version is refused by name.
  }];
  let cppNamespace = "::spikeformer::snn";
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
  let extraClassDeclaration = [{
    /// Version of the dialect that this library writes.
    static constexpr uint64_t kVersion = 1;
    void addBytecodeInterface();
    void registerAttributes();
    void registerTypes();
  }];
}

class SNN_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::spikeformer::snn";
  let genSpecializedAttr = 0;
}

class SNN_Attr<string name, string mnem, list<Trait> traits = []>
    : AttrDef<SNN_Dialect, name, traits> {
  let mnemonic = mnem;
}

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNBASE_TD
