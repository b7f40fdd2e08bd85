//===- PnROps.h - operations of the pnr dialect -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_PNR_IR_PNROPS_H
#define SPIKEFORMER_DIALECT_PNR_IR_PNROPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "spikeformer/Support/LLVM.h"
#include <limits>

#include "spikeformer/Dialect/PnR/IR/PnRDialect.h.inc"

#define GET_OP_CLASSES
#include "spikeformer/Dialect/PnR/IR/PnROps.h.inc"

#endif // SPIKEFORMER_DIALECT_PNR_IR_PNROPS_H
