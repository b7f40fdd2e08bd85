//===- GraphReader.cpp - groups to a graph --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphReader.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/ConvertUTF.h"

using namespace spikeformer;
using namespace spikeformer::nir;

//===----------------------------------------------------------------------===//
// Objects
//===----------------------------------------------------------------------===//

std::optional<GraphReader::Object>
GraphReader::open(hid_t group, StringRef path, const std::string &name) {
  std::string objectPath = (path + "/" + name).str();
  output.setProgress(objectPath);
  if (++objectCount > limits.maxObjects) {
    if (objectCount == limits.maxObjects + 1)
      model.findings.addError(objectPath,
                              "the file has more than " +
                                  llvm::Twine(limits.maxObjects) +
                                  " groups and datasets; the rest is not read");
    return std::nullopt;
  }
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(name.data());
  if (!llvm::isLegalUTF8String(&begin, begin + name.size())) {
    model.findings.addError(path, "the name " + quote(name) +
                                      " in it is not valid UTF-8");
    return std::nullopt;
  }
  llvm::Expected<Handle> handle = openObject(group, name);
  if (handle)
    return Object{std::move(*handle), std::move(objectPath)};
  model.findings.addError(objectPath,
                          name + " " + llvm::toString(handle.takeError()));
  return std::nullopt;
}

bool GraphReader::isGroup(const Object &object) {
  return H5Iget_type(object.handle) == H5I_GROUP;
}

bool GraphReader::isDataset(const Object &object) {
  return H5Iget_type(object.handle) == H5I_DATASET;
}

std::optional<std::vector<std::string>>
GraphReader::enter(const Object &group) {
  H5O_info_t info = {};
  if (H5Oget_info2(group.handle, &info, H5O_INFO_BASIC) < 0) {
    model.findings.addError(group.path, "cannot be read: " + takeHDF5Error());
    return std::nullopt;
  }
  if (llvm::is_contained(ancestors, info.addr)) {
    model.findings.addError(group.path, "the group contains itself");
    return std::nullopt;
  }
  bool complete;
  std::vector<std::string> names =
      listNames(group.handle, limits.maxObjects, complete);
  if (!complete) {
    model.findings.addError(group.path, "the names in the group cannot be read "
                                        "or are too many");
    return std::nullopt;
  }
  ancestors.push_back(info.addr);
  return names;
}

std::optional<Value> GraphReader::readValue(const Object &object) {
  if (!isDataset(object)) {
    Value value;
    value.description = isGroup(object) ? "a group" : "a stored type";
    return value;
  }
  auto value = datasets.read(object.handle);
  if (value)
    return std::move(*value);
  StringRef name = StringRef(object.path).rsplit('/').second;
  model.findings.addError(object.path,
                          name + " " + llvm::toString(value.takeError()));
  return Value();
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

std::string GraphReader::readType(const Object &group, bool exists,
                                  StringRef hint) {
  if (!exists) {
    model.findings.addError(group.path + "/type",
                            "type is missing; every node and graph has one, "
                            "a string" +
                                hint);
    return "";
  }
  auto object = open(group.handle, group.path, "type");
  auto value = object ? readValue(*object) : std::nullopt;
  if (!value)
    return "";
  if (auto text = value->getText())
    return text->str();
  if (!value->isReported())
    model.findings.addError(object->path,
                            "type is " + value->describe() + ", need a string");
  return "";
}

void GraphReader::readMetadata(NameMap<Value> &metadata, const Object &group,
                               const std::string &prefix) {
  auto names = enter(group);
  if (!names)
    return;
  llvm::scope_exit exit([&] { leave(); });
  for (const std::string &name : *names) {
    auto object = open(group.handle, group.path, name);
    if (!object)
      continue;
    if (isGroup(*object) && ancestors.size() < 4 * limits.maxDepth) {
      readMetadata(metadata, *object, prefix + name + "/");
      continue;
    }
    auto value = readValue(*object);
    if (value && value->kind != Value::Kind::other)
      metadata.insert({prefix + name, std::move(*value)});
    else if (value && !value->isReported())
      model.findings.addWarning(object->path, name + " is " +
                                                  value->describe() +
                                                  ", which is left out");
  }
}

void GraphReader::readMember(Node &node, const Object &member, StringRef name) {
  if (name == "metadata" && isGroup(member))
    return readMetadata(node.metadata, member, "");
  if (auto value = readValue(member))
    node.parameters.insert({name.str(), std::move(*value)});
}

/// True if one of the first few names is that of a group.
static bool hasSubgroup(hid_t group, ArrayRef<std::string> names) {
  return llvm::any_of(names.take_front(16), [&](const std::string &name) {
    llvm::Expected<Handle> object = openObject(group, name);
    if (object)
      return name != "metadata" && H5Iget_type(*object) == H5I_GROUP;
    llvm::consumeError(object.takeError());
    return false;
  });
}

Node GraphReader::readNode(const Object &group) {
  Node node;
  node.path = group.path;
  auto names = enter(group);
  if (!names)
    return node;
  llvm::scope_exit exit([&] { leave(); });
  bool hasType = llvm::is_contained(*names, "type");
  node.typeName = readType(group, hasType,
                           !hasType && hasSubgroup(group.handle, *names)
                               ? " (is there a '/' in a node's name?)"
                               : "");
  node.info = findNodeType(node.typeName);
  if (node.is(NodeType::NIRGraph))
    node.subgraph = readSubgraph(group, *names);
  for (const std::string &name : *names) {
    bool isStructure = name == "type" ||
                       (node.subgraph && (name == "nodes" || name == "edges"));
    if (isStructure || !node.info)
      continue;
    if (auto member = open(group.handle, group.path, name))
      readMember(node, *member, name);
    else
      node.parameters.insert({name, Value()});
  }
  return node;
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

std::shared_ptr<const Graph>
GraphReader::readSubgraph(const Object &group, ArrayRef<std::string> names) {
  if (depth == limits.maxDepth) {
    model.findings.addError(group.path,
                            "sub-graphs nest deeper than the limit (" +
                                llvm::Twine(limits.maxDepth) + " levels)");
    tooDeep = true;
    auto empty = std::make_shared<Graph>();
    empty->path = group.path;
    return empty;
  }
  return std::make_shared<Graph>(readGraph(group, names));
}

Graph GraphReader::readGraph(const Object &group, ArrayRef<std::string> names) {
  ++depth;
  llvm::scope_exit exit([&] { --depth; });
  Graph graph;
  graph.path = group.path;
  for (const char *name : {"nodes", "edges"}) {
    if (!llvm::is_contained(names, name)) {
      model.findings.addError(group.path + "/" + name,
                              llvm::Twine(name) + " is missing; a graph has "
                                                  "'nodes' and 'edges'");
      continue;
    }
    auto object = open(group.handle, group.path, name);
    if (object && StringRef(name) == "nodes")
      readNodes(graph, *object);
    else if (object)
      readEdges(graph, *object);
  }
  return graph;
}

void GraphReader::readNodes(Graph &graph, const Object &group) {
  if (!isGroup(group)) {
    model.findings.addError(group.path,
                            "nodes is no group; need a group of nodes");
    return;
  }
  auto names = enter(group);
  if (!names)
    return;
  llvm::scope_exit exit([&] { leave(); });
  for (const std::string &name : *names) {
    auto object = open(group.handle, group.path, name);
    if (!object)
      continue;
    if (isGroup(*object))
      graph.nodes.insert({name, readNode(*object)});
    else
      model.findings.addError(object->path,
                              quote(name) + " is no group; a node is a group "
                                            "with a 'type'");
  }
}

void GraphReader::readEdges(Graph &graph, const Object &dataset) {
  auto value = readValue(dataset);
  if (!value || value->isReported())
    return;
  bool isEmpty =
      value->kind == Value::Kind::number && value->tensor.getNumElements() == 0;
  if (!isEmpty && value->kind != Value::Kind::text) {
    model.findings.addError(dataset.path, "edges is " + value->describe() +
                                              ", need strings [n, 2]");
    return;
  }
  ArrayRef<int64_t> shape = value->textShape;
  if (!isEmpty && !value->texts.empty() &&
      (shape.size() != 2 || shape[1] != 2)) {
    model.findings.addError(dataset.path, "edges has shape " +
                                              formatShape(shape) +
                                              ", need [n, 2]: source and "
                                              "target of each edge");
    return;
  }
  graph.edgesKnown = true;
  for (size_t i = 0; i + 1 < value->texts.size(); i += 2)
    graph.edges.push_back({std::move(value->texts[i]),
                           std::move(value->texts[i + 1]), dataset.path});
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

void GraphReader::readVersion(hid_t file) {
  if (H5Lexists(file, "version", H5P_DEFAULT) <= 0) {
    model.findings.addWarning(
        "/version", "version is missing; files by nir before 0.2 lack it");
    return;
  }
  auto object = open(file, "", "version");
  auto value = object ? readValue(*object) : std::nullopt;
  if (!value || value->isReported())
    return;
  if (auto text = value->getText())
    model.version = text->str();
  else
    model.findings.addWarning("/version", "version is " + value->describe() +
                                              ", need a string; ignored");
}

Model GraphReader::read(hid_t file) {
  readVersion(file);
  if (H5Lexists(file, "node", H5P_DEFAULT) <= 0) {
    model.findings.addError(
        "/node", "the group is missing; a NIR file has /version and /node");
    return std::move(model);
  }
  auto root = open(file, "", "node");
  if (!root)
    return std::move(model);
  if (!isGroup(*root)) {
    model.findings.addError("/node",
                            "node is no group; need the group of a graph");
    return std::move(model);
  }
  Node node = readNode(*root);
  if (tooDeep)
    return std::move(model);
  model.metadata = node.metadata;
  if (node.subgraph)
    model.graph = *node.subgraph;
  else if (!node.typeName.empty())
    model.findings.addError("/node", "type " + quote(node.typeName) +
                                         ", need 'NIRGraph': a file holds a "
                                         "graph");
  return std::move(model);
}
