//===- RandomPlan.h - networks that a target promises to run -- -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small random networks made of what capabilities list and core can spell.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_RANDOMPLAN_H
#define SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_RANDOMPLAN_H

#include "NetworkPlan.h"
#include "spikeformer/PluginAPI/Target.h"
#include "spikeformer/Reference/RandomSource.h"

namespace spikeformer::plugincheck {

/// An alphabet of spikes, and how it is spelled.
struct AlphabetWord {
  /// As capabilities list it.
  StringLiteral name;
  StringLiteral ofPopulation, ofInput, element;
  /// Option of the model that sends it; a model sends graded spikes by none.
  StringLiteral option;
};

/// The alphabets that networks of a check have.
ArrayRef<AlphabetWord> getAlphabetWords();

/// Words of the snn dialect that networks of a check have.
inline constexpr StringLiteral allModels[] = {"if", "lif", "cuba_lif"};
inline constexpr StringLiteral allIntegrations[] = {"euler", "exact",
                                                    "discrete"};
inline constexpr StringLiteral allResets[] = {"subtract", "to_value", "none"};
inline constexpr StringLiteral allFires[] = {"above", "at_or_above"};
inline constexpr StringLiteral allTimes[] = {"same_step", "next_step"};
inline constexpr StringLiteral allReadouts[] = {"count", "first_spike", "rate",
                                                "population_vector"};

/// Whether a target states capabilities at all.
bool statesCapabilities(const Capabilities &capabilities);

/// What a target that states none is asked to map.
const Capabilities &getPlainCapabilities();

/// `capabilities` without what core cannot spell. The error says which list has
/// nothing left.
llvm::Expected<Capabilities> restrictToCore(Capabilities capabilities);

/// A network within `capabilities`, which restrictToCore has seen.
NetworkPlan makeRandomPlan(const Capabilities &capabilities, uint64_t seed);

/// Gives `population` the params that its model, integration and reset ask for;
/// those that it has already keep their values.
void completeParams(PlannedPopulation &population, std::optional<double> dt,
                    RandomSource &random);

/// One population of `neurons` neurons, each with an input of its own.
NetworkPlan makeWidePlan(const Capabilities &capabilities, int64_t neurons);

} // namespace spikeformer::plugincheck

#endif // SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_RANDOMPLAN_H
