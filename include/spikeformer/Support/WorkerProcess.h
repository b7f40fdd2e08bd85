//===- WorkerProcess.h - code that may crash --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs code that is not trusted with its input, such as a large parser, in a
// forked process with limits on memory and time. What it makes lies in memory
// that both processes share: nothing is copied, and a crash of the worker is an
// error of the caller.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_WORKERPROCESS_H
#define SPIKEFORMER_SUPPORT_WORKERPROCESS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace spikeformer {

/// What a worker may use, beyond what its parent has at the fork.
struct WorkerLimits {
  /// Private memory.
  uint64_t heapBytes = uint64_t(1) << 30;
  /// Blocks that it hands to its parent; address space only until written.
  uint64_t sharedBytes = uint64_t(8) << 30;
  /// Processor time; 0 for no limit.
  unsigned cpuSeconds = 60;
  /// Time on the clock until it is killed.
  unsigned wallMilliseconds = 120000;
};

/// The worker's side: blocks that its parent will see.
class WorkerOutput {
public:
  /// A block of zeros, 64-byte aligned, and where it lies in the shared memory.
  struct Block {
    void *bytes;
    uint64_t offset;
  };

  WorkerOutput(char *base, uint64_t capacity)
      : base(base), capacity(capacity), used(headerSize) {}

  /// None if `sharedBytes` do not suffice.
  std::optional<Block> allocate(uint64_t size);
  /// Says what is being done, for the error if the worker dies. At most 4095
  /// bytes are kept.
  void setProgress(llvm::StringRef text);

  /// Where `bytes`, which lie in a block, lie in the shared memory.
  uint64_t getOffset(const void *bytes) const {
    return static_cast<const char *>(bytes) - base;
  }
  /// Bytes used so far.
  uint64_t getUsed() const { return used; }

  /// Bytes before the first block: progress, and the end of the message.
  static constexpr uint64_t headerSize = 8192;

private:
  char *base;
  uint64_t capacity, used;
};

/// The parent's side of a worker that came to its end.
struct WorkerResult {
  /// Shared memory with the blocks at their offsets; lives as long as a copy of
  /// this pointer.
  std::shared_ptr<void> memory;
  uint64_t size = 0;
  /// What the work returned; lies in `memory`.
  llvm::StringRef message;

  /// The block at `offset`, null unless all `size` bytes of it exist.
  void *getBlock(uint64_t offset, uint64_t blockSize) const;
};

/// A worker that did not come to its end: `progress` is what it said last.
class WorkerError : public llvm::ErrorInfo<WorkerError> {
public:
  static char ID;
  WorkerError(std::string what, std::string progress)
      : what(std::move(what)), progress(std::move(progress)) {}

  /// "crashed (signal 11)", "needed more than 1024 MiB of memory".
  llvm::StringRef getWhat() const { return what; }
  llvm::StringRef getProgress() const { return progress; }

  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override;

private:
  std::string what, progress;
};

/// Runs `work` in a forked process and gives what it made; the string that it
/// returns comes back as `message`. `work` must not use what other threads of
/// this process may hold locked, such as LLVM's streams; it may allocate
/// memory. Errors: a WorkerError; a plain error where no process can be made.
llvm::Expected<WorkerResult>
runWorker(const WorkerLimits &limits,
          llvm::function_ref<std::string(WorkerOutput &)> work);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_WORKERPROCESS_H
