//===- Sandbox.h - a directory in which nothing goes unseen --- -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compilation runs with its working directory, its input, its output and the
// directory for temporary files below one root, so that whatever it leaves is
// found. What a plugin writes to a path of its own choice is not.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_SANDBOX_H
#define SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_SANDBOX_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace spikeformer::plugincheck {

/// All files below `directory`, relative to it and sorted.
std::vector<std::string> listFiles(StringRef directory);

/// Lives below the system's temporary directory; the destructor removes it and
/// brings working directory and environment back.
class Sandbox {
public:
  static llvm::Expected<std::unique_ptr<Sandbox>> create();
  ~Sandbox();
  Sandbox(const Sandbox &) = delete;
  Sandbox &operator=(const Sandbox &) = delete;

  /// Absolute path of `name` in the sandbox.
  std::string getPath(StringRef name) const;
  /// Makes `text` the input, of that name.
  llvm::Error setSource(StringRef text);
  /// Absolute path of the input.
  std::string getSource() const { return getPath("in/net.mlir"); }
  /// Makes directory `name` the working directory.
  llvm::Error enter(StringRef name);
  /// The first file or directory that is neither the input nor one of
  /// `outputs`; empty if there is none and the input is as it was.
  std::string findStray(ArrayRef<StringRef> outputs) const;
  /// Removes everything but the input.
  void clear();

private:
  Sandbox() = default;

  std::string root, source, formerDirectory;
  std::string formerTemporary;
  bool hadTemporary = false;
};

} // namespace spikeformer::plugincheck

#endif // SPIKEFORMER_LIB_PIPELINES_PLUGINCHECK_SANDBOX_H
