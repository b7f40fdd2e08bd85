//===- PluginLoader.cpp - loading plugins ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Objects are never closed again: dialects and passes keep pointers into them
// until the process ends.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/PluginLoader.h"
#include "spikeformer/PluginAPI/Plugin.h"
#include "spikeformer/PluginAPI/PluginNote.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <dlfcn.h>

using namespace spikeformer;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

/// Removes one or two leading dashes; an argument without is no flag.
static bool consumeDashes(StringRef &argument) {
  return argument.consume_front("--") || argument.consume_front("-");
}

Expected<std::vector<std::string>> spikeformer::takePluginFlags(int &argc,
                                                                char **argv) {
  std::vector<std::string> paths;
  int kept = 1;
  bool options = true;
  for (int i = 1; i < argc; ++i) {
    StringRef argument = argv[i];
    options &= argument != "--";
    StringRef flag = argument;
    if (!options || !consumeDashes(flag) ||
        !flag.consume_front("load-plugin") ||
        !(flag.empty() || flag.front() == '=')) {
      argv[kept++] = argv[i];
      continue;
    }
    if (!flag.consume_front("=") && i + 1 < argc)
      flag = argv[++i];
    if (flag.empty())
      return createStringError(
          "--load-plugin needs a path: --load-plugin=PATH");
    paths.push_back(flag.str());
  }
  if (kept < argc)
    argv[kept] = nullptr;
  argc = kept;
  return paths;
}

std::vector<std::string> spikeformer::getPluginPathEntries() {
  std::vector<std::string> entries;
  if (auto value = llvm::sys::Process::GetEnv("SPIKEFORMER_PLUGIN_PATH")) {
    llvm::SmallVector<StringRef> parts;
    StringRef(*value).split(parts, ':', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    entries.assign(parts.begin(), parts.end());
  }
  return entries;
}

/// The *.so of a directory, sorted by name.
static Expected<std::vector<std::string>> listDirectory(StringRef directory) {
  std::vector<std::string> files;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator it(directory, code), end;
       it != end && !code; it.increment(code))
    if (llvm::sys::path::extension(it->path()) == ".so")
      files.push_back(it->path());
  if (code)
    return createStringError("plugin directory '" + directory +
                             "' cannot be read: " + code.message());
  llvm::sort(files);
  return files;
}

static std::string makeAbsolute(StringRef path) {
  llvm::SmallString<256> absolute(path);
  llvm::sys::fs::make_absolute(absolute);
  llvm::sys::path::remove_dots(absolute);
  return absolute.str().str();
}

Expected<std::vector<std::string>>
spikeformer::findPlugins(llvm::ArrayRef<std::string> entries) {
  std::vector<std::string> paths;
  llvm::SmallVector<llvm::sys::fs::UniqueID> seen;
  Error errors = Error::success();
  auto addFile = [&](StringRef path) {
    llvm::sys::fs::UniqueID id;
    if (std::error_code code = llvm::sys::fs::getUniqueID(path, id)) {
      errors = llvm::joinErrors(
          std::move(errors),
          createStringError("plugin '" + path +
                            "' cannot be read: " + code.message()));
      return;
    }
    if (llvm::is_contained(seen, id))
      return;
    seen.push_back(id);
    paths.push_back(makeAbsolute(path));
  };
  for (const std::string &entry : entries) {
    if (!llvm::sys::fs::is_directory(entry)) {
      addFile(entry);
      continue;
    }
    if (auto files = listDirectory(entry))
      llvm::for_each(*files, addFile);
    else
      errors = llvm::joinErrors(std::move(errors), files.takeError());
  }
  if (errors)
    return std::move(errors);
  return paths;
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

/// Reads all notes; the ids in the result are parallel to `paths`.
static Expected<std::vector<std::string>>
checkPlugins(llvm::ArrayRef<std::string> paths,
             const PluginRegistry &registry) {
  Error errors = Error::success();
  auto fail = [&](const llvm::Twine &message) {
    errors = llvm::joinErrors(std::move(errors), createStringError(message));
  };
  PluginStatement host = getHostStatement();
  std::vector<PluginInfo> plugins(registry.getPlugins());
  std::vector<std::string> ids;
  for (const std::string &path : paths) {
    auto statement = readPluginStatement(path);
    if (!statement) {
      fail("plugin '" + path + "' " + llvm::toString(statement.takeError()));
      continue;
    }
    for (const std::string &problem : checkStatement(*statement, host))
      fail("plugin '" + path + "' " + problem);
    PluginInfo info{statement->id, {}, path};
    auto other = llvm::find_if(plugins, [&](const PluginInfo &plugin) {
      return StringRef(plugin.id).equals_insensitive(info.id);
    });
    if (other != plugins.end())
      fail(info.describe() + " and " + other->describe() + " have the same id");
    ids.push_back(info.id);
    plugins.push_back(std::move(info));
  }
  if (errors)
    return std::move(errors);
  return ids;
}

/// What dlerror says, without the path that it starts with.
static std::string takeLoadError(StringRef path) {
  const char *text = dlerror();
  StringRef reason = text ? text : "for a reason that dlerror does not give";
  if (reason.consume_front(path))
    reason.consume_front(": ");
  return reason.str();
}

static Expected<const PluginEntry *> openPlugin(const std::string &path,
                                                StringRef id) {
  void *handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return createStringError("plugin '" + path +
                             "' cannot be loaded: " + takeLoadError(path));
  using Entry = const PluginEntry *();
  auto *entry =
      reinterpret_cast<Entry *>(dlsym(handle, getEntryName(id).c_str()));
  if (!entry)
    return createStringError("plugin '" + path + "' has no entry function " +
                             getEntryName(id));
  return entry();
}

Error spikeformer::loadPlugins(llvm::ArrayRef<std::string> paths,
                               PluginRegistry &registry) {
  auto ids = checkPlugins(paths, registry);
  if (!ids)
    return ids.takeError();
  Error errors = Error::success();
  std::vector<const PluginEntry *> entries;
  for (auto [path, id] : llvm::zip_equal(paths, *ids)) {
    if (auto entry = openPlugin(path, id))
      entries.push_back(*entry);
    else
      errors = llvm::joinErrors(std::move(errors), entry.takeError());
  }
  if (errors)
    return errors;
  for (auto [path, entry] : llvm::zip_equal(paths, entries))
    errors =
        llvm::joinErrors(std::move(errors), registry.addPlugin(*entry, path));
  return errors;
}
