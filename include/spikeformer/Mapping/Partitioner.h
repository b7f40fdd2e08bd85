//===- Partitioner.h - parts of few messages --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers PartitionProblem by multilevel hypergraph partitioning; how is in
// docs/Design/Mapping.md.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_PARTITIONER_H
#define SPIKEFORMER_MAPPING_PARTITIONER_H

#include "spikeformer/Mapping/PartitionProblem.h"
#include <limits>

namespace spikeformer {

/// How to search.
struct PartitionOptions {
  uint64_t seed = 0;
  /// Work beyond the first start, about 0.1 CPU seconds each. 0: one start,
  /// with less refinement.
  unsigned effort = 1;
  /// Wall seconds after which no further start or round begins; only then may
  /// two runs differ.
  double timeLimit = std::numeric_limits<double>::infinity();
  /// 0: one for each core. Changes no answer.
  unsigned threads = 1;
};

/// An answer.
struct PartitionResult {
  Partition partition;
  uint32_t numParts = 0;
  double connectivity = 0;
  /// Empty, or why there is no answer: check() of the question (no partition
  /// then), or verify() of the nearest that was found.
  Violations violations;
};

/// Minimises first the parts (where the problem asks for the fewest), then
/// connectivity. Proven minimal for up to 12 grains (those together are one).
/// For more, violations mean that none was found.
PartitionResult partitionGrains(const PartitionProblem &problem,
                                const PartitionOptions &options = {});

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_PARTITIONER_H
