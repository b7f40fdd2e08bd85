//===- Program.h - what the chip is programmed with -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The contents of cores.json, one struct for each table of the chip, without
// any MLIR type: the emitter writes it, the functional model reads it, and
// whoever has the file needs nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_PROGRAM_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_PROGRAM_H

#include "spikeformer/Support/Json.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <string>
#include <vector>

namespace spikeformer::templ {

/// Where a spike is sent: an axon of a core.
struct Destination {
  int64_t core, axon;
};

/// What a core does with a spike that arrives at an axon: columns of equal
/// length, one row per synapse.
struct Axon {
  /// Within the core.
  std::vector<int64_t> neurons;
  std::vector<int64_t> weights;
  std::vector<int64_t> delays;
};

/// Consecutive neurons of a core with the same rule.
struct SliceProgram {
  /// Index into Program::populations, and the first neuron's index there.
  int64_t population = 0, first = 0;
  int64_t leak = 0;
  /// Reset by subtraction; else to `resets`.
  bool subtracts = true;
  /// Step in which the neurons begin.
  int64_t onset = 0;
  /// Columns, one number per neuron; `resets` only without `subtracts`.
  std::vector<int64_t> thresholds, initials, biases, resets;
  /// Per neuron where its spikes go.
  std::vector<std::vector<Destination>> routes;

  int64_t getCount() const { return thresholds.size(); }
};

struct CoreProgram {
  std::vector<SliceProgram> slices;
  std::vector<Axon> axons;

  int64_t getNumNeurons() const;
};

/// A name for neurons, for whoever probes them.
struct PopulationInfo {
  std::string name;
  std::vector<int64_t> shape;

  int64_t getNumNeurons() const;
};

/// An input of the network: per element where its spikes go.
struct InputProgram {
  std::vector<int64_t> shape;
  std::vector<std::vector<Destination>> routes;
};

/// An output of the network: the spikes of a population in another shape.
struct OutputProgram {
  int64_t population = 0;
  std::vector<int64_t> shape;
};

struct Program {
  std::vector<PopulationInfo> populations;
  std::vector<InputProgram> inputs;
  std::vector<OutputProgram> outputs;
  std::vector<CoreProgram> cores;
};

/// Version of the format of cores.json.
inline constexpr int64_t programFormat = 1;

JsonValue toJson(const Program &program);

/// Reads and checks: every index is in range, every neuron is in one slice,
/// every number fits its register. Errors name the place in the file.
llvm::Expected<Program> readProgram(const JsonValue &json);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_PROGRAM_H
