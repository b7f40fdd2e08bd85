//===- KeyFaces.h - keys whose common bits tell routes ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keys have more bits than it takes to tell messages apart. Spare bits can give
// messages that share a route in many routers a common face of the cube of keys
// that others stay out of: one entry then serves them all. This is the problem
// of face-constrained state encoding (De Micheli et al. 1985), solved bit by
// bit: each halves the messages so that few groups of equal route are parted.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_KEYFACES_H
#define SPIKEFORMER_LIB_MAPPING_KEYFACES_H

#include "spikeformer/Mapping/RoutingProblem.h"

namespace spikeformer {

/// Messages with one tree: they need not be told apart, and get codes that
/// follow each other.
struct MessageClasses {
  /// Members of class c are [offsets[c], offsets[c + 1]) of `members`.
  std::vector<uint32_t> offsets = {0};
  std::vector<uint32_t> members;

  size_t size() const { return offsets.size() - 1; }
  llvm::ArrayRef<uint32_t> membersOf(size_t index) const {
    return llvm::ArrayRef(members).slice(offsets[index],
                                         offsets[index + 1] - offsets[index]);
  }
};

/// Messages of `order` by their trees, at most `maxSize` in a class, classes in
/// the order of their first members.
MessageClasses classify(const RoutingTrees &trees,
                        llvm::ArrayRef<uint32_t> order, uint32_t maxSize);

/// A code of `bits` bits for each class. `rounds` bounds the passes over all
/// classes for a bit. Codes of different classes may be equal. Messages of no
/// class (pinned ones) do not count.
std::vector<uint32_t> findFaceCodes(const MachineGraph &machine,
                                    const RoutingTrees &trees,
                                    const MessageClasses &classes,
                                    uint32_t bits, uint32_t rounds);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_KEYFACES_H
