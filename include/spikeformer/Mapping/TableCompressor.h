//===- TableCompressor.h - smaller routing tables ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers CompressionProblem. Every algorithm is exact; they differ in how many
// entries they need and how long they take.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_MAPPING_TABLECOMPRESSOR_H
#define SPIKEFORMER_MAPPING_TABLECOMPRESSOR_H

#include "spikeformer/Mapping/CompressionProblem.h"
#include <optional>

namespace spikeformer {

/// Which algorithm makes tables smaller.
enum class CompressionMethod {
  /// Leaves tables as they are.
  none,
  /// Neighbouring keys with one route become blocks.
  range,
  /// Pairs of entries with one route are merged greedily.
  pair,
  /// Mundy et al. 2016.
  orderedCovering,
  /// Two-level minimisation route by route, with all keys that a router never
  /// sees free.
  cover,
  /// `cover` after neighbours are merged, as far as a table is not too large.
  automatic,
};

/// "none", "range", "pair", "ordered-covering", "cover", "automatic".
llvm::StringRef getName(CompressionMethod method);
/// The method of that name.
std::optional<CompressionMethod> findCompressionMethod(llvm::StringRef name);

/// How to compress.
struct CompressionOptions {
  CompressionMethod method = CompressionMethod::automatic;
  /// How much work `cover` does; 0: the least.
  uint32_t effort = 1;
  /// Tables are compressed at the same time by that many threads; the result is
  /// the same.
  uint32_t threads = 1;
};

/// Tables that send every packet as those of `problem` do, none larger. A table
/// may still be larger than its router holds: verify() says so.
RoutingTables compressTables(const CompressionProblem &problem,
                             const CompressionOptions &options = {});

} // namespace spikeformer

#endif // SPIKEFORMER_MAPPING_TABLECOMPRESSOR_H
