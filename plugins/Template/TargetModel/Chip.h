//===- Chip.h - what the chip can hold --------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every number that limits a network stands here and nowhere else, in the
// chip's own units. No MLIR type crosses this header.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_CHIP_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_CHIP_H

#include <cstdint>
#include <optional>

namespace spikeformer::templ {

/// A closed range of integers.
struct Range {
  int64_t low, high;

  bool contains(double value) const { return value >= low && value <= high; }
};

//===----------------------------------------------------------------------===//
// A neuron and its synapses
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// A core, a router
//===----------------------------------------------------------------------===//

/// What one core has. A synapse takes one word, whatever its weight.
inline constexpr int64_t neuronsPerCore = 64, synapsesPerCore = 4096;
/// Cores that an entry of a routing table can name.
inline constexpr uint32_t maxCoresPerChip = 4;
/// Bits of the key that a packet carries.
inline constexpr unsigned keyBits = 16;
inline constexpr Range keyRange = {0, (1 << keyBits) - 1};
/// Entries of the table of a router.
inline constexpr uint32_t tableEntries = 64;
/// Elements of an input that share a block of keys. Blocks are powers of 2, so
/// that larger ones would waste keys.
inline constexpr int64_t maxInputBlock = 1024;

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_TARGETMODEL_CHIP_H
