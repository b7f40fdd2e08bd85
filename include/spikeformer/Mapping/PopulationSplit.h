//===- PopulationSplit.h - boxes of populations -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts populations with a shape into boxes that fit, along any dimension, and
// says what the boxes send each other. What a box costs and which sources it
// needs are asked of the caller, so that nothing here knows of operators.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_POPULATIONSPLIT_H
#define SPIKEFORMER_MAPPING_POPULATIONSPLIT_H

#include "spikeformer/Mapping/Messages.h"
#include "spikeformer/TargetModel/MachineGraph.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace spikeformer {

/// Indices [low, high) in each dimension of a shape.
struct Box {
  llvm::SmallVector<int64_t, 4> low, high;

  /// Number of indices; 1 for rank 0, 0 for an empty box.
  int64_t getSize() const;
  bool operator==(const Box &other) const {
    return low == other.low && high == other.high;
  }
};

/// What two boxes of one shape share.
Box intersect(const Box &a, const Box &b);

/// A population: a shape of any rank and what its neurons send.
struct ShapedPopulation {
  std::string name;
  llvm::SmallVector<int64_t, 4> shape;
  /// Packets of a neuron per unit of time, on average.
  double rate = 1;
};

/// Synapses from one population to another, which may be the same.
struct PopulationProjection {
  uint32_t source, target;
};

/// What is to be split. The parts outlive it.
struct PopulationSplit {
  std::vector<ShapedPopulation> populations;
  std::vector<PopulationProjection> projections;
  std::vector<Resource> resources;
  /// What a box may use of each resource. For grains take a fraction of what a
  /// core has.
  std::vector<int64_t> capacity;
  /// THE function that says what a slice costs: writes an amount for each
  /// resource. A box within another costs no more.
  llvm::function_ref<void(uint32_t population, const Box &box,
                          llvm::MutableArrayRef<int64_t> usage)>
      usageOf;
  /// Appends boxes, disjoint and not empty, of source indices that have a
  /// synapse of `projection` into the target box `box`.
  llvm::function_ref<void(uint32_t projection, const Box &box,
                          llvm::SmallVectorImpl<Box> &sources)>
      receptiveField;
  /// Packets that a box takes from elsewhere; without it they are counted by
  /// neurons of the receptive field.
  llvm::function_ref<double(uint32_t population, const Box &box)> packetsInto =
      nullptr;
  /// The dimension that is cut until its extents are 1, before any other;
  /// without it, the one whose cut costs least.
  std::optional<uint32_t> dimension = std::nullopt;
};

/// Boxes of all populations, population by population.
struct BoxList {
  std::vector<uint32_t> populations;
  std::vector<Box> boxes;
  /// What does not fit: a box of one neuron above the capacity. It is in the
  /// list all the same.
  Violations violations;
};

/// Cuts every population into boxes that fit. A box that does not is cut in
/// proportion to the number of boxes that its halves need, along the dimension
/// whose halves need the fewest boxes, and of those the fewest packets: a
/// packet counts for each half that needs it, and not where it comes from that
/// half.
BoxList splitPopulations(const PopulationSplit &split);

/// How many messages a box sends.
enum class MessageGrouping {
  /// One, to all boxes that need any of its neurons.
  perBox,
  /// One for each set of boxes that some of its neurons go to: no packet goes
  /// where it is not needed.
  perTargets
};

/// The boxes as slices "name[0:16, 3:7]" and what they send.
struct BoxSlices {
  SliceList slices;
  Messages messages;
};
BoxSlices makeSlices(const PopulationSplit &split, const BoxList &boxes,
                     MessageGrouping grouping);

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_POPULATIONSPLIT_H
