//===- Phase.h - the phases of a compilation --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names are an interface: scripts stop at them (--compile-to=place),
// plugins attach passes to them and reports print them.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINAPI_PHASE_H
#define SPIKEFORMER_PLUGINAPI_PHASE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace spikeformer {

/// The phases, in the order in which they run.
enum class Phase {
  import,
  normalize,
  convert,
  legalize,
  quantize,
  partition,
  place,
  route,
  allocate,
  compress,
  program,
  emit
};

/// All phases, first to last.
llvm::ArrayRef<Phase> getPhases();

/// The stable name, such as "place".
llvm::StringRef getPhaseName(Phase phase);

/// What the phase does: one clause, no full stop.
llvm::StringRef getPhaseDescription(Phase phase);

/// The phase of that name; the error lists all names.
llvm::Expected<Phase> parsePhase(llvm::StringRef name);

} // namespace spikeformer

#endif // SPIKEFORMER_PLUGINAPI_PHASE_H
