//===- Profiles.h - what NIR leaves open ------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file says which equations a network follows, not what a simulator makes of
// them in a step. A profile says it, for one software as it was observed to
// run.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_IMPORT_NIR_PROFILES_H
#define SPIKEFORMER_IMPORT_NIR_PROFILES_H

#include "spikeformer/Import/NIR/NodeTypes.h"
#include "spikeformer/Support/Json.h"
#include "llvm/ADT/StringMap.h"

namespace spikeformer::nir {

/// Factor of the potential, k = dt / tau: 1 - k or exp(-k).
enum class Decay : uint8_t { euler, exp };
/// Factor of the input: k r, k, 1, or 1 less the factor of the potential.
enum class Gain : uint8_t { nir, k, one, norm };
/// The synaptic current i with factor b and input x. current: i = b i + x, then
/// v; lagged: v sees i from before; add_decay: i = b (i + x), then v; jump: v
/// sees i + x, then i = b (i + x).
enum class Synapse : uint8_t { current, lagged, add_decay, jump };
/// Factor of the synapse's input: (dt / tau_syn) w_in, or 1.
enum class SynapseGain : uint8_t { nir, one };
/// v > threshold; v >= threshold; or floor(v / threshold) spikes from there on.
enum class Fires : uint8_t { above, at_or_above, many };
/// Whether the spike test is on the potential after or before the update.
enum class Tested : uint8_t { after, before };
enum class Reset : uint8_t { subtract, zero, value, none };
/// In the step of the spike; in the next one; or in both, never twice for one
/// spike.
enum class When : uint8_t { same_step, next_step, once };
/// Whether a reset of the next step comes after the update or before it.
enum class Place : uint8_t { after, before };
/// The potential starts at 0, v_leak or v_reset.
enum class Initial : uint8_t { zero, leak, reset };

/// One step of one type of neuron.
struct Rule {
  Decay decay = Decay::euler;
  Gain gain = Gain::nir;
  Synapse synapse = Synapse::current;
  SynapseGain synapseGain = SynapseGain::nir;
  Fires fires = Fires::above;
  Tested tested = Tested::after;
  Reset reset = Reset::value;
  When when = When::same_step;
  Place place = Place::after;
  Initial initial = Initial::zero;
  /// The synaptic current starts at v_leak and relaxes to it.
  bool synapseLeak = false;
  /// The potential after the reset is no less.
  std::optional<double> lowerBound;
  /// It is no less than -v_threshold.
  bool boundedByThreshold = false;
};

/// What files of one software do not say.
struct Loss {
  /// Only networks with a node of one of these types are concerned.
  SmallVector<NodeType> nodes;
  /// "drops the bias of neurons", the end of a sentence about the software.
  std::string what;
};

struct Profile {
  std::string name;
  /// Of the software that was observed.
  std::string version;
  /// A clause, and where it is known from.
  std::string description, evidence;
  /// Length of a step, in the unit in which the file gives time constants.
  double dt = 1e-4;
  /// Flatten moves channels to the end first.
  bool flattensChannelsLast = false;
  /// An edge from the input of a sub-graph to the weights of a loop means the
  /// neurons of the loop.
  bool entersLoopsAtNeurons = false;
  /// Steps by which weights delay.
  int64_t synapseDelay = 0;
  /// Rules by type of node; "TYPE@recurrent" for nodes in a loop, "*" for all
  /// others.
  llvm::StringMap<Rule> rules;
  /// Types of nodes that the software reads; empty for all.
  SmallVector<NodeType> reads;
  std::vector<Loss> losses;
  /// What it may mean that time constants are below the step; often empty.
  std::string tauBelowStep;

  const Rule &getRule(const NodeInfo &type, bool isRecurrent) const;
  bool canRead(NodeType type) const {
    return reads.empty() || llvm::is_contained(reads, type);
  }
};

/// Reads the profiles of a table. Errors: every member that is missing, unknown
/// or wrong, at its place.
llvm::Expected<std::vector<Profile>> readProfiles(const JsonValue &table);

/// The profiles of core, from its own table.
ArrayRef<Profile> getProfiles();

/// The profile called NAME or NAME@VERSION, null if there is none.
const Profile *findProfile(ArrayRef<Profile> profiles, StringRef name);
/// A line for each of them, for messages.
std::string listProfiles(ArrayRef<Profile> profiles);

/// Which profile holds where in one graph.
struct ProfileChoice {
  /// Of all nodes without one of their own.
  const Profile *common = nullptr;
  /// By names of nodes, inner ones "outer/inner".
  llvm::StringMap<const Profile *> byNode;

  const Profile &get(StringRef node) const {
    auto found = byNode.find(node);
    return found == byNode.end() ? *common : *found->second;
  }
};

} // namespace spikeformer::nir

#endif // SPIKEFORMER_IMPORT_NIR_PROFILES_H
