//===- InputFile.cpp - reading files, and errors in them ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;

char InputError::ID = 0;

void InputError::log(llvm::raw_ostream &os) const {
  os << file;
  if (!location.empty())
    os << (llvm::isDigit(location.front()) ? ":" : ": ") << location;
  os << ": error: " << message;
}

std::error_code InputError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

llvm::Error spikeformer::makeInputError(llvm::StringRef file,
                                        const llvm::Twine &message) {
  return llvm::make_error<InputError>(file, "", message);
}

llvm::Error spikeformer::makeInputError(llvm::StringRef file,
                                        llvm::StringRef location,
                                        const llvm::Twine &message) {
  return llvm::make_error<InputError>(file, location, message);
}

llvm::Error spikeformer::makeInputError(llvm::StringRef file, uint64_t line,
                                        uint64_t column,
                                        const llvm::Twine &message) {
  std::string location = std::to_string(line) + ":" + std::to_string(column);
  return llvm::make_error<InputError>(file, location, message);
}

/// Files of up to so many bytes are read: mapping them takes longer, above all
/// where several threads do it.
static constexpr uint64_t maxRead = uint64_t(1) << 24;

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
spikeformer::readInputFile(llvm::StringRef path) {
  if (path.empty())
    return llvm::createStringError("a file name is empty");
  llvm::sys::fs::file_status status;
  bool isKnown = !llvm::sys::fs::status(path, status);
  if (isKnown && llvm::sys::fs::is_directory(status))
    return makeInputError(path, "is a directory where a file is needed");
  // What is volatile is read and not mapped.
  auto buffer = llvm::MemoryBuffer::getFile(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false,
      /*IsVolatile=*/isKnown && status.getSize() <= maxRead);
  if (buffer)
    return std::move(*buffer);
  if (buffer.getError() == std::errc::no_such_file_or_directory)
    return makeInputError(path, "no such file");
  return makeInputError(path, "cannot be read: " + buffer.getError().message());
}

std::string spikeformer::formatShape(llvm::ArrayRef<int64_t> shape) {
  auto texts = llvm::map_range(
      shape, [](int64_t extent) { return std::to_string(extent); });
  return "[" + llvm::join(texts, ", ") + "]";
}
