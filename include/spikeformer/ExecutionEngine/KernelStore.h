//===- KernelStore.h - the compiled kernels of the process ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linked kernels by the hash of their content. Code that nobody holds stays, so
// that a network that comes back finds its own, until there is much of it: each
// kernel has memory mappings of its own, of which a process has some 65 000.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXECUTIONENGINE_KERNELSTORE_H
#define SPIKEFORMER_EXECUTIONENGINE_KERNELSTORE_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <mutex>
#include <string>

namespace llvm {
class MemoryBuffer;
namespace orc {
class LLJIT;
class ResourceTracker;
} // namespace orc
} // namespace llvm

namespace spikeformer {

/// Thread-safe.
class KernelStore {
public:
  /// A kernel that is compiled or about to be: whoever holds the mutex and
  /// finds no address compiles it.
  struct Entry {
    std::mutex mutex;
    void *address = nullptr;
    llvm::IntrusiveRefCntPtr<llvm::orc::ResourceTracker> code;
  };

  /// Kernels that are kept though nobody holds them, at most.
  static constexpr size_t kIdleCapacity = 2048;

  /// The store of the process; fails if the host has no JIT.
  static llvm::Expected<KernelStore *> get();

  /// The entry of a kernel, made on first use. Its code stays linked as long as
  /// somebody but the store holds the entry.
  std::shared_ptr<Entry> lookup(StringRef hash);

  /// Links `object` into `entry`, whose mutex the caller holds; `symbol` is its
  /// function. Functions of the runtime are all it may refer to.
  llvm::Error link(Entry &entry, std::unique_ptr<llvm::MemoryBuffer> object,
                   StringRef symbol);

  /// Kernels with an entry, held or idle.
  size_t size() const;

private:
  explicit KernelStore(std::unique_ptr<llvm::orc::LLJIT> jit);

  void unloadIdle();

  std::unique_ptr<llvm::orc::LLJIT> jit;
  mutable std::mutex entriesMutex;
  llvm::StringMap<std::shared_ptr<Entry>> entries;
  /// Number of entries at which idle ones are unloaded.
  size_t limit = kIdleCapacity;
  std::mutex linkMutex;
  std::string linkErrors;
};

} // namespace spikeformer

#endif // SPIKEFORMER_EXECUTIONENGINE_KERNELSTORE_H
