//===- CompressionMethods.h - algorithms for one table ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each takes a well-formed table and returns one that sends its keys alike. One
// algorithm, one file.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_COMPRESSIONMETHODS_H
#define SPIKEFORMER_LIB_MAPPING_COMPRESSIONMETHODS_H

#include "spikeformer/Mapping/RoutingTable.h"

namespace spikeformer {

/// The table of one router before compression.
struct CareTable {
  std::vector<TableEntry> entries;
  /// By entry: its packets go the same way without it.
  std::vector<bool> isDefault;
};

/// Entries of one route that follow each other by key become blocks as large as
/// the keys before and after allow. Needs aligned blocks; leaves the rest.
std::vector<TableEntry> mergeRanges(const CareTable &table);

/// Only blocks in which at least half of the keys are in the table, so that
/// what the keys between could do is not lost.
CareTable mergeHalves(const CareTable &table);

/// Merges pairs of one route, routes with few entries first, if the keys of
/// both together intersect no route that comes later.
std::vector<TableEntry> mergePairs(const CareTable &table);

/// Ordered covering (Mundy et al. 2016).
std::vector<TableEntry> coverInOrder(const CareTable &table);

/// Covers route by route, see RouteCover.cpp. With each step of `effort` it
/// looks twice as often which route is best taken next.
std::vector<TableEntry> coverRoutes(const CareTable &table, uint32_t effort);

/// Removes entries whose packets find their way without them: those with
/// isDefault that no later entry intersects.
void dropDefaults(std::vector<TableEntry> &entries,
                  std::vector<bool> isDefault);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_COMPRESSIONMETHODS_H
