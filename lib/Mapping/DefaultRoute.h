//===- DefaultRoute.h - entries that need not be there ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one rule about packets that find no entry, for checks and compressors.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_DEFAULTROUTE_H
#define SPIKEFORMER_LIB_MAPPING_DEFAULTROUTE_H

#include "spikeformer/Mapping/RoutingTable.h"

namespace spikeformer {

/// True if packets of `entry`, whose route is `route`, go the same way without
/// it: all come in by one port and leave by the opposite one, to no core.
inline bool takesDefault(const MachineGraph &machine, const TableEntry &entry,
                         const Route &route) {
  if (entry.incoming == noIndex || route.hasCores())
    return false;
  uint32_t opposite = machine.getOppositePort(entry.incoming);
  return opposite != noIndex && route.ports == uint32_t(1) << opposite;
}

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_DEFAULTROUTE_H
