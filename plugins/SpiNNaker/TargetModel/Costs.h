//===- Costs.h - what a slice costs -----------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The memory of populations and of their synaptic rows as sPyNNaker 7.4 lays
// them out. It is the only place that says what a slice takes.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_SPINNAKER_TARGETMODEL_COSTS_H
#define SPIKEFORMER_PLUGINS_SPINNAKER_TARGETMODEL_COSTS_H

#include "spikeformer/PluginAPI/SliceCosts.h"

namespace spikeformer::spinnaker {

/// Neurons of a core (POP_TABLE_MAX_ROW_LENGTH, 8 bits of a synapse's index)
/// and sources of a core that sends a given or a Poisson train (sPyNNaker 7.4).
inline constexpr int64_t neuronsPerCore = 256, sourcesPerCore = 500;
/// Words of a synaptic row before its synapses.
inline constexpr int64_t rowHeaderWords = 3;
/// Bytes of a word, and what the start of a block of rows is aligned to.
inline constexpr int64_t wordBytes = 4, blockBytes = 16;

/// The costs of slices in the resources of makeMachineGraph (Board.h).
const SliceCosts &getSliceCosts();

} // namespace spikeformer::spinnaker

#endif // SPIKEFORMER_PLUGINS_SPINNAKER_TARGETMODEL_COSTS_H
