//===- Program.h - what the chip is programmed with -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The contents of program.json, one struct for each table of the chip, without
// any MLIR type: the emitter writes it, the functional model reads it, and
// whoever has the file needs nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_PROGRAM_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_PROGRAM_H

#include "spikeformer/Mapping/RoutingTable.h"
#include "spikeformer/Support/Json.h"
#include "spikeformer/TargetModel/MachineGraph.h"

namespace spikeformer::templ {

/// What sends packets with consecutive keys: element i has key + i.
struct Senders {
  /// The key of those that send nothing.
  static constexpr int64_t kSilent = -1;

  /// Row-major indices in a population or an input.
  std::vector<int64_t> elements;
  int64_t key = kSilent;
};

/// What a core does with packets of one key: columns of equal length, one row
/// per synapse.
struct Axon {
  int64_t key;
  /// Within the core.
  std::vector<int64_t> neurons;
  std::vector<int64_t> weights;
  std::vector<int64_t> delays;
};

/// Neurons of a core with the same rule.
struct SliceProgram {
  /// Index into Program::populations.
  int64_t population = 0;
  Senders neurons;
  int64_t leak = 0;
  /// Reset by subtraction; else to `resets`.
  bool subtracts = true;
  /// Step in which the neurons begin.
  int64_t onset = 0;
  /// Columns, one number per neuron; `resets` only without `subtracts`.
  std::vector<int64_t> thresholds, initials, biases, resets;

  int64_t getCount() const { return neurons.elements.size(); }
};

struct CoreProgram {
  std::vector<SliceProgram> slices;
  /// By ascending key. A packet whose key is not there does nothing.
  std::vector<Axon> axons;

  int64_t getNumNeurons() const;
};

/// A name for neurons, for whoever probes them.
struct PopulationInfo {
  std::string name;
  std::vector<int64_t> shape;

  int64_t getNumNeurons() const;
};

/// A part of an input of the network, which the host sends to the router of a
/// core.
struct InputSlice {
  int64_t core = 0;
  Senders elements;
};

/// An input of the network. Parts that no projection takes are in no slice.
struct InputProgram {
  std::vector<int64_t> shape;
  std::vector<InputSlice> slices;
};

/// An output of the network: the spikes of a population in another shape.
struct OutputProgram {
  int64_t population = 0;
  std::vector<int64_t> shape;
};

struct Program {
  MachineGraph machine;
  std::vector<PopulationInfo> populations;
  std::vector<InputProgram> inputs;
  std::vector<OutputProgram> outputs;
  /// By CoreIndex.
  std::vector<CoreProgram> cores;
  /// Of routers. A packet takes the first entry that matches; without one it
  /// goes straight on.
  RoutingTables tables;
};

/// Elements of `shape`.
int64_t getNumElements(llvm::ArrayRef<int64_t> shape);

/// Version of the format of program.json.
inline constexpr int64_t programFormat = 2;

JsonValue toJson(const Program &program);

/// Reads and checks: every index is in range, every neuron is in one slice,
/// every number fits its register. Errors name the place in the file.
llvm::Expected<Program> readProgram(const JsonValue &json);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_PROGRAM_H
