//===- Idx.h - IDX arrays, as MNIST comes -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Big-endian arrays behind a magic of two zeros, a type and a rank; plain or in
// one gzip stream.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_IDX_H
#define SPIKEFORMER_SUPPORT_IDX_H

#include "spikeformer/Support/ByteStream.h"

namespace spikeformer {

/// The array that the rest of the stream is, in the machine's byte order.
/// Errors: wrong magic, unknown type, too few or too many bytes.
llvm::Expected<Tensor> readIdx(ByteStream &stream);
/// The same of a file, decompressed if it begins as gzip does.
llvm::Expected<Tensor> readIdxFile(llvm::StringRef path);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_IDX_H
