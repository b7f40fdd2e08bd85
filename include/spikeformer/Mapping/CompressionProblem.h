//===- CompressionProblem.h - smaller tables, same routes -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The question and the check of anybody's answer; TableCompressor.h answers.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_COMPRESSIONPROBLEM_H
#define SPIKEFORMER_MAPPING_COMPRESSIONPROBLEM_H

#include "spikeformer/Mapping/RoutingTable.h"

namespace spikeformer {

/// Which tables send every packet as `tables` do. The parts outlive the
/// problem.
struct CompressionProblem {
  const MachineGraph &machine;
  /// As makeTables (TableBuilder.h) gives them: blocks of one table that
  /// intersect have equal routes.
  const RoutingTables &tables;
  /// A packet that came over a link and finds no entry leaves by the opposite
  /// port. Holds for meshes and hexagonal fabrics whose routers do so.
  bool defaultRoutes = true;

  /// What is wrong with the question: blocks that intersect and differ, bits of
  /// a key outside its mask, a route to a port or core that is not there.
  Violations check() const;
  /// What is wrong with `compressed`: any key of `tables` that takes another
  /// route (by symbolic comparison of ternary cubes, no sampling), a table that
  /// is larger than its router. Keys that no entry of `tables` has are free.
  Violations verify(const RoutingTables &compressed) const;
};

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_COMPRESSIONPROBLEM_H
