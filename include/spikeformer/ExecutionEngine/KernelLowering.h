//===- KernelLowering.h - from kernels to the LLVM dialect ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a kernel may hold, and its lowering. Everything whose result could
// depend on the optimisation level or on the processor is refused here, so that
// the rest of the way is free to optimise.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXECUTIONENGINE_KERNELLOWERING_H
#define SPIKEFORMER_EXECUTIONENGINE_KERNELLOWERING_H

#include "mlir/IR/BuiltinOps.h"
#include "spikeformer/Support/LLVM.h"

namespace mlir {
class FunctionOpInterface;
} // namespace mlir

namespace spikeformer {

/// Loads the dialects and translations of kernels into `context`.
void loadKernelDialects(MLIRContext &context);

/// The public function with a body that `module` must hold exactly one of; null
/// after an error.
FunctionOpInterface getKernelEntry(ModuleOp module);

/// Emits an error for every operation of another dialect than func, arith, scf,
/// cf, vector and llvm, with fast-math flags, or with a result that LLVM leaves
/// open (`maxnum` of zeros, multiply-adds that may or may not be fused).
LogicalResult checkKernel(ModuleOp module);

/// Lowers a checked module in place.
LogicalResult lowerKernelToLLVM(ModuleOp module);

} // namespace spikeformer

#endif // SPIKEFORMER_EXECUTIONENGINE_KERNELLOWERING_H
