//===- Json.h - JSON values, parsed and printed -----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One ordered value for configurations that are read and reports that are
// written. A parsed value remembers where it stood, so that a getter's error
// says FILE:LINE:COLUMN. No function here throws.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_JSON_H
#define SPIKEFORMER_SUPPORT_JSON_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace spikeformer {

/// The text that values were parsed from, kept for the places in errors.
struct JsonSource {
  std::string file, text;
};

/// A JSON value. Members of an object keep the order of insertion.
class JsonValue {
public:
  using Array = std::vector<JsonValue>;
  using Member = std::pair<std::string, JsonValue>;
  using Object = std::vector<Member>;

  JsonValue() = default;
  JsonValue(bool value) : value(value) {}
  template <typename T, std::enable_if_t<std::is_integral_v<T> &&
                                             !std::is_same_v<T, bool> &&
                                             !std::is_same_v<T, char>,
                                         int> = 0>
  JsonValue(T integer) {
    if constexpr (std::is_signed_v<T>)
      value = static_cast<int64_t>(integer);
    else
      setUnsigned(integer);
  }
  JsonValue(double value) : value(value) {}
  JsonValue(const char *text) : value(std::string(text)) {}
  JsonValue(llvm::StringRef text) : value(text.str()) {}
  JsonValue(std::string text) : value(std::move(text)) {}
  /// An array of whatever a JsonValue is made from.
  template <typename T>
  explicit JsonValue(llvm::ArrayRef<T> items)
      : value(Array(items.begin(), items.end())) {}

  /// The empty array and the empty object.
  static JsonValue array();
  static JsonValue object();

  /// Appends to an array; the value must be one. Returns the new element.
  JsonValue &push(JsonValue element);
  /// Sets a member of an object, at the end if it is new; the value must be an
  /// object. Returns the object, so that calls chain.
  JsonValue &set(llvm::StringRef key, JsonValue member);
  /// Sets every member of the object `other`.
  JsonValue &setMembers(const JsonValue &other);

  bool isNull() const { return value.index() == 0; }
  bool isBool() const { return std::holds_alternative<bool>(value); }
  bool isInteger() const;
  /// Integer or not.
  bool isNumber() const;
  bool isString() const { return std::holds_alternative<std::string>(value); }
  bool isArray() const { return std::holds_alternative<Array>(value); }
  bool isObject() const { return std::holds_alternative<Object>(value); }

  /// The value as the named type. Errors: another type (what is needed and what
  /// is there), or an integer out of range. `getDouble` takes integers too.
  llvm::Expected<bool> getBool() const;
  llvm::Expected<int64_t> getInteger() const;
  llvm::Expected<uint64_t> getUnsigned() const;
  llvm::Expected<double> getDouble() const;
  llvm::Expected<llvm::StringRef> getString() const;
  llvm::Expected<llvm::ArrayRef<JsonValue>> getArray() const;
  llvm::Expected<llvm::ArrayRef<Member>> getObject() const;

  /// The member `key`, or null if there is none or this is no object.
  const JsonValue *find(llvm::StringRef key) const;
  /// The member `key`. Errors: no object, or no such member.
  llvm::Expected<const JsonValue &> at(llvm::StringRef key) const;
  /// Errors on the first member that is not among `known`, naming those.
  llvm::Error checkKeys(llvm::ArrayRef<llvm::StringRef> known) const;

  /// An error at the place of this value.
  llvm::Error makeError(const llvm::Twine &message) const;

  /// Prints with two blanks a level; an array without arrays and objects is on
  /// one line. Doubles have the fewest digits that read back as the same
  /// double, and always a point or an exponent; those that are not finite are
  /// null, for JSON has no word for them.
  void print(llvm::raw_ostream &os) const;
  std::string str() const;

private:
  friend class JsonBuilder;

  void setUnsigned(uint64_t integer);
  llvm::Error makeTypeError(llvm::StringRef needed) const;
  void print(llvm::raw_ostream &os, unsigned indent) const;
  void printArray(llvm::raw_ostream &os, unsigned indent) const;
  void printObject(llvm::raw_ostream &os, unsigned indent) const;

  /// uint64_t only for integers that int64_t cannot hold.
  std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string,
               Array, Object>
      value;
  std::shared_ptr<const JsonSource> source;
  size_t offset = 0;
};

/// Parses one JSON document. `file` is the name for messages. Errors: syntax,
/// invalid UTF-8, a number out of range, a key twice in one object, or more
/// than 64 levels of nesting.
llvm::Expected<JsonValue> parseJson(llvm::StringRef text, llvm::StringRef file);
llvm::Expected<JsonValue> parseJsonFile(llvm::StringRef path);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_JSON_H
