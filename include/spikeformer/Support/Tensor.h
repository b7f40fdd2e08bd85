//===- Tensor.h - an array in host memory -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one array type that data files, the tensor evaluator and both engines
// exchange: dense, row-major, 64-byte aligned. It knows no MLIR type.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_TENSOR_H
#define SPIKEFORMER_SUPPORT_TENSOR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cassert>
#include <cstdint>
#include <memory>

namespace spikeformer {

/// Type of the elements. `boolean` is one byte that is 0 or 1.
enum class ElementType : uint8_t {
  boolean,
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  u64,
  i64,
  f32,
  f64
};

/// Bytes of one element.
unsigned getElementSize(ElementType type);
/// Name as NumPy spells it: "bool", "uint8", ..., "float64".
llvm::StringRef getElementTypeName(ElementType type);
bool isFloat(ElementType type);

/// The ElementType of a C++ arithmetic type (`bool` for boolean).
template <typename T>
constexpr ElementType elementTypeOf();
template <>
constexpr ElementType elementTypeOf<bool>() {
  return ElementType::boolean;
}
template <>
constexpr ElementType elementTypeOf<uint8_t>() {
  return ElementType::u8;
}
template <>
constexpr ElementType elementTypeOf<int8_t>() {
  return ElementType::i8;
}
template <>
constexpr ElementType elementTypeOf<uint16_t>() {
  return ElementType::u16;
}
template <>
constexpr ElementType elementTypeOf<int16_t>() {
  return ElementType::i16;
}
template <>
constexpr ElementType elementTypeOf<uint32_t>() {
  return ElementType::u32;
}
template <>
constexpr ElementType elementTypeOf<int32_t>() {
  return ElementType::i32;
}
template <>
constexpr ElementType elementTypeOf<uint64_t>() {
  return ElementType::u64;
}
template <>
constexpr ElementType elementTypeOf<int64_t>() {
  return ElementType::i64;
}
template <>
constexpr ElementType elementTypeOf<float>() {
  return ElementType::f32;
}
template <>
constexpr ElementType elementTypeOf<double>() {
  return ElementType::f64;
}

/// A dense row-major array. Copies share the bytes; `clone` makes them apart.
class Tensor {
public:
  Tensor() = default;
  /// Zero-initialised. Every extent is at least 0.
  Tensor(llvm::ArrayRef<int64_t> shape, ElementType type);
  /// Refers to `bytes` that `owner` keeps alive; `bytes` is 64-byte aligned and
  /// holds `getNumElements() * getElementSize(type)` bytes.
  Tensor(llvm::ArrayRef<int64_t> shape, ElementType type, void *bytes,
         std::shared_ptr<void> owner);

  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getRank() const { return shape.size(); }
  ElementType getElementType() const { return type; }
  int64_t getNumElements() const;
  int64_t getNumBytes() const;
  /// False for the default-constructed tensor.
  explicit operator bool() const { return bytes != nullptr; }

  /// The elements; T must be the element type (uint8_t also for boolean).
  template <typename T>
  llvm::MutableArrayRef<T> data() {
    return {static_cast<T *>(checked<T>()),
            static_cast<size_t>(getNumElements())};
  }
  template <typename T>
  llvm::ArrayRef<T> data() const {
    return {static_cast<const T *>(checked<T>()),
            static_cast<size_t>(getNumElements())};
  }
  void *getBytes() { return bytes; }
  const void *getBytes() const { return bytes; }

  /// Element `index` (row-major) as a double; exact but for 64-bit integers
  /// beyond 2^53.
  double getAsDouble(int64_t index) const;

  /// Same elements in another shape of the same size.
  Tensor reshape(llvm::ArrayRef<int64_t> newShape) const;
  /// Rows [begin, end) of the leading axis; shares the bytes.
  Tensor slice(int64_t begin, int64_t end) const;
  Tensor clone() const;

private:
  template <typename T>
  void *checked() const {
    assert((elementTypeOf<T>() == type ||
            (type == ElementType::boolean && sizeof(T) == 1)) &&
           "wrong element type");
    return bytes;
  }

  llvm::SmallVector<int64_t, 4> shape;
  ElementType type = ElementType::f32;
  void *bytes = nullptr;
  std::shared_ptr<void> owner;
};

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_TENSOR_H
