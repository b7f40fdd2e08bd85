//===- SNNBase.td - the snn dialect ------------------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNBASE_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNBASE_TD

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

//===----------------------------------------------------------------------===//
// Enumerations
//===----------------------------------------------------------------------===//

class SNN_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::spikeformer::snn";
  let genSpecializedAttr = 0;
}

def SNN_AlphabetKind : SNN_Enum<"AlphabetKind", "what one element of a signal can be", [
  I32EnumAttrCase<"binary", 0>, I32EnumAttrCase<"ternary", 1>,
  I32EnumAttrCase<"count", 2>, I32EnumAttrCase<"graded", 3>,
  I32EnumAttrCase<"analogue", 4>]>;

def SNN_AccumulatorKind : SNN_Enum<"AccumulatorKind", "how contributions are added", [
  I32EnumAttrCase<"exact", 0>, I32EnumAttrCase<"ordered", 1>,
  I32EnumAttrCase<"saturating", 2>]>;

def SNN_Integration : SNN_Enum<"Integration", "integration rule of a model", [
  I32EnumAttrCase<"euler", 0>, I32EnumAttrCase<"exact", 1>,
  I32EnumAttrCase<"discrete", 2>]>;

def SNN_ResetKind : SNN_Enum<"ResetKind", "what a spike does to the potential", [
  I32EnumAttrCase<"subtract", 0>, I32EnumAttrCase<"to_value", 1>,
  I32EnumAttrCase<"none", 2>]>;

def SNN_FiresKind : SNN_Enum<"FiresKind", "the spike test", [
  I32EnumAttrCase<"above", 0>, I32EnumAttrCase<"at_or_above", 1>]>;

def SNN_ResetTime : SNN_Enum<"ResetTime", "the step in which the reset acts", [
  I32EnumAttrCase<"same_step", 0>, I32EnumAttrCase<"next_step", 1>]>;

def SNN_RefractoryKind : SNN_Enum<"RefractoryKind", "what a refractory neuron does", [
  I32EnumAttrCase<"none", 0>, I32EnumAttrCase<"clamp", 1>]>;

def SNN_SynapseOrder : SNN_Enum<"SynapseOrder", "which state of a two-state model moves first", [
  I32EnumAttrCase<"synapse_first", 0>, I32EnumAttrCase<"membrane_first", 1>]>;

def SNN_Distribution : SNN_Enum<"Distribution", "distribution of random numbers", [
  I32EnumAttrCase<"uniform", 0>, I32EnumAttrCase<"normal", 1>]>;

def SNN_Generator : SNN_Enum<"Generator", "counter-based generator", [
  I32EnumAttrCase<"philox", 0>, I32EnumAttrCase<"mix64", 1>]>;

def SNN_Probability : SNN_Enum<"Probability", "how a rate becomes a probability per step", [
  I32EnumAttrCase<"rate_dt", 0>, I32EnumAttrCase<"one_minus_exp", 1>]>;

def SNN_Reduction : SNN_Enum<"Reduction", "what a pool does with its window", [
  I32EnumAttrCase<"sum", 0>, I32EnumAttrCase<"max", 1>]>;

def SNN_SampleReset : SNN_Enum<"SampleReset", "whether state is carried between samples", [
  I32EnumAttrCase<"per_sample", 0>, I32EnumAttrCase<"never", 1>]>;

def SNN_Readout : SNN_Enum<"Readout", "what is read from an output signal", [
  I32EnumAttrCase<"count", 0>, I32EnumAttrCase<"current_sum", 1>,
  I32EnumAttrCase<"membrane_last", 2>, I32EnumAttrCase<"membrane_max", 3>,
  I32EnumAttrCase<"first_spike", 4>]>;

def SNN_RelationKind : SNN_Enum<"RelationKind", "how a phase's output relates to its input", [
  I32EnumAttrCase<"identical", 0>, I32EnumAttrCase<"renamed", 1>,
  I32EnumAttrCase<"retimed", 2>, I32EnumAttrCase<"requantised", 3>,
  I32EnumAttrCase<"approximates", 4>]>;

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNBASE_TD
