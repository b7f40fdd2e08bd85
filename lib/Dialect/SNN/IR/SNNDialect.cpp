//===- SNNDialect.cpp - the snn dialect -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

using namespace spikeformer;
using namespace spikeformer::snn;

#include "spikeformer/Dialect/SNN/IR/SNNDialect.cpp.inc"
#include "spikeformer/Dialect/SNN/IR/SNNEncoderEnums.cpp.inc"
#include "spikeformer/Dialect/SNN/IR/SNNEnums.cpp.inc"
#include "spikeformer/Dialect/SNN/IR/SNNModelEnums.cpp.inc"

void SNNDialect::initialize() {
  registerTypes();
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "spikeformer/Dialect/SNN/IR/SNNOps.cpp.inc"
      >();
  addBytecodeInterface();
}
