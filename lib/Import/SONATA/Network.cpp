//===- Network.cpp - SONATA networks in memory ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Network.h"
#include "Columns.h"
#include "NeuronTypes.h"
#include "spikeformer/Support/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <numeric>

using namespace spikeformer;
using namespace spikeformer::sonata;

const Population *Network::find(StringRef name) const {
  for (const Population &population : populations)
    if (population.name == name)
      return &population;
  return nullptr;
}

/// Whether `path`, below ROOT/POPULATION, is one of `arrays`, or one of
/// `groupArrays` in a numbered group.
static bool isWanted(StringRef path, StringRef root, ArrayRef<StringRef> arrays,
                     ArrayRef<StringRef> groupArrays) {
  SmallVector<StringRef> parts;
  path.drop_front().split(parts, '/');
  if (parts[0] != root || parts.size() > 4)
    return false;
  auto isNumber = [](StringRef text) {
    return llvm::all_of(text, llvm::isDigit);
  };
  if (parts.size() == 3)
    return llvm::is_contained(arrays, parts[2]) || isNumber(parts[2]);
  return parts.size() < 3 ||
         (isNumber(parts[2]) && llvm::is_contained(groupArrays, parts[3]));
}

namespace {
class EdgeGroups;

/// A table of types and what it says.
template <typename T>
struct Types {
  TypeTable table;
  std::map<uint64_t, T> byId;
};
using NodeTypes = Types<NeuronType>;
using EdgeTypes = Types<SynapseType>;

/// Reads the files of a network one after the other.
class NetworkReader {
public:
  NetworkReader(const Config &config, Problems &problems)
      : config(config), problems(problems) {}

  Network read();

private:
  std::optional<hdf5::Tree> readFile(const NamedFile &file, StringRef need,
                                     StringRef root, ArrayRef<StringRef> arrays,
                                     ArrayRef<StringRef> groupArrays);
  /// Problems for members of `group` that change what a node or edge is.
  void refuseMembers(const NamedFile &file, const hdf5::Group &group,
                     ArrayRef<StringRef> names);

  /// A problem: row `row` has a type that is in no table.
  template <typename T>
  void refuseType(StringRef file, const hdf5::Group &group, StringRef array,
                  size_t row, uint64_t id, const Types<T> &types);

  void readNodes(const FilePair &files);
  void readPopulation(const NamedFile &file, const hdf5::Group &group,
                      const NodeTypes &types);
  bool setTypes(const hdf5::Group &group, const NodeTypes &types,
                Population &population);

  void readEdges(const FilePair &files);
  void readProjection(const NamedFile &file, const hdf5::Group &group,
                      const EdgeTypes &types);
  const Population *getEnd(const NamedFile &file, const hdf5::Group &group,
                           StringRef array);
  bool setNumbers(const hdf5::Group &group, const EdgeTypes &types,
                  Projection &projection);
  bool addEdge(size_t edge, const EdgeGroups &groups, uint64_t typeId,
               const SynapseType &type, const TypeTable &table,
               Projection &projection);
  void checkInputs();

  const Config &config;
  Problems &problems;
  Network network;
};
} // namespace

std::optional<hdf5::Tree>
NetworkReader::readFile(const NamedFile &file, StringRef need, StringRef root,
                        ArrayRef<StringRef> arrays,
                        ArrayRef<StringRef> groupArrays) {
  auto tree =
      problems.take(hdf5::readTree(file.path, need, [&](StringRef path) {
        return isWanted(path, root, arrays, groupArrays);
      }));
  if (!tree)
    return std::nullopt;
  problems.add(tree->findings.takeErrors(file.path));
  if (tree->root.findGroup(root))
    return tree;
  if (!tree->findings.hasErrors())
    problems.add(file.path, "/" + root.str(),
                 "the group is missing; need " + need);
  return std::nullopt;
}

void NetworkReader::refuseMembers(const NamedFile &file,
                                  const hdf5::Group &group,
                                  ArrayRef<StringRef> names) {
  for (StringRef name : names)
    if (group.findDataset(name) || group.findGroup(name))
      problems.add(file.path, group.getPath(name),
                   name + " of single nodes or edges cannot be imported; state "
                          "it in the table of types");
}

template <typename T>
void NetworkReader::refuseType(StringRef file, const hdf5::Group &group,
                               StringRef array, size_t row, uint64_t id,
                               const Types<T> &types) {
  auto ids = llvm::map_range(
      types.byId, [](const auto &type) { return std::to_string(type.first); });
  problems.add(file, group.getPath(array),
               array + "[" + llvm::Twine(row) + "] is " + llvm::Twine(id) +
                   ", which is not in " + types.table.file + "; there are " +
                   (types.byId.empty() ? "no types" : llvm::join(ids, ", ")));
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

/// The node of each row: its id, or the number of the row.
static std::optional<std::vector<uint64_t>>
readNodeIds(const hdf5::Group &group, size_t count, Columns &columns) {
  if (group.findDataset("node_id"))
    return columns.getIntegers(group, "node_id", count, count);
  std::vector<uint64_t> ids(count);
  std::iota(ids.begin(), ids.end(), 0);
  return ids;
}

/// Gives each node its type. False after a problem.
bool NetworkReader::setTypes(const hdf5::Group &group, const NodeTypes &types,
                             Population &population) {
  Columns columns(population.file, problems);
  auto typeIds = columns.getIntegers(group, "node_type_id");
  auto ids =
      typeIds ? readNodeIds(group, typeIds->size(), columns) : std::nullopt;
  if (!ids)
    return false;
  population.types.resize(ids->size());
  std::vector<bool> seen(ids->size());
  for (auto [row, id] : llvm::enumerate(*ids)) {
    auto type = types.byId.find((*typeIds)[row]);
    if (type == types.byId.end()) {
      refuseType(population.file, group, "node_type_id", row, (*typeIds)[row],
                 types);
      return false;
    }
    if (seen[id]) {
      problems.add(population.file, group.getPath("node_id"),
                   "node_id " + llvm::Twine(id) + " is there twice");
      return false;
    }
    seen[id] = true;
    population.types[id] = type->second;
  }
  return true;
}

void NetworkReader::readPopulation(const NamedFile &file,
                                   const hdf5::Group &group,
                                   const NodeTypes &types) {
  if (const Population *same = network.find(group.getName())) {
    problems.add(file.path, group.path,
                 "population '" + group.getName() +
                     "' is there twice, also in " + same->file);
    return;
  }
  for (const hdf5::Group &member : group.groups)
    refuseMembers(file, member,
                  {"model_type", "model_template", "dynamics_params"});
  Population population{
      group.getName().str(), file.path, group.path, {}, false};
  if (!setTypes(group, types, population))
    return;
  if (population.types.empty()) {
    problems.add(file.path, group.path, "the population has no nodes");
    return;
  }
  population.isVirtual = population.types.front().isVirtual;
  if (llvm::any_of(population.types, [&](const NeuronType &type) {
        return type.isVirtual != population.isVirtual;
      }))
    problems.add(file.path, group.path,
                 "the population mixes virtual nodes with others; need a "
                 "population of their own for them");
  network.populations.push_back(std::move(population));
}

void NetworkReader::readNodes(const FilePair &files) {
  NodeTypes types;
  types.table = readTypeTable(files.types.path, "node_type_id", problems);
  types.byId = readNeuronTypes(types.table, config, problems);
  auto tree = readFile(
      files.data, "a SONATA file of nodes, /nodes/POPULATION/node_type_id",
      "nodes", {"node_id", "node_type_id", "node_group_id", "node_group_index"},
      {"model_type", "model_template", "dynamics_params"});
  if (!tree)
    return;
  for (const hdf5::Group &group : tree->root.findGroup("nodes")->groups)
    readPopulation(files.data, group, types);
}

//===----------------------------------------------------------------------===//
// Edges
//===----------------------------------------------------------------------===//

/// The population at one end of the edges; null after a problem.
const Population *NetworkReader::getEnd(const NamedFile &file,
                                        const hdf5::Group &group,
                                        StringRef array) {
  auto name = group.findText((array + "@node_population").str());
  if (!name) {
    if (group.findDataset(array))
      problems.add(file.path, group.getPath(array),
                   "the attribute node_population is missing; need the name "
                   "of the population that the ids are of");
    return nullptr;
  }
  if (const Population *population = network.find(*name))
    return population;
  std::vector<StringRef> names;
  for (const Population &population : network.populations)
    names.push_back(population.name);
  problems.add(file.path, group.getPath(array),
               "there is no population '" + *name + "' of nodes" +
                   suggest(*name, names));
  return nullptr;
}

namespace {
/// The numbers that edges of one population have of their own.
class EdgeGroups {
public:
  /// What is wrong goes to `problems`.
  EdgeGroups(const hdf5::Group &edges, size_t count, Columns &columns);

  /// Of `edge` from array `name`; none where its group has no such array, NaN
  /// where the array is too short.
  std::optional<double> get(size_t edge, StringRef name) const;
  /// False after a problem.
  bool isValid() const { return valid; }

private:
  std::vector<uint64_t> groups, rows;
  std::map<std::pair<uint64_t, StringRef>, std::vector<double>> arrays;
  bool valid = true;
};
} // namespace

EdgeGroups::EdgeGroups(const hdf5::Group &edges, size_t count,
                       Columns &columns) {
  if (edges.groups.empty())
    return;
  auto ids = columns.getIntegers(edges, "edge_group_id", count);
  auto indices = columns.getIntegers(edges, "edge_group_index", count);
  valid = ids && indices;
  if (!valid)
    return;
  groups = std::move(*ids);
  rows = std::move(*indices);
  for (const hdf5::Group &group : edges.groups)
    for (StringRef name : {"nsyns", "syn_weight", "delay"}) {
      uint64_t id = 0;
      if (group.findDataset(name) && llvm::to_integer(group.getName(), id, 10))
        arrays[{id, name}] = columns.getNumbers(group, name);
    }
}

std::optional<double> EdgeGroups::get(size_t edge, StringRef name) const {
  if (groups.empty())
    return std::nullopt;
  auto found = arrays.find({groups[edge], name});
  if (found == arrays.end())
    return std::nullopt;
  const std::vector<double> &values = found->second;
  return rows[edge] < values.size() ? values[rows[edge]] : std::nan("");
}

/// Appends weight and delay of `edge`. False after a problem.
bool NetworkReader::addEdge(size_t edge, const EdgeGroups &groups,
                            uint64_t typeId, const SynapseType &type,
                            const TypeTable &table, Projection &projection) {
  std::optional<double> weight = groups.get(edge, "syn_weight"),
                        delay = groups.get(edge, "delay");
  if (!weight)
    weight = type.weight;
  if (!delay)
    delay = type.delay;
  if (!weight || !delay) {
    problems.add(table.file, table.rows.at(typeId).place,
                 StringRef(!weight ? "syn_weight" : "delay") +
                     " is neither in the table of types nor in the file of "
                     "edges; need one for edges of type " +
                     llvm::Twine(typeId));
    return false;
  }
  double value = *weight * groups.get(edge, "nsyns").value_or(1) * type.sign;
  if (!std::isfinite(value) || !(*delay >= 0)) {
    problems.add(projection.file, projection.path + "/edge_group_index",
                 "edge " + llvm::Twine(edge) +
                     " points behind the end of an array of its group, or its "
                     "delay is below 0");
    return false;
  }
  projection.weights.push_back(value);
  projection.delays.push_back(*delay);
  return true;
}

/// Sets weights and delays. False after a problem.
bool NetworkReader::setNumbers(const hdf5::Group &group, const EdgeTypes &types,
                               Projection &projection) {
  Columns columns(projection.file, problems);
  size_t count = projection.sources.size();
  auto typeIds = columns.getIntegers(group, "edge_type_id", count);
  EdgeGroups groups(group, count, columns);
  if (!typeIds || !groups.isValid())
    return false;
  for (size_t edge = 0; edge < count; ++edge) {
    uint64_t id = (*typeIds)[edge];
    auto type = types.byId.find(id);
    if (type == types.byId.end()) {
      refuseType(projection.file, group, "edge_type_id", edge, id, types);
      return false;
    }
    if (!addEdge(edge, groups, id, type->second, types.table, projection))
      return false;
  }
  return true;
}

void NetworkReader::readProjection(const NamedFile &file,
                                   const hdf5::Group &group,
                                   const EdgeTypes &types) {
  for (const hdf5::Group &member : group.groups)
    refuseMembers(file, member, {"dynamics_params", "model_template"});
  Columns columns(file.path, problems);
  const Population *source = getEnd(file, group, "source_node_id");
  const Population *target = getEnd(file, group, "target_node_id");
  auto sources =
      columns.getIntegers(group, "source_node_id", std::nullopt,
                          source ? source->types.size() : UINT64_MAX);
  auto targets = columns.getIntegers(
      group, "target_node_id",
      sources ? std::optional<size_t>(sources->size()) : std::nullopt,
      target ? target->types.size() : UINT64_MAX);
  if (!source || !target || !sources || !targets)
    return;
  if (target->isVirtual) {
    problems.add(file.path, group.getPath("target_node_id"),
                 "edges lead to '" + target->name +
                     "', whose nodes are virtual and take nothing");
    return;
  }
  Projection projection{group.getName().str(),
                        source->name,
                        target->name,
                        file.path,
                        group.path,
                        std::move(*sources),
                        std::move(*targets),
                        {},
                        {}};
  if (setNumbers(group, types, projection))
    network.projections.push_back(std::move(projection));
}

void NetworkReader::readEdges(const FilePair &files) {
  EdgeTypes types;
  types.table = readTypeTable(files.types.path, "edge_type_id", problems);
  types.byId = readSynapseTypes(types.table, config, problems);
  auto tree = readFile(
      files.data, "a SONATA file of edges, /edges/POPULATION/source_node_id",
      "edges",
      {"source_node_id", "target_node_id", "edge_type_id", "edge_group_id",
       "edge_group_index"},
      {"nsyns", "syn_weight", "delay", "dynamics_params", "model_template"});
  if (!tree)
    return;
  for (const hdf5::Group &group : tree->root.findGroup("edges")->groups)
    readProjection(files.data, group, types);
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

void NetworkReader::checkInputs() {
  for (const auto &[name, where] : config.inputs) {
    const Population *population = network.find(name);
    if (!population)
      problems.add(where, "spikes are for a population that the network has "
                          "not: '" +
                              name + "'");
    else if (!population->isVirtual)
      problems.add(where, "spikes are for virtual nodes, and those of '" +
                              name + "' are not");
  }
}

Network NetworkReader::read() {
  for (const FilePair &files : config.nodes)
    readNodes(files);
  // What edges refer to is not known where nodes could not be read.
  bool nodesKnown = !problems.any();
  for (const FilePair &files : config.edges)
    if (nodesKnown)
      readEdges(files);
  if (!problems.any())
    checkInputs();
  if (!problems.any() &&
      llvm::all_of(network.populations,
                   [](const Population &p) { return p.isVirtual; }))
    problems.add(network.populations.empty() ? config.nodes.front().data.path
                                             : network.populations.front().file,
                 "/nodes",
                 "all nodes are virtual; need a population of neurons");
  return std::move(network);
}

Network sonata::readNetwork(const Config &config, Problems &problems) {
  return NetworkReader(config, problems).read();
}
