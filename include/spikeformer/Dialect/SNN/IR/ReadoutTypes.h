//===- ReadoutTypes.h - types of readouts -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SPIKEFORMER_DIALECT_SNN_IR_READOUTTYPES_H
#define SPIKEFORMER_DIALECT_SNN_IR_READOUTTYPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "spikeformer/Dialect/SNN/IR/SNNTypes.h"

namespace spikeformer::snn {

/// Whether a readout reads spikes; the others read an analogue signal.
bool isSpikeReadout(Readout readout);

/// [sample, ...shape] of what `readout` gives of `signal`, with an open number
/// of samples.
RankedTensorType getReadoutType(Readout readout, SignalType signal);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_IR_READOUTTYPES_H
