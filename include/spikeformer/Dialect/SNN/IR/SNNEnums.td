//===- SNNEnums.td - words of types, numbers, operations ---*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNENUMS_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNENUMS_TD

include "spikeformer/Dialect/SNN/IR/SNNBase.td"

def SNN_AlphabetKind : SNN_Enum<"AlphabetKind", "what one element of a signal can be", [
  I32EnumAttrCase<"binary", 0>, I32EnumAttrCase<"ternary", 1>,
  I32EnumAttrCase<"count", 2>, I32EnumAttrCase<"graded", 3>,
  I32EnumAttrCase<"analogue", 4>]>;

def SNN_AccumulatorKind : SNN_Enum<"AccumulatorKind", "how contributions are added", [
  I32EnumAttrCase<"exact", 0>, I32EnumAttrCase<"ordered", 1>,
  I32EnumAttrCase<"saturating", 2>]>;

def SNN_Distribution : SNN_Enum<"Distribution", "distribution of random numbers", [
  I32EnumAttrCase<"uniform", 0>, I32EnumAttrCase<"normal", 1>]>;

def SNN_Generator : SNN_Enum<"Generator", "counter-based generator", [
  I32EnumAttrCase<"philox", 0>, I32EnumAttrCase<"mix64", 1>]>;

def SNN_Falloff : SNN_Enum<"Falloff", "how a probability falls with distance", [
  I32EnumAttrCase<"gaussian", 0>, I32EnumAttrCase<"exponential", 1>]>;

def SNN_Reduction : SNN_Enum<"Reduction", "what a pool does with its window", [
  I32EnumAttrCase<"sum", 0>, I32EnumAttrCase<"max", 1>]>;

def SNN_SampleReset : SNN_Enum<"SampleReset", "whether state is carried between samples", [
  I32EnumAttrCase<"per_sample", 0>, I32EnumAttrCase<"never", 1>]>;

def SNN_Readout : SNN_Enum<"Readout", "what is read from an output signal", [
  I32EnumAttrCase<"count", 0>, I32EnumAttrCase<"current_sum", 1>,
  I32EnumAttrCase<"membrane_last", 2>, I32EnumAttrCase<"membrane_max", 3>,
  I32EnumAttrCase<"first_spike", 4>, I32EnumAttrCase<"rate", 5>,
  I32EnumAttrCase<"population_vector", 6>]>;

def SNN_RelationKind : SNN_Enum<"RelationKind", "how a phase's output relates to its input", [
  I32EnumAttrCase<"identical", 0>, I32EnumAttrCase<"renamed", 1>,
  I32EnumAttrCase<"retimed", 2>, I32EnumAttrCase<"requantised", 3>,
  I32EnumAttrCase<"approximates", 4>]>;

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNENUMS_TD
