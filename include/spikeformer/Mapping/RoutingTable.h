//===- RoutingTable.h - entries of routers ----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keys and masks as ternary content-addressable memories have them: a packet
// with key k takes the first entry with k & mask == key.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_ROUTINGTABLE_H
#define SPIKEFORMER_MAPPING_ROUTINGTABLE_H

#include "spikeformer/Mapping/RoutingProblem.h"

namespace spikeformer {

/// All keys k with k & mask == key; key & ~mask is 0.
struct KeyBlock {
  uint32_t key, mask;

  bool contains(uint32_t k) const { return (k & mask) == key; }
  bool intersects(KeyBlock other) const {
    return ((key ^ other.key) & mask & other.mask) == 0;
  }
  /// Number of keys: 2^32 for mask 0.
  uint64_t size() const {
    return uint64_t(1) << (32 - __builtin_popcount(mask));
  }
  bool operator==(KeyBlock other) const {
    return key == other.key && mask == other.mask;
  }
};

/// One entry of a table.
struct TableEntry {
  KeyBlock block;
  /// Index into RoutingTables::routes.
  uint32_t route;
  /// The one port that packets of these keys come in by; noIndex if they come
  /// from a core, or by several.
  uint32_t incoming;
};

/// Tables of all routers, by router; order of entries is priority.
struct RoutingTables {
  /// Different routes, in the order of first use.
  std::vector<Route> routes;
  std::vector<std::vector<TableEntry>> entries;

  size_t getNumEntries() const {
    size_t count = 0;
    for (const std::vector<TableEntry> &table : entries)
      count += table.size();
    return count;
  }
};

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_ROUTINGTABLE_H
