//===- AtomicFile.cpp - files written whole or not at all -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

using namespace spikeformer;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static std::error_code lastError() {
  return std::error_code(errno, std::generic_category());
}

static llvm::Error cannotWrite(llvm::StringRef name, std::error_code error) {
  return makeInputError(name, "cannot be written: " + error.message());
}

/// Pattern for a hidden sibling of `name`; the percent signs are replaced.
static std::string siblingPattern(llvm::StringRef name) {
  llvm::SmallString<128> result = path::parent_path(name);
  path::append(result, "." + path::filename(name) + ".tmp-%%%%%%%%");
  return result.str().str();
}

static std::error_code sync(llvm::StringRef name, int flags = O_RDONLY) {
  int fd = ::open(name.str().c_str(), flags | O_CLOEXEC);
  if (fd < 0)
    return lastError();
  std::error_code error = ::fsync(fd) == 0 ? std::error_code() : lastError();
  ::close(fd);
  return error;
}

/// Makes a rename in the directory of `name` survive a crash.
static std::error_code syncParent(llvm::StringRef name) {
  llvm::StringRef parent = path::parent_path(name);
  return sync(parent.empty() ? "." : parent, O_RDONLY | O_DIRECTORY);
}

/// Errors that renaming would only report after all the work.
static llvm::Error checkParent(llvm::StringRef name) {
  llvm::StringRef parent = path::parent_path(name);
  if (path::filename(name).empty())
    return llvm::createStringError("the name of the output is empty");
  if (parent.empty() || fs::is_directory(parent))
    return llvm::Error::success();
  return makeInputError(name, "cannot be written: '" + parent +
                                  "' is not a directory; create it first");
}

static llvm::Error
writeThrough(llvm::StringRef name, int fd,
             llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write,
             bool synced) {
  llvm::raw_fd_ostream os(fd, /*shouldClose=*/true);
  llvm::Error failure = write(os);
  os.flush();
  std::error_code error = os.error();
  if (!error && synced && ::fsync(fd) != 0)
    error = lastError();
  os.close();
  if (!error)
    error = os.error();
  os.clear_error(); // Reported here; the destructor would abort.
  if (failure)
    return failure;
  return error ? cannotWrite(name, error) : llvm::Error::success();
}

llvm::Error spikeformer::writeFileAtomically(
    llvm::StringRef name,
    llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write,
    Durability durability) {
  if (llvm::Error error = checkParent(name))
    return error;
  if (fs::is_directory(name))
    return makeInputError(name, "cannot be written: is a directory");

  int fd = -1;
  if (fs::exists(name) && !fs::is_regular_file(name)) {
    if (std::error_code error =
            fs::openFileForWrite(name, fd, fs::CD_OpenExisting))
      return cannotWrite(name, error);
    return writeThrough(name, fd, write, /*synced=*/false);
  }

  // A link keeps pointing at its file: that file is what is replaced.
  llvm::SmallString<128> target(name), temporary;
  if (fs::is_symlink_file(name) && !fs::real_path(name, target))
    name = target;
  if (std::error_code error =
          fs::createUniqueFile(siblingPattern(name), fd, temporary))
    return cannotWrite(name, error);
  llvm::sys::RemoveFileOnSignal(temporary);
  bool synced = durability == Durability::now;
  llvm::Error failure = writeThrough(name, fd, write, synced);
  if (!failure)
    if (std::error_code error = fs::rename(temporary, name))
      failure = cannotWrite(name, error);
  if (failure)
    fs::remove(temporary);
  llvm::sys::DontRemoveFileOnSignal(temporary);
  if (failure || !synced)
    return failure;
  std::error_code error = syncParent(name);
  return error ? cannotWrite(name, error) : llvm::Error::success();
}

llvm::Error spikeformer::writeFileAtomically(llvm::StringRef name,
                                             llvm::StringRef contents,
                                             Durability durability) {
  return writeFileAtomically(
      name,
      [&](llvm::raw_ostream &os) {
        os << contents;
        return llvm::Error::success();
      },
      durability);
}

llvm::Error spikeformer::syncFileSystem(llvm::StringRef directory) {
  int fd = ::open(directory.str().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return cannotWrite(directory, lastError());
  std::error_code error = ::syncfs(fd) == 0 ? std::error_code() : lastError();
  ::close(fd);
  return error ? cannotWrite(directory, error) : llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// AtomicDirectory
//===----------------------------------------------------------------------===//

static llvm::Error checkReplaceable(llvm::StringRef destination,
                                    const AtomicDirectory::IsOurs &isOurs) {
  fs::file_status status;
  std::error_code missing = fs::status(destination, status, /*follow=*/false);
  if (missing == std::errc::no_such_file_or_directory)
    return llvm::Error::success();
  if (status.type() != fs::file_type::directory_file)
    return makeInputError(destination, "exists and is not a directory; remove "
                                       "it or choose another name");
  if (!isOurs(destination))
    return makeInputError(destination,
                          "exists and was not written by this program; remove "
                          "it or choose another name");
  return llvm::Error::success();
}

llvm::Expected<AtomicDirectory>
AtomicDirectory::create(llvm::StringRef destination, IsOurs isOurs) {
  destination = destination.size() > 1 ? destination.rtrim('/') : destination;
  if (llvm::Error error = checkParent(destination))
    return std::move(error);
  if (llvm::Error error = checkReplaceable(destination, isOurs))
    return std::move(error);

  std::error_code error;
  for (int attempt = 0; attempt < 128; ++attempt) {
    llvm::SmallString<128> temporary;
    fs::createUniquePath(siblingPattern(destination), temporary,
                         /*MakeAbsolute=*/false);
    error = fs::create_directory(temporary, /*IgnoreExisting=*/false);
    if (!error)
      return AtomicDirectory(destination.str(), temporary.str().str(),
                             std::move(isOurs));
    if (error != std::errc::file_exists)
      break;
  }
  return cannotWrite(destination, error);
}

AtomicDirectory::AtomicDirectory(AtomicDirectory &&other)
    : destination(std::move(other.destination)),
      temporary(std::exchange(other.temporary, std::string())),
      isOurs(std::move(other.isOurs)) {}

AtomicDirectory::~AtomicDirectory() {
  if (!temporary.empty())
    fs::remove_directories(temporary);
}

static std::error_code syncTree(llvm::StringRef root) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(root, error, /*follow=*/false), end;
       it != end && !error; it.increment(error))
    if (it->type() == fs::file_type::regular_file ||
        it->type() == fs::file_type::directory_file)
      if (std::error_code failed = sync(it->path()))
        return failed;
  return error ? error : sync(root);
}

/// Gives `from` the name `to`. What `to` was is then called `from`, where the
/// file system can swap two names; else it is set aside for a moment.
static std::error_code replaceDirectory(const std::string &from,
                                        const std::string &to) {
  if (!fs::exists(to))
    return fs::rename(from, to);
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(),
                  RENAME_EXCHANGE) == 0)
    return {};
  if (errno != EINVAL && errno != ENOSYS)
    return lastError();
  std::string aside = from + ".old";
  if (std::error_code error = fs::rename(to, aside))
    return error;
  if (std::error_code error = fs::rename(from, to)) {
    fs::rename(aside, to);
    return error;
  }
  return fs::rename(aside, from);
}

llvm::Error AtomicDirectory::commit(Durability durability) {
  assert(!temporary.empty() && "committed twice");
  bool synced = durability == Durability::now;
  if (std::error_code error = synced ? syncTree(temporary) : std::error_code())
    return cannotWrite(destination, error);
  if (llvm::Error error = checkReplaceable(destination, isOurs))
    return error;
  if (std::error_code error = replaceDirectory(temporary, destination))
    return cannotWrite(destination, error);
  fs::remove_directories(temporary);
  temporary.clear();
  std::error_code error = synced ? syncParent(destination) : std::error_code();
  return error ? cannotWrite(destination, error) : llvm::Error::success();
}
