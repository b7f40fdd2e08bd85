//===- SNNDialect.h - the snn dialect ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNDIALECT_H
#define SPIKEFORMER_DIALECT_SNN_IR_SNNDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "spikeformer/Support/LLVM.h"

#include "spikeformer/Dialect/SNN/IR/SNNDialect.h.inc"
#include "spikeformer/Dialect/SNN/IR/SNNEnums.h.inc"

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNDIALECT_H
