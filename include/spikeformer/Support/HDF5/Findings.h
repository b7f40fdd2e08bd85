//===- Findings.h - what is wrong with an HDF5 file -------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reader goes on behind what is wrong, so that one run says all of it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_HDF5_FINDINGS_H
#define SPIKEFORMER_SUPPORT_HDF5_FINDINGS_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace spikeformer::hdf5 {

/// One thing wrong with a file.
struct Finding {
  bool isError;
  /// HDF5 path; empty for the file as a whole.
  std::string location;
  std::string message;
};

/// What is wrong with a file, in the order in which it was found. Bytes that
/// are not printable are escaped.
class Findings {
public:
  void addError(StringRef location, const llvm::Twine &message) {
    add(true, location, message);
  }
  void addWarning(StringRef location, const llvm::Twine &message) {
    add(false, location, message);
  }
  void add(bool isError, StringRef location, const llvm::Twine &message);
  void append(const Findings &others);

  ArrayRef<Finding> get() const { return findings; }
  bool hasErrors() const;

  /// The errors as one InputError each; success if there are only warnings.
  llvm::Error takeErrors(StringRef file) const;
  /// Prints the warnings as `file: location: warning: message` lines.
  void printWarnings(raw_ostream &os, StringRef file) const;

private:
  std::vector<Finding> findings;
};

/// "'name'", for messages.
std::string quote(StringRef name);

} // namespace spikeformer::hdf5

#endif // SPIKEFORMER_SUPPORT_HDF5_FINDINGS_H
