//===- Wire.h - protobuf messages field by field ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models are larger than what one wants to copy, so that weights are found and
// left where they are.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_WIRE_H
#define LIB_IMPORT_ONNX_WIRE_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace spikeformer::onnximport {

/// Messages that lead to tensors; `Other` are copied as they are.
enum class Kind { Model, Graph, Function, Node, Attribute, Tensor, Other };

/// Field numbers of a tensor in onnx.proto.
constexpr uint64_t kRawData = 9;
constexpr uint64_t kExternalData = 13;

/// As deep as libprotobuf reads.
constexpr unsigned kMaxDepth = 100;

enum WireType : unsigned { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

/// A field of a message.
struct Field {
  uint64_t number;
  unsigned wireType;
  /// Of Bytes: what is inside.
  llvm::StringRef content;
  /// The field with its tag.
  llvm::StringRef whole;
};

/// Takes one field off `rest`; none if it is broken.
std::optional<Field> readField(llvm::StringRef &rest);

/// What field `number` of a message of `kind` holds.
Kind getKind(Kind kind, uint64_t number);

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_WIRE_H
