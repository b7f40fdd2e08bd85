//===- BuildProgram.h - from a placed network to tables ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The step between the IR and the tables of the chip; it decides nothing that
// the mapping has not decided.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_BUILDPROGRAM_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_BUILDPROGRAM_H

#include "Emit/Program.h"
#include "Transforms/Mapping.h"

namespace spikeformer::templ {

/// The tables of a network that is legal, quantised and placed. Axons of a core
/// are numbered as their first synapse comes up: by target population, operand,
/// source.
FailureOr<Program> buildProgram(const MappedNetwork &mapped);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_BUILDPROGRAM_H
