//===- BytecodeRequirements.cpp - snn.requires in bytecode ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR's reader resolves attributes through their dialects, and the dialect is
// what may be missing. The few builtin encodings that spell `snn.requires`
// (string, array, dictionary) are part of a format that MLIR keeps readable, so
// they are read here directly. Every size is checked; anything unexpected ends
// the search.
//
//===----------------------------------------------------------------------===//

#include "BytecodeRequirements.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include <optional>

using namespace spikeformer;
using llvm::StringRef;

namespace {
/// Reads the primitives of the format; after a read past the end, `failed` is
/// set and everything reads as zero.
class Cursor {
public:
  explicit Cursor(StringRef bytes) : bytes(bytes) {}

  bool atEnd() const { return failed || position == bytes.size(); }
  bool hasFailed() const { return failed; }
  size_t tell() const { return position; }
  void fail() { failed = true; }

  StringRef take(uint64_t size) {
    if (failed || size > bytes.size() - position) {
      failed = true;
      return {};
    }
    position += size;
    return bytes.substr(position - size, size);
  }

  uint8_t byte() {
    StringRef one = take(1);
    return failed ? 0 : static_cast<uint8_t>(one.front());
  }

  /// The number of trailing zeros of the first byte counts the bytes after it.
  uint64_t varInt() {
    uint8_t first = byte();
    unsigned more = first == 0 ? 8 : llvm::countr_zero(first);
    StringRef rest = take(more);
    if (failed)
      return 0;
    char raw[8] = {};
    llvm::copy(rest, raw);
    uint64_t high = llvm::support::endian::read64le(raw);
    return first == 0 ? high : (high << (7 - more)) | (first >> (more + 1));
  }

  /// A count of things that take at least one byte each.
  uint64_t count() {
    uint64_t n = varInt();
    if (n > bytes.size() - position)
      failed = true;
    return failed ? 0 : n;
  }

  void alignTo(uint64_t alignment) {
    if (alignment == 0 || alignment > bytes.size())
      return fail();
    take(llvm::alignTo(position, alignment) - position);
  }

private:
  StringRef bytes;
  size_t position = 0;
  bool failed = false;
};

/// Numbers of the format's sections.
enum SectionID { strings = 0, dialects = 1, attributes = 2, offsets = 3 };
constexpr unsigned numSections = 4;

/// Numbers of builtin attributes.
enum AttributeCode { arrayCode = 0, dictionaryCode = 1, stringCode = 2 };

/// The parts of one bytecode file that hold builtin attributes.
class Scanner {
public:
  std::vector<std::string> scan(StringRef bytes);

private:
  bool readSections(StringRef bytes);
  bool readStrings();
  bool readDialects();
  bool readOffsets();

  /// The string of attribute `index`, if it is a plain string.
  std::optional<StringRef> getString(uint64_t index) const;
  /// Bytes of attribute `index` behind `code`, if it is a builtin of that code.
  std::optional<Cursor> open(uint64_t index, AttributeCode code) const;

  StringRef sections[numSections];
  std::vector<StringRef> stringTable;
  std::optional<uint64_t> builtin;
  /// Per attribute; empty for one of another dialect or without an encoding.
  std::vector<StringRef> entries;
};
} // namespace

/// Reads a section header and gives its number and its bytes.
static std::pair<unsigned, StringRef> readSection(Cursor &in) {
  uint8_t head = in.byte();
  uint64_t length = in.varInt();
  if (head & 0x80)
    in.alignTo(in.varInt());
  return {head & 0x7f, in.take(length)};
}

bool Scanner::readSections(StringRef bytes) {
  Cursor in(bytes);
  in.take(4);
  // Dialect versions came with version 1; MLIR writes nothing older today.
  if (in.varInt() < 1)
    return false;
  while (in.byte() != 0) { // the producer's name
  }
  while (!in.atEnd()) {
    auto [id, data] = readSection(in);
    if (id < numSections)
      sections[id] = data;
  }
  return !in.hasFailed();
}

bool Scanner::readStrings() {
  Cursor in(sections[strings]);
  stringTable.resize(in.count());
  // Sizes come last to first and count a zero byte; the text is at the end.
  size_t end = sections[strings].size();
  for (StringRef &text : llvm::reverse(stringTable)) {
    uint64_t size = in.varInt();
    if (in.hasFailed() || size == 0 || size > end)
      return false;
    end -= size;
    text = sections[strings].substr(end, size - 1);
  }
  return !in.hasFailed();
}

bool Scanner::readDialects() {
  Cursor in(sections[dialects]);
  uint64_t n = in.count();
  for (uint64_t i = 0; i < n; ++i) {
    uint64_t name = in.varInt();
    if (name & 1)
      readSection(in);
    if (in.hasFailed() || (name >> 1) >= stringTable.size())
      return false;
    if (stringTable[name >> 1] == "builtin")
      builtin = i;
  }
  return builtin.has_value();
}

bool Scanner::readOffsets() {
  Cursor in(sections[offsets]), data(sections[attributes]);
  uint64_t n = in.count();
  in.varInt(); // types, which follow the attributes
  while (entries.size() < n) {
    uint64_t dialect = in.varInt();
    uint64_t group = in.count();
    for (uint64_t i = 0; i < group && !in.hasFailed(); ++i) {
      uint64_t size = in.varInt();
      StringRef bytes = data.take(size >> 1);
      entries.push_back((size & 1) && dialect == *builtin ? bytes
                                                          : StringRef());
    }
    if (in.hasFailed() || data.hasFailed())
      return false;
  }
  return true;
}

std::optional<Cursor> Scanner::open(uint64_t index, AttributeCode code) const {
  if (index >= entries.size())
    return std::nullopt;
  Cursor in(entries[index]);
  bool matches = in.varInt() == code && !in.hasFailed();
  return matches ? std::optional(in) : std::nullopt;
}

std::optional<StringRef> Scanner::getString(uint64_t index) const {
  std::optional<Cursor> in = open(index, stringCode);
  if (!in)
    return std::nullopt;
  uint64_t string = in->varInt();
  if (in->hasFailed() || string >= stringTable.size())
    return std::nullopt;
  return stringTable[string];
}

std::vector<std::string> Scanner::scan(StringRef bytes) {
  std::vector<std::string> found;
  if (!readSections(bytes) || !readStrings() ||
      !llvm::is_contained(stringTable, "snn.requires") || !readDialects() ||
      !readOffsets())
    return found;
  for (size_t i = 0; i < entries.size(); ++i) {
    std::optional<Cursor> dictionary = open(i, dictionaryCode);
    for (uint64_t n = dictionary ? dictionary->count() : 0; n > 0; --n) {
      std::optional<StringRef> name = getString(dictionary->varInt());
      uint64_t value = dictionary->varInt();
      std::optional<Cursor> array = open(value, arrayCode);
      if (name != "snn.requires" || !array)
        continue;
      for (uint64_t m = array->count(); m > 0; --m)
        if (std::optional<StringRef> text = getString(array->varInt()))
          found.push_back(text->str());
    }
  }
  return found;
}

std::vector<std::string>
spikeformer::findBytecodeRequirements(StringRef bytes) {
  return Scanner().scan(bytes);
}
