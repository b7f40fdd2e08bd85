//===- VisitElements.h - code for each element type -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns the element type of a tensor into a C++ type.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_VISITELEMENTS_H
#define SPIKEFORMER_SUPPORT_VISITELEMENTS_H

#include "spikeformer/Support/Tensor.h"
#include "llvm/Support/ErrorHandling.h"

namespace spikeformer {

/// Calls `body` with a zero of the type that holds elements of `type`.
template <typename Body>
auto visitElementType(ElementType type, Body body) {
  switch (type) {
  case ElementType::boolean:
  case ElementType::u8:
    return body(uint8_t());
  case ElementType::i8:
    return body(int8_t());
  case ElementType::u16:
    return body(uint16_t());
  case ElementType::i16:
    return body(int16_t());
  case ElementType::u32:
    return body(uint32_t());
  case ElementType::i32:
    return body(int32_t());
  case ElementType::u64:
    return body(uint64_t());
  case ElementType::i64:
    return body(int64_t());
  case ElementType::f32:
    return body(float());
  case ElementType::f64:
    return body(double());
  }
  llvm_unreachable("all element types are listed");
}

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_VISITELEMENTS_H
