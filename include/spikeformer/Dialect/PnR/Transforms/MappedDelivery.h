//===- MappedDelivery.h - what a mapping delivers ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Executing a mapping is executing its network, with every spike delivered as
// its key, walked through the tables, says.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPEDDELIVERY_H
#define SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPEDDELIVERY_H

#include "spikeformer/Dialect/PnR/IR/PnROps.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/TargetModel/MachineGraph.h"
#include <functional>

namespace spikeformer::pnr {

/// The mapping of `network` in its module that has tables; null if there is
/// none.
MappingOp findMapping(snn::NetworkOp network);

/// How many copies of a spike of an element of a projection's source reach a
/// neuron of its target, by keys, placement and tables of `mapping` alone.
/// Fails with a diagnostic if the mapping cannot be read on `machine`, or is
/// not one of all of the network.
FailureOr<std::function<uint32_t(snn::ProjectOp, int64_t, int64_t)>>
makeMappedDelivery(MappingOp mapping, snn::NetworkOp network,
                   const MachineGraph &machine);

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPEDDELIVERY_H
