//===- ConversionScheme.h - what a conversion makes of a network *- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Besides thresholds, a conversion chooses what neurons are, how values come
// in, where potentials start and what is read: what a target can send and hold
// decides among these.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_CONVERSIONSCHEME_H
#define SPIKEFORMER_PIPELINES_CONVERSIONSCHEME_H

#include "spikeformer/Conversion/TosaToSNN/ConvertToSNN.h"
#include "spikeformer/Support/Json.h"
#include <array>

namespace spikeformer {

/// How inputs enter the network; see the pass `snn-code-inputs`.
enum class InputCoding { Current, Rate, Poisson, Latency, Phase };

/// Where the potentials of integrate-and-fire neurons start: at half their
/// threshold; at 0, with that half spread over the steps (the pass
/// `snn-spread-initial-potential`); at 0.
enum class InitialPotential { Half, Spread, Zero };

/// What is read of the last weights; see the pass `snn-read-outputs`.
enum class OutputReadout { CurrentSum, MembraneLast, Count };

/// What becomes of average pools: sums of spikes, or a part of the weights
/// behind them (the pass `snn-fold-pools`).
enum class AveragePool { Sums, Weights };

/// What there is to choose.
enum class SchemePart {
  neuron,
  maxPool,
  inputCoding,
  initialPotential,
  readout,
  averagePool
};
constexpr size_t numSchemeParts = 6;

/// The name of a part, as a flag without dashes and as in reports.
StringRef getFlagName(SchemePart part);
/// The names of its choices, in the order of their enumeration. The first one
/// is the default; it is also the best where a target can have it.
ArrayRef<StringRef> getChoiceNames(SchemePart part);

/// One choice for each part.
class ConversionScheme {
public:
  unsigned get(SchemePart part) const {
    return choices[static_cast<size_t>(part)];
  }
  void set(SchemePart part, unsigned choice) {
    choices[static_cast<size_t>(part)] = choice;
  }
  template <typename Choice>
  Choice getAs(SchemePart part) const {
    return static_cast<Choice>(get(part));
  }

  /// Whether the neurons leave a choice of `part`: those that send levels or
  /// changes take inputs as they are and have no potential that starts, and of
  /// changes the sum is read.
  bool isFree(SchemePart part) const;

  /// The flags that ask for it, without those of defaults.
  std::string getFlags() const;
  /// {neuron, "max-pool", ...}: by flags, the names of the choices,
  /// null for what the neurons leave no choice of.
  JsonValue toJson() const;

private:
  std::array<unsigned, numSchemeParts> choices = {};
};

/// What the user asked for; none is free.
using AskedScheme = std::array<std::optional<unsigned>, numSchemeParts>;

/// Everything that a conversion needs.
struct ConversionPlan {
  /// Its `network.neuron`, `maxPool` and `startsAtHalf` follow from `scheme`.
  ConvertOptions convert;
  ConversionScheme scheme;
  /// Of `InputCoding::Poisson`.
  uint64_t seed = 0;
};

/// Converts as `plan` says. Ranges of inputs and outputs that become spikes are
/// those of the samples, without which there are none. Failure after
/// diagnostics.
LogicalResult convertByPlan(ModuleOp module, const ConversionPlan &plan,
                            ConversionReport &report);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_CONVERSIONSCHEME_H
