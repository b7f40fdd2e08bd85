//===- Chip.h - what the chip can hold --------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every number that limits a network stands here and nowhere else, and usageOf
// is the only function that says what a slice costs: legality, partition,
// placement, its check and the report all ask it. No MLIR type crosses this
// header.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_CHIP_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_CHIP_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spikeformer::templ {

/// A closed range of integers.
struct Range {
  int64_t low, high;

  bool contains(double value) const { return value >= low && value <= high; }
};

/// Synapses of one neuron.
inline constexpr int64_t maxFanIn = 256;
/// Steps from a spike to its arrival.
inline constexpr Range delayRange = {1, 15};
/// 8 bits.
inline constexpr Range weightRange = {-128, 127};
/// 16 bits; the potential stops at the ends.
inline constexpr Range potentialRange = {-32768, 32767};
/// A threshold is a potential above 0, so that subtracting it comes to an end.
inline constexpr Range thresholdRange = {1, 32767};
/// The potential leaks by itself shifted right by so many bits; 0 is no leak.
inline constexpr Range leakRange = {0, 15};

/// The leak that multiplies a potential by `decay`, which is 1 - 2^-leak, or 1
/// for leak 0; none if no leak does.
std::optional<unsigned> findLeak(double decay);

/// The factor nearest to `decay` that a leak gives.
double getNearestDecay(double decay);

/// How much of each resource of a core something needs or a core has.
struct Usage {
  int64_t neurons = 0;
  /// Words of the synapse memory: synapses whose weight is not 0.
  int64_t synapses = 0;

  Usage &operator+=(const Usage &other);
  Usage operator-(const Usage &other) const;
};

/// A resource by name, for messages and reports.
struct Resource {
  llvm::StringLiteral name;
  int64_t Usage::*amount;
};
inline constexpr std::array<Resource, 2> resources = {
    {{"neurons", &Usage::neurons}, {"synapses", &Usage::synapses}}};

/// What one core has.
inline constexpr Usage coreCapacity = {64, 4096};

/// True if `need` is not more than `spare` of any resource.
bool fits(const Usage &need, const Usage &spare);

/// "36 neurons and 4000 synapses".
std::string describe(const Usage &usage);

/// What a population asks of the cores that hold it.
struct Demand {
  /// Synapses of each neuron whose weight is not 0.
  std::vector<int64_t> fanIn;

  int64_t getNumNeurons() const { return fanIn.size(); }
};

/// What neurons [first, first + count) of a population cost on a core.
Usage usageOf(const Demand &population, int64_t first, int64_t count);

/// A machine that `--machine` names.
struct MachineModel {
  llvm::StringLiteral name;
  llvm::StringLiteral description;
  int64_t cores;
};

/// All machines; the first one is the default.
llvm::ArrayRef<MachineModel> getMachines();

/// The machine of that name, the default for an empty name. The error lists the
/// machines there are.
llvm::Expected<const MachineModel *> findMachine(llvm::StringRef name);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_CHIP_H
