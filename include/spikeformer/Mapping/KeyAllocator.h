//===- KeyAllocator.h - keys that make tables small -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers KeyProblem. Routes are known when keys are chosen: what is routed
// alike gets keys with many bits in common, so that one entry can serve it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_KEYALLOCATOR_H
#define SPIKEFORMER_MAPPING_KEYALLOCATOR_H

#include "spikeformer/Mapping/KeyProblem.h"
#include <optional>

namespace spikeformer {

/// How keys follow from what is known about messages.
enum class KeyOrder {
  /// One after the other, as messages come.
  given,
  /// By population, each in an aligned block if there is room, in it by place.
  population,
  /// Like `population`, but consecutive keys differ in one bit of their blocks.
  gray,
  /// By the router of the source: along a Hilbert curve ...
  hilbert,
  /// ... or as a depth-first walk over links meets it.
  depthFirst,
  /// Keys of messages with equal routes on common faces, see KeyFaces.h. Takes
  /// spare bits of keys.
  faces,
  /// `faces` if keys have bits to spare, else the order in which the fewest
  /// neighbours by key have different routes. With more effort several ways are
  /// tried to the end, and the one with the smaller tables is taken.
  automatic,
};

/// "given", "population", "gray", "hilbert", "depth-first", "faces",
/// "automatic".
llvm::StringRef getName(KeyOrder order);
/// The order of that name.
std::optional<KeyOrder> findKeyOrder(llvm::StringRef name);

/// How to allocate keys.
struct KeyOptions {
  KeyOrder order = KeyOrder::automatic;
  /// How much work to do: the ways that `automatic` tries to the end, of up to
  /// six; 0: only orders are compared.
  uint32_t effort = 1;
};

/// Keys for every message.
struct KeyResult {
  /// Empty if there are violations.
  KeyAllocation keys;
  /// The order that they are in: never `automatic`.
  KeyOrder order = KeyOrder::given;
  /// Why there are no keys: what check() finds, or pins that leave too little
  /// room in one piece.
  Violations violations;
};

/// Keeps the pins of `problem` and gives every other message a block. `trees`
/// is a verified answer of its messages on `machine`. Of order `faces` without
/// bits to spare, keys are as of order `population`.
KeyResult allocateKeys(const KeyProblem &problem, const MachineGraph &machine,
                       const RoutingTrees &trees,
                       const KeyOptions &options = {});

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_KEYALLOCATOR_H
