//===- SNNOps.h - operations of the snn dialect -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNOPS_H
#define SPIKEFORMER_DIALECT_SNN_IR_SNNOPS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "spikeformer/Dialect/SNN/IR/SNNAttributes.h"
#include "spikeformer/Dialect/SNN/IR/SNNTypes.h"

namespace spikeformer::snn {
class OutputOp;
class YieldOp;
} // namespace spikeformer::snn

#define GET_OP_CLASSES
#include "spikeformer/Dialect/SNN/IR/SNNOps.h.inc"

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNOPS_H
