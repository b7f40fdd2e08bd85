//===- QuantizedElements.cpp - host memory of quantised values ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/QuantizedElements.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "spikeformer/Support/TensorAttr.h"

using namespace spikeformer;

std::optional<ElementType> spikeformer::getStoredType(Type type) {
  auto quantized = dyn_cast<quant::QuantizedType>(type);
  if (!quantized)
    return getElementType(type);
  // Signless storage; the type says how it is read.
  Type storage = quantized.getStorageType();
  if (!quantized.isSigned())
    storage =
        IntegerType::get(type.getContext(), storage.getIntOrFloatBitWidth(),
                         IntegerType::Unsigned);
  return getElementType(storage);
}
