//===- KeyOrders.h - which message has the next key -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Orders of messages by what they are and where they come from.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_KEYORDERS_H
#define SPIKEFORMER_LIB_MAPPING_KEYORDERS_H

#include "spikeformer/Mapping/KeyAllocator.h"

namespace spikeformer {

/// Messages one after the other.
struct MessageOrder {
  std::vector<uint32_t> messages;
  /// By position: messages with one number are to share an aligned block.
  std::vector<uint32_t> groups;
};

/// All messages in `order`, which is none of faces and automatic.
MessageOrder sortMessages(const KeyProblem &problem,
                          const MachineGraph &machine,
                          const RoutingTrees &trees, KeyOrder order);

/// How often neighbours in an order take different routes in a router: what
/// tables of ranges would have, and little more than better ones.
uint64_t countRuns(const MachineGraph &machine, const RoutingTrees &trees,
                   llvm::ArrayRef<uint32_t> messages);

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_KEYORDERS_H
