//===- Npz.h - NumPy's .npz archives ----------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A zip archive whose members KEY.npy are arrays.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_NPZ_H
#define SPIKEFORMER_SUPPORT_NPZ_H

#include "spikeformer/Support/Tensor.h"
#include "spikeformer/Support/Zip.h"
#include "llvm/Support/MemoryBuffer.h"

namespace spikeformer {

/// An open .npz file; arrays are read one by one.
class NpzFile {
public:
  static llvm::Expected<NpzFile> open(llvm::StringRef path);

  /// Names of the arrays, in the order of the file.
  std::vector<std::string> getKeys() const;
  /// Errors: no such array (names those there are), or a damaged one.
  llvm::Expected<Tensor> read(llvm::StringRef key) const;
  /// The only array. Errors: there are more or none.
  llvm::Expected<Tensor> readOnly() const;

private:
  NpzFile(std::string path, std::unique_ptr<llvm::MemoryBuffer> buffer,
          ZipReader zip)
      : path(std::move(path)), buffer(std::move(buffer)), zip(std::move(zip)) {}

  std::string path;
  std::unique_ptr<llvm::MemoryBuffer> buffer;
  ZipReader zip;
};

/// A name and an array to be written.
using NamedTensor = std::pair<std::string, Tensor>;
llvm::Error writeNpzFile(llvm::StringRef path,
                         llvm::ArrayRef<NamedTensor> arrays);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_NPZ_H
