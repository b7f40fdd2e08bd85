//===- InputFile.h - reading files, and errors in them ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every reader takes its bytes from here, so that a missing, unreadable or
// wrong kind of file has one message, and reports what is wrong inside as an
// InputError, which prints the way compilers do.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_INPUTFILE_H
#define SPIKEFORMER_SUPPORT_INPUTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>

namespace spikeformer {

/// Something wrong in a file that the user named. `location` says where in
/// it: "LINE:COLUMN" (both from 1), a path inside the file, or nothing.
class InputError : public llvm::ErrorInfo<InputError> {
public:
  static char ID;

  InputError(llvm::StringRef file, llvm::StringRef location,
             const llvm::Twine &message)
      : file(file), location(location), message(message.str()) {}

  llvm::StringRef getFile() const { return file; }
  llvm::StringRef getLocation() const { return location; }
  llvm::StringRef getMessage() const { return message; }

  /// Prints `file:line:col: error: message`, `file: path: error: message` or
  /// `file: error: message`.
  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override;

private:
  std::string file, location, message;
};

/// An InputError about the file as a whole.
llvm::Error makeInputError(llvm::StringRef file, const llvm::Twine &message);
/// An InputError at a place in the file.
llvm::Error makeInputError(llvm::StringRef file, llvm::StringRef location,
                           const llvm::Twine &message);
/// An InputError at a line and a column, both from 1.
llvm::Error makeInputError(llvm::StringRef file, uint64_t line, uint64_t column,
                           const llvm::Twine &message);

/// The whole file; memory-mapped where it is large. Errors: a directory, a
/// missing file and a file that cannot be read each have their own message.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readInputFile(llvm::StringRef path);

/// "[2, 3]".
std::string formatShape(llvm::ArrayRef<int64_t> shape);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_INPUTFILE_H
