//===- RequiredPlugins.cpp - plugins a module needs -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a text the attribute may stand before the region of the module or, in the
// generic form, after it; so the whole text is searched. Comments and strings
// that only look like the attribute are told apart by lexing their line:
// neither goes on over the end of a line in MLIR.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/RequiredPlugins.h"
#include "BytecodeRequirements.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

static constexpr StringRef key = "snn.requires";

/// True if the key at `position` of `text` is the name of an attribute.
static bool isAttributeName(StringRef text, size_t position) {
  size_t begin = text.rfind('\n', position) + 1; // npos + 1 is 0
  bool inString = false;
  size_t stringBegin = 0;
  for (size_t i = begin; i < position; ++i) {
    if (inString && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      inString = !inString;
      stringBegin = i;
    } else if (!inString && text.substr(i).starts_with("//")) {
      return false;
    }
  }
  char next =
      position + key.size() < text.size() ? text[position + key.size()] : '\0';
  if (inString)
    return stringBegin + 1 == position && next == '"';
  auto partOfName = [](char c) {
    return llvm::isAlnum(c) || c == '_' || c == '$' || c == '.';
  };
  return !partOfName(next) &&
         (position == 0 || !partOfName(text[position - 1]));
}

/// Skips white space and comments.
static StringRef skipBlanks(StringRef text) {
  text = text.ltrim();
  while (text.starts_with("//"))
    text = text.drop_until([](char c) { return c == '\n'; }).ltrim();
  return text;
}

static bool consume(StringRef &text, char token) {
  text = skipBlanks(text);
  return text.consume_front(StringRef(&token, 1));
}

/// Reads `= ["a", "b"]` from `rest`, which is the end of `text`.
static void readList(StringRef text, StringRef rest,
                     std::vector<PluginRequirement> &out) {
  if (!consume(rest, '=') || !consume(rest, '['))
    return;
  while (consume(rest, '"')) {
    size_t end = rest.find('"');
    if (end == StringRef::npos)
      return;
    out.push_back({rest.substr(0, end).str(),
                   static_cast<size_t>(rest.data() - text.data()) - 1});
    rest = rest.substr(end + 1);
    if (!consume(rest, ','))
      return;
  }
}

std::vector<PluginRequirement>
spikeformer::findRequirements(llvm::MemoryBufferRef module) {
  std::vector<PluginRequirement> found;
  if (mlir::isBytecode(module)) {
    for (std::string &text : findBytecodeRequirements(module.getBuffer()))
      found.push_back({std::move(text), 0});
    return found;
  }
  StringRef text = module.getBuffer();
  for (size_t at = text.find(key); at != StringRef::npos;
       at = text.find(key, at + key.size()))
    if (isAttributeName(text, at)) {
      StringRef rest = text.substr(at + key.size());
      rest.consume_front("\"");
      readList(text, rest, found);
    }
  return found;
}

/// The error at its place in the module; bytecode has no places.
static Error makeError(llvm::MemoryBufferRef module,
                       const PluginRequirement &requirement,
                       const Twine &problem) {
  StringRef file = module.getBufferIdentifier();
  if (mlir::isBytecode(module))
    return makeInputError(file, problem);
  StringRef before = module.getBuffer().substr(0, requirement.offset);
  size_t lineBegin = before.rfind('\n') + 1; // npos + 1 is 0
  return makeInputError(file, before.count('\n') + 1,
                        requirement.offset - lineBegin + 1, problem);
}

/// What is wrong with one requirement; empty if nothing is.
static std::string checkOne(StringRef text, const PluginRegistry &registry) {
  auto [id, versionText] = text.split('@');
  llvm::VersionTuple version;
  bool anyVersion = !text.contains('@');
  if (id.empty() || (!anyVersion && version.tryParse(versionText)))
    return ("'" + text + "' in " + key +
            " is neither a plugin's ID nor ID@VERSION")
        .str();
  std::string need = ("module needs plugin '" + id + "'").str();
  if (!anyVersion)
    need += " version " + version.getAsString() + " or later";
  const char *load =
      "load it with --load-plugin=PATH (or SPIKEFORMER_PLUGIN_PATH)";
  const PluginInfo *plugin = registry.lookupPlugin(id);
  if (!plugin)
    return need + ": " + load;
  if (plugin->version < version)
    return need + ", but has version " + plugin->version.getAsString() +
           (plugin->path.empty() ? "" : " from " + plugin->path) + ": " + load;
  return "";
}

Error spikeformer::checkRequiredPlugins(llvm::MemoryBufferRef module,
                                        const PluginRegistry &registry) {
  Error errors = Error::success();
  for (const PluginRequirement &requirement : findRequirements(module)) {
    std::string problem = checkOne(requirement.text, registry);
    if (!problem.empty())
      errors = llvm::joinErrors(std::move(errors),
                                makeError(module, requirement, problem));
  }
  return errors;
}
