//===- Sandbox.cpp - a directory in which nothing goes unseen -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sandbox.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <cstdlib>

using namespace spikeformer;
using namespace spikeformer::plugincheck;
namespace fs = llvm::sys::fs;

/// The directories of a sandbox, which are always there.
static constexpr StringLiteral directories[] = {"in", "out", "tmp", "a", "b"};
static constexpr StringLiteral temporaryVariable = "TMPDIR";

/// Everything below `directory`, directories too.
static std::vector<std::string> listAll(StringRef directory) {
  std::vector<std::string> found;
  std::error_code code;
  for (fs::recursive_directory_iterator entry(directory, code), end;
       entry != end && !code; entry.increment(code))
    found.push_back(
        StringRef(entry->path()).drop_front(directory.size() + 1).str());
  llvm::sort(found);
  return found;
}

std::vector<std::string> plugincheck::listFiles(StringRef directory) {
  std::vector<std::string> found = listAll(directory);
  llvm::erase_if(found, [&](StringRef name) {
    return fs::is_directory(directory + "/" + name);
  });
  return found;
}

llvm::Expected<std::unique_ptr<Sandbox>> Sandbox::create() {
  std::unique_ptr<Sandbox> sandbox(new Sandbox());
  llvm::SmallString<128> path, real;
  if (std::error_code code = fs::createUniqueDirectory("sf-plugin-check", path))
    return llvm::createFileError("the temporary directory", code);
  if (std::error_code code = fs::real_path(path, real))
    return llvm::createFileError(path, code);
  sandbox->root = real.str().str();
  if (std::error_code code = fs::current_path(path))
    return llvm::createFileError("the working directory", code);
  sandbox->formerDirectory = path.str().str();
  if (auto former = llvm::sys::Process::GetEnv(temporaryVariable)) {
    sandbox->formerTemporary = *former;
    sandbox->hadTemporary = true;
  }
  for (StringRef name : directories)
    if (std::error_code code = fs::create_directory(sandbox->getPath(name)))
      return llvm::createFileError(sandbox->getPath(name), code);
  setenv(temporaryVariable.data(), sandbox->getPath("tmp").c_str(), 1);
  return sandbox;
}

Sandbox::~Sandbox() {
  if (root.empty())
    return;
  if (!formerDirectory.empty())
    (void)fs::set_current_path(formerDirectory);
  if (hadTemporary)
    setenv(temporaryVariable.data(), formerTemporary.c_str(), 1);
  else
    unsetenv(temporaryVariable.data());
  (void)fs::remove_directories(root);
}

std::string Sandbox::getPath(StringRef name) const {
  return root + "/" + name.str();
}

llvm::Error Sandbox::setSource(StringRef text) {
  source = text.str();
  return writeFileAtomically(getSource(), text);
}

llvm::Error Sandbox::enter(StringRef name) {
  if (std::error_code code = fs::set_current_path(getPath(name)))
    return llvm::createFileError(getPath(name), code);
  return llvm::Error::success();
}

std::string Sandbox::findStray(ArrayRef<StringRef> outputs) const {
  for (const std::string &name : listAll(root)) {
    bool isExpected =
        name == "in/net.mlir" || llvm::is_contained(directories, name) ||
        llvm::any_of(outputs, [&](StringRef output) {
          return name == output ||
                 StringRef(name).starts_with((output + "/").str());
        });
    if (!isExpected)
      return name;
  }
  auto buffer = readInputFile(getSource());
  if (buffer && (*buffer)->getBuffer() == source)
    return "";
  llvm::consumeError(buffer.takeError());
  return "in/net.mlir";
}

void Sandbox::clear() {
  for (StringRef name : directories) {
    if (name == "in")
      continue;
    std::error_code code;
    for (fs::directory_iterator entry(getPath(name), code), end;
         entry != end && !code; entry.increment(code))
      if (fs::is_directory(entry->path()))
        (void)fs::remove_directories(entry->path());
      else
        (void)fs::remove(entry->path());
  }
}
