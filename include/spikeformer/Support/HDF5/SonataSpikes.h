//===- SonataSpikes.h - spikes in SONATA files ------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lists of (neuron, time), as SONATA 0.1 stores them: one group of /spikes per
// population, or without populations directly in /spikes, as older files have
// them. How times become steps is said in docs/Data.md.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_HDF5_SONATASPIKES_H
#define SPIKEFORMER_SUPPORT_HDF5_SONATASPIKES_H

#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace spikeformer::hdf5 {

/// The spikes of one population, in any order.
struct SpikeTrains {
  /// Empty in a file without populations.
  std::string population;
  std::vector<uint64_t> neurons;
  /// As many as `neurons`.
  std::vector<double> seconds;
};

/// Where spikes go.
struct SpikeGrid {
  int64_t neurons = 0, steps = 0;
  /// Length of a step in seconds.
  double dt = 1;
};

/// Reads the spikes of `population`, of the only one if it is empty; of a file
/// that has several and not this one, those of `fallback`. Errors: InputErrors,
/// all that is wrong: no such population, missing arrays, arrays of another
/// kind or length, times that are not finite or below 0, unknown units.
llvm::Expected<SpikeTrains>
readSonataSpikes(StringRef path, StringRef population, StringRef fallback);

/// Spikes that have no place in a grid.
struct LostSpikes {
  /// Behind the last step, and of neurons that the grid has not.
  int64_t late = 0, foreign = 0;
};

/// The spikes as [1, step, neuron] of booleans. A spike at time s is in the
/// step t whose spikes are nearest: (t + 1) dt, ties to the later one, and at
/// least step 0. Those that have no place are counted in `lost`. Errors: two
/// spikes of a neuron in one step.
llvm::Expected<Tensor> binSpikes(const SpikeTrains &trains,
                                 const SpikeGrid &grid, LostSpikes &lost);

/// Writes `populations` sorted by time, then neuron: times in ms, attribute
/// `sorting` = by_time. Equal spikes make equal bytes; whole or not at all.
llvm::Error writeSonataSpikes(StringRef path,
                              ArrayRef<SpikeTrains> populations);

} // namespace spikeformer::hdf5

#endif // SPIKEFORMER_SUPPORT_HDF5_SONATASPIKES_H
