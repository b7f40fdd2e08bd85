//===- Passes.h - passes of the pnr dialect ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_PNR_TRANSFORMS_PASSES_H
#define SPIKEFORMER_DIALECT_PNR_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"
#include "spikeformer/Dialect/PnR/IR/PnROps.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer {

#define GEN_PASS_DECL
#include "spikeformer/Dialect/PnR/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "spikeformer/Dialect/PnR/Transforms/Passes.h.inc"

} // namespace spikeformer

#endif // SPIKEFORMER_DIALECT_PNR_TRANSFORMS_PASSES_H
