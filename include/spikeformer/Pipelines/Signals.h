//===- Signals.h - what can be recorded -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything in a network that has a name and emits, as probes, comparisons
// and manifests list it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_SIGNALS_H
#define SPIKEFORMER_PIPELINES_SIGNALS_H

#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer {

/// A population or an encoder.
struct NamedSignal {
  std::string name;
  SmallVector<int64_t> shape;
  /// False if it gives analogue values, which are no events.
  bool hasSpikes = true;
  /// Step in which it begins.
  int64_t onset = 0;
  snn::Origin origin;

  int64_t getNumNeurons() const;
};

/// Those of `network` in its order, traced through `relations`.
std::vector<NamedSignal> listSignals(snn::NetworkOp network,
                                     const snn::RelationChain &relations);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_SIGNALS_H
