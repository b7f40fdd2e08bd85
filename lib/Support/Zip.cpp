//===- Zip.cpp - zip archives ---------------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Field offsets are those of PKWARE's APPNOTE 4.3; every number of the file is
// compared with the size of the file before it is used.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Zip.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"
#include <zlib.h>

using namespace spikeformer;

static constexpr llvm::StringLiteral localMagic("PK\3\4");
static constexpr llvm::StringLiteral centralMagic("PK\1\2");
static constexpr llvm::StringLiteral endMagic("PK\5\6");
static constexpr llvm::StringLiteral end64Magic("PK\6\6");
static constexpr llvm::StringLiteral locatorMagic("PK\6\7");
static constexpr uint64_t localSize = 30, centralSize = 46, endSize = 22,
                          end64Size = 56, locatorSize = 20;
static constexpr uint16_t zip64Tag = 1;
static constexpr uint32_t in64 = 0xffffffff;

static uint16_t get16(llvm::StringRef bytes, uint64_t at) {
  return llvm::support::endian::read16le(bytes.data() + at);
}
static uint32_t get32(llvm::StringRef bytes, uint64_t at) {
  return llvm::support::endian::read32le(bytes.data() + at);
}
static uint64_t get64(llvm::StringRef bytes, uint64_t at) {
  return llvm::support::endian::read64le(bytes.data() + at);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

llvm::Error ZipReader::makeError(const llvm::Twine &message) const {
  return makeInputError(file, message);
}

llvm::Error ZipReader::readZip64Directory(uint64_t endOffset,
                                          Directory &result) const {
  if (endOffset < locatorSize ||
      !bytes.drop_front(endOffset - locatorSize).starts_with(locatorMagic))
    return makeError("is a damaged zip archive: it has no zip64 locator");
  uint64_t at = get64(bytes, endOffset - locatorSize + 8);
  if (at > endOffset || endOffset - at < end64Size ||
      !bytes.drop_front(at).starts_with(end64Magic))
    return makeError("is a damaged zip archive: its zip64 locator points to "
                     "no zip64 directory");
  result.count = get64(bytes, at + 32);
  result.size = get64(bytes, at + 40);
  result.offset = get64(bytes, at + 48);
  return llvm::Error::success();
}

llvm::Expected<ZipReader::Directory> ZipReader::findDirectory() const {
  if (bytes.size() < endSize || !bytes.starts_with("PK"))
    return makeError("is not a zip archive: it does not begin with PK");
  // The end record is last, but for a comment of at most 65535 bytes.
  uint64_t last = bytes.size() - endSize;
  uint64_t first = last - std::min<uint64_t>(last, 0xffff);
  uint64_t at = last + 1;
  do {
    if (at-- == first)
      return makeError("is cut off: a zip archive ends with its directory");
  } while (!bytes.drop_front(at).starts_with(endMagic) ||
           get16(bytes, at + 20) != last - at);

  Directory result{get32(bytes, at + 16), get32(bytes, at + 12),
                   get16(bytes, at + 10)};
  if (result.offset == in64 || result.size == in64 || result.count == 0xffff)
    if (llvm::Error error = readZip64Directory(at, result))
      return std::move(error);
  if (result.offset > at || result.size > at - result.offset)
    return makeError("is a damaged zip archive: its directory of " +
                     llvm::Twine(result.size) + " bytes at " +
                     llvm::Twine(result.offset) + " is not within its " +
                     llvm::Twine(bytes.size()) + " bytes");
  return result;
}

/// Numbers that do not fit 32 bits stand in the extra field, in this order.
llvm::Error ZipReader::readZip64Extra(llvm::StringRef extra,
                                      ZipMember &member) const {
  llvm::StringRef found;
  while (extra.size() >= 4) {
    uint16_t tag = get16(extra, 0), size = get16(extra, 2);
    if (tag == zip64Tag)
      found = extra.substr(4, size);
    extra = extra.drop_front(std::min<size_t>(extra.size(), 4 + size));
  }
  for (uint64_t *field :
       {&member.size, &member.compressed, &member.headerOffset}) {
    if (*field != in64)
      continue;
    if (found.size() < 8)
      return makeError("is a damaged zip archive: member '" + member.name +
                       "' lacks its zip64 sizes");
    *field = get64(found, 0);
    found = found.drop_front(8);
  }
  return llvm::Error::success();
}

llvm::Error ZipReader::readMembers(const Directory &directory) {
  llvm::StringRef rest = bytes.substr(directory.offset, directory.size);
  llvm::StringSet<> names;
  for (uint64_t index = 0; index < directory.count; ++index) {
    if (rest.size() < centralSize || !rest.starts_with(centralMagic))
      return makeError("is a damaged zip archive: its directory announces " +
                       llvm::Twine(directory.count) + " members and holds " +
                       llvm::Twine(index));
    uint64_t nameSize = get16(rest, 28), extraSize = get16(rest, 30);
    uint64_t size = centralSize + nameSize + extraSize + get16(rest, 32);
    if (rest.size() < size)
      return makeError("is a damaged zip archive: its directory is cut off");
    ZipMember member{rest.substr(centralSize, nameSize).str(),
                     get16(rest, 10),
                     get32(rest, 16),
                     get32(rest, 20),
                     get32(rest, 24),
                     get32(rest, 42)};
    if (llvm::Error error = readZip64Extra(
            rest.substr(centralSize + nameSize, extraSize), member))
      return error;
    if (!names.insert(member.name).second)
      return makeError("holds two members '" + member.name + "'");
    members.push_back(std::move(member));
    rest = rest.drop_front(size);
  }
  return llvm::Error::success();
}

llvm::Expected<ZipReader> ZipReader::parse(llvm::StringRef bytes,
                                           llvm::StringRef file) {
  ZipReader reader(bytes, file);
  auto directory = reader.findDirectory();
  if (!directory)
    return directory.takeError();
  if (llvm::Error error = reader.readMembers(*directory))
    return std::move(error);
  return std::move(reader);
}

llvm::Expected<ByteStream> ZipReader::open(const ZipMember &member) const {
  uint64_t at = member.headerOffset;
  if (at > bytes.size() || bytes.size() - at < localSize ||
      !bytes.drop_front(at).starts_with(localMagic))
    return makeInputError(file, member.name,
                          "is damaged: there is no member at byte " +
                              llvm::Twine(at));
  if (get16(bytes, at + 6) & 1)
    return makeInputError(file, member.name, "is encrypted");
  if (member.method != 0 && member.method != 8)
    return makeInputError(file, member.name,
                          "is compressed by method " +
                              llvm::Twine(member.method) +
                              "; save it stored or deflated");
  at += localSize + get16(bytes, at + 26) + get16(bytes, at + 28);
  if (at > bytes.size() || member.compressed > bytes.size() - at)
    return makeInputError(
        file, member.name,
        "is cut off: needs " + llvm::Twine(member.compressed) + " bytes, has " +
            llvm::Twine(bytes.size() - std::min<uint64_t>(at, bytes.size())));
  return ByteStream::member(bytes.substr(at, member.compressed),
                            member.method == 8, member.size, member.crc, file,
                            member.name);
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static void put16(std::string &to, uint64_t value) {
  char bytes[2];
  llvm::support::endian::write16le(bytes, value);
  to.append(bytes, 2);
}
static void put32(std::string &to, uint64_t value) {
  char bytes[4];
  llvm::support::endian::write32le(bytes, value);
  to.append(bytes, 4);
}
static void put64(std::string &to, uint64_t value) {
  char bytes[8];
  llvm::support::endian::write64le(bytes, value);
  to.append(bytes, 8);
}

/// The fields that the local header and the directory share, from the version
/// to the length of the extra field.
static void putCommon(std::string &to, const ZipMember &member, uint64_t size,
                      llvm::StringRef extra) {
  put16(to, extra.empty() ? 20 : 45);
  bool ascii =
      llvm::all_of(member.name, [](char c) { return llvm::isASCII(c); });
  put16(to, ascii ? 0 : 1 << 11); // UTF-8
  put16(to, member.method);
  put16(to, 0);      // 00:00:00
  put16(to, 0x0021); // 1 January 1980
  put32(to, member.crc);
  put32(to, size);
  put32(to, size);
  put16(to, member.name.size());
  put16(to, extra.size());
}

static std::string makeExtra(llvm::ArrayRef<uint64_t> numbers) {
  std::string extra;
  if (numbers.empty())
    return extra;
  put16(extra, zip64Tag);
  put16(extra, 8 * numbers.size());
  for (uint64_t number : numbers)
    put64(extra, number);
  return extra;
}

void ZipWriter::write(llvm::StringRef bytes) {
  os << bytes;
  offset += bytes.size();
}

void ZipWriter::add(llvm::StringRef name,
                    llvm::ArrayRef<llvm::StringRef> parts) {
  ZipMember member;
  member.name = name.str();
  member.headerOffset = offset;
  for (llvm::StringRef part : parts) {
    member.size += part.size();
    member.crc = crc32_z(
        member.crc, reinterpret_cast<const Bytef *>(part.data()), part.size());
  }
  member.compressed = member.size;

  bool large = member.size >= zip64From;
  std::string extra;
  if (large)
    extra = makeExtra({member.size, member.compressed});
  std::string header = localMagic.str();
  putCommon(header, member, large ? in64 : member.size, extra);
  write(header);
  write(name);
  write(extra);
  for (llvm::StringRef part : parts)
    write(part);
  members.push_back(std::move(member));
}

void ZipWriter::finish() {
  uint64_t directoryOffset = offset;
  for (const ZipMember &member : members) {
    bool large = member.size >= zip64From;
    bool far = member.headerOffset >= zip64From;
    llvm::SmallVector<uint64_t, 3> numbers;
    if (large)
      numbers = {member.size, member.compressed};
    if (far)
      numbers.push_back(member.headerOffset);
    std::string extra = makeExtra(numbers);
    std::string header = centralMagic.str();
    put16(header, extra.empty() ? 20 : 45);
    putCommon(header, member, large ? in64 : member.size, extra);
    put16(header, 0); // no comment
    put16(header, 0); // disk
    put16(header, 0);
    put32(header, 0); // attributes
    put32(header, far ? in64 : member.headerOffset);
    write(header);
    write(member.name);
    write(extra);
  }
  writeEnd(directoryOffset);
}

void ZipWriter::writeEnd(uint64_t directoryOffset) {
  uint64_t size = offset - directoryOffset, count = members.size();
  bool large = directoryOffset >= zip64From || size >= zip64From ||
               count >= std::min<uint64_t>(zip64From, 0xffff);
  std::string end;
  if (large) {
    end += end64Magic;
    put64(end, end64Size - 12); // without the magic and this field
    put16(end, 45);
    put16(end, 45);
    put32(end, 0);
    put32(end, 0);
    put64(end, count);
    put64(end, count);
    put64(end, size);
    put64(end, directoryOffset);
    end += locatorMagic;
    put32(end, 0);
    put64(end, offset);
    put32(end, 1);
  }
  end += endMagic;
  put16(end, 0);
  put16(end, 0);
  put16(end, large ? 0xffff : count);
  put16(end, large ? 0xffff : count);
  put32(end, large ? in64 : size);
  put32(end, large ? in64 : directoryOffset);
  put16(end, 0);
  write(end);
}
