//===- ByteStream.h - bytes that may be compressed, read once ---*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Readers of formats take their bytes from a stream that knows how many can
// still come, so that a header which promises more than the file can hold is
// found before anything is allocated for it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_BYTESTREAM_H
#define SPIKEFORMER_SUPPORT_BYTESTREAM_H

#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace spikeformer {

/// A file, or a member of one, as a sequence of bytes. The bytes it is made
/// from must outlive it. Errors name the file and, if given, the member.
class ByteStream {
public:
  /// Bytes as they are.
  static ByteStream stored(llvm::StringRef bytes, llvm::StringRef file);
  /// One gzip stream. Errors: no gzip magic.
  static llvm::Expected<ByteStream> gzip(llvm::StringRef bytes,
                                         llvm::StringRef file);
  /// `size` bytes with the checksum `crc`, which lie in an archive as they are
  /// or as a raw deflate stream. Errors: `size` is more than any deflate stream
  /// of that length can give.
  static llvm::Expected<ByteStream> member(llvm::StringRef bytes, bool deflated,
                                           uint64_t size, uint32_t crc,
                                           llvm::StringRef file,
                                           llvm::StringRef member);
  ByteStream(ByteStream &&) noexcept;
  ~ByteStream();

  /// No more bytes than this can still be read.
  uint64_t getBound() const { return bound; }

  /// Fills `to`. Errors: the bytes end before (names `what` was being read), or
  /// their compressed form is damaged.
  llvm::Error read(llvm::MutableArrayRef<char> to, const llvm::Twine &what);
  /// Reads the elements of an array in row-major order, as they are stored.
  /// Errors: also, the shape needs more bytes than there are.
  llvm::Expected<Tensor> readTensor(llvm::ArrayRef<int64_t> shape,
                                    ElementType type);
  /// Checks that nothing follows, and the checksum.
  llvm::Error finish();

  llvm::Error makeError(const llvm::Twine &message) const;

private:
  struct Inflater;

  ByteStream(llvm::StringRef bytes, uint64_t bound, llvm::StringRef file,
             llvm::StringRef location);
  llvm::Error inflate(llvm::MutableArrayRef<char> to, const llvm::Twine &what);
  llvm::Error finishInflating();
  llvm::Error makeDamagedError() const;

  llvm::StringRef rest;
  uint64_t bound;
  std::string file, location;
  std::unique_ptr<Inflater> inflater;
  bool checked = false;
  uint32_t expectedCrc = 0, crc = 0;
};

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_BYTESTREAM_H
