//===- JITKernels.h - neuron updates as kernels -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel of a population: its model's `buildStep` on vectors, in a loop
// over positions.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_JITKERNELS_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_JITKERNELS_H

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::jit {

/// Type of a state or coefficient in an array: integers have 8, 16, 32 or 64
/// bits, an i1 is a byte of 0 or 1.
Type getStorageType(Type type);

/// Fills `module` with the kernel of `population` (SfrtKernel). Its arrays are
/// the states, the coefficients, one accumulator per receptor, and what is
/// emitted: bits or the element type of the signal. A coefficient with
/// `isShared` is an array of one element. `lanes` is a multiple of 8.
void buildUpdateKernel(ModuleOp module, snn::PopulationOp population,
                       unsigned lanes, ArrayRef<bool> isShared);

} // namespace spikeformer::jit

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_JITKERNELS_H
