//===- SliceSynapses.h - synapses between slices ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which slices of a network send to which, and how many synapses that takes.
// Dense graphs, convolutions and large random graphs are counted by their rule,
// others synapse by synapse.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_ANALYSIS_SLICESYNAPSES_H
#define SPIKEFORMER_DIALECT_SNN_ANALYSIS_SLICESYNAPSES_H

#include "spikeformer/Dialect/SNN/Analysis/NeuronRanges.h"
#include "spikeformer/Dialect/SNN/Analysis/SignalOrigins.h"
#include "llvm/ADT/MapVector.h"
#include <memory>
#include <vector>

namespace spikeformer::snn {

/// Slices of the origins of a network, numbered in order of origins.
struct NetworkCuts {
  struct Cut {
    /// Number of its first slice.
    uint32_t firstSlice = 0;
    std::vector<NeuronRanges> slices;
    /// By neuron: the slice that has it, counted from 0.
    std::vector<uint32_t> sliceOf;
    /// By slice.
    std::vector<int64_t> numNeurons;
  };
  llvm::MapVector<Value, Cut> origins;

  uint32_t getNumSlices() const;
  const Cut &get(Value origin) const { return origins.find(origin)->second; }
  /// Cuts `origin` into `slices`, which hold each of its neurons once, and
  /// numbers all slices anew.
  void set(Value origin, std::vector<NeuronRanges> slices);
};

/// The shape of the neurons of an origin.
ArrayRef<int64_t> getOriginShape(Value origin);

/// Synapses of one projection from one slice to another.
struct SliceLink {
  uint32_t source, target;
  /// Elements of the projection's source that are neurons of the source slice.
  int64_t sourceNeurons;
  int64_t synapses;
  /// Synapses of the element that has most of them. Of a random graph that is
  /// counted by its rule: the mean and five standard deviations.
  int64_t longestRow;
};

/// A random graph with more synapses than the first number in all and at least
/// the second for each pair of slices is counted by its rule, in which every
/// source slice has a synapse with every target slice: that is wrong for one
/// pair in e^64.
inline constexpr int64_t maxCountedSynapses = int64_t(1) << 20;
inline constexpr int64_t minSynapsesOfPair = 64;

/// How large random graphs are counted.
enum class Counting {
  /// By their rule only where that is as good as certain.
  exact,
  /// By their rule: for the search of a cut, which is counted exactly later.
  estimated
};

/// Synapses by target: the sources of target t are [begins[t], begins[t + 1])
/// of `sources`, an entry for each synapse.
struct IncomingTable {
  std::vector<uint64_t> begins;
  std::vector<uint32_t> sources;
};

/// Tables of projections, kept while many cuts are tried.
using IncomingTables =
    llvm::DenseMap<Operation *, std::shared_ptr<const IncomingTable>>;

/// Counts the synapses of one projection from slices to any neurons.
class SynapseCounter {
public:
  virtual ~SynapseCounter() = default;
  /// Appends the links that come from each slice to `ranges` of the target, in
  /// the order of slices. Their target is `number`.
  virtual void countInto(ArrayRef<int64_t> ranges, uint32_t number,
                         std::vector<SliceLink> &links) = 0;

  /// The counter of `project`, whose target has `numSlices` slices in the end,
  /// for sources as they are cut now. Takes a table of `tables`, and adds the
  /// one that it makes if the count is estimated. Fails with diagnostics where
  /// data are wrong or a signal has no origin.
  static FailureOr<std::unique_ptr<SynapseCounter>>
  create(ProjectOp project, const NetworkCuts &cuts, uint32_t numSlices,
         Counting counting, IncomingTables &tables);
};

/// The links of all projections to populations of `network`, by projection,
/// target and source. Takes tables of `tables`. Fails as
/// SynapseCounter::create.
FailureOr<std::vector<SliceLink>>
linkSlices(NetworkOp network, const NetworkCuts &cuts, IncomingTables &tables);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_ANALYSIS_SLICESYNAPSES_H
