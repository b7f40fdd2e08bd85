//===- RandomNetwork.h - random networks ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Valid networks from a seed, for comparing engines: every construct of the
// dialect that core defines occurs. At least half of the networks have numbers
// with full mantissas, so that a wrong order of additions or a missing rounding
// shows.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_REFERENCE_RANDOMNETWORK_H
#define SPIKEFORMER_REFERENCE_RANDOMNETWORK_H

#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Support/Executor.h"
#include <optional>

namespace spikeformer {

/// What a random network has more of.
enum class RandomKind {
  /// One of the others, by the seed.
  any,
  /// Layers without cycles.
  feedforward,
  /// Convolutions and pools over images.
  convolutional,
  /// Cycles, random graphs and delays per synapse.
  recurrent,
  /// Models of the module.
  custom,
  /// Receptors with 1000 contributions and more.
  wide,
  /// What NIR can say; never chosen by `any`.
  nir
};

/// The kind named `name`; none if there is no such kind.
std::optional<RandomKind> parseRandomKind(StringRef name);

/// How large a random network is; what is left open is drawn.
struct RandomNetworkOptions {
  RandomNetworkOptions(RandomKind kind = RandomKind::any) : kind(kind) {}

  RandomKind kind;
  std::optional<int64_t> populations;
  /// Timesteps of the simulation.
  std::optional<int64_t> steps;
  /// Most elements of an input, of a constant and of a population.
  std::optional<int64_t> neurons;
};

/// A module with one network `@net` and a function `@main` that simulates it.
/// The same bytes for the same arguments on every machine.
OwningOpRef<ModuleOp>
createRandomNetwork(MLIRContext *context, uint64_t seed,
                    const RandomNetworkOptions &options = {});

/// Inputs for `samples` samples of `simulate`: one tensor per operand, in its
/// alphabet and within what the encoders that take it can encode.
std::vector<Tensor> makeRandomInputs(snn::SimulateOp simulate, uint64_t seed,
                                     int64_t samples);

/// A run as `simulate` asks for it on random inputs, with probes for the spikes
/// and all states of every population. An open number of steps becomes 8.
RunRequest makeRandomRequest(snn::SimulateOp simulate, uint64_t seed,
                             int64_t samples);

} // namespace spikeformer

#endif // SPIKEFORMER_REFERENCE_RANDOMNETWORK_H
