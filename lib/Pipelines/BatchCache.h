//===- BatchCache.h - results that are kept ---------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A folder of results by key. An entry is a file that appears by a rename and
// carries checksums, its own and those of the files of the result beside it, so
// that processes share the folder without locks: who writes the same entry last
// writes the same result. Nothing in the folder is ever trusted without its
// checksum and nothing outside refers to it, so that any file may be deleted at
// any time.
//
// The files of a result are kept by a link where that is possible: a batch
// writes them once. Whoever edits one in place damages the entry, which is
// found. They come back as copies: results never share what can be edited.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_PIPELINES_BATCHCACHE_H
#define LIB_PIPELINES_BATCHCACHE_H

#include "spikeformer/Pipelines/ErrorLog.h"
#include <optional>

namespace spikeformer {

/// The cache in one folder.
class BatchCache {
public:
  /// Makes the folder, and removes what killed processes left in it. Errors: it
  /// cannot be made or written.
  static llvm::Expected<BatchCache> open(StringRef folder);

  /// Brings the result under `key`, a file or a directory, to `output` and
  /// returns its report, as text. Nothing without an entry, or with one that is
  /// broken, after a warning. Errors: `output` cannot be written.
  llvm::Expected<std::optional<std::string>>
  fetch(StringRef key, StringRef output, ErrorLog &log) const;

  /// Keeps what is at `output`, and its report; a warning if that fails.
  void store(StringRef key, StringRef output, StringRef report,
             ErrorLog &log) const;

private:
  explicit BatchCache(StringRef folder) : folder(folder.str()) {}
  std::string getPath(StringRef key) const;
  using MakeFile = function_ref<std::error_code(StringRef)>;

  void removeAbandoned() const;
  llvm::Error place(StringRef path, MakeFile make) const;

  std::string folder;
};

} // namespace spikeformer

#endif // LIB_PIPELINES_BATCHCACHE_H
