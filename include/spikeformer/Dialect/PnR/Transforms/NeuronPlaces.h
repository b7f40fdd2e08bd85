//===- NeuronPlaces.h - the slice of every neuron ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Slices say which neurons they have; whoever writes programs or follows spikes
// asks the other way round.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_PNR_TRANSFORMS_NEURONPLACES_H
#define SPIKEFORMER_DIALECT_PNR_TRANSFORMS_NEURONPLACES_H

#include "spikeformer/Dialect/SNN/Analysis/SignalOrigins.h"
#include "spikeformer/Mapping/Messages.h"
#include "llvm/ADT/DenseMap.h"

namespace spikeformer::pnr {

/// Where a neuron is.
struct NeuronPlace {
  /// Index into a SliceList; noIndex: in no slice.
  uint32_t slice;
  /// Number among the neurons of its slice, in their row-major order: sender i
  /// of a message has the key that KeyProblem says.
  uint32_t sender;
};

/// The places of all neurons of a network.
class NeuronPlaces {
public:
  /// Fails with a diagnostic if a slice has neurons that its population does
  /// not have, or a signal has no origin.
  static FailureOr<NeuronPlaces> create(snn::NetworkOp network,
                                        const SliceList &slices);

  /// True if `origin` (SignalOrigins.h) has slices: an input that no projection
  /// takes has none.
  bool contains(Value origin) const { return places.count(origin); }
  /// By neuron of `origin`, row-major.
  ArrayRef<NeuronPlace> ofOrigin(Value origin) const {
    return places.find(origin)->second;
  }
  /// By element of `signal`, whose origins are those of the network.
  FailureOr<std::vector<NeuronPlace>> ofSignal(Value signal) const;

private:
  llvm::DenseMap<Value, std::vector<NeuronPlace>> places;
};

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_DIALECT_PNR_TRANSFORMS_NEURONPLACES_H
