//===- QuantizedElements.h - host memory of quantised values ----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tensor of `!quant.uniform` is held as its integers; the type says how they
// are signed and what they stand for.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_QUANTIZEDELEMENTS_H
#define SPIKEFORMER_SUPPORT_QUANTIZEDELEMENTS_H

#include "mlir/IR/Types.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/Support/Tensor.h"
#include <optional>

namespace spikeformer {

/// As `getElementType`, and of quantised types that of their integers.
std::optional<ElementType> getStoredType(Type type);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_QUANTIZEDELEMENTS_H
