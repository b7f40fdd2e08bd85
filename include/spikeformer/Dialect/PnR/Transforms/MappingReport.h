//===- MappingReport.h - what a mapping uses --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names of metrics are those of docs/Design/Mapping.md.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPINGREPORT_H
#define SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPINGREPORT_H

#include "spikeformer/Dialect/PnR/Transforms/MappingData.h"
#include "spikeformer/Support/Json.h"
#include "spikeformer/TargetModel/MachineGraph.h"

namespace spikeformer::pnr {

/// Fields of a report: machine, cores_used, chips_used, resources and metrics,
/// as far as `mapping` is placed, routed and compressed. Empty where it cannot
/// be read on `machine`.
JsonValue makeReport(MappingOp mapping, const MachineGraph &machine);

/// The same for the one mapping of `module` on the machine that it names; empty
/// without one.
JsonValue makeReport(ModuleOp module);

/// What is where, of a mapping that is placed and routed: `slices` (name, at,
/// core, packets out and in), `routers` (at, slices, packets, table entries,
/// used and capacity of each resource) and `links` (from, port, to, packets).
JsonValue makeUtilisation(const MachineGraph &machine, const MappingData &data);

/// The page of HeatMap.h for `mapping`, which is placed and routed.
std::string drawMapping(StringRef title, const MachineGraph &machine,
                        const MappingData &data);

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_DIALECT_PNR_TRANSFORMS_MAPPINGREPORT_H
