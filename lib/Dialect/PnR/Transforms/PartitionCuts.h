//===- PartitionCuts.h - which neurons share a slice ------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts the origins of a network for one machine: ranges or boxes that fit, by
// what slices send each other as the rest of the network is cut.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_PARTITIONCUTS_H
#define SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_PARTITIONCUTS_H

#include "SpikeRates.h"
#include "spikeformer/Dialect/SNN/Analysis/SliceSynapses.h"
#include "spikeformer/PluginAPI/SliceCosts.h"
#include "spikeformer/TargetModel/MachineGraph.h"

namespace spikeformer::pnr {

/// How an origin is cut: into ranges of row-major indices, or into boxes,
/// which are cut along `dimension` first if there is one.
struct CutWay {
  bool flat = true;
  std::optional<uint32_t> dimension;
};

/// Cuts the origins of one network.
class NetworkCutter {
public:
  /// The arguments outlive it.
  NetworkCutter(snn::NetworkOp network, ArrayRef<Value> origins,
                const MachineGraph &machine, const SliceCosts &costs,
                const SpikeRates &rates, int64_t maxNeurons);

  /// Finds slices that fit; fails with a diagnostic at an origin one neuron of
  /// which is too large.
  LogicalResult run();

  /// The answer: slices, the synapses between them, and what they use, row by
  /// row.
  const snn::NetworkCuts &getCuts() const { return cuts; }
  ArrayRef<snn::SliceLink> getLinks() const { return links; }
  std::vector<int64_t> takeUsage() { return std::move(usage); }

private:
  using Slices = std::vector<snn::NeuronRanges>;

  void makeRoom();
  void listNeighbours();
  bool isShaped(Value origin) const;
  LogicalResult cut(Value origin, CutWay way);
  double countPackets(ArrayRef<snn::ProjectOp> projects);
  LogicalResult improve(Value origin);
  FailureOr<bool> fits(Value origin, const Slices &slices);
  LogicalResult cutIntoSets(Value origin);
  LogicalResult regroup(Value origin);
  LogicalResult cutAll(CutWay way);
  LogicalResult search();
  LogicalResult measure();
  FailureOr<bool> shrink();
  LogicalResult failOrigin(Value origin, size_t resource, int64_t need);

  snn::NetworkOp network;
  ArrayRef<Value> origins;
  const MachineGraph &machine;
  const SliceCosts &costs;
  const SpikeRates &rates;
  /// Most of each resource that any place of the machine has.
  std::vector<int64_t> room;
  /// Most neurons of a slice, and how it is cut, by origin.
  llvm::DenseMap<Value, int64_t> most;
  llvm::DenseMap<Value, CutWay> ways;
  /// What the search may use.
  size_t maxSlices = 0;
  /// By origin: the projections that come from it or go to it.
  llvm::DenseMap<Value, SmallVector<snn::ProjectOp>> neighbours;
  snn::IncomingTables tables;
  snn::NetworkCuts cuts;
  std::vector<snn::SliceLink> links;
  std::vector<int64_t> usage;
};

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_LIB_DIALECT_PNR_TRANSFORMS_PARTITIONCUTS_H
