//===- Wire.cpp - protobuf messages field by field ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Wire.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;
using llvm::StringRef;

static std::optional<uint64_t> readVarint(StringRef &rest) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
    auto byte = static_cast<uint8_t>(rest.front());
    rest = rest.drop_front();
    value |= uint64_t(byte & 0x7f) << shift;
    if (byte < 0x80)
      return value;
  }
  return std::nullopt;
}

std::optional<Field> onnximport::readField(StringRef &rest) {
  StringRef start = rest;
  std::optional<uint64_t> tag = readVarint(rest);
  // No field has the number 0.
  if (!tag || *tag >> 3 == 0)
    return std::nullopt;
  Field field = {*tag >> 3, static_cast<unsigned>(*tag & 7), {}, {}};
  uint64_t size = 0;
  if (field.wireType == Varint) {
    if (!readVarint(rest))
      return std::nullopt;
  } else if (field.wireType == Fixed64 || field.wireType == Fixed32) {
    size = field.wireType == Fixed64 ? 8 : 4;
  } else if (field.wireType == Bytes) {
    std::optional<uint64_t> length = readVarint(rest);
    if (!length)
      return std::nullopt;
    size = *length;
  } else {
    return std::nullopt;
  }
  if (size > rest.size())
    return std::nullopt;
  field.content = rest.take_front(size);
  rest = rest.drop_front(size);
  field.whole = start.drop_back(rest.size());
  return field;
}

Kind onnximport::getKind(Kind kind, uint64_t number) {
  switch (kind) {
  case Kind::Model:
    return number == 7    ? Kind::Graph
           : number == 25 ? Kind::Function
                          : Kind::Other;
  case Kind::Graph:
    return number == 1 ? Kind::Node : number == 5 ? Kind::Tensor : Kind::Other;
  case Kind::Function:
    return number == 7    ? Kind::Node
           : number == 11 ? Kind::Attribute
                          : Kind::Other;
  case Kind::Node:
    return number == 5 ? Kind::Attribute : Kind::Other;
  case Kind::Attribute:
    return number == 5 || number == 10   ? Kind::Tensor
           : number == 6 || number == 11 ? Kind::Graph
                                         : Kind::Other;
  case Kind::Tensor:
  case Kind::Other:
    return Kind::Other;
  }
  return Kind::Other;
}
