//===- NetworkFile.cpp - reading machine graphs ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Import/NetworkFile.h"
#include "spikeformer/Support/ByteStream.h"
#include "spikeformer/Support/Json.h"
#include "spikeformer/TargetModel/MachineGraph.h"
#include "llvm/ADT/StringMap.h"
#include <limits>

using namespace spikeformer;
using namespace spikeformer::spinnaker;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace {

/// Reads one file into `result`.
class Reader {
public:
  Error read(const JsonValue &root);
  NetworkFile result;

private:
  Error readVertex(const JsonValue &vertex);
  Error readNet(const JsonValue &net);
  Error readKeys(const JsonValue &net);
  Expected<uint32_t> getSlice(const JsonValue &name) const;
  void addSlice(std::string name, int64_t sdram, uint32_t population,
                uint32_t cluster);

  /// By id, the first slice of the vertex.
  llvm::StringMap<uint32_t> slices;
  llvm::StringMap<uint32_t> populations;
  llvm::StringMap<bool> nets;
  uint32_t numClusters = 0;
  bool hasKeys = false;
};

} // namespace

/// The integer `key` of `object`, `otherwise` if there is none.
static Expected<int64_t> getInteger(const JsonValue &object, StringRef key,
                                    int64_t otherwise, int64_t least,
                                    int64_t most) {
  const JsonValue *value = object.find(key);
  if (!value)
    return otherwise;
  Expected<int64_t> number = value->getInteger();
  if (number && (*number < least || *number > most))
    return value->makeError("'" + key + "' is " + llvm::Twine(*number) +
                            ", needs " + llvm::Twine(least) + " to " +
                            llvm::Twine(most));
  return number;
}

/// The string `key` of `object`, `otherwise` if there is none.
static Expected<StringRef> getString(const JsonValue &object, StringRef key,
                                     StringRef otherwise) {
  const JsonValue *value = object.find(key);
  return value ? value->getString() : Expected<StringRef>(otherwise);
}

void Reader::addSlice(std::string name, int64_t sdram, uint32_t population,
                      uint32_t cluster) {
  SliceList &list = result.slices;
  list.names.push_back(std::move(name));
  list.usage.insert(list.usage.end(), {1, sdram});
  list.populations.push_back(population);
  list.clusters.push_back(cluster);
}

Error Reader::readVertex(const JsonValue &vertex) {
  constexpr int64_t most = std::numeric_limits<int64_t>::max();
  if (Error error = vertex.checkKeys({"id", "sdram", "cores", "population"}))
    return error;
  Expected<const JsonValue &> idValue = vertex.at("id");
  if (!idValue)
    return idValue.takeError();
  Expected<StringRef> id = idValue->getString();
  if (!id)
    return id.takeError();
  Expected<const JsonValue &> sdramValue = vertex.at("sdram");
  if (!sdramValue)
    return sdramValue.takeError();
  Expected<int64_t> sdram = getInteger(vertex, "sdram", 0, 0, most);
  if (!sdram)
    return sdram.takeError();
  Expected<int64_t> cores =
      getInteger(vertex, "cores", 1, 1, maxCoresPerRouter);
  if (!cores)
    return cores.takeError();
  Expected<StringRef> population = getString(vertex, "population", *id);
  if (!population)
    return population.takeError();
  if (!slices.try_emplace(*id, result.slices.size()).second)
    return idValue->makeError("vertex '" + *id + "' is there twice");
  auto [entry, isNew] =
      populations.try_emplace(*population, populations.size());
  if (isNew)
    result.slices.populationNames.push_back(population->str());
  for (int64_t core = 0; core < *cores; ++core)
    addSlice(core == 0 ? id->str() : (*id + "/" + llvm::Twine(core)).str(),
             core == 0 ? *sdram : 0, entry->second, numClusters);
  ++numClusters;
  return Error::success();
}

Expected<uint32_t> Reader::getSlice(const JsonValue &name) const {
  Expected<StringRef> id = name.getString();
  if (!id)
    return id.takeError();
  auto found = slices.find(*id);
  if (found == slices.end())
    return name.makeError("there is no vertex '" + *id + "'");
  return found->second;
}

Error Reader::readNet(const JsonValue &net) {
  if (Error error = net.checkKeys(
          {"id", "source", "targets", "n_keys", "packets", "key", "mask"}))
    return error;
  Expected<const JsonValue &> sourceValue = net.at("source");
  if (!sourceValue)
    return sourceValue.takeError();
  Expected<uint32_t> source = getSlice(*sourceValue);
  if (!source)
    return source.takeError();
  Expected<const JsonValue &> targetsValue = net.at("targets");
  if (!targetsValue)
    return targetsValue.takeError();
  Expected<llvm::ArrayRef<JsonValue>> names = targetsValue->getArray();
  if (!names)
    return names.takeError();
  std::vector<uint32_t> targets;
  for (const JsonValue &name : *names) {
    Expected<uint32_t> target = getSlice(name);
    if (!target)
      return target.takeError();
    targets.push_back(*target);
  }
  llvm::sort(targets);
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  Expected<int64_t> keys = getInteger(net, "n_keys", 1, 1, UINT32_MAX);
  if (!keys)
    return keys.takeError();
  double packets = 1;
  if (const JsonValue *value = net.find("packets")) {
    Expected<double> number = value->getDouble();
    if (!number)
      return number.takeError();
    packets = *number;
  }
  if (!(packets >= 0))
    return net.makeError("'packets' is less than 0");
  Expected<StringRef> id = getString(net, "id", result.slices.names[*source]);
  if (!id)
    return id.takeError();
  if (!nets.try_emplace(*id, true).second)
    return net.makeError("net '" + *id + "' is there twice");
  result.messages.names.push_back(id->str());
  result.messages.add(*source, targets, packets, *keys);
  return readKeys(net);
}

/// The block of the last message, a hole if `net` states none.
Error Reader::readKeys(const JsonValue &net) {
  Expected<int64_t> key = getInteger(net, "key", -1, 0, UINT32_MAX);
  if (!key)
    return key.takeError();
  Expected<int64_t> mask = getInteger(net, "mask", UINT32_MAX, 0, UINT32_MAX);
  if (!mask)
    return mask.takeError();
  if (*key < 0 && net.find("mask"))
    return net.makeError("'mask' needs a 'key'");
  if (*key >= 0 && (*key & *mask) != *key)
    return net.makeError("'key' has bits outside 'mask'");
  result.keys.resize(result.messages.size(), {noIndex, 0});
  if (*key >= 0) {
    result.keys.back() = {static_cast<uint32_t>(*key),
                          static_cast<uint32_t>(*mask)};
    hasKeys = true;
  }
  return Error::success();
}

/// Calls `read` for each element of the array `key` of `root`.
template <typename Read>
static Error forEach(const JsonValue &root, StringRef key, Read read) {
  Expected<const JsonValue &> list = root.at(key);
  if (!list)
    return list.takeError();
  Expected<llvm::ArrayRef<JsonValue>> items = list->getArray();
  if (!items)
    return items.takeError();
  for (const JsonValue &item : *items)
    if (Error error = read(item))
      return error;
  return Error::success();
}

Error Reader::read(const JsonValue &root) {
  if (Error error =
          root.checkKeys({"format", "name", "boards", "vertices", "nets"}))
    return error;
  Expected<StringRef> format = getString(root, "format", "");
  if (!format)
    return format.takeError();
  if (*format != "spinnaker-network/1")
    return root.makeError("'format' is '" + *format +
                          "', needs 'spinnaker-network/1'");
  Expected<StringRef> name = getString(root, "name", "");
  if (!name)
    return name.takeError();
  result.name = name->str();
  Expected<int64_t> boards = getInteger(root, "boards", 0, 1, 1 << 20);
  if (!boards)
    return boards.takeError();
  result.boards = *boards;
  if (Error error = forEach(root, "vertices", [&](const JsonValue &vertex) {
        return readVertex(vertex);
      }))
    return error;
  Error error =
      forEach(root, "nets", [&](const JsonValue &net) { return readNet(net); });
  if (!hasKeys)
    result.keys.clear();
  return error;
}

/// `contents`, decompressed if they begin as gzip does.
static Expected<std::string> unpack(StringRef contents, StringRef file) {
  if (!contents.starts_with("\x1f\x8b"))
    return contents.str();
  Expected<ByteStream> stream = ByteStream::gzip(contents, file);
  if (!stream)
    return stream.takeError();
  std::string text(stream->getBound(), '\0');
  if (Error error = stream->read({text.data(), text.size()}, "the text"))
    return std::move(error);
  if (Error error = stream->finish())
    return std::move(error);
  return text;
}

Expected<NetworkFile> spinnaker::readNetworkFile(StringRef contents,
                                                 StringRef file) {
  Expected<std::string> text = unpack(contents, file);
  if (!text)
    return text.takeError();
  Expected<JsonValue> root = parseJson(*text, file);
  if (!root)
    return root.takeError();
  Reader reader;
  if (Error error = reader.read(*root))
    return error;
  return std::move(reader.result);
}
