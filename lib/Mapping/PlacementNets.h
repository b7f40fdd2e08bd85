//===- PlacementNets.h - what placement pulls together ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Messages with equal targets are one net, so that a population that sends to
// others costs as much as a slice does.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_PLACEMENTNETS_H
#define SPIKEFORMER_LIB_MAPPING_PLACEMENTNETS_H

#include "spikeformer/Mapping/Messages.h"

namespace spikeformer {

/// Lists of numbers, one after the other.
struct ListColumn {
  std::vector<uint32_t> offsets = {0};
  std::vector<uint32_t> values;

  size_t size() const { return offsets.size() - 1; }
  llvm::ArrayRef<uint32_t> operator[](size_t index) const {
    return llvm::ArrayRef(values).slice(offsets[index],
                                        offsets[index + 1] - offsets[index]);
  }
  void add(llvm::ArrayRef<uint32_t> list) {
    values.insert(values.end(), list.begin(), list.end());
    offsets.push_back(values.size());
  }
};

/// `lists` of numbers below `count` by number: of each the lists that have it.
ListColumn transpose(const ListColumn &lists, size_t count);

/// Slices that the packets of some messages reach.
struct PlacementNets {
  PlacementNets(const Messages &messages, size_t numSlices);

  /// Slices of each net: the targets and, if its messages have one source,
  /// that.
  ListColumn pins;
  /// Packets of each net.
  std::vector<double> weights;
  /// Further sources of a net, which are not among its pins for being sources.
  ListColumn feeders;
  /// Packets by feeder.
  std::vector<double> feederWeights;

  /// Nets of each slice; of each slice, the positions in `feeders.values`.
  ListColumn netsOfSlice, feedsOfSlice;
  /// The net of each position of `feeders.values`.
  std::vector<uint32_t> netOfFeeder;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_PLACEMENTNETS_H
