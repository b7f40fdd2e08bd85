//===- Zip.h - zip archives -------------------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As much of zip as .npz needs: members stored or deflated, zip64, no
// encryption. Writing is deterministic: stored, in the order given, with the
// earliest date that the format has.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_ZIP_H
#define SPIKEFORMER_SUPPORT_ZIP_H

#include "spikeformer/Support/ByteStream.h"
#include <vector>

namespace spikeformer {

/// A file in an archive; sizes in bytes.
struct ZipMember {
  std::string name;
  uint16_t method = 0;
  uint32_t crc = 0;
  uint64_t compressed = 0, size = 0, headerOffset = 0;
};

/// The directory of an archive whose bytes outlive it.
class ZipReader {
public:
  /// Errors: no archive, cut off, or offsets and sizes that point outside it.
  static llvm::Expected<ZipReader> parse(llvm::StringRef bytes,
                                         llvm::StringRef file);

  /// In the order of the directory.
  llvm::ArrayRef<ZipMember> getMembers() const { return members; }
  /// Errors: encrypted, or compressed by anything but deflate.
  llvm::Expected<ByteStream> open(const ZipMember &member) const;

private:
  ZipReader(llvm::StringRef bytes, llvm::StringRef file)
      : bytes(bytes), file(file) {}

  struct Directory {
    uint64_t offset = 0, size = 0, count = 0;
  };
  llvm::Expected<Directory> findDirectory() const;
  llvm::Error readZip64Directory(uint64_t endOffset, Directory &result) const;
  llvm::Error readMembers(const Directory &directory);
  llvm::Error readZip64Extra(llvm::StringRef extra, ZipMember &member) const;
  llvm::Error makeError(const llvm::Twine &message) const;

  llvm::StringRef bytes;
  std::string file;
  std::vector<ZipMember> members;
};

/// Writes an archive to a stream.
class ZipWriter {
public:
  /// Sizes and offsets from `zip64From` on are written in zip64's form.
  explicit ZipWriter(llvm::raw_ostream &os, uint64_t zip64From = 0xffffffff)
      : os(os), zip64From(zip64From) {}

  /// Adds a member whose bytes are those of `parts` one after another.
  void add(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> parts);
  /// Writes the directory; nothing may be added afterwards.
  void finish();

private:
  void write(llvm::StringRef bytes);
  void writeEnd(uint64_t directoryOffset);

  llvm::raw_ostream &os;
  uint64_t zip64From;
  uint64_t offset = 0;
  std::vector<ZipMember> members;
};

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_ZIP_H
