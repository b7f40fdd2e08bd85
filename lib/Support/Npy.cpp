//===- Npy.cpp - NumPy's .npy arrays --------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Npy.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/TensorOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace spikeformer;

static constexpr llvm::StringRef magic = "\x93NUMPY";
/// NumPy itself stops at 64.
static constexpr size_t maxRank = 64;

//===----------------------------------------------------------------------===//
// Header
//===----------------------------------------------------------------------===//

namespace {
struct Header {
  std::string descr;
  bool fortran = false;
  llvm::SmallVector<int64_t, 4> shape;
};

/// Reads the one form of Python dictionary that a header may be.
class HeaderParser {
public:
  explicit HeaderParser(llvm::StringRef text) : rest(text) {}

  /// False if the text is no such dictionary.
  bool parse(Header &header) {
    bool seen[3] = {};
    if (!take("{"))
      return false;
    while (!take("}")) {
      std::string key;
      if (!string(key) || !take(":"))
        return false;
      bool ok = key == "descr"           ? seen[0] = value(header.descr)
                : key == "fortran_order" ? seen[1] = boolean(header.fortran)
                : key == "shape"         ? seen[2] = tuple(header.shape)
                                         : false;
      if (!ok || (!take(",") && !rest.ltrim().starts_with("}")))
        return false;
    }
    return rest.trim().empty() && seen[0] && seen[1] && seen[2];
  }

private:
  bool take(llvm::StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }

  bool string(std::string &text) {
    rest = rest.ltrim();
    if (!rest.starts_with("'") && !rest.starts_with("\""))
      return false;
    size_t end = rest.find(rest.front(), 1);
    if (end == llvm::StringRef::npos)
      return false;
    text = rest.slice(1, end).str();
    rest = rest.drop_front(end + 1);
    return true;
  }

  /// A string, or the list that describes a structured type, which is kept as
  /// text for the message.
  bool value(std::string &text) {
    rest = rest.ltrim();
    if (!rest.starts_with("["))
      return string(text);
    size_t end = rest.find(']');
    if (end == llvm::StringRef::npos)
      return false;
    text = rest.take_front(end + 1).str();
    rest = rest.drop_front(end + 1);
    return true;
  }

  bool boolean(bool &flag) {
    if (take("True"))
      return flag = true;
    flag = false;
    return take("False");
  }

  bool tuple(llvm::SmallVectorImpl<int64_t> &shape) {
    if (!take("("))
      return false;
    while (!take(")")) {
      int64_t extent = 0;
      rest = rest.ltrim();
      if (rest.consumeInteger(10, extent) || shape.size() == maxRank)
        return false;
      shape.push_back(extent);
      if (!take(",") && !rest.ltrim().starts_with(")"))
        return false;
    }
    return true;
  }

  llvm::StringRef rest;
};
} // namespace

static llvm::Expected<Header> readHeader(ByteStream &stream) {
  char start[8];
  if (llvm::Error error = stream.read(start, "the magic and version"))
    return std::move(error);
  if (llvm::StringRef(start, 6) != magic)
    return stream.makeError("is not a .npy array: it does not begin with "
                            "\\x93NUMPY");
  int version = start[6];
  if (version < 1 || version > 3 || start[7] != 0)
    return stream.makeError(".npy version " +
                            llvm::Twine(unsigned(uint8_t(start[6]))) + "." +
                            llvm::Twine(unsigned(uint8_t(start[7]))) +
                            " is not known; known are 1.0, 2.0 and 3.0");

  char length[4] = {};
  if (llvm::Error error = stream.read(
          llvm::MutableArrayRef<char>(length).take_front(version == 1 ? 2 : 4),
          "the length of the header"))
    return std::move(error);
  uint32_t size = llvm::support::endian::read32le(length);
  if (size > stream.getBound())
    return stream.makeError("header says it has " + llvm::Twine(size) +
                            " bytes, the file has " +
                            llvm::Twine(stream.getBound()) + " more");
  std::string text(size, ' ');
  if (llvm::Error error = stream.read(text, "the header"))
    return std::move(error);
  Header header;
  if (!HeaderParser(text).parse(header))
    return stream.makeError("header cannot be read; it must be a dictionary "
                            "of descr, fortran_order and shape, has: " +
                            llvm::StringRef(text).take_front(200).trim());
  return header;
}

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

/// Without the byte order.
static llvm::StringRef getTypeCode(ElementType type) {
  static constexpr llvm::StringRef codes[] = {
      "b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"};
  return codes[static_cast<unsigned>(type)];
}

static llvm::Expected<ElementType> getType(const ByteStream &stream,
                                           llvm::StringRef descr) {
  llvm::StringRef code = descr.drop_front(!descr.empty());
  for (ElementType type :
       {ElementType::boolean, ElementType::u8, ElementType::i8,
        ElementType::u16, ElementType::i16, ElementType::u32, ElementType::i32,
        ElementType::u64, ElementType::i64, ElementType::f32,
        ElementType::f64}) {
    if (code != getTypeCode(type))
      continue;
    if (descr.front() == '>' && getElementSize(type) > 1)
      return stream.makeError("element type '" + descr +
                              "' is big-endian; save it as '<" + code + "'");
    if (descr.front() == '<' || getElementSize(type) == 1)
      return type;
  }
  if (descr.starts_with("["))
    return stream.makeError("holds records, " + descr +
                            ", where an array of numbers is needed");
  return stream.makeError("element type '" + descr +
                          "' is not supported; save it as a boolean, an "
                          "integer, float32 or float64");
}

static llvm::Error checkBooleans(const ByteStream &stream,
                                 const Tensor &tensor) {
  llvm::ArrayRef<uint8_t> values = tensor.data<uint8_t>();
  auto *bad = llvm::find_if(values, [](uint8_t value) { return value > 1; });
  if (bad == values.end())
    return llvm::Error::success();
  return stream.makeError("boolean " + llvm::Twine(bad - values.begin()) +
                          " is stored as " + llvm::Twine(unsigned(*bad)) +
                          "; it must be 0 or 1");
}

//===----------------------------------------------------------------------===//
// Reading and writing
//===----------------------------------------------------------------------===//

llvm::Expected<Tensor> spikeformer::readNpy(ByteStream &stream) {
  auto header = readHeader(stream);
  if (!header)
    return header.takeError();
  auto type = getType(stream, header->descr);
  if (!type)
    return type.takeError();
  // Fortran order is row-major order of the reversed axes.
  if (header->fortran)
    std::reverse(header->shape.begin(), header->shape.end());
  auto tensor = stream.readTensor(header->shape, *type);
  if (!tensor)
    return tensor.takeError();
  if (llvm::Error error = stream.finish())
    return std::move(error);
  if (*type == ElementType::boolean)
    if (llvm::Error error = checkBooleans(stream, *tensor))
      return std::move(error);
  if (!header->fortran)
    return tensor;
  return permute(*tensor, llvm::to_vector(llvm::reverse(
                              llvm::seq<int64_t>(0, tensor->getRank()))));
}

llvm::Expected<Tensor> spikeformer::readNpyFile(llvm::StringRef path) {
  auto buffer = readInputFile(path);
  if (!buffer)
    return buffer.takeError();
  ByteStream stream = ByteStream::stored((*buffer)->getBuffer(), path);
  return readNpy(stream);
}

std::string spikeformer::makeNpyHeader(const Tensor &tensor) {
  llvm::ArrayRef<int64_t> shape = tensor.getShape();
  auto extents = llvm::map_range(
      shape, [](int64_t extent) { return std::to_string(extent); });
  ElementType type = tensor.getElementType();
  std::string text = "{'descr': '";
  text += getElementSize(type) == 1 ? "|" : "<";
  text += getTypeCode(type);
  text += "', 'fortran_order': False, 'shape': (" + llvm::join(extents, ", ") +
          (shape.size() == 1 ? ",)" : ")") + ", }";
  // As NumPy does: room for the leading extent to grow to 21 digits in place,
  // then at least one blank up to a multiple of 64.
  if (!shape.empty())
    text.append(21 - std::to_string(shape.front()).size(), ' ');
  size_t unpadded = magic.size() + 4 + text.size() + 1;
  text.append(64 - unpadded % 64, ' ');
  text += '\n';

  std::string header = magic.str();
  header += '\1';
  header += '\0';
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

static void writeNpy(const Tensor &tensor, llvm::raw_ostream &os) {
  os << makeNpyHeader(tensor);
  os.write(static_cast<const char *>(tensor.getBytes()), tensor.getNumBytes());
}

std::string spikeformer::toNpy(const Tensor &tensor) {
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  writeNpy(tensor, os);
  return bytes;
}

llvm::Error spikeformer::writeNpyFile(llvm::StringRef path,
                                      const Tensor &tensor) {
  return writeFileAtomically(path, [&](llvm::raw_ostream &os) {
    writeNpy(tensor, os);
    return llvm::Error::success();
  });
}
