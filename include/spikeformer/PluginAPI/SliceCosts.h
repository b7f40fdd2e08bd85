//===- SliceCosts.h - what a slice costs ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place that says what a slice of a network takes on a target's
// machine: partition, its check, reports and emitters ask it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINAPI_SLICECOSTS_H
#define SPIKEFORMER_PLUGINAPI_SLICECOSTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace mlir {
class Operation;
} // namespace mlir

namespace spikeformer {

/// The synapses of one projection from one slice to another.
struct IncomingSynapses {
  /// Neurons of the source slice that the projection has.
  int64_t sourceNeurons;
  int64_t synapses;
  /// Synapses of the neuron with most of them.
  int64_t longestRow;
};

/// What a slice is made of.
struct SliceContents {
  /// What it is a slice of: a population, an encoder or a constant; null for an
  /// input of the network.
  mlir::Operation *origin;
  int64_t neurons;
  llvm::ArrayRef<IncomingSynapses> incoming;
};

/// What slices cost on the machines of a target.
class SliceCosts {
public:
  virtual ~SliceCosts() = default;

  /// The resources that usageOf fills in, which a machine must have in this
  /// order.
  virtual llvm::ArrayRef<llvm::StringRef> getResourceNames() const = 0;
  /// The most neurons of `origin` (as in SliceContents) that a core takes,
  /// whatever their synapses.
  virtual int64_t getMaxNeurons(mlir::Operation *origin) const = 0;
  /// Fills in the amount of each resource.
  virtual void usageOf(const SliceContents &slice,
                       llvm::MutableArrayRef<int64_t> usage) const = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_PLUGINAPI_SLICECOSTS_H
