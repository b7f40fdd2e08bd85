//===- TensorAttr.h - tensors as constants of a module --------------*- C++
//-*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How numbers enter a module. Small tensors are written inline; larger ones
// become resource blobs, which are never uniqued, printed only on demand and
// mapped from bytecode without a copy. The key of a blob is a hash of its
// bytes, so that equal data makes equal files.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_TENSORATTR_H
#define SPIKEFORMER_SUPPORT_TENSORATTR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"

namespace spikeformer {

/// Tensors of more elements than this are stored as resource blobs.
constexpr int64_t maxInlineElements = 64;

/// The builtin type of `type`; integers are signless, as TOSA wants them.
Type getBuiltinType(ElementType type, MLIRContext *context);

/// The elements of `tensor` as an attribute. A blob shares the bytes of
/// `tensor`, which must not be written afterwards.
ElementsAttr getElementsAttr(const Tensor &tensor, MLIRContext *context);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_TENSORATTR_H
