//===- TargetSets.h - different target lists of messages --------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// All slices of a population tend to send to the same slices.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_TARGETSETS_H
#define SPIKEFORMER_LIB_MAPPING_TARGETSETS_H

#include "spikeformer/Mapping/Messages.h"

namespace spikeformer {

/// Messages by their lists of targets.
struct TargetSets {
  explicit TargetSets(const Messages &messages);

  /// The set of each message, and the first message of each set.
  std::vector<uint32_t> setOf, firstOf;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_TARGETSETS_H
