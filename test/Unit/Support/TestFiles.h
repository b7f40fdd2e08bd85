//===- TestFiles.h - files that live as long as a test ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_TEST_UNIT_SUPPORT_TESTFILES_H
#define SPIKEFORMER_TEST_UNIT_SUPPORT_TESTFILES_H

#include "spikeformer/Support/Tensor.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <string>

namespace spikeformer {

/// A test with a directory of its own.
class FileTest : public testing::Test {
protected:
  FileTest() {
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("sf-test", directory));
  }
  ~FileTest() override { llvm::sys::fs::remove_directories(directory); }

  std::string path(llvm::StringRef name) const {
    llvm::SmallString<128> result = directory;
    llvm::sys::path::append(result, name);
    return result.str().str();
  }

  /// Writes a file and gives its path.
  std::string put(llvm::StringRef name, llvm::StringRef bytes) const {
    std::error_code error;
    llvm::raw_fd_ostream os(path(name), error);
    EXPECT_FALSE(error);
    os << bytes;
    return path(name);
  }

  std::string get(llvm::StringRef name) const {
    auto buffer = llvm::MemoryBuffer::getFile(path(name));
    return buffer ? (*buffer)->getBuffer().str() : "(no such file)";
  }

  /// Names in the directory, hidden ones too.
  std::vector<std::string> list() const {
    std::vector<std::string> names;
    std::error_code error;
    for (llvm::sys::fs::directory_iterator it(directory, error), end;
         it != end && !error; it.increment(error))
      names.push_back(llvm::sys::path::filename(it->path()).str());
    std::sort(names.begin(), names.end());
    return names;
  }

  /// The message of a failed result, without the directory's name; empty if
  /// it did not fail.
  template <typename T>
  std::string message(llvm::Expected<T> result) const {
    return message(result.takeError());
  }
  std::string message(llvm::Error error) const {
    std::string text = llvm::toString(std::move(error));
    std::string prefix = directory.str().str() + "/";
    for (size_t at; (at = text.find(prefix)) != std::string::npos;)
      text.erase(at, prefix.size());
    return text;
  }

  llvm::SmallString<128> directory;
};

/// A tensor of the given elements.
template <typename T>
Tensor makeTensor(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<T> elements) {
  Tensor tensor(shape, elementTypeOf<T>());
  std::copy(elements.begin(), elements.end(),
            static_cast<T *>(tensor.getBytes()));
  return tensor;
}

/// A tensor of 0, 1, 2, ...
template <typename T>
Tensor makeIota(llvm::ArrayRef<int64_t> shape) {
  Tensor tensor(shape, elementTypeOf<T>());
  for (int64_t i = 0; i < tensor.getNumElements(); ++i)
    static_cast<T *>(tensor.getBytes())[i] = static_cast<T>(i);
  return tensor;
}

inline std::vector<double> elements(const Tensor &tensor) {
  std::vector<double> result;
  for (int64_t i = 0; i < tensor.getNumElements(); ++i)
    result.push_back(tensor.getAsDouble(i));
  return result;
}

inline std::vector<int64_t> shape(const Tensor &tensor) {
  return tensor.getShape().vec();
}

/// A string that may hold zeros.
template <size_t N>
std::string bytes(const char (&text)[N]) {
  return std::string(text, N - 1);
}

} // namespace spikeformer

#endif // SPIKEFORMER_TEST_UNIT_SUPPORT_TESTFILES_H
