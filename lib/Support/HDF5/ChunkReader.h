//===- ChunkReader.h - compressed arrays on several threads -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decompression is nearly all the time of reading a large file, and the library
// does it on one thread.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_SUPPORT_HDF5_CHUNKREADER_H
#define LIB_SUPPORT_HDF5_CHUNKREADER_H

#include "spikeformer/Support/HDF5/HDF5.h"

namespace spikeformer::hdf5 {

/// Reads all of a dataset into `bytes` if it is large and stored as gzip makes
/// it, with or without shuffle, in elements of `memoryType`. False if it is
/// not, or anything goes wrong: the library then reads it, or says why not.
bool readCompressedChunks(hid_t dataset, hid_t memoryType,
                          ArrayRef<int64_t> shape, void *bytes);

} // namespace spikeformer::hdf5

#endif // LIB_SUPPORT_HDF5_CHUNKREADER_H
