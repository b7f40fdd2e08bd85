//===- SNNModels.h - neuron models ------------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNMODELS_H
#define SPIKEFORMER_DIALECT_SNN_IR_SNNMODELS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "spikeformer/Dialect/SNN/IR/ModelLayout.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/Dialect/SNN/IR/SNNInterfaces.h"

#include "spikeformer/Dialect/SNN/IR/SNNModelEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "spikeformer/Dialect/SNN/IR/SNNModels.h.inc"

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNMODELS_H
