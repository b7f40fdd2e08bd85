//===- NetworkPlan.h - a network as plain data ---------------- -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A random network is decided here before it is written, so that one thing in
// it can be broken on purpose and a diagnostic can be held against the line
// that is at fault: in the text every operation has a line of its own.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_NETWORKPLAN_H
#define SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_NETWORKPLAN_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spikeformer::plugincheck {

/// Numbers of a shape, row-major; a single one is shared by all elements.
using Numbers = std::vector<double>;

/// An input of the network.
struct PlannedInput {
  SmallVector<int64_t> shape;
  /// As a signal spells it: binary, count<3>, analogue<f32>.
  std::string alphabet = "binary";
  /// Element type of the tensor that carries it.
  std::string element = "ui8";
  /// Whether each step has values of its own.
  bool perStep = true;
};

/// A population of spiking neurons.
struct PlannedPopulation {
  SmallVector<int64_t> shape;
  /// if, lif or cuba_lif.
  std::string model = "if";
  std::string integration, reset, fires, when;
  /// Behind the rule, such as "spikes = many".
  std::string option;
  std::string alphabet = "binary";
  /// In the order in which they are written.
  std::vector<std::pair<std::string, Numbers>> params;
  /// 0 for none.
  Numbers bias{0.0};
  int64_t onset = 0;
};

/// A projection from an input or a population to a population.
struct PlannedProjection {
  /// Index into the inputs, or behind them into the populations.
  size_t source = 0;
  size_t target = 0;
  /// The attribute that says which neurons are connected; parameters that it
  /// names are `tables`.
  std::string connectivity;
  std::vector<std::pair<std::string, std::vector<int64_t>>> tables;
  SmallVector<int64_t> weightShape;
  Numbers weights;
  /// One, or one for each weight.
  std::vector<int64_t> delays;
};

/// An output: the spikes of a population.
struct PlannedOutput {
  size_t population = 0;
  std::string readout;
};

/// Lines of a text, from 1.
struct PlanLines {
  unsigned network = 0, output = 0, simulate = 0;
  std::vector<unsigned> populations, projections;
};

/// A network and the function that simulates it.
struct NetworkPlan {
  /// Length of a step in seconds; none in a network that counts in steps.
  std::optional<double> dt;
  std::vector<PlannedInput> inputs;
  std::vector<PlannedPopulation> populations;
  std::vector<PlannedProjection> projections;
  std::vector<PlannedOutput> outputs;
  int64_t timesteps = 8;
  bool resetPerSample = true;

  /// Shape of the signal `source` as in PlannedProjection.
  ArrayRef<int64_t> getShape(size_t source) const;
  /// The module as text, and where its operations stand.
  std::pair<std::string, PlanLines> print() const;
};

/// Number of elements of `shape`.
int64_t countElements(ArrayRef<int64_t> shape);

} // namespace spikeformer::plugincheck

#endif // SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_NETWORKPLAN_H
