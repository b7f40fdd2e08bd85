//===- Digest.h - SHA-256 of bytes and files --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files, samples and parameters are identified by the SHA-256 of their bytes,
// written as 64 lower-case hexadecimal digits.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_DIGEST_H
#define SPIKEFORMER_SUPPORT_DIGEST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace spikeformer {
class Tensor;

/// The digest of `bytes`. LLVM counts bytes in 32 bits: from 4 GiB on the
/// digest is still a function of the bytes alone, but not what sha256sum says.
std::string sha256(llvm::StringRef bytes);
/// The digest of the elements of some tensors, one after another, as they lie
/// in memory, without shape and type.
std::string sha256(llvm::ArrayRef<Tensor> tensors);
/// The digest of a whole file; errors as `readInputFile`.
llvm::Expected<std::string> sha256OfFile(llvm::StringRef path);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_DIGEST_H
