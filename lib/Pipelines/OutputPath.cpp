//===- OutputPath.cpp - where tools may write -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/OutputPath.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
namespace fs = llvm::sys::fs;

std::string spikeformer::joinPath(llvm::StringRef directory,
                                  llvm::StringRef name) {
  llvm::SmallString<256> path(directory);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

llvm::Error spikeformer::checkOutputFile(llvm::StringRef path) {
  if (path.empty() || path == "-")
    return llvm::Error::success();
  auto fail = [&](const llvm::Twine &why) {
    return llvm::createStringError("cannot write '" + path + "': " + why);
  };
  if (fs::is_directory(path))
    return fail("it is a directory");
  llvm::StringRef parent = llvm::sys::path::parent_path(path);
  if (parent.empty())
    parent = ".";
  if (!fs::is_directory(parent))
    return fail("there is no directory '" + parent + "'");
  if (std::error_code code = fs::access(parent, fs::AccessMode::Write))
    return fail("directory '" + parent + "': " + code.message());
  return llvm::Error::success();
}
