//===- BatchCache.cpp - results that are kept -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An entry: eight bytes that name the format, the XXH3 checksum (128 bits) of
// what follows, then the report, and name, size and checksum of every file of
// the result; texts stand behind their length, numbers are little-endian, of 64
// bits. A result that is a file has an empty name. The files lie beside the
// entry, under its name with a dot and their number.
//
// Checksums find torn and damaged files, so that they need no sync; they need
// not resist an attacker, who could write entries with right ones.
//
//===----------------------------------------------------------------------===//

#include "BatchCache.h"
#include "spikeformer/Pipelines/ArtefactWriter.h"
#include "spikeformer/Pipelines/OutputPath.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <chrono>

using namespace spikeformer;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr StringLiteral magic = "SFCACHE2";
static constexpr size_t headerSize = 24;
/// Folder of the files that have no name yet. A file that has had none for this
/// long is nobody's any more: writing takes seconds.
static constexpr StringLiteral unfinished = "unfinished";
static constexpr std::chrono::hours abandonedAfter(1);

namespace {
/// A file of a result.
struct KeptFile {
  std::string name;
  uint64_t size;
  llvm::XXH128_hash_t checksum;
};

struct Entry {
  StringRef report;
  std::vector<KeptFile> files;
};

/// A file of a result in the cache.
struct Contents {
  std::string path;
  std::unique_ptr<llvm::MemoryBuffer> buffer;

  StringRef get() const { return buffer->getBuffer(); }
};
} // namespace

//===----------------------------------------------------------------------===//
// The format
//===----------------------------------------------------------------------===//

static llvm::XXH128_hash_t getChecksum(StringRef bytes) {
  return llvm::xxh3_128bits(llvm::arrayRefFromStringRef(bytes));
}

static void append(uint64_t number, std::string &out) {
  char bytes[8];
  llvm::support::endian::write64le(bytes, number);
  out.append(bytes, sizeof(bytes));
}

static void append(llvm::XXH128_hash_t checksum, std::string &out) {
  append(checksum.low64, out);
  append(checksum.high64, out);
}

static void append(StringRef text, std::string &out) {
  append(text.size(), out);
  out.append(text.begin(), text.end());
}

static std::string printEntry(StringRef report, ArrayRef<KeptFile> files) {
  std::string body;
  append(report, body);
  for (const KeptFile &file : files) {
    append(StringRef(file.name), body);
    append(file.size, body);
    append(file.checksum, body);
  }
  std::string entry = magic.str();
  append(getChecksum(body), entry);
  return entry + body;
}

/// Takes a number off `rest`; false if there is none.
static bool take(StringRef &rest, uint64_t &number) {
  if (rest.size() < 8)
    return false;
  number = llvm::support::endian::read64le(rest.data());
  rest = rest.drop_front(8);
  return true;
}

static bool take(StringRef &rest, StringRef &text) {
  uint64_t size = 0;
  if (!take(rest, size) || size > rest.size())
    return false;
  text = rest.take_front(size);
  rest = rest.drop_front(size);
  return true;
}

static bool take(StringRef &rest, KeptFile &file) {
  StringRef name;
  if (!take(rest, name))
    return false;
  file.name = name.str();
  return take(rest, file.size) && take(rest, file.checksum.low64) &&
         take(rest, file.checksum.high64);
}

/// Nothing if the bytes are no entry, or damaged.
static std::optional<Entry> parseEntry(StringRef bytes) {
  if (bytes.size() < headerSize || !bytes.starts_with(magic))
    return std::nullopt;
  StringRef body = bytes.drop_front(headerSize);
  std::string checksum;
  append(getChecksum(body), checksum);
  if (bytes.slice(magic.size(), headerSize) != checksum)
    return std::nullopt;
  Entry entry;
  if (!take(body, entry.report))
    return std::nullopt;
  while (!body.empty())
    if (!take(body, entry.files.emplace_back()))
      return std::nullopt;
  return entry.files.empty() ? std::nullopt : std::optional(std::move(entry));
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

static std::string getFilePath(StringRef entry, size_t number) {
  return (entry + "." + llvm::Twine(number)).str();
}

/// The bytes of a file; null if it cannot be read, for whatever reason.
static std::unique_ptr<llvm::MemoryBuffer> readIfThere(StringRef path) {
  auto buffer = readInputFile(path);
  if (buffer)
    return std::move(*buffer);
  llvm::consumeError(buffer.takeError());
  return nullptr;
}

/// The files of `entry`, which lies at `path`. False if one is damaged; empty
/// if one is missing.
static bool readFiles(const Entry &entry, StringRef path,
                      std::vector<Contents> &files) {
  for (auto [number, file] : llvm::enumerate(entry.files)) {
    std::string name = getFilePath(path, number);
    auto buffer = readIfThere(name);
    if (!buffer) {
      files.clear();
      return true;
    }
    StringRef bytes = buffer->getBuffer();
    if (bytes.size() != file.size || !(getChecksum(bytes) == file.checksum))
      return false;
    files.push_back({std::move(name), std::move(buffer)});
  }
  return true;
}

/// Whether `path` is a file with these bytes.
static bool hasContents(StringRef path, const Contents &contents) {
  fs::file_status status, kept;
  if (fs::status(path, status) || !fs::is_regular_file(status) ||
      status.getSize() != contents.get().size())
    return false;
  if (!fs::status(contents.path, kept) &&
      kept.getUniqueID() == status.getUniqueID())
    return true;
  auto buffer = readIfThere(path);
  return buffer && buffer->getBuffer() == contents.get();
}

/// Copies: a link would let an edited result change others.
static llvm::Error writeResult(const Entry &entry, ArrayRef<Contents> contents,
                               StringRef output) {
  auto getOutput = [&](StringRef folder, const KeptFile &file) {
    return file.name.empty() ? folder.str() : joinPath(folder, file.name);
  };
  if (llvm::all_of(llvm::zip_equal(entry.files, contents), [&](auto pair) {
        auto &[file, bytes] = pair;
        return hasContents(getOutput(output, file), bytes);
      }))
    return llvm::Error::success();
  if (entry.files.front().name.empty())
    return writeFileAtomically(output, contents.front().get(),
                               Durability::later);
  auto directory = AtomicDirectory::create(output, isOwnArtefact);
  if (!directory)
    return directory.takeError();
  for (auto [file, bytes] : llvm::zip_equal(entry.files, contents)) {
    std::string path = getOutput(directory->path(), file);
    if (std::error_code code = fs::create_directories(path::parent_path(path)))
      return makeInputError(output, "cannot be written: " + code.message());
    if (llvm::Error error =
            writeFileAtomically(path, bytes.get(), Durability::later))
      return error;
  }
  return directory->commit(Durability::later);
}

/// The files of the result at `output`.
static llvm::Expected<std::vector<std::string>> listFiles(StringRef output) {
  std::vector<std::string> names;
  if (!fs::is_directory(output))
    return std::vector<std::string>{""};
  std::error_code code;
  for (fs::recursive_directory_iterator it(output, code), end;
       it != end && !code; it.increment(code))
    if (fs::is_regular_file(it->path()))
      names.push_back(
          StringRef(it->path()).drop_front(output.size() + 1).str());
  if (code)
    return makeInputError(output, "cannot be read: " + code.message());
  llvm::sort(names);
  return names;
}

//===----------------------------------------------------------------------===//
// BatchCache
//===----------------------------------------------------------------------===//

llvm::Expected<BatchCache> BatchCache::open(StringRef folder) {
  std::error_code code = fs::create_directories(joinPath(folder, unfinished));
  if (!code && !fs::is_directory(folder))
    code = std::make_error_code(std::errc::not_a_directory);
  if (!code)
    code = fs::access(folder, fs::AccessMode::Write);
  if (code)
    return llvm::createStringError("the cache '" + folder +
                                   "' cannot be used: " + code.message());
  BatchCache cache(folder);
  cache.removeAbandoned();
  return cache;
}

/// What a process that was killed left. One that only sleeps so long loses an
/// entry, after a warning.
void BatchCache::removeAbandoned() const {
  auto before = std::chrono::system_clock::now() - abandonedAfter;
  std::error_code code;
  for (fs::directory_iterator it(joinPath(folder, unfinished), code), end;
       it != end && !code; it.increment(code)) {
    auto status = it->status();
    if (status && status->getLastModificationTime() < before)
      fs::remove(it->path());
  }
}

/// In folders of a 256th of the entries each: some tools are slow with very
/// large ones.
std::string BatchCache::getPath(StringRef key) const {
  return joinPath(joinPath(folder, key.take_front(2)), key.drop_front(2));
}

llvm::Expected<std::optional<std::string>>
BatchCache::fetch(StringRef key, StringRef output, ErrorLog &log) const {
  std::string path = getPath(key);
  auto buffer = readIfThere(path);
  if (!buffer)
    return std::nullopt;
  auto entry = parseEntry(buffer->getBuffer());
  std::vector<Contents> files;
  if (!entry || !readFiles(*entry, path, files)) {
    log.warn("the entry '" + path +
             "' of the cache is damaged, or its result was edited in place; "
             "the model is compiled again");
    return std::nullopt;
  }
  if (files.empty())
    return std::nullopt;
  if (llvm::Error error = writeResult(*entry, files, output))
    return std::move(error);
  return entry->report.str();
}

/// Gives the file that `make` makes, under a name that nobody looks for, the
/// name `path`.
llvm::Error BatchCache::place(StringRef path, MakeFile make) const {
  SmallString<256> temporary;
  fs::createUniquePath(
      joinPath(joinPath(folder, unfinished), "%%%%%%%%%%%%%%%%"), temporary,
      /*MakeAbsolute=*/false);
  std::error_code code = make(temporary);
  if (!code)
    code = fs::create_directories(path::parent_path(path));
  if (!code)
    code = fs::rename(temporary, path);
  // Renaming does nothing where both are the same file.
  fs::remove(temporary);
  return code ? makeInputError(path, "cannot be written: " + code.message())
              : llvm::Error::success();
}

static std::error_code writeNew(StringRef path, StringRef contents) {
  std::error_code code;
  llvm::raw_fd_ostream os(path, code, fs::CD_CreateNew);
  if (code)
    return code;
  os << contents;
  os.close();
  code = os.error();
  os.clear_error(); // The destructor would abort.
  return code;
}

/// Another name for the file `from`, or a copy of it where that cannot be.
static std::error_code linkOrCopy(StringRef from, StringRef to) {
  if (!fs::is_symlink_file(from) && !fs::create_hard_link(from, to))
    return {};
  return fs::copy_file(from, to);
}

void BatchCache::store(StringRef key, StringRef output, StringRef report,
                       ErrorLog &log) const {
  std::string path = getPath(key);
  auto keepFiles = [&]() -> llvm::Error {
    auto names = listFiles(output);
    if (!names)
      return names.takeError();
    std::vector<KeptFile> files;
    for (auto [number, name] : llvm::enumerate(*names)) {
      std::string from = name.empty() ? output.str() : joinPath(output, name),
                  to = getFilePath(path, number);
      if (llvm::Error error = place(to, [&](StringRef temporary) {
            return linkOrCopy(from, temporary);
          }))
        return error;
      // What was linked, and not what has this name in the result by now.
      auto buffer = readInputFile(to);
      if (!buffer)
        return buffer.takeError();
      StringRef bytes = (*buffer)->getBuffer();
      files.push_back({name, bytes.size(), getChecksum(bytes)});
    }
    std::string entry = printEntry(report, files);
    return place(
        path, [&](StringRef temporary) { return writeNew(temporary, entry); });
  };
  if (llvm::Error error = keepFiles())
    log.warn("the result is not kept: " + llvm::toString(std::move(error)));
}
