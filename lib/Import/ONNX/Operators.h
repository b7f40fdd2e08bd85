//===- Operators.h - the operators that can be imported ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table from operator names to the functions that import them. Rules that
// a table can state are checked once, before the function is called.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_OPERATORS_H
#define LIB_IMPORT_ONNX_OPERATORS_H

#include "Node.h"

namespace spikeformer::onnximport {

/// Set of input numbers, one bit each.
using InputSet = uint32_t;
constexpr InputSet noInputs = 0;
constexpr InputSet allInputs = ~InputSet(0);
constexpr InputSet input(unsigned index) { return InputSet(1) << index; }

/// `maxInputs` of an operator that takes a list.
constexpr unsigned anyNumber = ~0u;

struct Operator {
  void (*import)(Node &);
  unsigned minInputs;
  unsigned maxInputs;
  /// Inputs that must be float32.
  InputSet floats;
  /// Inputs that must be known at import: weights.
  InputSet constants;
  /// Names of all attributes that the import knows.
  SmallVector<StringRef> attributes;
  /// Outputs that can be read.
  unsigned maxOutputs = 1;
};

using OperatorTable = llvm::StringMap<Operator>;

// One family each; `addOperators` calls them all.
void addActivationOperators(OperatorTable &table);
void addArithmeticOperators(OperatorTable &table);
void addConstantOperators(OperatorTable &table);
void addConversionOperators(OperatorTable &table);
void addConvolutionOperators(OperatorTable &table);
void addMatrixOperators(OperatorTable &table);
void addNormalizationOperators(OperatorTable &table);
void addPoolingOperators(OperatorTable &table);
void addQuantizationOperators(OperatorTable &table);
void addReductionOperators(OperatorTable &table);
void addSelectionOperators(OperatorTable &table);
void addShapeOperators(OperatorTable &table);
void addSoftmaxOperators(OperatorTable &table);

/// The table of all operators.
const OperatorTable &getOperators();

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_OPERATORS_H
