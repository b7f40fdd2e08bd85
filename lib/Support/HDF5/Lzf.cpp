//===- Lzf.cpp - h5py's own compression -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decompression of LZF blocks, the format of filter 32000. A block is a
// sequence of literal runs (a byte below 32: one less than the number of bytes
// that follow) and of copies from the output: three bits of length less 2,
// where 7 means that a byte with the rest follows, and 13 bits of distance less
// 1.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/HDF5/HDF5.h"
#include <cstdlib>
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::hdf5;

/// The number that h5py registered.
static constexpr H5Z_filter_t lzfFilter = 32000;

namespace {
/// Decompresses one block into a buffer of known size.
class LzfDecoder {
public:
  LzfDecoder(const uint8_t *from, size_t fromSize, uint8_t *to, size_t toSize)
      : from(from), fromEnd(from + fromSize), begin(to), to(to),
        toEnd(to + toSize) {}

  /// The number of bytes made, 0 if the block is damaged or too large.
  size_t decode() {
    while (from != fromEnd) {
      unsigned control = *from++;
      if (!(control < 32 ? copyLiterals(control + 1) : copyBack(control)))
        return 0;
    }
    return to - begin;
  }

private:
  bool copyLiterals(size_t size) {
    if (size > static_cast<size_t>(fromEnd - from) ||
        size > static_cast<size_t>(toEnd - to))
      return false;
    std::memcpy(to, from, size);
    from += size;
    to += size;
    return true;
  }

  bool copyBack(unsigned control) {
    size_t size = control >> 5;
    if (size == 7) {
      if (from == fromEnd)
        return false;
      size += *from++;
    }
    size += 2;
    if (from == fromEnd)
      return false;
    size_t distance = ((control & 31) << 8) + *from++ + 1;
    if (distance > static_cast<size_t>(to - begin) ||
        size > static_cast<size_t>(toEnd - to))
      return false;
    // The ranges may overlap: a copy of what is being written.
    for (; size; --size, ++to)
      *to = to[-static_cast<ptrdiff_t>(distance)];
    return true;
  }

  const uint8_t *from, *fromEnd;
  uint8_t *begin, *to, *toEnd;
};
} // namespace

/// As HDF5 calls filters. The third value that h5py stores is the size of a
/// chunk, which is what a block becomes.
static size_t filterLzf(unsigned flags, size_t valueCount,
                        const unsigned values[], size_t size,
                        size_t *bufferSize, void **buffer) {
  if (!(flags & H5Z_FLAG_REVERSE) || valueCount < 3 || !values[2])
    return 0;
  size_t chunkSize = values[2];
  auto *output = static_cast<uint8_t *>(std::malloc(chunkSize));
  if (!output)
    return 0;
  size_t made =
      LzfDecoder(static_cast<const uint8_t *>(*buffer), size, output, chunkSize)
          .decode();
  if (!made) {
    std::free(output);
    return 0;
  }
  H5free_memory(*buffer);
  *buffer = output;
  *bufferSize = chunkSize;
  return made;
}

void hdf5::registerLzf() {
  static const H5Z_class2_t filter = {
      H5Z_CLASS_T_VERS, lzfFilter, 0, 1, "lzf", nullptr, nullptr, filterLzf};
  H5Zregister(&filter);
}
