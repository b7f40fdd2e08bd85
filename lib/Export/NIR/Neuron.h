//===- Neuron.h - what a population computes, as a rule ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Built-in models and models of the module in one form: the type of node and
// the rule that say their structure, and the factors of a step.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_EXPORT_NIR_NEURON_H
#define LIB_EXPORT_NIR_NEURON_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "spikeformer/Import/NIR/NeuronModels.h"

namespace spikeformer::nir {

/// The factors of one neuron's step, in f32. A factor that the rule does not
/// have is what changes nothing.
struct Factors {
  /// v' = decay v + gain x + leak.
  float decay = 1, gain = 1, leak = 0;
  float threshold = 0, reset = 0, lowerBound = 0;
  /// i' = decaySyn i + gainSyn x + leakSyn.
  float decaySyn = 0, gainSyn = 1, leakSyn = 0;
  float potential = 0, current = 0;

  bool operator==(const Factors &other) const;
};

struct Neuron {
  NodeType type;
  /// Its structure; of `gain`, `synapseGain` and `decay` the factors tell.
  Rule rule;
  /// Of each element of the population, or of one for all.
  std::vector<Factors> factors;
  /// The same numbers, but added up in another order than a rule does.
  bool roundsOtherwise = false;
};

/// Recognises the models of populations.
class NeuronReader {
public:
  NeuronReader(ModuleOp module, ArrayRef<Profile> known);
  ~NeuronReader();

  /// None after a diagnostic at the population: a model that is no rule of NIR.
  std::optional<Neuron> read(snn::PopulationOp population);
  /// The param of a Threshold; none, and no diagnostic, if it is none.
  std::optional<Attribute> readThreshold(snn::PopulationOp population);

private:
  struct Candidate {
    NodeType type;
    Rule rule;
    snn::ModelOp model;
  };
  void addCandidate(NodeType type, const Rule &rule);
  std::optional<Neuron> readCustom(snn::PopulationOp population,
                                   snn::ModelOp model);

  /// Models of all known rules.
  OwningOpRef<ModuleOp> scratch;
  std::vector<Candidate> candidates;
  snn::ModelOp threshold;
};

} // namespace spikeformer::nir

#endif // LIB_EXPORT_NIR_NEURON_H
