//===- ByteStream.cpp - bytes that may be compressed, read once -----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/ByteStream.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/TensorOps.h"
#include "llvm/Support/Endian.h"
#include <algorithm>
#include <cstring>
#include <limits>
#include <zlib.h>

using namespace spikeformer;

/// Deflate codes at most 258 bytes in two bits, so a stream expands to at most
/// this multiple of its length (zlib's documentation: 1032 to 1).
static constexpr uint64_t maxExpansion = 1032;

struct ByteStream::Inflater {
  /// `windowBits` as inflateInit2 takes it: 31 for gzip, -15 for raw deflate.
  explicit Inflater(int windowBits) {
    failed = inflateInit2(&state, windowBits) != Z_OK;
  }
  ~Inflater() { inflateEnd(&state); }

  z_stream state = {};
  bool failed, ended = false;
};

ByteStream::ByteStream(llvm::StringRef bytes, uint64_t bound,
                       llvm::StringRef file, llvm::StringRef location)
    : rest(bytes), bound(bound), file(file), location(location) {}
ByteStream::ByteStream(ByteStream &&) noexcept = default;
ByteStream::~ByteStream() = default;

ByteStream ByteStream::stored(llvm::StringRef bytes, llvm::StringRef file) {
  return ByteStream(bytes, bytes.size(), file, "");
}

llvm::Expected<ByteStream> ByteStream::gzip(llvm::StringRef bytes,
                                            llvm::StringRef file) {
  if (!bytes.starts_with("\x1f\x8b"))
    return makeInputError(file, "is not a gzip file: it does not begin with "
                                "the bytes 1f 8b");
  if (bytes.size() < 18)
    return makeInputError(file, "is cut off: a gzip file has at least 18 "
                                "bytes, this one has " +
                                    llvm::Twine(bytes.size()));
  uint64_t bound = bytes.size() * maxExpansion;
  // The trailer holds the size modulo 2^32; a damaged header must not make us
  // allocate more.
  if (bound <= std::numeric_limits<uint32_t>::max())
    bound = std::min<uint64_t>(
        bound, llvm::support::endian::read32le(bytes.end() - 4));
  ByteStream stream(bytes, bound, file, "");
  stream.inflater = std::make_unique<Inflater>(15 + 16);
  return std::move(stream);
}

llvm::Expected<ByteStream>
ByteStream::member(llvm::StringRef bytes, bool deflated, uint64_t size,
                   uint32_t crc, llvm::StringRef file, llvm::StringRef member) {
  uint64_t most = deflated ? bytes.size() * maxExpansion : bytes.size();
  if (size > most || (!deflated && size != bytes.size()))
    return makeInputError(file, member,
                          "the archive says " + llvm::Twine(size) +
                              " bytes, but its " + llvm::Twine(bytes.size()) +
                              " stored bytes give at most " +
                              llvm::Twine(most));
  ByteStream stream(bytes, size, file, member);
  stream.checked = true;
  stream.expectedCrc = crc;
  if (deflated)
    stream.inflater = std::make_unique<Inflater>(-15);
  return std::move(stream);
}

llvm::Error ByteStream::makeError(const llvm::Twine &message) const {
  return makeInputError(file, location, message);
}

llvm::Error ByteStream::makeDamagedError() const {
  const char *reason = inflater->state.msg;
  return makeError("is damaged: its compressed bytes do not decompress" +
                   (reason ? llvm::Twine(": ") + reason : llvm::Twine()));
}

llvm::Error ByteStream::inflate(llvm::MutableArrayRef<char> to,
                                const llvm::Twine &what) {
  constexpr uint64_t chunk = 1 << 30; // zlib counts in 32 bits.
  z_stream &state = inflater->state;
  if (inflater->failed)
    return makeError("no memory to decompress");
  uint64_t have = 0;
  while (have < to.size() && !inflater->ended) {
    uInt in = std::min<uint64_t>(rest.size(), chunk);
    uInt out = std::min<uint64_t>(to.size() - have, chunk);
    state.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(rest.data()));
    state.avail_in = in;
    state.next_out = reinterpret_cast<Bytef *>(to.data() + have);
    state.avail_out = out;
    int status = ::inflate(&state, Z_NO_FLUSH);
    rest = rest.drop_front(in - state.avail_in);
    have += out - state.avail_out;
    if (status == Z_STREAM_END)
      inflater->ended = true;
    else if (status == Z_BUF_ERROR && rest.empty())
      return makeError("is cut off: its compressed bytes end within " + what);
    else if (status != Z_OK)
      return makeDamagedError();
  }
  if (have == to.size())
    return llvm::Error::success();
  return makeError("ends within " + what + ": needs " + llvm::Twine(to.size()) +
                   " bytes, has " + llvm::Twine(have));
}

llvm::Error ByteStream::read(llvm::MutableArrayRef<char> to,
                             const llvm::Twine &what) {
  if (to.size() > bound)
    return makeError("ends within " + what + ": needs " +
                     llvm::Twine(to.size()) + " bytes, has " +
                     llvm::Twine(bound));
  if (inflater) {
    if (llvm::Error error = inflate(to, what))
      return error;
  } else if (!to.empty()) {
    std::memcpy(to.data(), rest.data(), to.size());
    rest = rest.drop_front(to.size());
  }
  bound -= to.size();
  if (checked)
    crc = crc32_z(crc, reinterpret_cast<const Bytef *>(to.data()), to.size());
  return llvm::Error::success();
}

llvm::Expected<Tensor> ByteStream::readTensor(llvm::ArrayRef<int64_t> shape,
                                              ElementType type) {
  std::optional<uint64_t> size = getCheckedNumBytes(shape, type);
  if (!size || *size > bound)
    return makeError("header says " + formatShape(shape) + " of " +
                     getElementTypeName(type) + ": needs " +
                     (size ? llvm::Twine(*size) : llvm::Twine("over 2^63")) +
                     " bytes, has " + llvm::Twine(bound));
  Tensor tensor(shape, type);
  if (llvm::Error error = read(
          {static_cast<char *>(tensor.getBytes()), static_cast<size_t>(*size)},
          "the elements"))
    return std::move(error);
  return tensor;
}

llvm::Error ByteStream::finishInflating() {
  // Room for one byte makes zlib go on to the end of the stream.
  char more;
  z_stream &state = inflater->state;
  uInt in = std::min<uint64_t>(rest.size(), 1 << 30);
  state.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(rest.data()));
  state.avail_in = in;
  state.next_out = reinterpret_cast<Bytef *>(&more);
  state.avail_out = 1;
  int status = inflater->failed ? Z_MEM_ERROR : ::inflate(&state, Z_NO_FLUSH);
  rest = rest.drop_front(in - state.avail_in);
  if (state.avail_out == 0)
    return makeError("has bytes after the array");
  if (status == Z_STREAM_END)
    return llvm::Error::success();
  return status == Z_OK || status == Z_BUF_ERROR
             ? makeError("is cut off: its compressed bytes end within the "
                         "trailer")
             : makeDamagedError();
}

llvm::Error ByteStream::finish() {
  if (inflater && !inflater->ended)
    if (llvm::Error error = finishInflating())
      return error;
  uint64_t left = inflater ? rest.size() : bound;
  if (left != 0)
    return makeError("has " + llvm::Twine(left) + " bytes after the array");
  if (checked && (crc != expectedCrc || bound != 0))
    return makeError("is damaged: its size or checksum differs from the "
                     "archive's");
  return llvm::Error::success();
}
