//===- JsonSchema.cpp - JSON held against a schema ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/JsonSchema.h"
#include "spikeformer/Support/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;

namespace {
/// Collects the errors of a value and of what is in it.
class SchemaChecker {
public:
  void check(const JsonValue &value, const JsonValue &schema,
             const std::string &name);

  llvm::Error errors = llvm::Error::success();

private:
  void fail(const JsonValue &value, const llvm::Twine &message) {
    errors = llvm::joinErrors(std::move(errors), value.makeError(message));
  }
  bool checkType(const JsonValue &value, const JsonValue &schema,
                 const std::string &name);
  void checkNumber(const JsonValue &value, const JsonValue &schema,
                   const std::string &name);
  void checkEnum(const JsonValue &value, const JsonValue &schema,
                 const std::string &name);
  void checkArray(const JsonValue &value, const JsonValue &schema,
                  const std::string &name);
  void checkObject(const JsonValue &value, const JsonValue &schema,
                   const std::string &name);
};
} // namespace

static double toDouble(const JsonValue &value) {
  return llvm::cantFail(value.getDouble());
}

static llvm::StringRef toText(const JsonValue &value) {
  return llvm::cantFail(value.getString());
}

/// What `value` is, for messages: "a string".
static std::string describe(const JsonValue &value) {
  if (value.isString())
    return "'" + toText(value).str() + "'";
  if (value.isNumber())
    return formatNumber(toDouble(value));
  return value.isNull()    ? "null"
         : value.isBool()  ? "a truth value"
         : value.isArray() ? "an array"
                           : "an object";
}

static bool isOfType(const JsonValue &value, llvm::StringRef type) {
  return type == "object"    ? value.isObject()
         : type == "array"   ? value.isArray()
         : type == "string"  ? value.isString()
         : type == "integer" ? value.isInteger()
         : type == "number"  ? value.isNumber()
         : type == "boolean" ? value.isBool()
         : type == "null"    ? value.isNull()
                             : true;
}

bool SchemaChecker::checkType(const JsonValue &value, const JsonValue &schema,
                              const std::string &name) {
  const JsonValue *type = schema.find("type");
  if (!type)
    return true;
  std::vector<llvm::StringRef> types;
  if (type->isString())
    types.push_back(toText(*type));
  else
    for (const JsonValue &word : llvm::cantFail(type->getArray()))
      types.push_back(toText(word));
  bool isRight = llvm::any_of(
      types, [&](llvm::StringRef need) { return isOfType(value, need); });
  if (!isRight)
    fail(value, name + " is of another type: needs " +
                    (types.front() == "object" || types.front() == "array" ||
                             types.front() == "integer"
                         ? "an "
                         : "a ") +
                    llvm::join(types, " or ") + ", has " + describe(value));
  return isRight;
}

void SchemaChecker::checkNumber(const JsonValue &value, const JsonValue &schema,
                                const std::string &name) {
  double number = toDouble(value);
  const JsonValue *least = schema.find("minimum");
  const JsonValue *above = schema.find("exclusiveMinimum");
  const JsonValue *most = schema.find("maximum");
  if (least && number < toDouble(*least))
    fail(value, name + " is too small: needs at least " +
                    formatNumber(toDouble(*least)) + ", has " +
                    formatNumber(number));
  if (above && number <= toDouble(*above))
    fail(value, name + " is too small: needs more than " +
                    formatNumber(toDouble(*above)) + ", has " +
                    formatNumber(number));
  if (most && number > toDouble(*most))
    fail(value, name + " is too large: needs at most " +
                    formatNumber(toDouble(*most)) + ", has " +
                    formatNumber(number));
}

void SchemaChecker::checkEnum(const JsonValue &value, const JsonValue &schema,
                              const std::string &name) {
  const JsonValue *words = schema.find("enum");
  if (!words)
    return;
  std::vector<llvm::StringRef> known;
  for (const JsonValue &word : llvm::cantFail(words->getArray()))
    known.push_back(toText(word));
  llvm::StringRef text = toText(value);
  if (!llvm::is_contained(known, text))
    fail(value, name + " is unknown: needs '" + llvm::join(known, "' or '") +
                    "', has '" + text + "'" + suggest(text, known));
}

void SchemaChecker::checkArray(const JsonValue &value, const JsonValue &schema,
                               const std::string &name) {
  llvm::ArrayRef<JsonValue> elements = llvm::cantFail(value.getArray());
  double size = static_cast<double>(elements.size());
  const JsonValue *least = schema.find("minItems");
  const JsonValue *most = schema.find("maxItems");
  if (least && size < toDouble(*least))
    fail(value, name + " has too few elements: needs at least " +
                    formatNumber(toDouble(*least)) + ", has " +
                    formatNumber(size));
  if (most && size > toDouble(*most))
    fail(value, name + " has too many elements: needs at most " +
                    formatNumber(toDouble(*most)) + ", has " +
                    formatNumber(size));
  if (const JsonValue *items = schema.find("items"))
    for (auto [index, element] : llvm::enumerate(elements))
      check(element, *items, name + "[" + std::to_string(index) + "]");
}

void SchemaChecker::checkObject(const JsonValue &value, const JsonValue &schema,
                                const std::string &name) {
  const JsonValue *properties = schema.find("properties");
  const JsonValue *required = schema.find("required");
  const JsonValue *others = schema.find("additionalProperties");
  std::vector<llvm::StringRef> known;
  if (properties)
    for (const auto &[key, property] : llvm::cantFail(properties->getObject()))
      known.push_back(key);
  for (const auto &[key, member] : llvm::cantFail(value.getObject())) {
    const JsonValue *property = properties ? properties->find(key) : nullptr;
    if (property)
      check(member, *property, key);
    else if (others && others->isBool() && !llvm::cantFail(others->getBool()))
      fail(member, "unknown key '" + key + "'" + suggest(key, known));
  }
  if (!required)
    return;
  for (const JsonValue &key : llvm::cantFail(required->getArray()))
    if (!value.find(toText(key)))
      fail(value, name + " needs the key '" + toText(key) + "'");
}

void SchemaChecker::check(const JsonValue &value, const JsonValue &schema,
                          const std::string &name) {
  if (!checkType(value, schema, name))
    return;
  if (value.isNumber())
    checkNumber(value, schema, name);
  if (value.isString())
    checkEnum(value, schema, name);
  if (value.isArray())
    checkArray(value, schema, name);
  if (value.isObject())
    checkObject(value, schema, name);
}

llvm::Error spikeformer::checkSchema(const JsonValue &value,
                                     const JsonValue &schema) {
  SchemaChecker checker;
  checker.check(value, schema, "the document");
  return std::move(checker.errors);
}

const JsonValue *spikeformer::getOrDefault(const JsonValue &value,
                                           const JsonValue &schema,
                                           llvm::StringRef key) {
  if (const JsonValue *member = value.find(key))
    return member;
  const JsonValue *properties = schema.find("properties");
  const JsonValue *property = properties ? properties->find(key) : nullptr;
  return property ? property->find("default") : nullptr;
}
