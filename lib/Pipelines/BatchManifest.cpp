//===- BatchManifest.cpp - the models of a batch --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BatchManifest.h"
#include "spikeformer/Pipelines/OutputPath.h"
#include "spikeformer/Support/DataSource.h"
#include "spikeformer/Support/JsonSchema.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
namespace path = llvm::sys::path;

static constexpr StringLiteral schemaText(
#include "BatchSchema.inc"
);

FlagFiles spikeformer::getFlagFiles(StringRef flag) {
  return llvm::StringSwitch<FlagFiles>(flag)
      .Cases({"calibrate", "calibrate-labels", "evaluate", "labels"},
             FlagFiles::data)
      .Cases({"machine", "rates"}, FlagFiles::path)
      .Default(FlagFiles::none);
}

std::string spikeformer::getFlagFile(StringRef flag, StringRef value) {
  FlagFiles kind = getFlagFiles(flag);
  if (kind == FlagFiles::path)
    return flag == "rates" || llvm::sys::fs::exists(value) ? value.str() : "";
  if (kind != FlagFiles::data)
    return "";
  auto argument = parseDataArgument(value);
  if (argument)
    return argument->file;
  llvm::consumeError(argument.takeError());
  return "";
}

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

/// `name` as a manifest in `directory` means it, from here.
static std::string resolve(StringRef name, StringRef directory) {
  return path::is_absolute(name) ? name.str() : joinPath(directory, name);
}

/// `text`, a DATA argument of a manifest in `directory`, as the command line
/// would say it.
static std::string resolveData(StringRef text, StringRef directory) {
  auto argument = parseDataArgument(text);
  if (!argument) {
    // Whoever reads the data says what is wrong.
    llvm::consumeError(argument.takeError());
    return text.str();
  }
  std::string file = resolve(argument->file, directory);
  if (!argument->key.empty())
    file += ":" + argument->key;
  if (!argument->input.empty())
    return argument->input + "=" + file;
  // The '=' of a directory must not make an input of it.
  return StringRef(file).contains('=') && !path::is_absolute(file) ? "./" + file
                                                                   : file;
}

/// Why `output` cannot lie in the directory of outputs; empty if it can.
static StringRef refuseOutput(StringRef output) {
  if (output.empty() || output.ends_with("/"))
    return "names no file";
  if (path::is_absolute(output))
    return "is an absolute path";
  for (StringRef part :
       llvm::make_range(path::begin(output), path::end(output)))
    if (part == "..")
      return "leads out of the directory";
  return "";
}

//===----------------------------------------------------------------------===//
// The reader
//===----------------------------------------------------------------------===//

namespace {
/// Collects the models of one manifest, and what is wrong with them.
class ManifestReader {
public:
  ManifestReader(const BatchToolOptions &options, CompileFlags &flags,
                 ArrayRef<const char *> arguments);

  llvm::Expected<std::vector<BatchEntry>> read();

private:
  void fail(const JsonValue &at, const llvm::Twine &message) {
    add(at.makeError(message));
  }
  void add(llvm::Error error) {
    errors = llvm::joinErrors(std::move(errors), std::move(error));
  }
  bool checkKeys(const JsonValue &document);
  FlagValues readFlags(const JsonValue &object);
  void checkFiles(const JsonValue &object, const FlagValues &values);
  void checkCommandLine();
  void checkOutput(const JsonValue &output, size_t index);
  bool exists(const std::string &file);
  void readEntry(const JsonValue &object, size_t index,
                 const FlagValues &defaults);

  const BatchToolOptions &options;
  CompileFlags &compileFlags;
  std::string directory;
  JsonValue schema;
  /// The schema of one model.
  const JsonValue *properties;
  std::optional<BatchFlags> flags;
  llvm::StringMap<bool> files;
  /// The models by their outputs.
  llvm::StringMap<size_t> outputs;
  std::vector<BatchEntry> entries;
  llvm::Error errors = llvm::Error::success();
};
} // namespace

ManifestReader::ManifestReader(const BatchToolOptions &options,
                               CompileFlags &compileFlags,
                               ArrayRef<const char *> arguments)
    : options(options), compileFlags(compileFlags),
      directory(path::parent_path(options.manifest)),
      schema(llvm::cantFail(parseJson(schemaText, "schema"))) {
  properties = schema.find("properties")
                   ->find("models")
                   ->find("items")
                   ->find("properties");
  std::vector<std::string> names;
  for (const JsonValue::Member &member :
       llvm::cantFail(properties->getObject()))
    names.push_back(member.first);
  flags.emplace(arguments, names);
}

/// Holds `document` against the schema.
bool ManifestReader::checkKeys(const JsonValue &document) {
  llvm::Error wrong = checkSchema(document, schema);
  const JsonValue *defaults = document.find("defaults");
  if (defaults && defaults->isObject()) {
    JsonValue known = JsonValue::object();
    for (const auto &[name, property] : llvm::cantFail(properties->getObject()))
      if (name != "input" && name != "output")
        known.set(name, property);
    wrong = llvm::joinErrors(
        std::move(wrong),
        checkSchema(*defaults, JsonValue::object()
                                   .set("properties", std::move(known))
                                   .set("additionalProperties", false)));
  }
  bool isRight = !wrong;
  add(std::move(wrong));
  return isRight;
}

bool ManifestReader::exists(const std::string &file) {
  auto [entry, isNew] = files.try_emplace(file);
  if (isNew)
    entry->second = llvm::sys::fs::exists(file);
  return entry->second;
}

/// The flags that `object` gives, with paths from here.
FlagValues ManifestReader::readFlags(const JsonValue &object) {
  FlagValues values;
  for (const auto &[name, member] : llvm::cantFail(object.getObject())) {
    if (name == "input" || name == "output")
      continue;
    ArrayRef<JsonValue> words(member);
    if (member.isArray())
      words = llvm::cantFail(member.getArray());
    for (const JsonValue &word : words) {
      std::string text = word.isString()
                             ? llvm::cantFail(word.getString()).str()
                             : StringRef(word.str()).rtrim().str();
      FlagFiles kind = getFlagFiles(name);
      if (kind == FlagFiles::data)
        text = resolveData(text, directory);
      else if (kind == FlagFiles::path &&
               (name == "rates" || exists(resolve(text, directory))))
        text = resolve(text, directory);
      values[name].push_back(std::move(text));
    }
  }
  checkFiles(object, values);
  return values;
}

void ManifestReader::checkFiles(const JsonValue &object,
                                const FlagValues &values) {
  for (const auto &[name, texts] : values)
    for (const std::string &text : texts)
      if (std::string file = getFlagFile(name, text);
          !file.empty() && !exists(file))
        fail(*object.find(name), "there is no file '" + file + "'");
}

/// Once for all models.
void ManifestReader::checkCommandLine() {
  for (const auto &[name, texts] : flags->complete({}))
    for (const std::string &text : texts)
      if (std::string file = getFlagFile(name, text);
          !file.empty() && !exists(file))
        add(llvm::createStringError("--" + name + ": there is no file '" +
                                    file + "'"));
}

void ManifestReader::checkOutput(const JsonValue &output, size_t index) {
  StringRef name = llvm::cantFail(output.getString());
  if (StringRef why = refuseOutput(name); !why.empty())
    return fail(output, "output '" + name + "' " + why +
                            "; results lie in the directory of -o");
  SmallString<128> plain(name);
  path::remove_dots(plain);
  auto [other, isNew] = outputs.try_emplace(plain, index);
  if (!isNew)
    fail(output, "output '" + name + "' is also that of models[" +
                     llvm::Twine(other->second) + "]; choose another name");
}

void ManifestReader::readEntry(const JsonValue &object, size_t index,
                               const FlagValues &defaults) {
  const JsonValue &input = *object.find("input"),
                  &output = *object.find("output");
  BatchEntry entry;
  entry.input = llvm::cantFail(input.getString()).str();
  entry.output = llvm::cantFail(output.getString()).str();
  checkOutput(output, index);
  std::string file = resolve(entry.input, directory);
  if (entry.input.empty() || !exists(file))
    fail(input, "there is no file '" + file + "'");
  FlagValues values = readFlags(object);
  values.insert(defaults.begin(), defaults.end());
  entry.flags = flags->complete(std::move(values));
  auto refuse = [&](llvm::Error error) {
    fail(object, "models[" + llvm::Twine(index) +
                     "]: " + llvm::toString(std::move(error)));
  };
  if (llvm::Error error = flags->apply(entry.flags))
    return refuse(std::move(error));
  auto found =
      compileFlags.getModel(file, joinPath(options.output, entry.output));
  if (!found)
    return refuse(found.takeError());
  entry.options = std::move(*found);
  entries.push_back(std::move(entry));
}

llvm::Expected<std::vector<BatchEntry>> ManifestReader::read() {
  auto document = parseJsonFile(options.manifest);
  if (!document)
    return document.takeError();
  if (!checkKeys(*document))
    return std::move(errors);
  checkCommandLine();
  const JsonValue *common = document->find("defaults");
  FlagValues defaults = common ? readFlags(*common) : FlagValues();
  for (auto [index, object] :
       llvm::enumerate(llvm::cantFail(document->find("models")->getArray())))
    readEntry(object, index, defaults);
  if (errors)
    return std::move(errors);
  return std::move(entries);
}

llvm::Expected<std::vector<BatchEntry>>
spikeformer::readBatchManifest(const BatchToolOptions &options,
                               CompileFlags &flags,
                               ArrayRef<const char *> arguments) {
  return ManifestReader(options, flags, arguments).read();
}
