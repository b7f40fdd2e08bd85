//===- HeatMap.h - a picture of a mapped machine ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One page that needs nothing else: routers and links coloured by what passes
// them, numbers where the pointer rests.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_HEATMAP_H
#define SPIKEFORMER_MAPPING_HEATMAP_H

#include "spikeformer/Mapping/MappingMetrics.h"
#include "spikeformer/Mapping/RoutingTable.h"

namespace spikeformer {

/// What is drawn. The parts outlive the call.
struct HeatMapInput {
  const MachineGraph &machine;
  const SliceList &slices;
  const Placement &placement;
  const MappingMetrics &metrics;
  /// Entries of routers; without any, none are written.
  const RoutingTables &tables;
  std::string title;
};

/// An HTML page with one SVG. Coordinates grow to the right and up; hexagonal
/// fabrics are skewed, so that their six links have equal length.
std::string drawHeatMap(const HeatMapInput &input);

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_HEATMAP_H
