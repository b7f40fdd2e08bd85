//===- LLVM.h - names that the project uses bare ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_LLVM_H
#define SPIKEFORMER_SUPPORT_LLVM_H

#include "mlir/Support/LLVM.h"

namespace spikeformer {
using namespace mlir; // NOLINT: as CIRCT and StableHLO do, once, here.
} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_LLVM_H
