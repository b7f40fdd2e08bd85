//===- BufferPool.cpp - memory of short-lived tensors ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BufferPool.h"
#include <cstdlib>

using namespace spikeformer;
using namespace spikeformer::evaluator;

/// What the pool may hold in reserve.
static constexpr size_t kMaxUnusedBytes = 64 << 20;

BufferPool::~BufferPool() {
  for (auto &entry : unused)
    for (void *bytes : entry.second)
      std::free(bytes);
}

void *BufferPool::take(size_t size) {
  std::lock_guard<std::mutex> lock(mutex);
  auto it = unused.find(size);
  if (it == unused.end() || it->second.empty())
    return std::aligned_alloc(64, size);
  unusedBytes -= size;
  return it->second.pop_back_val();
}

void BufferPool::giveBack(void *bytes, size_t size) {
  std::lock_guard<std::mutex> lock(mutex);
  if (unusedBytes + size > kMaxUnusedBytes)
    return std::free(bytes);
  unusedBytes += size;
  unused[size].push_back(bytes);
}

Tensor BufferPool::allocate(llvm::ArrayRef<int64_t> shape, ElementType type) {
  size_t size = getElementSize(type);
  for (int64_t extent : shape)
    size *= extent;
  size = (size + 63) / 64 * 64 + (size == 0 ? 64 : 0);
  auto release = [pool = shared_from_this(), size](void *bytes) {
    pool->giveBack(bytes, size);
  };
  void *bytes = take(size);
  return Tensor(shape, type, bytes, std::shared_ptr<void>(bytes, release));
}
