//===- ShrinkNetwork.h - smaller networks -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reduces a module whose network shows some fault to a small one that still
// does.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_REFERENCE_SHRINKNETWORK_H
#define SPIKEFORMER_REFERENCE_SHRINKNETWORK_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/Support/LLVM.h"

namespace spikeformer {

/// Makes the first network of `module` smaller as long as `isInteresting` holds
/// for the result, which is a valid module each time: operations, outputs,
/// inputs and steps go; axes of inputs and populations are halved; delays,
/// weights, params, connectivity, accumulators and models become simpler. No
/// single edit makes the result any smaller. Deterministic if `isInteresting`
/// is. `module` has a network; it is left alone and taken to be interesting.
OwningOpRef<ModuleOp> shrinkNetwork(ModuleOp module,
                                    function_ref<bool(ModuleOp)> isInteresting);

} // namespace spikeformer

#endif // SPIKEFORMER_REFERENCE_SHRINKNETWORK_H
