//===- Config.cpp - SONATA configurations ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A configuration is a JSON file whose paths may use the variables of its
// manifest. `config.json` names the two others; the file of a simulation names
// that of the circuit, or it lies beside it as circuit_config.json.
//
//===----------------------------------------------------------------------===//

#include "Config.h"
#include "spikeformer/Support/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace spikeformer;
using namespace spikeformer::sonata;

namespace {
/// The variables of one configuration.
class Manifest {
public:
  Manifest(StringRef file, const JsonValue &config, Problems &problems);

  /// The path that `value` says; empty after an error.
  std::string getPath(const JsonValue &value);

private:
  /// `text` without variables; nothing after an error.
  std::optional<std::string> expand(StringRef text, const JsonValue &where);
  std::optional<std::string> lookUp(StringRef name, const JsonValue &where);

  std::string directory;
  std::map<std::string, const JsonValue *> variables;
  /// Those that are being expanded.
  std::vector<std::string> open;
  /// Those that were reported.
  std::set<std::string> circular;
  Problems &problems;
};

/// Reads one configuration after the other.
class ConfigReader {
public:
  explicit ConfigReader(Problems &problems) : problems(problems) {}

  void read(StringRef path);
  Config config;

private:
  void readOther(const JsonValue &file, Manifest &manifest);
  void readRun(const JsonValue &run);
  void readNodeSets(const JsonValue &file, Manifest &manifest);
  void readInputs(const JsonValue &inputs);
  void readComponents(const JsonValue &components, Manifest &manifest);
  void readNetworks(const JsonValue &networks, Manifest &manifest);
  void readPairs(const JsonValue &list, StringRef kind, Manifest &manifest,
                 std::vector<FilePair> &pairs);
  std::optional<double> readMilliseconds(const JsonValue &run, StringRef key);

  Problems &problems;
  /// Population of each node set that is one.
  std::map<std::string, std::string> nodeSets;
  bool hasNetworks = false;
  /// Configurations that were read, and those that are being read.
  std::vector<std::string> visited, open;
};
} // namespace

//===----------------------------------------------------------------------===//
// Manifest
//===----------------------------------------------------------------------===//

Manifest::Manifest(StringRef file, const JsonValue &config, Problems &problems)
    : directory(llvm::sys::path::parent_path(file)), problems(problems) {
  const JsonValue *manifest = config.find("manifest");
  if (!manifest)
    return;
  auto members = problems.take(manifest->getObject());
  if (!members)
    return;
  for (const auto &[name, value] : *members)
    variables[StringRef(name).ltrim('$').str()] = &value;
}

std::optional<std::string> Manifest::lookUp(StringRef name,
                                            const JsonValue &where) {
  if (name == "configdir")
    return ".";
  auto found = variables.find(name.str());
  if (found == variables.end()) {
    std::vector<StringRef> known;
    for (const auto &[variable, value] : variables)
      known.push_back(variable);
    problems.add(where, "unknown variable '$" + name + "'; the manifest has " +
                            (known.empty() ? std::string("none")
                                           : "$" + llvm::join(known, ", $")));
    return std::nullopt;
  }
  if (llvm::is_contained(open, name)) {
    open.push_back(name.str());
    if (circular.insert(name.str()).second)
      problems.add(*found->second, "the variables of the manifest refer to "
                                   "each other in a circle: $" +
                                       llvm::join(open, " -> $"));
    open.pop_back();
    return std::nullopt;
  }
  auto text = problems.take(found->second->getString());
  if (!text)
    return std::nullopt;
  open.push_back(name.str());
  auto value = expand(*text, *found->second);
  open.pop_back();
  return value;
}

std::optional<std::string> Manifest::expand(StringRef text,
                                            const JsonValue &where) {
  constexpr size_t maxBytes = 4096;
  std::string result;
  while (!text.empty()) {
    size_t dollar = text.find('$');
    result += text.take_front(dollar);
    text = text.drop_front(std::min(dollar, text.size()));
    if (text.empty())
      break;
    text = text.drop_front();
    bool isBraced = text.consume_front("{");
    StringRef name =
        text.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    text = text.drop_front(name.size());
    if (isBraced && !text.consume_front("}")) {
      problems.add(where, "'${" + name + "' is not closed; needs a '}'");
      return std::nullopt;
    }
    auto value = lookUp(name, where);
    if (!value)
      return std::nullopt;
    result += *value;
    if (result.size() > maxBytes) {
      problems.add(where, "the path is longer than " + llvm::Twine(maxBytes) +
                              " bytes with its variables");
      return std::nullopt;
    }
  }
  return result;
}

std::string Manifest::getPath(const JsonValue &value) {
  auto text = problems.take(value.getString());
  auto path = text ? expand(*text, value) : std::nullopt;
  if (!path)
    return "";
  if (path->empty()) {
    problems.add(value, "the path is empty");
    return "";
  }
  if (llvm::sys::path::is_absolute(*path))
    return *path;
  SmallString<128> full(directory);
  llvm::sys::path::append(full, *path);
  llvm::sys::path::remove_dots(full);
  return std::string(full);
}

//===----------------------------------------------------------------------===//
// Parts of a configuration
//===----------------------------------------------------------------------===//

std::optional<double> ConfigReader::readMilliseconds(const JsonValue &run,
                                                     StringRef key) {
  const JsonValue *value = run.find(key);
  if (!value)
    return std::nullopt;
  auto number = problems.take(value->getDouble());
  if (number && !(*number > 0 && *number < 1e12)) {
    problems.add(*value, key + " needs a time in ms above 0, has " +
                             formatNumber(*number));
    return std::nullopt;
  }
  return number;
}

void ConfigReader::readRun(const JsonValue &run) {
  if (!problems.take(run.getObject()))
    return;
  config.dt = readMilliseconds(run, "dt");
  config.stop = readMilliseconds(run, "tstop");
}

void ConfigReader::readNodeSets(const JsonValue &file, Manifest &manifest) {
  std::string path = manifest.getPath(file);
  if (path.empty())
    return;
  auto sets = problems.take(parseJsonFile(path));
  auto members = sets ? problems.take(sets->getObject()) : std::nullopt;
  if (!members)
    return;
  for (const auto &[name, set] : *members)
    if (const JsonValue *population = set.find("population"))
      if (auto text = problems.take(population->getString()))
        nodeSets[name] = text->str();
}

void ConfigReader::readInputs(const JsonValue &inputs) {
  auto members = problems.take(inputs.getObject());
  if (!members)
    return;
  for (const auto &[name, input] : *members) {
    const JsonValue *type = input.find("input_type");
    auto text = type ? problems.take(type->getString()) : std::nullopt;
    if (!type)
      problems.add(input, "input '" + name + "' has no input_type");
    if (text && *text != "spikes")
      problems.add(*type, "input '" + name +
                              "' cannot be imported: needs input_type "
                              "'spikes', has '" +
                              *text + "'");
    if (!text || *text != "spikes")
      continue;
    const JsonValue *set = input.find("node_set");
    auto target = set ? problems.take(set->getString()) : std::nullopt;
    if (!set)
      problems.add(input, "input '" + name + "' has no node_set");
    if (!target)
      continue;
    auto found = nodeSets.find(target->str());
    config.inputs.push_back(
        {found == nodeSets.end() ? target->str() : found->second, *set});
  }
}

void ConfigReader::readComponents(const JsonValue &components,
                                  Manifest &manifest) {
  if (!problems.take(components.getObject()))
    return;
  if (const JsonValue *value = components.find("point_neuron_models_dir"))
    config.neuronDirectory = manifest.getPath(*value);
  if (const JsonValue *value = components.find("synaptic_models_dir"))
    config.synapseDirectory = manifest.getPath(*value);
}

void ConfigReader::readPairs(const JsonValue &list, StringRef kind,
                             Manifest &manifest, std::vector<FilePair> &pairs) {
  auto items = problems.take(list.getArray());
  if (!items)
    return;
  for (const JsonValue &item : *items) {
    FilePair pair;
    bool isComplete = true;
    for (auto [suffix, file] : {std::pair("s_file", &pair.data),
                                std::pair("_types_file", &pair.types)}) {
      std::string key = (kind + suffix).str();
      const JsonValue *value = item.find(key);
      if (!value)
        problems.add(item, "needs '" + key + "'");
      else
        *file = {manifest.getPath(*value), *value};
      isComplete &= !file->path.empty();
    }
    if (isComplete)
      pairs.push_back(std::move(pair));
  }
}

void ConfigReader::readNetworks(const JsonValue &networks, Manifest &manifest) {
  hasNetworks = true;
  if (!problems.take(networks.getObject()))
    return;
  const JsonValue *nodes = networks.find("nodes");
  if (nodes)
    readPairs(*nodes, "node", manifest, config.nodes);
  else
    problems.add(networks, "needs 'nodes', the list of files of nodes");
  if (const JsonValue *edges = networks.find("edges"))
    readPairs(*edges, "edge", manifest, config.edges);
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static std::string getRealPath(StringRef path) {
  SmallString<128> real;
  return llvm::sys::fs::real_path(path, real) ? path.str() : std::string(real);
}

/// Reads the configuration that `file` names.
void ConfigReader::readOther(const JsonValue &file, Manifest &manifest) {
  std::string path = manifest.getPath(file), real = getRealPath(path);
  if (llvm::is_contained(open, real))
    problems.add(file, "configurations refer to each other in a circle");
  else if (!path.empty() && !llvm::is_contained(visited, real))
    read(path);
}

void ConfigReader::read(StringRef path) {
  visited.push_back(getRealPath(path));
  open.push_back(visited.back());
  llvm::scope_exit exit([&] { open.pop_back(); });
  auto json = problems.take(parseJsonFile(path));
  if (!json || !problems.take(json->getObject()))
    return;
  Manifest manifest(path, *json, problems);
  if (const JsonValue *run = json->find("run"))
    readRun(*run);
  if (const JsonValue *sets = json->find("node_sets_file"))
    readNodeSets(*sets, manifest);
  if (const JsonValue *inputs = json->find("inputs"))
    readInputs(*inputs);
  if (const JsonValue *components = json->find("components"))
    readComponents(*components, manifest);
  if (const JsonValue *networks = json->find("networks"))
    readNetworks(*networks, manifest);
  for (StringRef key : {"network", "simulation"})
    if (const JsonValue *file = json->find(key))
      readOther(*file, manifest);
  if (hasNetworks || json->find("network") || !json->find("run"))
    return;
  SmallString<128> circuit(llvm::sys::path::parent_path(path));
  llvm::sys::path::append(circuit, "circuit_config.json");
  if (llvm::sys::fs::exists(circuit))
    read(circuit);
}

Config sonata::readConfig(StringRef path, Problems &problems) {
  ConfigReader reader(problems);
  reader.read(path);
  if (!problems.any() && reader.config.nodes.empty())
    problems.add(path, "",
                 "there is no network: needs 'networks' with files of nodes "
                 "here, in the file that 'network' names or in "
                 "circuit_config.json beside it");
  return std::move(reader.config);
}
