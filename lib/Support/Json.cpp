//===- Json.cpp - JSON values and how they print --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Json.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cassert>
#include <charconv>
#include <cmath>
#include <limits>

using namespace spikeformer;

JsonValue JsonValue::array() {
  JsonValue result;
  result.value = Array();
  return result;
}

JsonValue JsonValue::object() {
  JsonValue result;
  result.value = Object();
  return result;
}

void JsonValue::setUnsigned(uint64_t integer) {
  if (integer <= uint64_t(std::numeric_limits<int64_t>::max()))
    value = static_cast<int64_t>(integer);
  else
    value = integer;
}

JsonValue &JsonValue::push(JsonValue element) {
  assert(isArray() && "only an array grows");
  Array &array = std::get<Array>(value);
  array.push_back(std::move(element));
  return array.back();
}

JsonValue &JsonValue::set(llvm::StringRef key, JsonValue member) {
  assert(isObject() && "only an object has members");
  Object &object = std::get<Object>(value);
  auto *found = const_cast<JsonValue *>(find(key));
  if (found)
    *found = std::move(member);
  else
    object.emplace_back(key.str(), std::move(member));
  return *this;
}

JsonValue &JsonValue::setMembers(const JsonValue &other) {
  for (const Member &member : std::get<Object>(other.value))
    set(member.first, member.second);
  return *this;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

bool JsonValue::isInteger() const {
  return std::holds_alternative<int64_t>(value) ||
         std::holds_alternative<uint64_t>(value);
}

bool JsonValue::isNumber() const {
  return isInteger() || std::holds_alternative<double>(value);
}

llvm::Error JsonValue::makeError(const llvm::Twine &message) const {
  if (!source)
    return llvm::createStringError(message);
  llvm::StringRef before = llvm::StringRef(source->text).take_front(offset);
  size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0.
  return makeInputError(source->file, before.count('\n') + 1,
                        offset - lineStart + 1, message);
}

llvm::Error JsonValue::makeTypeError(llvm::StringRef needed) const {
  static constexpr llvm::StringRef names[] = {
      "null",     "a boolean", "an integer", "an integer",
      "a number", "a string",  "an array",   "an object"};
  return makeError("needs " + needed + ", has " + names[value.index()]);
}

llvm::Expected<bool> JsonValue::getBool() const {
  if (auto *result = std::get_if<bool>(&value))
    return *result;
  return makeTypeError("a boolean");
}

llvm::Expected<int64_t> JsonValue::getInteger() const {
  if (auto *result = std::get_if<int64_t>(&value))
    return *result;
  if (auto *large = std::get_if<uint64_t>(&value))
    return makeError("needs an integer of 64 bits with sign, has " +
                     llvm::Twine(*large));
  return makeTypeError("an integer");
}

llvm::Expected<uint64_t> JsonValue::getUnsigned() const {
  if (auto *large = std::get_if<uint64_t>(&value))
    return *large;
  auto *result = std::get_if<int64_t>(&value);
  if (!result)
    return makeTypeError("an integer");
  if (*result < 0)
    return makeError("needs an integer that is not negative, has " +
                     llvm::Twine(*result));
  return static_cast<uint64_t>(*result);
}

llvm::Expected<double> JsonValue::getDouble() const {
  if (auto *result = std::get_if<double>(&value))
    return *result;
  if (auto *integer = std::get_if<int64_t>(&value))
    return static_cast<double>(*integer);
  if (auto *large = std::get_if<uint64_t>(&value))
    return static_cast<double>(*large);
  return makeTypeError("a number");
}

llvm::Expected<llvm::StringRef> JsonValue::getString() const {
  if (auto *result = std::get_if<std::string>(&value))
    return llvm::StringRef(*result);
  return makeTypeError("a string");
}

llvm::Expected<llvm::ArrayRef<JsonValue>> JsonValue::getArray() const {
  if (auto *result = std::get_if<Array>(&value))
    return llvm::ArrayRef<JsonValue>(*result);
  return makeTypeError("an array");
}

llvm::Expected<llvm::ArrayRef<JsonValue::Member>> JsonValue::getObject() const {
  if (auto *result = std::get_if<Object>(&value))
    return llvm::ArrayRef<Member>(*result);
  return makeTypeError("an object");
}

const JsonValue *JsonValue::find(llvm::StringRef key) const {
  if (auto *object = std::get_if<Object>(&value))
    for (const Member &member : *object)
      if (member.first == key)
        return &member.second;
  return nullptr;
}

llvm::Expected<const JsonValue &> JsonValue::at(llvm::StringRef key) const {
  if (!isObject())
    return makeTypeError("an object");
  if (const JsonValue *member = find(key))
    return *member;
  return makeError("needs a member '" + key + "'");
}

llvm::Error JsonValue::checkKeys(llvm::ArrayRef<llvm::StringRef> known) const {
  auto members = getObject();
  if (!members)
    return members.takeError();
  for (const Member &member : *members)
    if (!llvm::is_contained(known, llvm::StringRef(member.first)))
      return member.second.makeError("unknown member '" + member.first +
                                     "'; known are '" +
                                     llvm::join(known, "', '") + "'");
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static void printString(llvm::raw_ostream &os, llvm::StringRef text) {
  // File names may hold any bytes; JSON must be UTF-8.
  std::string valid =
      llvm::json::isUTF8(text) ? std::string(text) : llvm::json::fixUTF8(text);
  os << '"';
  for (unsigned char c : valid) {
    if (c == '"' || c == '\\')
      os << '\\' << c;
    else if (c == '\n')
      os << "\\n";
    else if (c == '\t')
      os << "\\t";
    else if (c < 0x20)
      os << "\\u00" << llvm::hexdigit(c >> 4, true)
         << llvm::hexdigit(c & 15, true);
    else
      os << c;
  }
  os << '"';
}

static void printDouble(llvm::raw_ostream &os, double number) {
  if (!std::isfinite(number)) {
    os << "null";
    return;
  }
  char digits[32];
  auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  llvm::StringRef text(digits, end - digits);
  os << text;
  // Without a point it would read back as an integer.
  if (text.find_first_of(".e") == llvm::StringRef::npos)
    os << ".0";
}

void JsonValue::printArray(llvm::raw_ostream &os, unsigned indent) const {
  const Array &array = std::get<Array>(value);
  bool flat = llvm::none_of(array, [](const JsonValue &element) {
    return element.isArray() || element.isObject();
  });
  std::string gap = flat ? "" : "\n" + std::string(indent + 2, ' ');
  os << '[';
  for (auto [index, element] : llvm::enumerate(array)) {
    os << (index == 0 ? "" : flat ? ", " : ",") << gap;
    element.print(os, indent + 2);
  }
  if (!flat)
    os << '\n' << std::string(indent, ' ');
  os << ']';
}

void JsonValue::printObject(llvm::raw_ostream &os, unsigned indent) const {
  const Object &object = std::get<Object>(value);
  if (object.empty()) {
    os << "{}";
    return;
  }
  os << '{';
  for (auto [index, member] : llvm::enumerate(object)) {
    os << (index == 0 ? "\n" : ",\n") << std::string(indent + 2, ' ');
    printString(os, member.first);
    os << ": ";
    member.second.print(os, indent + 2);
  }
  os << '\n' << std::string(indent, ' ') << '}';
}

void JsonValue::print(llvm::raw_ostream &os, unsigned indent) const {
  if (isNull())
    os << "null";
  else if (auto *boolean = std::get_if<bool>(&value))
    os << (*boolean ? "true" : "false");
  else if (auto *integer = std::get_if<int64_t>(&value))
    os << *integer;
  else if (auto *large = std::get_if<uint64_t>(&value))
    os << *large;
  else if (auto *number = std::get_if<double>(&value))
    printDouble(os, *number);
  else if (auto *text = std::get_if<std::string>(&value))
    printString(os, *text);
  else if (isArray())
    printArray(os, indent);
  else
    printObject(os, indent);
}

void JsonValue::print(llvm::raw_ostream &os) const {
  print(os, 0);
  os << '\n';
}

std::string JsonValue::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  print(os);
  return text;
}
