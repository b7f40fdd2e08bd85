//===- PartitionSearch.h - starts and what comes of them --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_PARTITIONSEARCH_H
#define SPIKEFORMER_MAPPING_PARTITIONSEARCH_H

#include "Multilevel.h"
#include "spikeformer/Mapping/Partitioner.h"

namespace spikeformer::partition {

/// The best partition into limits.numParts parts that options.effort finds:
/// some starts, then generations of cycles and of recombined pairs (Andre,
/// Schlag, Schulz 2018). `given` (may be empty) is one to begin with. Legal if
/// `given` is or if any was found.
Candidate searchPartition(const Hypergraph &graph, const PartLimits &limits,
                          const std::vector<uint32_t> &given,
                          const PartitionOptions &options);

} // namespace spikeformer::partition

#endif // SPIKEFORMER_MAPPING_PARTITIONSEARCH_H
