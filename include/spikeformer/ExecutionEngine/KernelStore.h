//===- KernelStore.h - the compiled kernels of the process ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linked kernels by the hash of their content. Code is never unloaded: kernels
// are small, and a network that comes back finds its own.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_EXECUTIONENGINE_KERNELSTORE_H
#define SPIKEFORMER_EXECUTIONENGINE_KERNELSTORE_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <mutex>
#include <string>

namespace llvm {
class MemoryBuffer;
namespace orc {
class LLJIT;
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
  };

  /// The store of the process; fails if the host has no JIT.
  static llvm::Expected<KernelStore *> get();

  /// The entry of a kernel, made on first use.
  std::shared_ptr<Entry> lookup(StringRef hash);

  /// Links `object` and returns the address of `symbol`, which must be new.
  /// Functions of the runtime are all it may refer to.
  llvm::Expected<void *> link(std::unique_ptr<llvm::MemoryBuffer> object,
                              StringRef symbol);

private:
  explicit KernelStore(std::unique_ptr<llvm::orc::LLJIT> jit);

  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::mutex entriesMutex;
  llvm::StringMap<std::shared_ptr<Entry>> entries;
  std::mutex linkMutex;
  std::string linkErrors;
};

} // namespace spikeformer

#endif // SPIKEFORMER_EXECUTIONENGINE_KERNELSTORE_H
