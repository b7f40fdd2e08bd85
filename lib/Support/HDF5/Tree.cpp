//===- Tree.cpp - the groups of an HDF5 file ------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/HDF5/Tree.h"
#include "spikeformer/Support/HDF5/Coding.h"
#include "spikeformer/Support/HDF5/DatasetReader.h"
#include "spikeformer/Support/InputFile.h"

using namespace spikeformer;
using namespace spikeformer::hdf5;

/// Levels of groups; formats that are read this way have five.
static constexpr unsigned maxDepth = 32;

const Group *Group::findGroup(StringRef name) const {
  for (const Group &group : groups)
    if (group.getName() == name)
      return &group;
  return nullptr;
}

const Value *Group::findDataset(StringRef name) const {
  const auto *found = datasets.find(name.str());
  return found == datasets.end() ? nullptr : &found->second;
}

std::optional<StringRef> Group::findText(StringRef name) const {
  const auto *found = texts.find(name.str());
  return found == texts.end() ? std::nullopt : found->second.getText();
}

//===----------------------------------------------------------------------===//
// The worker's side
//===----------------------------------------------------------------------===//

namespace {
class TreeReader {
public:
  TreeReader(const Limits &limits, uint64_t fileBytes, WorkerOutput &output,
             llvm::function_ref<bool(StringRef)> wants)
      : limits(limits), output(output), datasets(limits, fileBytes, output),
        wants(wants) {}

  /// Reads what is below `handle` into `group`.
  void read(hid_t handle, Group &group, unsigned depth);

  Findings findings;

private:
  void readMember(hid_t parent, Group &group, const std::string &name,
                  unsigned depth);
  Value readDataset(hid_t object, StringRef path);
  void readTexts(hid_t object, const std::string &prefix, Group &group);

  const Limits &limits;
  WorkerOutput &output;
  DatasetReader datasets;
  llvm::function_ref<bool(StringRef)> wants;
  uint64_t objects = 0;
};
} // namespace

/// The attribute as a value; something else than one string has no text.
static Value readText(hid_t object, const std::string &name) {
  Value value;
  Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT));
  Handle type(H5Aget_type(attribute));
  Handle space(H5Aget_space(attribute));
  constexpr size_t maxBytes = 1 << 16;
  bool isOne = H5Sget_simple_extent_npoints(space) == 1;
  if (!isOne || H5Tget_class(type) != H5T_STRING)
    return value;
  if (H5Tis_variable_str(type) > 0) {
    Handle memory(H5Tcopy(H5T_C_S1));
    H5Tset_size(memory, H5T_VARIABLE);
    H5Tset_cset(memory, H5Tget_cset(type));
    char *text = nullptr;
    if (H5Aread(attribute, memory, &text) < 0 || !text)
      return value;
    value.texts.push_back(text);
    H5free_memory(text);
  } else {
    size_t size = H5Tget_size(type);
    std::string bytes(std::min(size, maxBytes), '\0');
    if (size > maxBytes || H5Aread(attribute, type, bytes.data()) < 0)
      return value;
    value.texts.push_back(StringRef(bytes).split('\0').first.str());
  }
  value.kind = Value::Kind::text;
  return value;
}

void TreeReader::readTexts(hid_t object, const std::string &prefix,
                           Group &group) {
  std::vector<std::string> names;
  auto visit = [](hid_t, const char *name, const H5A_info_t *,
                  void *data) -> herr_t {
    static_cast<std::vector<std::string> *>(data)->push_back(name);
    return 0;
  };
  H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &names);
  for (const std::string &name : names)
    if (Value value = readText(object, name); value.getText())
      group.texts.insert({prefix + name, std::move(value)});
  H5Eclear2(H5E_DEFAULT);
}

Value TreeReader::readDataset(hid_t object, StringRef path) {
  auto value = datasets.read(object);
  StringRef name = path.rsplit('/').second;
  if (!value) {
    findings.addError(path, name + " " + llvm::toString(value.takeError()));
    return Value();
  }
  if (*value)
    return std::move(**value);
  Value null;
  null.description = "no value (a null dataspace)";
  return null;
}

void TreeReader::readMember(hid_t parent, Group &group, const std::string &name,
                            unsigned depth) {
  std::string path = group.getPath(name);
  if (!wants(path))
    return;
  output.setProgress(path);
  if (++objects > limits.maxObjects) {
    if (objects == limits.maxObjects + 1)
      findings.addError(path, "the file has more than " +
                                  llvm::Twine(limits.maxObjects) +
                                  " groups and datasets; the rest is not read");
    return;
  }
  llvm::Expected<Handle> object = openObject(parent, name);
  if (!object) {
    findings.addError(path, name + " " + llvm::toString(object.takeError()));
    group.datasets.insert({name, Value()});
    return;
  }
  if (H5Iget_type(*object) == H5I_GROUP) {
    if (depth == maxDepth) {
      findings.addError(path, "groups nest deeper than the limit (" +
                                  llvm::Twine(maxDepth) + " levels)");
      return;
    }
    group.groups.push_back({path, {}, {}, {}});
    readTexts(*object, "", group.groups.back());
    read(*object, group.groups.back(), depth + 1);
    return;
  }
  if (H5Iget_type(*object) != H5I_DATASET)
    return;
  group.datasets.insert({name, readDataset(*object, path)});
  readTexts(*object, name + "@", group);
}

void TreeReader::read(hid_t handle, Group &group, unsigned depth) {
  bool complete;
  std::vector<std::string> names =
      listNames(handle, limits.maxObjects, complete);
  if (!complete)
    findings.addError(group.path, "the names in the group cannot be read or "
                                  "are too many");
  for (const std::string &name : names)
    readMember(handle, group, name, depth);
}

static void encode(const Group &group, Encoder &encoder) {
  encoder.put(group.path);
  encoder.encode(group.datasets);
  encoder.encode(group.texts);
  encoder.put(group.groups.size());
  for (const Group &member : group.groups)
    encode(member, encoder);
}

//===----------------------------------------------------------------------===//
// The parent's side
//===----------------------------------------------------------------------===//

namespace {
class TreeDecoder : public Decoder {
public:
  using Decoder::Decoder;

  Group getGroup(unsigned depth) {
    Group group;
    failed |= depth > maxDepth;
    group.path = getText();
    group.datasets = getValues();
    group.texts = getValues();
    for (uint64_t i = 0, e = getCount(); i < e && !failed; ++i)
      group.groups.push_back(getGroup(depth + 1));
    return group;
  }
};
} // namespace

llvm::Expected<Tree>
hdf5::readTree(StringRef path, StringRef need,
               llvm::function_ref<bool(StringRef path)> wants,
               const Limits &limits) {
  auto result = readInWorker(
      path, need, limits, [&](const OpenFile &file, WorkerOutput &output) {
        TreeReader reader(limits, file.bytes, output, wants);
        Group root;
        if (file.root >= 0)
          reader.read(file.root, root, 0);
        else
          reader.findings.addError("", "the HDF5 file cannot be opened: " +
                                           file.failure);
        Encoder encoder(output);
        encoder.encode(reader.findings);
        encode(root, encoder);
        return encoder.take();
      });
  if (!result)
    return result.takeError();
  TreeDecoder decoder(*result);
  Tree tree;
  decoder.getFindings(tree.findings);
  tree.root = decoder.getGroup(0);
  if (!decoder.isComplete())
    return makeInputError(path, "reading it gave no valid result; the file is "
                                "damaged");
  return std::move(tree);
}
