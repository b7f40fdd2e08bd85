//===- SynapseNumbers.h - one weight per synapse ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SPIKEFORMER_LIB_DIALECT_SNN_IR_CONNECTIVITY_SYNAPSENUMBERS_H
#define SPIKEFORMER_LIB_DIALECT_SNN_IR_CONNECTIVITY_SYNAPSENUMBERS_H

#include "spikeformer/Dialect/SNN/IR/SNNModel.h"
#include <numeric>

namespace spikeformer::snn {

/// Numbers the synapses of a table whose rows and targets are filled.
inline void numberWeights(SynapseTable &table) {
  table.weights.resize(table.targets.size());
  std::iota(table.weights.begin(), table.weights.end(), uint64_t(0));
}

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_IR_CONNECTIVITY_SYNAPSENUMBERS_H
