//===- PartitionProblem.h - a part for every grain --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The question and the check of anybody's answer; Partitioner.h answers. Grains
// are ranges of neurons that stay whole; a part becomes a slice (or, where
// slices are grouped for routers, the slices of a router).
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_PARTITIONPROBLEM_H
#define SPIKEFORMER_MAPPING_PARTITIONPROBLEM_H

#include "spikeformer/Mapping/Messages.h"
#include "spikeformer/TargetModel/MachineGraph.h"
#include <optional>

namespace spikeformer {

/// The part of each grain, from 0; noIndex where none is decided.
using Partition = std::vector<uint32_t>;

/// Which grains share a part. The parts outlive the problem.
struct PartitionProblem {
  /// Names and rows of `resources`. `clusters` is not looked at.
  const SliceList &grains;
  /// Between grains. A source may send several messages: neurons with different
  /// targets.
  const Messages &messages;
  /// Scope is not looked at.
  std::vector<Resource> resources;
  /// Row by row, an amount of each resource: one row for all parts, or a row
  /// for each.
  std::vector<int64_t> capacity;
  /// Number of parts; 0: the fewest that the capacities allow.
  uint32_t numParts = 0;
  /// For a given number of parts, how far above its mean a resource may be in a
  /// part, such as 0.03; one entry for each resource, below 0: does not matter.
  /// Empty: no balance. See getLimits.
  std::vector<double> imbalance;
  /// Keys of the messages that may have a target in one part, each message
  /// counted once, wherever its source is. Such as input axons of a core.
  std::optional<int64_t> maxFanIn;
  /// What is decided already; empty: nothing is.
  Partition pins;
  /// Grains of one number share a part; noIndex: alone. Empty: all alone.
  std::vector<uint32_t> together;

  /// What parts may use, in rows as `capacity`: the capacity and, with balance,
  /// at most max(ceil(mean), floor((1 + imbalance) mean), the largest amount of
  /// grains that are together). Needs a well-formed question.
  std::vector<int64_t> getLimits() const;
  /// A number from 0 for the grains that are together, in the order of their
  /// first grains. Needs a well-formed question.
  std::vector<uint32_t> getBundles() const;

  /// What is wrong with the question: columns that do not fit, amounts below 0
  /// or packets that are not finite, pins to parts that do not exist, that part
  /// what is together or together exceed a part, a grain (with those together)
  /// that fits no part, more of a resource than the parts have.
  Violations check() const;
  /// What is wrong with `partition`: a grain without a part or in one that does
  /// not exist, a part over the limit of a resource or of fan-in (who occupies
  /// it), grains parted, a pin not kept. Needs a well-formed question.
  Violations verify(const Partition &partition) const;
};

/// Parts of a partition without holes: 1 + the highest.
uint32_t countParts(const Partition &partition);

/// Sum over messages of packets x (parts of its targets and source, less 1):
/// the packets that parts exchange by multicast, "connectivity" or lambda - 1.
double getConnectivity(const Messages &messages, const Partition &partition);
/// Sum of the packets of messages in more than one part.
double getCut(const Messages &messages, const Partition &partition);
/// Keys of the messages with a target in each part.
std::vector<int64_t> getFanIn(const Messages &messages,
                              const Partition &partition);

/// What a partition makes of its grains.
struct PartSlices {
  SliceList slices;
  Messages messages;
};
/// Slice p is part p: the sum of its grains, the population of the first. What
/// one part sends to the same parts is one message, its packets and keys
/// summed. Names are those of the first grain, with "+N" for N more.
PartSlices makeSlices(const PartitionProblem &problem,
                      const Partition &partition);

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_PARTITIONPROBLEM_H
