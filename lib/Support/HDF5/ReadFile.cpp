//===- ReadFile.cpp - HDF5 files that are not trusted ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Looks at the file's first bytes, runs the reader in a worker and turns the
// worker's end into a result or one error.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/HDF5/ReadFile.h"
#include "spikeformer/Support/HDF5/HDF5.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/Support/FileSystem.h"

using namespace spikeformer;
using namespace spikeformer::hdf5;

static constexpr llvm::StringLiteral signature("\x89HDF\r\n\x1a\n");

/// A little-endian number of `size` bytes, none beyond the end of `bytes`.
static std::optional<uint64_t> readNumber(StringRef bytes, size_t at,
                                          size_t size) {
  if (at > bytes.size() || size > bytes.size() - at || size == 0 || size > 8)
    return std::nullopt;
  uint64_t number = 0;
  for (size_t i = size; i-- > 0;)
    number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
  return number;
}

/// The bytes that the superblock at the start of `bytes` says the file has.
static std::optional<uint64_t> readStatedSize(StringRef bytes) {
  auto version = readNumber(bytes, 8, 1);
  if (!version || *version > 3)
    return std::nullopt;
  // Base address, another address, and the end of the file; up to version 1
  // they follow sizes and the parameters of B-trees.
  size_t sizeAt = *version < 2 ? 13 : 9;
  size_t addressesAt = *version == 0 ? 24 : *version == 1 ? 28 : 12;
  auto offsetSize = readNumber(bytes, sizeAt, 1);
  if (!offsetSize || *offsetSize > 8)
    return std::nullopt;
  return readNumber(bytes, addressesAt + 2 * *offsetSize, *offsetSize);
}

/// Errors: no HDF5, or less of it than it says.
static llvm::Error checkSuperblock(StringRef path, StringRef need,
                                   StringRef bytes) {
  if (bytes.empty())
    return makeInputError(path, "not an HDF5 file (no signature in 0 bytes); "
                                "need " +
                                    need);
  size_t at = 0;
  while (at < bytes.size() && !bytes.substr(at).starts_with(signature))
    at = at ? at * 2 : 512;
  if (at >= bytes.size())
    return makeInputError(path, "not an HDF5 file (no signature at offset 0, "
                                "512, 1024, ...); need " +
                                    need);
  auto stated = readStatedSize(bytes.substr(at));
  if (stated && *stated > bytes.size())
    return makeInputError(path, "the HDF5 file is truncated: its superblock "
                                "says " +
                                    llvm::Twine(*stated) +
                                    " bytes, the file has " +
                                    llvm::Twine(bytes.size()));
  return llvm::Error::success();
}

/// Errors: not a file that can be read, too large, or no HDF5.
static llvm::Expected<uint64_t> checkFile(StringRef path, StringRef need,
                                          uint64_t maxBytes) {
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) &&
      !llvm::sys::fs::is_regular_file(status) &&
      !llvm::sys::fs::is_directory(status))
    return makeInputError(path, "is not a regular file; HDF5 needs one");
  auto buffer = readInputFile(path);
  if (!buffer)
    return buffer.takeError();
  uint64_t size = (*buffer)->getBufferSize();
  if (size > maxBytes)
    return makeInputError(path, "the file has " + llvm::Twine(size) +
                                    " bytes, at most " + llvm::Twine(maxBytes) +
                                    " are read");
  if (llvm::Error error = checkSuperblock(path, need, (*buffer)->getBuffer()))
    return std::move(error);
  return size;
}

/// What the worker may use for a file of that size.
static WorkerLimits scaleLimits(const Limits &limits, uint64_t fileBytes) {
  WorkerLimits scaled = limits.worker;
  uint64_t seconds = std::max<uint64_t>(
      limits.freeSeconds + (fileBytes >> 20) * limits.secondsPerMiB, 1);
  scaled.cpuSeconds = std::min<uint64_t>(scaled.cpuSeconds, seconds);
  scaled.wallMilliseconds =
      std::min<uint64_t>(scaled.wallMilliseconds, 2000 * seconds);
  return scaled;
}

/// The error of a worker that did not come to its end.
static llvm::Error describeFailure(StringRef path, llvm::Error error) {
  llvm::Error failure = llvm::Error::success();
  llvm::handleAllErrors(
      std::move(error),
      [&](const WorkerError &error) {
        failure = llvm::joinErrors(
            std::move(failure),
            makeInputError(path, error.getProgress(),
                           "reading it " + error.getWhat() +
                               "; the file is damaged or too large"));
      },
      [&](const llvm::ErrorInfoBase &error) {
        failure = llvm::joinErrors(std::move(failure),
                                   makeInputError(path, error.message()));
      });
  return failure;
}

llvm::Expected<WorkerResult> hdf5::readInWorker(
    StringRef path, StringRef need, const Limits &limits,
    llvm::function_ref<std::string(const OpenFile &, WorkerOutput &)> read) {
  llvm::Expected<uint64_t> size = checkFile(path, need, limits.maxFileBytes);
  if (!size)
    return size.takeError();
  std::string name = path.str();
  auto result = runWorker(scaleLimits(limits, *size),
                          [&](WorkerOutput &output) -> std::string {
                            output.setProgress("/");
                            initializeHDF5();
                            Handle file = openFile(name);
                            if (!file.isValid())
                              return read({-1, takeHDF5Error(), *size}, output);
                            Handle root(H5Gopen2(file, "/", H5P_DEFAULT));
                            return read({root, "", *size}, output);
                          });
  if (!result)
    return describeFailure(path, result.takeError());
  return std::move(*result);
}
