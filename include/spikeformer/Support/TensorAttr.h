//===- TensorAttr.h - tensors as constants of a module ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How numbers enter a module and leave it. Small tensors are written inline;
// larger ones become resource blobs, which are never uniqued, printed only on
// demand and mapped from bytecode without a copy. The key of a blob is a hash
// of its bytes, so that equal data makes equal files.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_TENSORATTR_H
#define SPIKEFORMER_SUPPORT_TENSORATTR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include <optional>

namespace spikeformer {

/// Tensors of more elements than this are stored as resource blobs.
constexpr int64_t maxInlineElements = 64;

/// The builtin type of `type`; integers are signless, as TOSA wants them.
Type getBuiltinType(ElementType type, MLIRContext *context);

/// The elements of `tensor` as an attribute. A blob shares the bytes of
/// `tensor`, which must not be written afterwards.
ElementsAttr getElementsAttr(const Tensor &tensor, MLIRContext *context);

/// Frees the blobs that getElementsAttr() made in `context`, for which no
/// module may be left. False, and nothing is freed, if the context has blobs of
/// other names: these would rename those of the next module.
bool releaseBlobs(MLIRContext *context);

/// The element type that stores `type` in host memory: i1 as boolean, signless
/// integers as signed ones, index as i64; none for types without one (f16).
std::optional<ElementType> getElementType(Type type);

/// The value of a constant. The blob of a `dense_resource` is read in place if
/// it is 64-byte aligned; it must outlive the tensor. Fails with a diagnostic
/// for missing blobs, blobs of a wrong size and types without a host form.
FailureOr<Tensor> getTensor(ElementsAttr attribute,
                            function_ref<InFlightDiagnostic()> emitError);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_TENSORATTR_H
