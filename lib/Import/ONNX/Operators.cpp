//===- Operators.cpp - the operators that can be imported -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Collects the families.
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

static OperatorTable makeTable() {
  OperatorTable table;
  addActivationOperators(table);
  addArithmeticOperators(table);
  addConstantOperators(table);
  addConversionOperators(table);
  addConvolutionOperators(table);
  addMatrixOperators(table);
  addNormalizationOperators(table);
  addPoolingOperators(table);
  addQuantizationOperators(table);
  addReductionOperators(table);
  addSelectionOperators(table);
  addShapeOperators(table);
  addSoftmaxOperators(table);
  return table;
}

const OperatorTable &onnximport::getOperators() {
  static const OperatorTable table = makeTable();
  return table;
}
