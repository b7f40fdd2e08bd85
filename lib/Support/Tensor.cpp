//===- Tensor.cpp - an array in host memory -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Tensor.h"
#include <cstdlib>
#include <cstring>

using namespace spikeformer;

unsigned spikeformer::getElementSize(ElementType type) {
  switch (type) {
  case ElementType::boolean:
  case ElementType::u8:
  case ElementType::i8:
    return 1;
  case ElementType::u16:
  case ElementType::i16:
    return 2;
  case ElementType::u32:
  case ElementType::i32:
  case ElementType::f32:
    return 4;
  case ElementType::u64:
  case ElementType::i64:
  case ElementType::f64:
    return 8;
  }
  return 0;
}

llvm::StringRef spikeformer::getElementTypeName(ElementType type) {
  static constexpr llvm::StringRef names[] = {
      "bool",  "uint8",  "int8",  "uint16",  "int16",  "uint32",
      "int32", "uint64", "int64", "float32", "float64"};
  return names[static_cast<unsigned>(type)];
}

bool spikeformer::isFloat(ElementType type) {
  return type == ElementType::f32 || type == ElementType::f64;
}

Tensor::Tensor(llvm::ArrayRef<int64_t> shape, ElementType type)
    : shape(shape.begin(), shape.end()), type(type) {
  size_t size = (getNumBytes() + 63) / 64 * 64;
  bytes = std::aligned_alloc(64, std::max<size_t>(size, 64));
  std::memset(bytes, 0, std::max<size_t>(size, 64));
  owner = std::shared_ptr<void>(bytes, std::free);
}

Tensor::Tensor(llvm::ArrayRef<int64_t> shape, ElementType type, void *bytes,
               std::shared_ptr<void> owner)
    : shape(shape.begin(), shape.end()), type(type), bytes(bytes),
      owner(std::move(owner)) {}

int64_t Tensor::getNumElements() const {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

int64_t Tensor::getNumBytes() const {
  return getNumElements() * getElementSize(type);
}

double Tensor::getAsDouble(int64_t index) const {
  auto at = [&](auto zero) {
    return static_cast<double>(static_cast<decltype(zero) *>(bytes)[index]);
  };
  switch (type) {
  case ElementType::boolean:
  case ElementType::u8:
    return at(uint8_t());
  case ElementType::i8:
    return at(int8_t());
  case ElementType::u16:
    return at(uint16_t());
  case ElementType::i16:
    return at(int16_t());
  case ElementType::u32:
    return at(uint32_t());
  case ElementType::i32:
    return at(int32_t());
  case ElementType::u64:
    return at(uint64_t());
  case ElementType::i64:
    return at(int64_t());
  case ElementType::f32:
    return at(float());
  case ElementType::f64:
    return at(double());
  }
  return 0;
}

Tensor Tensor::reshape(llvm::ArrayRef<int64_t> newShape) const {
  Tensor result = *this;
  result.shape.assign(newShape.begin(), newShape.end());
  assert(result.getNumElements() == getNumElements() && "sizes differ");
  return result;
}

Tensor Tensor::slice(int64_t begin, int64_t end) const {
  assert(begin >= 0 && begin <= end && end <= shape.front() && "out of range");
  Tensor result = *this;
  int64_t row = shape.front() ? getNumBytes() / shape.front() : 0;
  result.shape.front() = end - begin;
  result.bytes = static_cast<char *>(bytes) + begin * row;
  return result;
}

Tensor Tensor::clone() const {
  Tensor result(shape, type);
  std::memcpy(result.bytes, bytes, getNumBytes());
  return result;
}
