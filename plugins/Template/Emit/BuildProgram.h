//===- BuildProgram.h - from a placed network to tables ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//
// The step between the IR and the tables of the chip; it decides nothing that
// the mapping has not decided.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_BUILDPROGRAM_H
#define SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_BUILDPROGRAM_H

#include "Emit/Program.h"
#include "spikeformer/Dialect/PnR/IR/PnROps.h"

namespace spikeformer::templ {

/// The tables of the network of `mapping`, which is legal, quantised and past
/// `pnr-verify` and `template-verify-mapping`. Fails with a diagnostic if
/// something is not decided yet.
FailureOr<Program> buildProgram(pnr::MappingOp mapping);

} // namespace spikeformer::templ

#endif // SPIKEFORMER_PLUGINS_TEMPLATE_EMIT_BUILDPROGRAM_H
