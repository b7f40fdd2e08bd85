//===- BatchKey.h - what the result of a model depends on -------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The name under which a result is kept: a digest of everything that the result
// depends on. Files count by their contents, read as a whole: dates and sizes
// say nothing of a file that was copied or restored.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_BATCHKEY_H
#define LIB_PIPELINES_BATCHKEY_H

#include "BatchManifest.h"
#include "llvm/Support/FileSystem.h"
#include <mutex>

namespace spikeformer {

/// A file when it was read for a key.
struct FileStamp {
  std::string path;
  llvm::sys::fs::UniqueID id;
  llvm::sys::TimePoint<> modified;
  uint64_t size = 0;

  static llvm::Expected<FileStamp> take(const std::string &path);
  bool operator==(const FileStamp &other) const {
    return id == other.id && modified == other.modified && size == other.size;
  }
};

/// The key of a model.
struct BatchKey {
  /// BLAKE3 of all that counts, in hexadecimal digits.
  std::string digest;
  /// The files that it covers.
  std::vector<FileStamp> files;

  /// Whether no file has changed since: a result made from others must not be
  /// kept under this key.
  bool isCurrent() const;
};

/// Makes keys; reads each file of data once. Any thread may ask.
class BatchKeys {
public:
  /// Digests the program, its libraries and plugins. Errors: one of them cannot
  /// be read.
  static llvm::Expected<std::unique_ptr<BatchKeys>> create();

  /// Nothing for a model whose result depends on more than can be seen from
  /// outside: of an importer that is a plugin's, with files nobody can list, or
  /// with a limit of time; or on a file that cannot be read, of which the
  /// compiler says more.
  std::optional<BatchKey> make(const BatchEntry &entry);

private:
  struct Contents {
    std::string digest;
    std::vector<FileStamp> files;
  };

  llvm::Expected<Contents> digestData(const std::string &path);
  llvm::Error cover(const BatchEntry &entry, BatchKey &key);

  std::string code;
  std::mutex mutex;
  std::map<std::string, Contents> contents;
};

} // namespace spikeformer

#endif // LIB_PIPELINES_BATCHKEY_H
