//===- ChunkReader.cpp - compressed arrays on several threads -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each thread takes the next chunk: the library hands over its compressed
// bytes, under a lock since it knows no threads, and the rest is done in
// parallel.
//
//===----------------------------------------------------------------------===//

#include "ChunkReader.h"
#include "llvm/Support/MathExtras.h"
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>
#include <zlib.h>

using namespace spikeformer;
using namespace spikeformer::hdf5;

/// Smaller arrays are not worth a thread.
static constexpr uint64_t minBytes = 1 << 20;
/// Larger chunks would cost every thread that much.
static constexpr uint64_t maxChunkBytes = 32 << 20;
static constexpr unsigned maxThreads = 8;

namespace {
using Extents = SmallVector<hsize_t, 4>;

class ChunkReader {
public:
  ChunkReader(hid_t dataset, size_t elementSize, ArrayRef<int64_t> shape,
              void *bytes)
      : dataset(dataset), elementSize(elementSize),
        shape(shape.begin(), shape.end()), bytes(static_cast<char *>(bytes)) {}

  /// False if the storage is of another kind.
  bool prepare(hid_t properties) {
    if (H5Pget_layout(properties) != H5D_CHUNKED || !takeFilters(properties))
      return false;
    chunk.resize(shape.size());
    if (H5Pget_chunk(properties, chunk.size(), chunk.data()) !=
        static_cast<int>(shape.size()))
      return false;
    chunkBytes = elementSize;
    chunkCount = 1;
    for (auto [extent, size] : llvm::zip(shape, chunk)) {
      chunkBytes = llvm::SaturatingMultiply<uint64_t>(chunkBytes, size);
      counts.push_back(llvm::divideCeil(extent, size));
      chunkCount *= counts.back();
    }
    return chunkBytes <= maxChunkBytes;
  }

  bool run() {
    unsigned threadCount = std::min<uint64_t>(
        {chunkCount, std::max(std::thread::hardware_concurrency(), 1u),
         maxThreads});
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < threadCount; ++i)
      threads.emplace_back([&] { work(); });
    work();
    for (std::thread &thread : threads)
      thread.join();
    return !failed;
  }

private:
  /// Deflate, after shuffle or alone.
  bool takeFilters(hid_t properties) {
    int count = H5Pget_nfilters(properties);
    auto filterAt = [&](int index) {
      unsigned flags = 0, config = 0;
      size_t valueCount = 0;
      return H5Pget_filter2(properties, index, &flags, &valueCount, nullptr, 0,
                            nullptr, &config);
    };
    isShuffled = count == 2 && filterAt(0) == H5Z_FILTER_SHUFFLE;
    return count == (isShuffled ? 2 : 1) &&
           filterAt(count - 1) == H5Z_FILTER_DEFLATE;
  }

  void work() {
    std::vector<uint8_t> raw, plain(chunkBytes), shuffled;
    for (uint64_t index; (index = next++) < chunkCount && !failed;) {
      Extents origin = findOrigin(index);
      if (!fetch(origin, raw) || !inflate(raw, plain)) {
        failed = true;
        return;
      }
      if (isShuffled) {
        shuffled.resize(chunkBytes);
        shuffled.swap(plain);
        unshuffle(shuffled, plain);
      }
      scatter(origin, plain);
    }
  }

  /// First element of a chunk; the last axis runs fastest.
  Extents findOrigin(uint64_t index) const {
    Extents origin(shape.size());
    for (size_t axis = shape.size(); axis-- > 0; index /= counts[axis])
      origin[axis] = index % counts[axis] * chunk[axis];
    return origin;
  }

  /// The compressed bytes of a chunk. Chunks without storage, and such that
  /// skipped a filter, are left to the library.
  bool fetch(const Extents &origin, std::vector<uint8_t> &raw) {
    std::lock_guard<std::mutex> guard(library);
    hsize_t size = 0;
    if (H5Dget_chunk_storage_size(dataset, origin.data(), &size) < 0 ||
        size == 0 || size > 2 * maxChunkBytes)
      return false;
    raw.resize(size);
    uint32_t skipped = 0;
    return H5Dread_chunk(dataset, H5P_DEFAULT, origin.data(), &skipped,
                         raw.data()) >= 0 &&
           skipped == 0;
  }

  /// True if `raw` is one stream of exactly one chunk.
  static bool inflate(ArrayRef<uint8_t> raw, std::vector<uint8_t> &plain) {
    uLongf size = plain.size();
    return uncompress(plain.data(), &size, raw.data(), raw.size()) == Z_OK &&
           size == plain.size();
  }

  /// Shuffled are first bytes of all elements, then second bytes, ...
  void unshuffle(ArrayRef<uint8_t> from, std::vector<uint8_t> &to) const {
    size_t count = from.size() / elementSize;
    for (size_t byte = 0; byte < elementSize; ++byte)
      for (size_t i = 0; i < count; ++i)
        to[i * elementSize + byte] = from[byte * count + i];
  }

  /// Copies the part of a chunk that lies in the array, row by row.
  void scatter(const Extents &origin, ArrayRef<uint8_t> plain) {
    size_t last = shape.size() - 1;
    size_t rowBytes =
        std::min(chunk[last], shape[last] - origin[last]) * elementSize;
    uint64_t rows = chunkBytes / elementSize / chunk[last];
    for (uint64_t row = 0; row < rows; ++row) {
      uint64_t rest = row, to = origin[last], stride = shape[last];
      bool isInside = true;
      for (size_t axis = last; axis-- > 0; rest /= chunk[axis]) {
        uint64_t position = origin[axis] + rest % chunk[axis];
        isInside &= position < shape[axis];
        to += position * stride;
        stride *= shape[axis];
      }
      if (isInside)
        std::memcpy(bytes + to * elementSize,
                    plain.data() + row * chunk[last] * elementSize, rowBytes);
    }
  }

  hid_t dataset;
  size_t elementSize;
  /// Of the array, of a chunk, and the number of chunks along each axis.
  Extents shape, chunk, counts;
  char *bytes;
  bool isShuffled = false;
  uint64_t chunkBytes = 0, chunkCount = 0;
  std::mutex library;
  std::atomic<uint64_t> next{0};
  std::atomic<bool> failed{false};
};
} // namespace

bool hdf5::readCompressedChunks(hid_t dataset, hid_t memoryType,
                                ArrayRef<int64_t> shape, void *bytes) {
  Handle type(H5Dget_type(dataset)), properties(H5Dget_create_plist(dataset));
  uint64_t size = H5Tget_size(memoryType);
  for (int64_t extent : shape)
    size *= extent;
  if (size < minBytes || H5Tequal(type, memoryType) <= 0)
    return false;
  ChunkReader reader(dataset, H5Tget_size(memoryType), shape, bytes);
  bool done = reader.prepare(properties) && reader.run();
  H5Eclear2(H5E_DEFAULT);
  return done;
}
