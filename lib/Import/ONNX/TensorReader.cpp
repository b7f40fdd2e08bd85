//===- TensorReader.cpp - stored tensors ----------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every size that the file states is compared with the bytes that are there
// before anything is allocated, so that a forged file costs no memory. External
// data must lie beside or below the model: a model must not read other files.
//
//===----------------------------------------------------------------------===//

#include "Model.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::onnximport;
using ::onnx::TensorProto;

static llvm::Error makeError(const llvm::Twine &text) {
  return llvm::createStringError(text);
}

static std::optional<ElementType> getElementType(int32_t type) {
  switch (type) {
  case TensorProto::FLOAT:
    return ElementType::f32;
  case TensorProto::DOUBLE:
    return ElementType::f64;
  case TensorProto::INT64:
    return ElementType::i64;
  case TensorProto::INT32:
    return ElementType::i32;
  case TensorProto::INT8:
    return ElementType::i8;
  case TensorProto::UINT8:
    return ElementType::u8;
  case TensorProto::BOOL:
    return ElementType::boolean;
  default:
    return std::nullopt;
  }
}

template <typename T, typename Field>
static void copyField(Tensor &tensor, const Field &field) {
  llvm::copy(field, static_cast<T *>(tensor.getBytes()));
}

/// Number of values in the typed field that holds elements of `type`.
static int64_t getFieldSize(const TensorProto &proto, ElementType type) {
  if (type == ElementType::f32)
    return proto.float_data_size();
  if (type == ElementType::f64)
    return proto.double_data_size();
  if (type == ElementType::i64)
    return proto.int64_data_size();
  return proto.int32_data_size();
}

static void copyTypedData(Tensor &tensor, const TensorProto &proto) {
  switch (tensor.getElementType()) {
  case ElementType::f32:
    copyField<float>(tensor, proto.float_data());
    return;
  case ElementType::f64:
    copyField<double>(tensor, proto.double_data());
    return;
  case ElementType::i64:
    copyField<int64_t>(tensor, proto.int64_data());
    return;
  case ElementType::i32:
    copyField<int32_t>(tensor, proto.int32_data());
    return;
  default:
    copyField<uint8_t>(tensor, proto.int32_data());
  }
}

llvm::Expected<Tensor> Model::readTensor(const TensorProto &proto) {
  std::optional<ElementType> type = getElementType(proto.data_type());
  if (!type)
    return makeError("element type " + getDataTypeName(proto.data_type()) +
                     " is not supported");
  SmallVector<int64_t> shape(proto.dims().begin(), proto.dims().end());
  std::optional<int64_t> count = countElements(shape);
  if (!count)
    return makeError("shape " + formatShape(shape) +
                     " is negative or has more than " +
                     llvm::Twine(maxElements) + " elements");
  bool external = proto.data_location() == TensorProto::EXTERNAL;
  if (external || proto.has_raw_data()) {
    StringRef bytes = proto.raw_data();
    if (external) {
      llvm::Expected<StringRef> found = readExternal(proto);
      if (!found)
        return found.takeError();
      bytes = *found;
    }
    size_t need = *count * getElementSize(*type);
    if (bytes.size() != need)
      return makeError("shape " + formatShape(shape) + " of " +
                       getDataTypeName(proto.data_type()) + " needs " +
                       llvm::Twine(need) + " bytes, but " +
                       llvm::Twine(bytes.size()) + " are stored");
    Tensor tensor(shape, *type);
    std::memcpy(tensor.getBytes(), bytes.data(), bytes.size());
    return tensor;
  }
  if (getFieldSize(proto, *type) != *count)
    return makeError("shape " + formatShape(shape) + " needs " +
                     llvm::Twine(*count) + " values, but " +
                     llvm::Twine(getFieldSize(proto, *type)) + " are stored");
  Tensor tensor(shape, *type);
  copyTypedData(tensor, proto);
  return tensor;
}

/// Whether the relative path `location` stays below the directory it starts in.
static bool staysInside(StringRef location) {
  if (location.empty() || llvm::sys::path::is_absolute(location))
    return false;
  return llvm::none_of(llvm::make_range(llvm::sys::path::begin(location),
                                        llvm::sys::path::end(location)),
                       [](StringRef component) { return component == ".."; });
}

llvm::Expected<StringRef> Model::openExternal(StringRef location) {
  auto [entry, isNew] = externalFiles.try_emplace(location);
  if (isNew) {
    SmallString<128> path = buffer.getBufferIdentifier();
    llvm::sys::path::remove_filename(path);
    llvm::sys::path::append(path, location);
    auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
    if (file)
      entry->second = std::move(*file);
  }
  if (!entry->second)
    return makeError("cannot read the external data '" + location +
                     "' beside the model");
  return entry->second->getBuffer();
}

llvm::Expected<StringRef> Model::readExternal(const TensorProto &proto) {
  StringRef location;
  uint64_t offset = 0;
  uint64_t length = UINT64_MAX;
  for (const auto &entry : proto.external_data()) {
    StringRef value = entry.value();
    bool bad = false;
    if (entry.key() == "location")
      location = value;
    else if (entry.key() == "offset")
      bad = value.getAsInteger(10, offset);
    else if (entry.key() == "length")
      bad = value.getAsInteger(10, length);
    if (bad)
      return makeError("external data has the " + entry.key() + " '" + value +
                       "', which is no number");
  }
  if (!staysInside(location))
    return makeError("external data '" + location +
                     "' does not lie beside the model");
  llvm::Expected<StringRef> file = openExternal(location);
  if (!file)
    return file.takeError();
  if (offset > file->size() ||
      (length != UINT64_MAX && length > file->size() - offset))
    return makeError("external data '" + location + "' has " +
                     llvm::Twine(file->size()) + " bytes, too few for offset " +
                     llvm::Twine(offset));
  return file->substr(offset, length);
}
