//===- BufferPool.h - memory of short-lived tensors -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The values of a block of samples live for microseconds and have the same
// sizes in every block. Memory fresh from the system would cost a page fault
// per 4 KB.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_BUFFERPOOL_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_BUFFERPOOL_H

#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/DenseMap.h"
#include <mutex>

namespace spikeformer::evaluator {

/// Tensors whose memory is used again after them; from any thread.
class BufferPool : public std::enable_shared_from_this<BufferPool> {
public:
  ~BufferPool();

  /// A tensor with arbitrary elements. It keeps the pool alive.
  Tensor allocate(llvm::ArrayRef<int64_t> shape, ElementType type);

private:
  void *take(size_t size);
  void giveBack(void *bytes, size_t size);

  std::mutex mutex;
  /// By size in bytes.
  llvm::DenseMap<size_t, llvm::SmallVector<void *, 4>> unused;
  size_t unusedBytes = 0;
};

} // namespace spikeformer::evaluator

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_BUFFERPOOL_H
