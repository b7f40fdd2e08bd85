//===- SliceSynapses.h - synapses between slices ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which slices of a network send to which, and how many synapses that takes.
// Dense graphs and large random ones are counted by their rule, others synapse
// by synapse.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_ANALYSIS_SLICESYNAPSES_H
#define SPIKEFORMER_DIALECT_SNN_ANALYSIS_SLICESYNAPSES_H

#include "spikeformer/Dialect/SNN/Analysis/SignalOrigins.h"
#include "llvm/ADT/MapVector.h"
#include <vector>

namespace spikeformer::snn {

/// Slices of the origins of a network, numbered in order of origins, then
/// neurons: slice i of an origin has its neurons [cuts[i], cuts[i + 1]).
struct NetworkCuts {
  struct Cut {
    /// Number of its first slice, and where slices begin, with the end.
    uint32_t firstSlice;
    std::vector<int64_t> bounds;

    uint32_t getNumSlices() const { return bounds.size() - 1; }
    /// The slice, counted from 0, that has `neuron`.
    uint32_t find(int64_t neuron) const;
  };
  llvm::MapVector<Value, Cut> origins;

  uint32_t getNumSlices() const;
  /// Adds slices of at most `most` neurons, whose sizes differ by at most 1.
  void add(Value origin, int64_t neurons, int64_t most);
};

/// Synapses of one projection from one slice to another.
struct SliceLink {
  uint32_t source, target;
  /// Neurons of the source that the projection has.
  int64_t sourceNeurons;
  int64_t synapses;
  /// Synapses of the neuron that has most of them. Of a random graph that is
  /// counted by its rule: the mean and five standard deviations.
  int64_t longestRow;
};

/// A random graph with more synapses than the first number in all and at least
/// the second for each pair of slices is counted by its rule, in which every
/// source slice has a synapse with every target slice: that is wrong for one
/// pair in e^64.
inline constexpr int64_t maxCountedSynapses = int64_t(1) << 20;
inline constexpr int64_t minSynapsesOfPair = 64;

/// The links of all projections to populations of `network`, by projection,
/// source and target. Fails with diagnostics where data are wrong or a signal
/// has no origin.
FailureOr<std::vector<SliceLink>> linkSlices(NetworkOp network,
                                             const NetworkCuts &cuts);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_DIALECT_SNN_ANALYSIS_SLICESYNAPSES_H
