//===- Pareto.h - mappings of which none is better --------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A mapping for one objective hides what the others would cost. The front shows
// it: each of its mappings is better in something than every other.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PIPELINES_PARETO_H
#define SPIKEFORMER_PIPELINES_PARETO_H

#include "spikeformer/Pipelines/Compiler.h"

namespace spikeformer {

/// Compiles with several objectives and returns those that no other beats in
/// all of packet_hops, max_link_load, longest_route and chips_used: an array of
/// {objective, ...those four}, by packet_hops. Fails if the target's report has
/// no such metrics, or as a compilation does.
llvm::Expected<JsonValue> findParetoFront(MLIRContext &context,
                                          const CompileOptions &options,
                                          const Target &target, ErrorLog &log);

} // namespace spikeformer

#endif // SPIKEFORMER_PIPELINES_PARETO_H
