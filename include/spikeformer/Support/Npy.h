//===- Npy.h - NumPy's .npy arrays ------------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Versions 1 to 3, little-endian, C or Fortran order, every element type of
// Tensor. Written files are what numpy.save writes, byte by byte.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_NPY_H
#define SPIKEFORMER_SUPPORT_NPY_H

#include "spikeformer/Support/ByteStream.h"

namespace spikeformer {

/// The array that the rest of the stream is; row-major whatever the file says.
/// Errors: wrong magic or version, a header that cannot be read, an element
/// type that Tensor lacks, too few or too many bytes.
llvm::Expected<Tensor> readNpy(ByteStream &stream);
llvm::Expected<Tensor> readNpyFile(llvm::StringRef path);

/// The header of version 1 that precedes the elements of `tensor`; its length
/// is a multiple of 64.
std::string makeNpyHeader(const Tensor &tensor);
/// The bytes of the file.
std::string toNpy(const Tensor &tensor);
llvm::Error writeNpyFile(llvm::StringRef path, const Tensor &tensor);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_NPY_H
