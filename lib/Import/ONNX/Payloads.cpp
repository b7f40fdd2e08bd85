//===- Payloads.cpp - tensor data left in the file ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Payloads.h"
#include "llvm/Support/Endian.h"
#include <climits>
#include <optional>
#include <sys/mman.h>
#include <unistd.h>

using namespace spikeformer;
using namespace spikeformer::onnximport;
using llvm::StringRef;

namespace {

/// Messages that lead to tensors; `Other` are copied as they are.
enum class Kind { Model, Graph, Function, Node, Attribute, Tensor, Other };

/// Field numbers of onnx.proto.
constexpr uint64_t kRawData = 9;

/// As deep as libprotobuf reads.
constexpr unsigned kMaxDepth = 100;

enum WireType : unsigned { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

struct Field {
  uint64_t number;
  unsigned wireType;
  /// Of Bytes: what is inside.
  StringRef content;
  /// The field with its tag.
  StringRef whole;
};

class Separator {
public:
  Separator(std::vector<StringRef> &payloads) : payloads(payloads) {}
  bool copy(StringRef message, Kind kind, unsigned depth, std::string &out);

private:
  std::vector<StringRef> &payloads;
};

} // namespace

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

static void writeVarint(uint64_t value, std::string &out) {
  for (; value >= 0x80; value >>= 7)
    out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

/// Takes one field off `rest`; none if it is broken.
static std::optional<Field> readField(StringRef &rest) {
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

/// What field `number` of a message of `kind` holds.
static Kind getKind(Kind kind, uint64_t number) {
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

bool Separator::copy(StringRef message, Kind kind, unsigned depth,
                     std::string &out) {
  if (depth > kMaxDepth)
    return false;
  while (!message.empty()) {
    std::optional<Field> field = readField(message);
    if (!field)
      return false;
    bool isMessage = field->wireType == Bytes;
    Kind inner = isMessage ? getKind(kind, field->number) : Kind::Other;
    bool isPayload =
        isMessage && kind == Kind::Tensor && field->number == kRawData;
    if (inner == Kind::Other && !isPayload) {
      out.append(field->whole.begin(), field->whole.end());
      // More than libprotobuf reads: no need to copy the rest.
      if (out.size() > INT_MAX)
        return true;
      continue;
    }
    std::string content;
    if (isPayload) {
      content.resize(8);
      llvm::support::endian::write64le(content.data(), payloads.size());
      payloads.push_back(field->content);
    } else if (!copy(field->content, inner, depth + 1, content)) {
      return false;
    }
    writeVarint(field->number << 3 | Bytes, out);
    writeVarint(content.size(), out);
    out += content;
  }
  return true;
}

bool onnximport::separatePayloads(StringRef file, std::string &structure,
                                  std::vector<StringRef> &payloads) {
  return Separator(payloads).copy(file, Kind::Model, 0, structure);
}

void onnximport::forgetPages(StringRef bytes) {
#ifdef MADV_PAGEOUT
  // Harmless for memory that is no file: its pages keep what they hold.
  auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  uintptr_t begin =
      (reinterpret_cast<uintptr_t>(bytes.begin()) + page - 1) / page * page;
  uintptr_t end = reinterpret_cast<uintptr_t>(bytes.end()) / page * page;
  if (begin < end)
    (void)madvise(reinterpret_cast<void *>(begin), end - begin, MADV_PAGEOUT);
#endif
}
