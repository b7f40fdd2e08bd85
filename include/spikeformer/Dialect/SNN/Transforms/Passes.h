//===- Passes.h - passes of the snn dialect ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_SNN_TRANSFORMS_PASSES_H
#define SPIKEFORMER_DIALECT_SNN_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"
#include "spikeformer/Dialect/SNN/IR/SNNDialect.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "spikeformer/Dialect/SNN/Transforms/Passes.h.inc"

} // namespace spikeformer

#endif // SPIKEFORMER_DIALECT_SNN_TRANSFORMS_PASSES_H
