//===- ChannelDependencies.h - links that wait for each other ---*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a full link makes packets wait instead of dropping them, trees decide
// whether a machine can stand still for ever: a packet that came by a link
// holds it until each link that its tree takes next has room. If links wait for
// each other in a circle, they may do so for ever; if none do, no packet ever
// does (Dally and Seitz 1987; of multicast trees Lin, McKinley and Ni 1994).
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_CHANNELDEPENDENCIES_H
#define SPIKEFORMER_MAPPING_CHANNELDEPENDENCIES_H

#include "spikeformer/Mapping/RoutingProblem.h"
#include <optional>

namespace spikeformer {

/// Links that may wait for each other: a packet of tree trees[i] on links[i]
/// needs links[i + 1], and the last one needs the first.
struct ChannelCycle {
  std::vector<LinkIndex> links;
  std::vector<uint32_t> trees;
};

/// The first such circle in the order of links; none if there is none. Packets
/// are single words, which a link holds whole, so a packet that forks does not
/// hold one of its next links while it waits for another. What `trees` have
/// that the machine does not is passed over.
std::optional<ChannelCycle> findChannelCycle(const MachineGraph &machine,
                                             const RoutingTrees &trees);

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_CHANNELDEPENDENCIES_H
