//===- Coding.cpp - values as bytes ---------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/HDF5/Coding.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::hdf5;

//===----------------------------------------------------------------------===//
// The worker's side
//===----------------------------------------------------------------------===//

void Encoder::put(uint64_t number) {
  bytes.append(reinterpret_cast<const char *>(&number), sizeof(number));
}

void Encoder::put(StringRef text) {
  put(text.size());
  bytes.append(text.data(), text.size());
}

void Encoder::put(ArrayRef<int64_t> shape) {
  put(shape.size());
  for (int64_t extent : shape)
    put(static_cast<uint64_t>(extent));
}

void Encoder::encode(const Value &value) {
  put(static_cast<uint64_t>(value.kind));
  put(value.description);
  if (value.kind == Value::Kind::number) {
    put(static_cast<uint64_t>(value.tensor.getElementType()));
    put(value.tensor.getShape());
    put(output.getOffset(value.tensor.getBytes()));
  } else if (value.kind == Value::Kind::text) {
    put(value.textShape);
    put(value.texts.size());
    for (const std::string &text : value.texts)
      put(text);
  }
}

void Encoder::encode(const NameMap<Value> &values) {
  put(values.size());
  for (const auto &[name, value] : values) {
    put(name);
    encode(value);
  }
}

void Encoder::encode(const Findings &findings) {
  put(findings.get().size());
  for (const Finding &finding : findings.get()) {
    put(finding.isError);
    put(finding.location);
    put(finding.message);
  }
}

//===----------------------------------------------------------------------===//
// The parent's side
//===----------------------------------------------------------------------===//

uint64_t Decoder::getNumber() {
  uint64_t number = 0;
  failed |= rest.size() < sizeof(number);
  if (failed)
    return 0;
  std::memcpy(&number, rest.data(), sizeof(number));
  rest = rest.drop_front(sizeof(number));
  return number;
}

uint64_t Decoder::getCount() {
  uint64_t count = getNumber();
  failed |= count > rest.size() / 8;
  return failed ? 0 : count;
}

std::string Decoder::getText() {
  uint64_t size = getNumber();
  failed |= size > rest.size();
  if (failed)
    return "";
  StringRef text = rest.take_front(size);
  rest = rest.drop_front(size);
  return text.str();
}

SmallVector<int64_t> Decoder::getShape() {
  SmallVector<int64_t> shape(getCount());
  for (int64_t &extent : shape) {
    extent = static_cast<int64_t>(getNumber());
    failed |= extent < 0;
  }
  return shape;
}

Tensor Decoder::getTensor() {
  uint64_t type = getNumber();
  SmallVector<int64_t> shape = getShape();
  failed |= type > static_cast<uint64_t>(ElementType::f64);
  if (failed)
    return Tensor();
  auto elementType = static_cast<ElementType>(type);
  uint64_t size = getElementSize(elementType);
  for (int64_t extent : shape)
    size = llvm::SaturatingMultiply<uint64_t>(size, extent);
  void *bytes = result.getBlock(getNumber(), size);
  failed |= !bytes || reinterpret_cast<uintptr_t>(bytes) % 64 != 0;
  return failed ? Tensor() : Tensor(shape, elementType, bytes, result.memory);
}

Value Decoder::getValue() {
  Value value;
  uint64_t kind = getNumber();
  failed |= kind > static_cast<uint64_t>(Value::Kind::other);
  value.description = getText();
  if (failed)
    return value;
  value.kind = static_cast<Value::Kind>(kind);
  if (value.kind == Value::Kind::number)
    value.tensor = getTensor();
  if (value.kind == Value::Kind::text) {
    value.textShape = getShape();
    value.texts.resize(getCount());
    for (std::string &text : value.texts)
      text = getText();
  }
  return value;
}

NameMap<Value> Decoder::getValues() {
  NameMap<Value> values;
  for (uint64_t i = 0, e = getCount(); i < e && !failed; ++i) {
    std::string name = getText();
    values.insert({std::move(name), getValue()});
  }
  return values;
}

void Decoder::getFindings(Findings &findings) {
  for (uint64_t i = 0, e = getCount(); i < e && !failed; ++i) {
    bool isError = getNumber();
    std::string location = getText();
    findings.add(isError, location, getText());
  }
}
