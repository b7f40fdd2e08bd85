//===- Messages.h - what slices send to each other --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Slices and messages are what every later problem is about. They are columns:
// a machine may hold a million of them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_MESSAGES_H
#define SPIKEFORMER_MAPPING_MESSAGES_H

#include "spikeformer/TargetModel/Violation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace spikeformer {

/// What is to be placed, slice by slice.
struct SliceList {
  /// Unique, for pins, reports and messages.
  std::vector<std::string> names;
  /// Amount of each resource of the machine, row by row.
  std::vector<int64_t> usage;
  /// The population that a slice is of, counted from 0.
  std::vector<uint32_t> populations;
  std::vector<std::string> populationNames;
  /// Slices of one number share a router; empty: each one is alone.
  std::vector<uint32_t> clusters;
  /// The neurons of slice i are the numbers [boxOffsets[i], boxOffsets[i + 1])
  /// of `boxes`, first and end of a range in turn: a range for each dimension
  /// of the population, or one range of row-major indices. Empty: not neurons.
  std::vector<int64_t> boxes;
  std::vector<uint32_t> boxOffsets;

  size_t size() const { return names.size(); }
  llvm::ArrayRef<int64_t> usageOf(size_t slice) const {
    size_t width = usage.size() / names.size();
    return llvm::ArrayRef(usage).slice(slice * width, width);
  }
  /// First and end of each range of `slice`; empty if slices are not neurons.
  llvm::ArrayRef<int64_t> boxOf(size_t slice) const {
    if (boxOffsets.empty())
      return {};
    return llvm::ArrayRef(boxes).slice(
        boxOffsets[slice], boxOffsets[slice + 1] - boxOffsets[slice]);
  }
};

/// What slices send. Message m goes from slice sources[m] to all slices of
/// targetsOf(m), which may include the source.
struct Messages {
  /// Unique, for reports; empty: the name of the source.
  std::vector<std::string> names;
  std::vector<uint32_t> sources;
  /// Targets of message m are [offsets[m], offsets[m + 1]) of `targets`, in
  /// ascending order, each once.
  std::vector<uint32_t> offsets = {0};
  std::vector<uint32_t> targets;
  /// Packets per unit of time, at least 0.
  std::vector<double> packets;
  /// Routing keys that it needs: its different senders, at least 1.
  std::vector<uint32_t> numKeys;

  size_t size() const { return sources.size(); }
  llvm::ArrayRef<uint32_t> targetsOf(size_t message) const {
    return llvm::ArrayRef(targets).slice(
        offsets[message], offsets[message + 1] - offsets[message]);
  }
  /// Appends a message; `to` in ascending order, each once.
  void add(uint32_t source, llvm::ArrayRef<uint32_t> to, double packetsPerTime,
           uint32_t keys);
  /// What is wrong with the columns, for `numSlices` slices: lengths, indices
  /// out of range, order, amounts below 0.
  Violations check(size_t numSlices) const;
};

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_MESSAGES_H
