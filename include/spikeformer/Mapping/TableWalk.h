//===- TableWalk.h - where packets go ---------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Follows keys through routing tables as routers do, trusting nothing else: not
// trees, not placements. What executes a mapping asks it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_TABLEWALK_H
#define SPIKEFORMER_MAPPING_TABLEWALK_H

#include "spikeformer/Mapping/RoutingTable.h"

namespace spikeformer {

/// One copy of every packet of a block arrives at a core.
struct Arrival {
  KeyBlock block;
  CoreIndex core;
};

/// Where the packets of `block`, sent by a core of `source`, arrive: by the
/// first entry that matches; without one straight on if they came over a link
/// and `defaultRoutes`, else nowhere. What leaves by a dead link or for a core
/// that is not there is lost, and so is what comes to a router for the second
/// time.
std::vector<Arrival> walkTables(const MachineGraph &machine,
                                const RoutingTables &tables, RouterIndex source,
                                KeyBlock block, bool defaultRoutes = true);

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_TABLEWALK_H
