//===- AtomicFile.h - files written whole or not at all ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything the project writes appears under its name complete and synced, or
// does not appear: the bytes go to a temporary beside the destination, which
// is renamed at the end and removed after a failure.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_ATOMICFILE_H
#define SPIKEFORMER_SUPPORT_ATOMICFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <string>

namespace spikeformer {

/// When written bytes reach the disk: before the call returns, or when whoever
/// writes many files syncs the file system. Either way a name stands for the
/// old bytes or for all of the new ones as long as the system runs.
enum class Durability { now, later };

/// Writes what `write` puts into the stream to `path`, replacing an existing
/// file. A device or pipe is written directly, for it cannot be replaced.
/// Errors: what `write` returns, or why the file cannot be written.
llvm::Error
writeFileAtomically(llvm::StringRef path,
                    llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write,
                    Durability durability = Durability::now);
llvm::Error writeFileAtomically(llvm::StringRef path, llvm::StringRef contents,
                                Durability durability = Durability::now);

/// Brings all that was written to the file system of `directory` to the disk.
llvm::Error syncFileSystem(llvm::StringRef directory);

/// A directory under construction. Files are written into `path()`; `commit`
/// gives it its name; without `commit` the destructor removes it.
class AtomicDirectory {
public:
  /// Says whether an existing destination may be replaced.
  using IsOurs = std::function<bool(llvm::StringRef path)>;

  /// Errors: `destination` exists and `isOurs` denies it, or the directory
  /// that is to hold it is missing or not writable.
  static llvm::Expected<AtomicDirectory> create(llvm::StringRef destination,
                                                IsOurs isOurs);
  AtomicDirectory(AtomicDirectory &&other);
  AtomicDirectory &operator=(AtomicDirectory &&) = delete;
  ~AtomicDirectory();

  /// Where to write; empty after `commit`.
  llvm::StringRef path() const { return temporary; }

  /// Syncs what was written, unless that is done later, and renames it to the
  /// destination. An existing
  /// destination is asked about again, swapped out and removed. On an error
  /// the destination is as it was.
  llvm::Error commit(Durability durability = Durability::now);

private:
  AtomicDirectory(std::string destination, std::string temporary, IsOurs isOurs)
      : destination(std::move(destination)), temporary(std::move(temporary)),
        isOurs(std::move(isOurs)) {}

  std::string destination, temporary;
  IsOurs isOurs;
};

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_ATOMICFILE_H
