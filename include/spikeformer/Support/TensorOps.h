//===- TensorOps.h - moving the elements of tensors -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What readers and the fitting of samples do to whole arrays.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_TENSOROPS_H
#define SPIKEFORMER_SUPPORT_TENSOROPS_H

#include "spikeformer/Support/Tensor.h"
#include <optional>

namespace spikeformer {

/// Bytes of an array, or nothing if an extent is negative or the number does
/// not fit 63 bits (extents of 0 left aside, so that any order of
/// multiplication is safe).
std::optional<uint64_t> getCheckedNumBytes(llvm::ArrayRef<int64_t> shape,
                                           ElementType type);

/// Axis i of the result is axis `axes[i]` of `tensor`; `axes` is a permutation.
/// Shares the bytes where the elements stay in order.
Tensor permute(const Tensor &tensor, llvm::ArrayRef<int64_t> axes);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_TENSOROPS_H
