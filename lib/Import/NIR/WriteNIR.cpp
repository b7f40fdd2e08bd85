//===- WriteNIR.cpp - writing NIR files -----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The worker makes the file in memory and hands its bytes over; so the parent
// never calls the library, and a fork of it later is safe. Arrays are chunked
// and compressed as nir does it, scalars and strings are not.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/WriteNIR.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/HDF5/HDF5.h"
#include "spikeformer/Support/WorkerProcess.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;
using namespace spikeformer::nir;
using namespace spikeformer::hdf5;

/// Bytes of a chunk: what one thread decompresses at a time.
static constexpr int64_t chunkBytes = int64_t(1) << 20;
static constexpr unsigned deflateLevel = 1;

static hid_t getFileType(ElementType type) {
  switch (type) {
  case ElementType::boolean:
  case ElementType::u8:
    return H5T_STD_U8LE;
  case ElementType::i8:
    return H5T_STD_I8LE;
  case ElementType::u16:
    return H5T_STD_U16LE;
  case ElementType::i16:
    return H5T_STD_I16LE;
  case ElementType::u32:
    return H5T_STD_U32LE;
  case ElementType::i32:
    return H5T_STD_I32LE;
  case ElementType::u64:
    return H5T_STD_U64LE;
  case ElementType::i64:
    return H5T_STD_I64LE;
  case ElementType::f32:
    return H5T_IEEE_F32LE;
  case ElementType::f64:
    return H5T_IEEE_F64LE;
  }
  llvm_unreachable("unknown element type");
}

namespace {
/// Puts a model into a file that is open. The first failure is kept.
class ModelWriter {
public:
  void write(hid_t file, const Model &model);
  /// Empty if all went well.
  StringRef getFailure() const { return failure; }

private:
  /// Keeps why `what` failed.
  bool check(bool isGood, StringRef what);
  Handle createGroup(hid_t parent, const std::string &name);
  void writeText(hid_t parent, const std::string &name, StringRef text);
  void writeTexts(hid_t parent, const std::string &name,
                  ArrayRef<std::string> texts, ArrayRef<hsize_t> shape);
  void writeTensor(hid_t parent, const std::string &name, const Tensor &tensor);
  void writeValues(hid_t parent, const NameMap<Value> &values);
  void writeMetadata(hid_t parent, const NameMap<Value> &metadata);
  void writeNode(hid_t parent, const std::string &name, const Node &node);
  void writeGraph(hid_t group, const Graph &graph);

  std::string failure;
};
} // namespace

bool ModelWriter::check(bool isGood, StringRef what) {
  if (!isGood && failure.empty())
    failure = (what + ": " + takeHDF5Error()).str();
  return isGood;
}

/// Properties of an object without the time of its making.
static Handle createTimeless(hid_t propertyClass) {
  Handle properties(H5Pcreate(propertyClass));
  H5Pset_obj_track_times(properties, false);
  return properties;
}

Handle ModelWriter::createGroup(hid_t parent, const std::string &name) {
  Handle properties = createTimeless(H5P_GROUP_CREATE);
  Handle link(H5Pcreate(H5P_LINK_CREATE));
  H5Pset_char_encoding(link, H5T_CSET_UTF8);
  Handle group(H5Gcreate2(parent, name.c_str(), link, properties, H5P_DEFAULT));
  check(group.isValid(), name);
  return group;
}

void ModelWriter::writeTexts(hid_t parent, const std::string &name,
                             ArrayRef<std::string> texts,
                             ArrayRef<hsize_t> shape) {
  Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  Handle space(shape.empty()
                   ? H5Screate(H5S_SCALAR)
                   : H5Screate_simple(shape.size(), shape.data(), nullptr));
  Handle properties = createTimeless(H5P_DATASET_CREATE);
  Handle dataset(H5Dcreate2(parent, name.c_str(), type, space, H5P_DEFAULT,
                            properties, H5P_DEFAULT));
  if (!check(dataset.isValid(), name) || texts.empty())
    return;
  std::vector<const char *> pointers;
  for (const std::string &text : texts)
    pointers.push_back(text.c_str());
  check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                 pointers.data()) >= 0,
        name);
}

void ModelWriter::writeText(hid_t parent, const std::string &name,
                            StringRef text) {
  writeTexts(parent, name, text.str(), {});
}

/// Chunks of whole rows of the first axes that are not too large.
static SmallVector<hsize_t> getChunk(const Tensor &tensor) {
  SmallVector<hsize_t> chunk(tensor.getShape().begin(),
                             tensor.getShape().end());
  int64_t bytes = tensor.getNumBytes();
  for (hsize_t &extent : chunk) {
    if (bytes <= chunkBytes)
      break;
    int64_t row = bytes / static_cast<int64_t>(extent);
    extent = std::max<int64_t>(1, chunkBytes / row);
    bytes = row * static_cast<int64_t>(extent);
  }
  return chunk;
}

void ModelWriter::writeTensor(hid_t parent, const std::string &name,
                              const Tensor &tensor) {
  SmallVector<hsize_t> shape(tensor.getShape().begin(),
                             tensor.getShape().end());
  Handle space(shape.empty()
                   ? H5Screate(H5S_SCALAR)
                   : H5Screate_simple(shape.size(), shape.data(), nullptr));
  Handle properties = createTimeless(H5P_DATASET_CREATE);
  if (!shape.empty() && tensor.getNumElements() > 0) {
    H5Pset_chunk(properties, shape.size(), getChunk(tensor).data());
    H5Pset_deflate(properties, deflateLevel);
  }
  hid_t type = getFileType(tensor.getElementType());
  Handle dataset(H5Dcreate2(parent, name.c_str(), type, space, H5P_DEFAULT,
                            properties, H5P_DEFAULT));
  if (check(dataset.isValid(), name))
    check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                   tensor.getBytes()) >= 0,
          name);
}

void ModelWriter::writeValues(hid_t parent, const NameMap<Value> &values) {
  for (const auto &[name, value] : values) {
    if (value.kind == Value::Kind::number)
      writeTensor(parent, name, value.tensor);
    else if (auto text = value.getText())
      writeText(parent, name, *text);
  }
}

void ModelWriter::writeMetadata(hid_t parent, const NameMap<Value> &metadata) {
  if (!metadata.empty())
    writeValues(createGroup(parent, "metadata"), metadata);
}

void ModelWriter::writeNode(hid_t parent, const std::string &name,
                            const Node &node) {
  Handle group = createGroup(parent, name);
  writeText(group, "type", node.info->name);
  if (node.subgraph)
    writeGraph(group, *node.subgraph);
  writeValues(group, node.parameters);
  writeMetadata(group, node.metadata);
}

void ModelWriter::writeGraph(hid_t group, const Graph &graph) {
  std::vector<std::string> ends;
  for (const Edge &edge : graph.edges) {
    ends.push_back(edge.source);
    ends.push_back(edge.target);
  }
  writeTexts(group, "edges", ends, {graph.edges.size(), 2});
  Handle nodes = createGroup(group, "nodes");
  for (const auto &[name, node] : graph.nodes)
    writeNode(nodes, name, node);
}

void ModelWriter::write(hid_t file, const Model &model) {
  writeText(file, "version", model.version);
  Handle root = createGroup(file, "node");
  writeText(root, "type", findNodeType("NIRGraph")->name);
  writeGraph(root, *model.graph);
  writeMetadata(root, model.metadata);
}

//===----------------------------------------------------------------------===//
// The worker
//===----------------------------------------------------------------------===//

/// Makes the file in memory; the bytes go into a block. Gives "made SIZE
/// OFFSET", or what failed.
static std::string makeImage(const Model &model, WorkerOutput &output) {
  initializeHDF5();
  Handle access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_fapl_core(access, size_t(chunkBytes), /*backing_store=*/false);
  Handle properties = createTimeless(H5P_FILE_CREATE);
  Handle file(H5Fcreate("nir", H5F_ACC_TRUNC, properties, access));
  if (!file.isValid())
    return "the file: " + takeHDF5Error();
  ModelWriter writer;
  writer.write(file, model);
  if (!writer.getFailure().empty())
    return writer.getFailure().str();
  H5Fflush(file, H5F_SCOPE_LOCAL);
  ssize_t size = H5Fget_file_image(file, nullptr, 0);
  auto block = size > 0 ? output.allocate(size) : std::nullopt;
  if (!block || H5Fget_file_image(file, block->bytes, size) != size)
    return "the file's bytes: " + takeHDF5Error();
  return "made " + std::to_string(size) + " " + std::to_string(block->offset);
}

static uint64_t countBytes(const Graph &graph) {
  uint64_t bytes = 0;
  for (const auto &[name, node] : graph.nodes) {
    for (const auto &[parameter, value] : node.parameters)
      if (value.kind == Value::Kind::number)
        bytes += value.tensor.getNumBytes();
    if (node.subgraph)
      bytes += countBytes(*node.subgraph);
    bytes += 4096;
  }
  return bytes + 1024 * graph.edges.size();
}

llvm::Error nir::writeFile(const Model &model, StringRef path) {
  constexpr uint64_t free = uint64_t(256) << 20;
  uint64_t bytes = countBytes(*model.graph);
  WorkerLimits limits;
  limits.heapBytes = free + 4 * bytes;
  limits.sharedBytes = free + 2 * bytes;
  limits.cpuSeconds = 0;
  limits.wallMilliseconds = 3600000;
  auto result = runWorker(
      limits, [&](WorkerOutput &output) { return makeImage(model, output); });
  if (!result)
    return llvm::createStringError("the HDF5 library " +
                                   llvm::toString(result.takeError()));
  StringRef message = result->message;
  if (!message.consume_front("made "))
    return llvm::createStringError("the HDF5 library cannot write " + message);
  uint64_t size = 0, offset = 0;
  bool isNumber = !message.consumeInteger(10, size) &&
                  message.consume_front(" ") &&
                  !message.getAsInteger(10, offset);
  const void *block = isNumber ? result->getBlock(offset, size) : nullptr;
  if (!block)
    return llvm::createStringError("the HDF5 library made no file");
  return writeFileAtomically(path,
                             StringRef(static_cast<const char *>(block), size));
}
