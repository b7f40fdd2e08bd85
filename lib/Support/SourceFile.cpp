//===- SourceFile.cpp - reading input files -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/SourceFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Alignment.h"

using namespace spikeformer;

llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>>
spikeformer::readInput(llvm::StringRef path) {
  constexpr llvm::Align alignment = llvm::Align::Constant<64>();
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/true, alignment);
  if (!buffer || llvm::isAddrAligned(alignment, (*buffer)->getBufferStart()))
    return buffer;
  auto copy = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(
      (*buffer)->getBufferSize(), (*buffer)->getBufferIdentifier(), alignment);
  if (!copy)
    return std::make_error_code(std::errc::not_enough_memory);
  llvm::copy((*buffer)->getBuffer(), copy->getBufferStart());
  return std::unique_ptr<llvm::MemoryBuffer>(std::move(copy));
}
