//===- JsonParser.cpp - from JSON text to values --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one file that touches nlohmann::json. Its parser may throw (memory), so
// this file is compiled with exceptions and lets none out.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Json.h"
#include "llvm/ADT/StringSet.h"
#include <nlohmann/json.hpp>
#include <optional>

using namespace spikeformer;

namespace {
/// Reads the text byte by byte and tells the builder how far the parser is.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char *;
  using reference = const char &;

  reference operator*() const { return *at; }
  CountingIterator &operator++() {
    ++at;
    ++*consumed;
    return *this;
  }
  friend bool operator!=(const CountingIterator &a, const CountingIterator &b) {
    return a.at != b.at;
  }

  const char *at;
  size_t *consumed;
};
} // namespace

namespace spikeformer {
/// Makes a JsonValue out of the events of nlohmann's parser.
class JsonBuilder {
public:
  explicit JsonBuilder(std::shared_ptr<const JsonSource> source)
      : source(std::move(source)) {
    if (llvm::StringRef(this->source->text).starts_with("\xEF\xBB\xBF"))
      previous = 3;
  }

  llvm::Expected<JsonValue> build();

  // The interface that nlohmann::json::sax_parse calls.
  bool null() { return add(JsonValue()); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(int64_t value) { return add(value); }
  bool number_unsigned(uint64_t value) { return add(value); }
  bool number_float(double value, const std::string &) { return add(value); }
  bool string(std::string &value) { return add(std::move(value)); }
  bool binary(std::vector<uint8_t> &) { return false; }
  bool start_object(size_t) { return open(JsonValue::object()); }
  bool key(std::string &name);
  bool end_object() { return close(); }
  bool start_array(size_t) { return open(JsonValue::array()); }
  bool end_array() { return close(); }
  bool parse_error(size_t position, const std::string &,
                   const nlohmann::json::exception &error);

private:
  static constexpr unsigned maxDepth = 64;

  /// A container that is not closed yet.
  struct Level {
    JsonValue value;
    std::string key;
    llvm::StringSet<> keys;
  };

  bool add(JsonValue value);
  bool open(JsonValue container);
  bool close();
  bool attach(JsonValue value);
  bool fail(size_t offset, const llvm::Twine &message);
  size_t tokenStart();

  std::shared_ptr<const JsonSource> source;
  /// Bytes that the parser has taken, now and at the token before.
  size_t consumed = 0, previous = 0;
  std::vector<Level> levels;
  std::optional<JsonValue> result;
  llvm::Error failure = llvm::Error::success();
};
} // namespace spikeformer

/// The parser stands behind a token, or one byte further after a number, which
/// only the next byte ends. Between two tokens there is nothing but blanks and
/// punctuation, so the token starts behind those.
size_t JsonBuilder::tokenStart() {
  size_t start =
      llvm::StringRef(source->text).find_first_not_of(" \t\r\n,:]}", previous);
  previous = consumed;
  return start;
}

bool JsonBuilder::fail(size_t offset, const llvm::Twine &message) {
  JsonValue place;
  place.source = source;
  place.offset = std::min(offset, source->text.size());
  llvm::consumeError(std::move(failure));
  failure = place.makeError(message);
  return false;
}

bool JsonBuilder::attach(JsonValue value) {
  if (levels.empty())
    result = std::move(value);
  else if (levels.back().value.isArray())
    levels.back().value.push(std::move(value));
  else
    std::get<JsonValue::Object>(levels.back().value.value)
        .emplace_back(std::move(levels.back().key), std::move(value));
  return true;
}

bool JsonBuilder::add(JsonValue value) {
  value.source = source;
  value.offset = tokenStart();
  return attach(std::move(value));
}

bool JsonBuilder::open(JsonValue container) {
  container.source = source;
  container.offset = tokenStart();
  if (levels.size() == maxDepth)
    return fail(container.offset, "more than " + llvm::Twine(maxDepth) +
                                      " levels of arrays and objects");
  levels.push_back({std::move(container), {}, {}});
  return true;
}

bool JsonBuilder::close() {
  previous = consumed;
  JsonValue value = std::move(levels.back().value);
  levels.pop_back();
  return attach(std::move(value));
}

bool JsonBuilder::key(std::string &name) {
  size_t start = tokenStart();
  if (!levels.back().keys.insert(name).second)
    return fail(start, "member '" + name + "' is given twice");
  levels.back().key = std::move(name);
  return true;
}

bool JsonBuilder::parse_error(size_t position, const std::string &,
                              const nlohmann::json::exception &error) {
  // "[json.exception...] parse error at line 1, column 2: what is wrong".
  llvm::StringRef text = error.what();
  size_t column = text.find("column ");
  llvm::StringRef message = column == llvm::StringRef::npos
                                ? text.split("] ").second
                                : text.drop_front(column).split(": ").second;
  return fail(position ? position - 1 : 0, message);
}

llvm::Expected<JsonValue> JsonBuilder::build() {
  const std::string &text = source->text;
  CountingIterator begin{text.data(), &consumed};
  CountingIterator end{text.data() + text.size(), &consumed};
  bool ok = false;
  try {
    ok = nlohmann::json::sax_parse(begin, end, this);
  } catch (const std::exception &error) {
    fail(consumed, error.what());
  }
  if (!ok)
    return std::move(failure);
  llvm::consumeError(std::move(failure));
  return std::move(*result);
}

llvm::Expected<JsonValue> spikeformer::parseJson(llvm::StringRef text,
                                                 llvm::StringRef file) {
  auto source =
      std::make_shared<const JsonSource>(JsonSource{file.str(), text.str()});
  return JsonBuilder(std::move(source)).build();
}

llvm::Expected<JsonValue> spikeformer::parseJsonFile(llvm::StringRef path) {
  auto buffer = readInputFile(path);
  if (!buffer)
    return buffer.takeError();
  return parseJson((*buffer)->getBuffer(), path);
}
