//===- PluginRegistry.cpp - what plugins offer ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Collisions are collected instead of returned one by one: an entry function
// adds without looking at results, and the user sees all of them at once.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/OwningOpRef.h"
#include "spikeformer/PluginAPI/Plugin.h"
#include "spikeformer/TargetModel/MachineFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using llvm::Error;
using llvm::StringRef;

std::string PluginInfo::describe() const {
  return "plugin '" + id + "'" + (path.empty() ? "" : " (" + path + ")");
}

PluginRegistry::PluginRegistry() = default;
PluginRegistry::~PluginRegistry() = default;

PluginRegistry &PluginRegistry::get() {
  static PluginRegistry registry;
  return registry;
}

//===----------------------------------------------------------------------===//
// The two steps
//===----------------------------------------------------------------------===//

Error PluginRegistry::addPlugin(const PluginEntry &entry, StringRef path) {
  PluginInfo info{entry.id, {}, path.str()};
  if (entry.apiVersion != SF_PLUGIN_API_VERSION)
    return llvm::createStringError(
        info.describe() + " was built for plugin API " +
        llvm::Twine(entry.apiVersion) + ", this program has " +
        llvm::Twine(SF_PLUGIN_API_VERSION));
  if (info.version.tryParse(entry.version))
    return llvm::createStringError(info.describe() + " has version '" +
                                   entry.version +
                                   "', which is not of the form 1.2.3");
  if (const PluginInfo *other = lookupPlugin(info.id))
    return llvm::createStringError(info.describe() + " and " +
                                   other->describe() + " have the same id");
  plugins.push_back(std::move(info));
  entries.push_back(entry.fill);
  return Error::success();
}

Error PluginRegistry::registerPlugins() {
  while (registered < plugins.size()) {
    current = registered++;
    entries[current](*this);
  }
  Error error = Error::success();
  for (const std::string &problem : problems)
    error =
        llvm::joinErrors(std::move(error), llvm::createStringError(problem));
  problems.clear();
  return error;
}

//===----------------------------------------------------------------------===//
// For plugins
//===----------------------------------------------------------------------===//

void PluginRegistry::fail(const llvm::Twine &message) {
  problems.push_back(message.str());
}

static std::string nameOf(const std::unique_ptr<Target> &target) {
  return target->getName().str();
}
static std::string nameOf(const NIRProfile &profile) {
  return profile.name + "@" + profile.version;
}
template <typename T>
static std::string nameOf(const T &value) {
  return value.name;
}

template <typename T>
void PluginRegistry::add(StringRef kind, std::vector<Owned<T>> &list, T value) {
  std::string name = nameOf(value);
  for (const Owned<T> &other : list)
    if (nameOf(other.value) == name)
      return fail(plugins[current].describe() + " offers " + kind + " '" +
                  name + "', which " + plugins[other.plugin].describe() +
                  " offers already");
  list.push_back({std::move(value), current});
}

void PluginRegistry::addDialects(
    std::function<void(mlir::DialectRegistry &)> add) {
  dialects.push_back(std::move(add));
}

void PluginRegistry::addPasses(std::function<void()> add) {
  passes.push_back(std::move(add));
}

void PluginRegistry::addImporter(Importer importer) {
  add("importer", importers, std::move(importer));
}

void PluginRegistry::addExporter(Exporter exporter) {
  add("exporter", exporters, std::move(exporter));
}

void PluginRegistry::addTarget(std::unique_ptr<Target> target) {
  std::vector<Machine> known = target->getMachines();
  std::string name = target->getName().str();
  size_t before = targets.size();
  add("target", targets, std::move(target));
  if (targets.size() == before)
    return;
  for (Machine &machine : known) {
    machine.target = name;
    addMachine(std::move(machine));
  }
}

void PluginRegistry::addMachine(Machine machine) {
  add("machine", machines, std::move(machine));
}

/// A file in our format, or else in that of the first target that takes it.
llvm::Expected<MachineGraph> PluginRegistry::readMachine(StringRef path) const {
  llvm::Expected<JsonValue> json = parseJsonFile(path);
  if (!json)
    return json.takeError();
  llvm::Error reasons = llvm::Error::success();
  if (!json->find("format"))
    for (const Owned<std::unique_ptr<Target>> &target : targets) {
      if (target.value->getMachines().empty())
        continue;
      llvm::Expected<MachineGraph> machine = target.value->makeMachine(path);
      if (machine) {
        llvm::consumeError(std::move(reasons));
        return machine;
      }
      reasons = llvm::joinErrors(std::move(reasons), machine.takeError());
    }
  if (reasons)
    return std::move(reasons);
  return readMachineFile(*json);
}

llvm::Expected<MachineGraph> PluginRegistry::makeMachine(StringRef name) const {
  if (name.ends_with(".json"))
    return readMachine(name);
  StringRef family = name.split(':').first;
  std::string known;
  for (const Owned<Machine> &machine : machines) {
    if (machine.value.name != family) {
      known += (known.empty() ? "" : ", ") + machine.value.name;
      continue;
    }
    auto target = getTarget(machine.value.target);
    if (!target)
      return target.takeError();
    return (*target)->makeMachine(name);
  }
  return llvm::createStringError(
      "there is no machine '" + family + "'; there are: " +
      (known.empty() ? "none" : known) + "; --load-plugin adds more");
}

const SliceCosts *PluginRegistry::lookupSliceCosts(StringRef machine) const {
  StringRef family = machine.split(':').first;
  for (const Owned<std::unique_ptr<Target>> &target : targets) {
    bool isOurs =
        machine.ends_with(".json") ||
        llvm::any_of(target.value->getMachines(), [&](const Machine &known) {
          return known.name == family;
        });
    const SliceCosts *costs = target.value->getSliceCosts();
    if (isOurs && costs)
      return costs;
  }
  return nullptr;
}

void PluginRegistry::addNIRProfile(NIRProfile profile) {
  // Those of the importer itself are built in.
  if (profile.file.empty())
    return add("NIR profile", profiles, std::move(profile));
  llvm::SmallString<256> file(profile.file);
  if (llvm::sys::path::is_relative(file))
    file = getDataDirectory(), llvm::sys::path::append(file, profile.file);
  if (!llvm::sys::fs::exists(file))
    return fail(plugins[current].describe() + " offers NIR profile '" +
                profile.name + "', whose file '" + file + "' does not exist");
  profile.file = file.str();
  add("NIR profile", profiles, std::move(profile));
}

void PluginRegistry::addMethod(Method method) {
  add("method", methods, std::move(method));
}

std::string PluginRegistry::getDataDirectory() const {
  return StringRef(plugins[current].path).rsplit('.').first.str();
}

//===----------------------------------------------------------------------===//
// For tools
//===----------------------------------------------------------------------===//

const PluginInfo *PluginRegistry::lookupPlugin(StringRef id) const {
  auto found = llvm::find_if(plugins, [&](const PluginInfo &plugin) {
    return id.equals_insensitive(plugin.id);
  });
  return found == plugins.end() ? nullptr : &*found;
}

void PluginRegistry::appendDialects(mlir::DialectRegistry &registry) const {
  for (const auto &add : dialects)
    add(registry);
}

void PluginRegistry::registerPasses() {
  while (registeredPasses < passes.size())
    passes[registeredPasses++]();
}

llvm::Expected<const Target *> PluginRegistry::getTarget(StringRef name) const {
  std::vector<std::string> names;
  for (const auto &target : targets) {
    if (target.value->getName() == name)
      return target.value.get();
    names.push_back(target.value->getName().str());
  }
  return llvm::createStringError(
      "no target '" + name + "': " +
      (names.empty() ? std::string("no target is loaded")
                     : "there are " + llvm::join(names, ", ")) +
      "; load others with --load-plugin=PATH (or SPIKEFORMER_PLUGIN_PATH)");
}

/// The entry of `list` that claims the longest ending of `path`, the first one
/// of equals; null if none does.
template <typename T>
static const T *lookupExtension(llvm::ArrayRef<Owned<T>> list, StringRef path) {
  const T *best = nullptr;
  size_t length = 0;
  for (const Owned<T> &row : list)
    for (StringRef extension : row.value.extensions)
      if (path.ends_with_insensitive(extension) && extension.size() > length) {
        best = &row.value;
        length = extension.size();
      }
  return best;
}

const Importer *PluginRegistry::lookupImporterOf(StringRef path) const {
  return lookupExtension<Importer>(importers, path);
}

const Exporter *PluginRegistry::lookupExporterOf(StringRef path) const {
  return lookupExtension<Exporter>(exporters, path);
}
