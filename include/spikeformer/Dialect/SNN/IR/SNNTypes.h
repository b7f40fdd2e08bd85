//===- SNNTypes.h - signals and currents ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNTYPES_H
#define SPIKEFORMER_DIALECT_SNN_IR_SNNTYPES_H

#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/Support/Tensor.h"

#define GET_TYPEDEF_CLASSES
#include "spikeformer/Dialect/SNN/IR/SNNTypes.h.inc"

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNTYPES_H
