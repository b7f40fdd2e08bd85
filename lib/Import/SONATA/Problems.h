//===- Problems.h - everything wrong with a SONATA network ------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A network lies in many files. What is wrong in one of them does not keep the
// others from being looked at.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_SONATA_PROBLEMS_H
#define LIB_IMPORT_SONATA_PROBLEMS_H

#include "spikeformer/Support/HDF5/Findings.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Json.h"

namespace spikeformer::sonata {

class Problems {
public:
  /// At a path in an HDF5 file, a "LINE:COLUMN", or of the file as a whole.
  void add(StringRef file, StringRef location, const llvm::Twine &message) {
    errors = llvm::joinErrors(std::move(errors),
                              makeInputError(file, location, message));
    failed = true;
  }
  void add(const JsonValue &value, const llvm::Twine &message) {
    add(value.makeError(message));
  }
  void add(llvm::Error error) {
    failed |= static_cast<bool>(error);
    errors = llvm::joinErrors(std::move(errors), std::move(error));
  }

  /// What `value` holds; nothing after an error was added.
  template <typename T>
  std::optional<T> take(llvm::Expected<T> value) {
    if (value)
      return std::move(*value);
    add(value.takeError());
    return std::nullopt;
  }

  bool any() const { return failed; }
  llvm::Error takeAll() {
    return std::exchange(errors, llvm::Error::success());
  }

private:
  llvm::Error errors = llvm::Error::success();
  bool failed = false;
};

} // namespace spikeformer::sonata

#endif // LIB_IMPORT_SONATA_PROBLEMS_H
