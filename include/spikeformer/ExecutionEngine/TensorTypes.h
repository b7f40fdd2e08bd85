//===- TensorTypes.h - MLIR tensor types and constants as Tensor -*- C++-*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides how a tensor type and a constant of the IR look in host memory.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXECUTIONENGINE_TENSORTYPES_H
#define SPIKEFORMER_EXECUTIONENGINE_TENSORTYPES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include <optional>

namespace spikeformer {

/// The element type that stores `type` in host memory: i1 as boolean, signless
/// integers as signed ones, index as i64; none for types without one (f16).
std::optional<ElementType> getElementType(Type type);

/// The value of a constant. The blob of a `dense_resource` is read in place if
/// it is 64-byte aligned; it must outlive the tensor. Fails with a diagnostic
/// for missing blobs, blobs of a wrong size and types without a host form.
FailureOr<Tensor> getTensor(ElementsAttr attribute,
                            function_ref<InFlightDiagnostic()> emitError);

} // namespace spikeformer

#endif // SPIKEFORMER_EXECUTIONENGINE_TENSORTYPES_H
