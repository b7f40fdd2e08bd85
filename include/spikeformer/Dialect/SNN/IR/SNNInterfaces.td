//===- SNNInterfaces.td - models, connectivity, encoders ---*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNINTERFACES_TD
#define SPIKEFORMER_DIALECT_SNN_IR_SNNINTERFACES_TD

include "mlir/IR/OpBase.td"

def SNN_NeuronModelAttrInterface : AttrInterface<"NeuronModelAttrInterface"> {
  let cppNamespace = "::spikeformer::snn";
  let description = [{
    The structure of a neuron model; its numbers are the population's `params`.
    Every method takes the population (`user`), because a model may be defined by
    a symbol. Numbers reach the engines only as *coefficients*, computed once per
    neuron in f64 and rounded once to the coefficient's type.

    `buildStep` and `referenceStep` are two independent implementations of one
    step; both are mandatory and are compared bit by bit.
  }];
  let methods = [
    InterfaceMethod<"State variables, in order.",
      "::llvm::SmallVector<::spikeformer::snn::ModelVariable>", "getStates",
      (ins "::mlir::Operation *":$user)>,
    InterfaceMethod<"Names of the params, in order; all are required.",
      "::llvm::SmallVector<::llvm::StringRef>", "getParamNames",
      (ins "::mlir::Operation *":$user)>,
    InterfaceMethod<"Receptors, in order: name and the type in which the model sees the accumulated input.",
      "::llvm::SmallVector<::spikeformer::snn::ModelVariable>", "getReceptors",
      (ins "::mlir::Operation *":$user)>,
    InterfaceMethod<"Coefficients, in order.",
      "::llvm::SmallVector<::spikeformer::snn::ModelVariable>", "getCoefficients",
      (ins "::mlir::Operation *":$user)>,
    InterfaceMethod<"Type of what a step emits: i1 (spike or not), a signless integer (payload, 0 is silence) or a float.",
      "::mlir::Type", "getSpikeType", (ins "::mlir::Operation *":$user)>,
    InterfaceMethod<[{Coefficients of one neuron from its params (order of getParamNames). `dt` is the step in
      seconds, or 1 in a network whose dt is "steps". Fails with a diagnostic where a param is out of range.}],
      "::llvm::LogicalResult", "computeCoefficients",
      (ins "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError, "::mlir::Operation *":$user,
           "::llvm::ArrayRef<double>":$params, "double":$dt,
           "::llvm::MutableArrayRef<double>":$coefficients)>,
    InterfaceMethod<"Initial states of one neuron from its params.",
      "void", "computeInitialState",
      (ins "::mlir::Operation *":$user, "::llvm::ArrayRef<double>":$params,
           "::llvm::MutableArrayRef<double>":$states)>,
    InterfaceMethod<[{IR of one step: the new states, then what the step emits. The operands are scalars or vectors of
      equal length; only elementwise operations may be built.}],
      "::llvm::SmallVector<::mlir::Value>", "buildStep",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::Operation *":$user,
           "::mlir::ValueRange":$states, "::mlir::ValueRange":$inputs,
           "::mlir::ValueRange":$coefficients)>,
    InterfaceMethod<"One step of one neuron in C++: updates the states, returns what the step emits.",
      "::spikeformer::snn::Scalar", "referenceStep",
      (ins "::mlir::Operation *":$user, "::llvm::MutableArrayRef<::spikeformer::snn::Scalar>":$states,
           "::llvm::ArrayRef<::spikeformer::snn::Scalar>":$inputs,
           "::llvm::ArrayRef<::spikeformer::snn::Scalar>":$coefficients)>
  ];
}

def SNN_ConnectivityAttrInterface : AttrInterface<"ConnectivityAttrInterface"> {
  let cppNamespace = "::spikeformer::snn";
  let description = [{
    Which source elements reach which target elements. Sources and targets are
    numbered row-major over their shapes; weights are numbered row-major over the
    weight shape, or by synapse where the graph is random.
  }];
  let methods = [
    InterfaceMethod<"Checks that the shapes fit; says everything that does not.",
      "::llvm::LogicalResult", "verifyShapes",
      (ins "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError,
           "::llvm::ArrayRef<int64_t>":$source, "::llvm::ArrayRef<int64_t>":$target)>,
    InterfaceMethod<[{Shape of the weights; a dynamic extent says that there is one weight per synapse.}],
      "::llvm::SmallVector<int64_t>", "getWeightShape",
      (ins "::llvm::ArrayRef<int64_t>":$source, "::llvm::ArrayRef<int64_t>":$target)>,
    InterfaceMethod<"Every synapse, by source; fails with a diagnostic at `user` where its data are wrong.",
      "::llvm::FailureOr<::spikeformer::snn::SynapseTable>", "expand",
      (ins "::mlir::Operation *":$user, "::llvm::ArrayRef<int64_t>":$source,
           "::llvm::ArrayRef<int64_t>":$target)>
  ];
}

def SNN_EncoderAttrInterface : AttrInterface<"EncoderAttrInterface"> {
  let cppNamespace = "::spikeformer::snn";
  let description = [{
    How a value becomes a signal. What an element emits depends on the numbers of
    `EncoderInput` only: not on other elements or samples, nor on the order of
    execution.
  }];
  let methods = [
    InterfaceMethod<"Checks the alphabets of the encode operation.",
      "::llvm::LogicalResult", "verifyTypes",
      (ins "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError,
           "::mlir::Type":$input, "::mlir::Type":$result)>,
    InterfaceMethod<[{Shape of the result: that of the source, or one more axis behind it.}],
      "::llvm::SmallVector<int64_t>", "getResultShape",
      (ins "::llvm::ArrayRef<int64_t>":$source), /*methodBody=*/"",
      /*defaultImplementation=*/[{ return ::llvm::to_vector(source); }]>,
    InterfaceMethod<[{What one element of the source emits in one step, as many values as the result has elements for
      it. Fails (no diagnostic) where the value cannot be encoded; `explain` says why.}],
      "::llvm::LogicalResult", "referenceEncode",
      (ins "const ::spikeformer::snn::EncoderInput &":$input,
           "::llvm::MutableArrayRef<double>":$emitted)>,
    InterfaceMethod<"Why referenceEncode fails for `value`.",
      "std::string", "explain", (ins "double":$value, "double":$dt)>
  ];
}

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNINTERFACES_TD
