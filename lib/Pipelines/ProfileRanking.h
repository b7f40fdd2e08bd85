//===- ProfileRanking.h - which software a file means -----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_PROFILERANKING_H
#define LIB_PIPELINES_PROFILERANKING_H

#include "spikeformer/Pipelines/DiffTool.h"

namespace spikeformer {

/// Runs one model under every profile that is known and compares each run with
/// one recording. Returns {equal, best, profiles}: `best` names the profiles
/// with the fewest mismatches, `profiles` has a row for each, best first, those
/// that refuse the model last. `equal` says that the best has none. Where no
/// tolerance is given, analogue values may differ by 1e-4 of the largest in the
/// recording, or of 1. Errors: needs a model and a recording, or either cannot
/// be read under any profile.
llvm::Expected<JsonValue> rankProfiles(const DiffOptions &options,
                                       const DialectRegistry &dialects,
                                       ErrorLog &log);

} // namespace spikeformer

#endif // LIB_PIPELINES_PROFILERANKING_H
