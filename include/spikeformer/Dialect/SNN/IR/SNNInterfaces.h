//===- SNNInterfaces.h - open models, connectivity, encoders ----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_IR_SNNINTERFACES_H
#define SPIKEFORMER_DIALECT_SNN_IR_SNNINTERFACES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "spikeformer/Dialect/SNN/IR/SNNModel.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer::snn {
class NeuronModelAttrInterface;
class ConnectivityAttrInterface;
class EncoderAttrInterface;
} // namespace spikeformer::snn

// One TypeID each, owned by libSpikeFormer: a plugin that instantiates the
// interface must not define its own.
MLIR_DECLARE_EXPLICIT_TYPE_ID(::spikeformer::snn::NeuronModelAttrInterface)
MLIR_DECLARE_EXPLICIT_TYPE_ID(::spikeformer::snn::ConnectivityAttrInterface)
MLIR_DECLARE_EXPLICIT_TYPE_ID(::spikeformer::snn::EncoderAttrInterface)

#include "spikeformer/Dialect/SNN/IR/SNNInterfaces.h.inc"

#endif // SPIKEFORMER_DIALECT_SNN_IR_SNNINTERFACES_H
