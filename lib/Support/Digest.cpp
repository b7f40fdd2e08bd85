//===- Digest.cpp - SHA-256 of bytes and files ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Digest.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SHA256.h"

using namespace spikeformer;

std::string spikeformer::sha256(llvm::StringRef bytes) {
  return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes)),
                     /*LowerCase=*/true);
}

std::string spikeformer::sha256(llvm::ArrayRef<Tensor> tensors) {
  llvm::SHA256 hash;
  for (const Tensor &tensor : tensors)
    hash.update(llvm::StringRef(static_cast<const char *>(tensor.getBytes()),
                                tensor.getNumBytes()));
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

llvm::Expected<std::string> spikeformer::sha256OfFile(llvm::StringRef path) {
  // In pieces: a mapped file counts as memory of the process.
  auto file = llvm::sys::fs::openNativeFileForRead(path);
  if (!file)
    return makeInputError(path, llvm::toString(file.takeError()));
  llvm::scope_exit close([&] { llvm::sys::fs::closeFile(*file); });
  llvm::SHA256 hash;
  std::vector<char> piece(size_t(1) << 18);
  while (true) {
    auto size = llvm::sys::fs::readNativeFile(*file, piece);
    if (!size)
      return makeInputError(path, llvm::toString(size.takeError()));
    if (*size == 0)
      return llvm::toHex(hash.final(), /*LowerCase=*/true);
    hash.update(llvm::StringRef(piece.data(), *size));
  }
}
