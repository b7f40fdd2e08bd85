//===- BatchCache.cpp - results that are kept -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An entry: eight bytes that name the format, the XXH3 checksum (128 bits) of
// what follows, and then texts, each behind its length: the report, and name
// and contents of every file. Numbers are little-endian, of 64 bits. A result
// that is a file has an empty name.
//
// The checksum finds torn and damaged entries, so that entries need no sync; it
// need not resist an attacker, who could write entries with a right one.
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

using namespace spikeformer;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr StringLiteral magic = "SFCACHE1";
static constexpr size_t headerSize = 24;

namespace {
struct CachedFile {
  StringRef name, contents;
};

/// An entry, which refers to the bytes it was read from.
struct Entry {
  StringRef report;
  std::vector<CachedFile> files;
};
} // namespace

//===----------------------------------------------------------------------===//
// The format
//===----------------------------------------------------------------------===//

static void append(uint64_t number, std::string &out) {
  char bytes[8];
  llvm::support::endian::write64le(bytes, number);
  out.append(bytes, sizeof(bytes));
}

static std::string makeHeader(StringRef body) {
  std::string header = magic.str();
  auto checksum = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(body));
  append(checksum.low64, header);
  append(checksum.high64, header);
  return header;
}

static void appendText(StringRef text, std::string &out) {
  append(text.size(), out);
  out.append(text.begin(), text.end());
}

/// Takes a text off `rest`; false if there is none.
static bool takeText(StringRef &rest, StringRef &text) {
  if (rest.size() < 8)
    return false;
  uint64_t size = llvm::support::endian::read64le(rest.data());
  rest = rest.drop_front(8);
  if (size > rest.size())
    return false;
  text = rest.take_front(size);
  rest = rest.drop_front(size);
  return true;
}

/// Nothing if the bytes are no entry, or damaged.
static std::optional<Entry> parseEntry(StringRef bytes) {
  if (bytes.size() < headerSize)
    return std::nullopt;
  StringRef body = bytes.drop_front(headerSize);
  if (bytes.take_front(headerSize) != makeHeader(body))
    return std::nullopt;
  Entry entry;
  if (!takeText(body, entry.report))
    return std::nullopt;
  while (!body.empty()) {
    CachedFile file;
    if (!takeText(body, file.name) || !takeText(body, file.contents))
      return std::nullopt;
    entry.files.push_back(file);
  }
  return entry.files.empty() ? std::nullopt : std::optional(std::move(entry));
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Whether `path` is a file with these bytes.
static bool hasContents(StringRef path, StringRef contents) {
  uint64_t size = 0;
  if (!fs::is_regular_file(path) || fs::file_size(path, size) ||
      size != contents.size())
    return false;
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  return buffer && (*buffer)->getBuffer() == contents;
}

/// Copies: a link would let an edited result change the cache.
static llvm::Error writeResult(const Entry &entry, StringRef output) {
  if (llvm::all_of(entry.files, [&](const CachedFile &file) {
        return hasContents(file.name.empty() ? output.str()
                                             : joinPath(output, file.name),
                           file.contents);
      }))
    return llvm::Error::success();
  if (entry.files.front().name.empty())
    return writeFileAtomically(output, entry.files.front().contents,
                               Durability::later);
  auto directory = AtomicDirectory::create(output, isOwnArtefact);
  if (!directory)
    return directory.takeError();
  for (const CachedFile &file : entry.files) {
    std::string path = joinPath(directory->path(), file.name);
    if (std::error_code code = fs::create_directories(path::parent_path(path)))
      return makeInputError(output, "cannot be written: " + code.message());
    if (llvm::Error error =
            writeFileAtomically(path, file.contents, Durability::later))
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

static llvm::Expected<std::string> packResult(StringRef output,
                                              StringRef report) {
  auto names = listFiles(output);
  if (!names)
    return names.takeError();
  std::string body;
  appendText(report, body);
  for (const std::string &name : *names) {
    auto buffer =
        readInputFile(name.empty() ? output.str() : joinPath(output, name));
    if (!buffer)
      return buffer.takeError();
    appendText(name, body);
    appendText((*buffer)->getBuffer(), body);
  }
  return body;
}

//===----------------------------------------------------------------------===//
// BatchCache
//===----------------------------------------------------------------------===//

llvm::Expected<BatchCache> BatchCache::open(StringRef folder) {
  std::error_code code = fs::create_directories(folder);
  if (!code && !fs::is_directory(folder))
    code = std::make_error_code(std::errc::not_a_directory);
  if (!code)
    code = fs::access(folder, fs::AccessMode::Write);
  if (code)
    return llvm::createStringError("the cache '" + folder +
                                   "' cannot be used: " + code.message());
  return BatchCache(folder);
}

/// In folders of a 256th of the entries each: some tools are slow with very
/// large ones.
std::string BatchCache::getPath(StringRef key) const {
  return joinPath(joinPath(folder, key.take_front(2)), key.drop_front(2));
}

llvm::Expected<std::optional<std::string>>
BatchCache::fetch(StringRef key, StringRef output, ErrorLog &log) const {
  std::string path = getPath(key);
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return std::nullopt;
  auto entry = parseEntry((*buffer)->getBuffer());
  if (!entry) {
    log.warn("the entry '" + path +
             "' of the cache is damaged; the model is compiled again");
    return std::nullopt;
  }
  if (llvm::Error error = writeResult(*entry, output))
    return std::move(error);
  return entry->report.str();
}

void BatchCache::store(StringRef key, StringRef output, StringRef report,
                       ErrorLog &log) const {
  std::string path = getPath(key);
  auto write = [&]() -> llvm::Error {
    auto body = packResult(output, report);
    if (!body)
      return body.takeError();
    if (std::error_code code = fs::create_directories(path::parent_path(path)))
      return makeInputError(path, "cannot be written: " + code.message());
    return writeFileAtomically(
        path,
        [&](llvm::raw_ostream &os) {
          os << makeHeader(*body) << *body;
          return llvm::Error::success();
        },
        Durability::later);
  };
  if (llvm::Error error = write())
    log.warn("the result is not kept: " + llvm::toString(std::move(error)));
}
