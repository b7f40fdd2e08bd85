//===- Idx.cpp - IDX arrays, as MNIST comes -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Idx.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include <algorithm>
#include <optional>

using namespace spikeformer;

static std::optional<ElementType> getType(uint8_t code) {
  switch (code) {
  case 0x08:
    return ElementType::u8;
  case 0x09:
    return ElementType::i8;
  case 0x0b:
    return ElementType::i16;
  case 0x0c:
    return ElementType::i32;
  case 0x0d:
    return ElementType::f32;
  case 0x0e:
    return ElementType::f64;
  }
  return std::nullopt;
}

static void fromBigEndian(Tensor &tensor) {
  unsigned size = getElementSize(tensor.getElementType());
  if (llvm::endianness::native == llvm::endianness::big || size == 1)
    return;
  auto *bytes = static_cast<char *>(tensor.getBytes());
  for (char *end = bytes + tensor.getNumBytes(); bytes != end; bytes += size)
    std::reverse(bytes, bytes + size);
}

llvm::Expected<Tensor> spikeformer::readIdx(ByteStream &stream) {
  char magic[4];
  if (llvm::Error error = stream.read(magic, "the magic"))
    return std::move(error);
  auto type = getType(magic[2]);
  uint8_t rank = magic[3];
  if (magic[0] != 0 || magic[1] != 0 || !type || rank == 0)
    return stream.makeError(
        "is not an IDX file: it begins with the bytes " +
        llvm::toHex(llvm::StringRef(magic, 4), /*LowerCase=*/true) +
        ", where IDX has 0000, a type (08, 09, 0b to 0e) and a rank");

  std::string header(4 * rank, '\0');
  if (llvm::Error error = stream.read(header, "the header"))
    return std::move(error);
  llvm::SmallVector<int64_t, 4> shape;
  for (unsigned axis = 0; axis < rank; ++axis)
    shape.push_back(llvm::support::endian::read32be(&header[4 * axis]));
  auto tensor = stream.readTensor(shape, *type);
  if (!tensor)
    return tensor.takeError();
  if (llvm::Error error = stream.finish())
    return std::move(error);
  fromBigEndian(*tensor);
  return tensor;
}

llvm::Expected<Tensor> spikeformer::readIdxFile(llvm::StringRef path) {
  auto buffer = readInputFile(path);
  if (!buffer)
    return buffer.takeError();
  llvm::StringRef bytes = (*buffer)->getBuffer();
  if (bytes.starts_with("\x1f\x8b") || path.ends_with(".gz")) {
    auto stream = ByteStream::gzip(bytes, path);
    if (!stream)
      return stream.takeError();
    return readIdx(*stream);
  }
  ByteStream stream = ByteStream::stored(bytes, path);
  return readIdx(stream);
}
