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
#include "Payloads.h"
#include "spikeformer/Support/VisitElements.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::onnximport;
using ::onnx::TensorProto;

static llvm::Error makeError(const llvm::Twine &text) {
  return llvm::createStringError(text);
}

std::optional<ElementType> onnximport::getHostType(int32_t type) {
  switch (type) {
  case TensorProto::FLOAT:
    return ElementType::f32;
  case TensorProto::DOUBLE:
    return ElementType::f64;
  case TensorProto::INT64:
    return ElementType::i64;
  case TensorProto::INT32:
    return ElementType::i32;
  case TensorProto::INT16:
    return ElementType::i16;
  case TensorProto::INT8:
    return ElementType::i8;
  case TensorProto::UINT64:
    return ElementType::u64;
  case TensorProto::UINT32:
    return ElementType::u32;
  case TensorProto::UINT16:
    return ElementType::u16;
  case TensorProto::UINT8:
    return ElementType::u8;
  case TensorProto::BOOL:
    return ElementType::boolean;
  default:
    return std::nullopt;
  }
}

/// Calls `read` with the typed field that holds elements of `type`.
template <typename Read>
static auto visitField(const TensorProto &proto, ElementType type, Read read) {
  if (type == ElementType::f32)
    return read(proto.float_data());
  if (type == ElementType::f64)
    return read(proto.double_data());
  if (type == ElementType::i64)
    return read(proto.int64_data());
  if (type == ElementType::u32 || type == ElementType::u64)
    return read(proto.uint64_data());
  return read(proto.int32_data());
}

static int64_t getFieldSize(const TensorProto &proto, ElementType type) {
  return visitField(proto, type,
                    [](const auto &field) -> int64_t { return field.size(); });
}

static void copyTypedData(Tensor &tensor, const TensorProto &proto) {
  visitField(proto, tensor.getElementType(), [&](const auto &field) {
    visitElementType(tensor.getElementType(), [&](auto zero) {
      using T = decltype(zero);
      llvm::transform(field, static_cast<T *>(tensor.getBytes()),
                      [](auto value) { return static_cast<T>(value); });
    });
  });
}

/// A tensor in `file`, if there is one and the bytes are aligned; else a copy.
static Tensor makeTensor(ArrayRef<int64_t> shape, ElementType type,
                         StringRef bytes,
                         const std::shared_ptr<llvm::MemoryBuffer> &file) {
  constexpr uintptr_t alignment = 64;
  auto *data = const_cast<char *>(bytes.data());
  if (file && !bytes.empty() &&
      reinterpret_cast<uintptr_t>(data) % alignment == 0)
    return Tensor(shape, type, data,
                  std::shared_ptr<void>(
                      data, [file, bytes](void *) { forgetPages(bytes); }));
  Tensor tensor(shape, type);
  std::memcpy(tensor.getBytes(), bytes.data(), bytes.size());
  forgetPages(bytes);
  return tensor;
}

llvm::Expected<Tensor> Model::readTensor(const TensorProto &proto) {
  std::optional<ElementType> type = getHostType(proto.data_type());
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
    ExternalData data;
    if (external) {
      llvm::Expected<ExternalData> found = readExternal(proto);
      if (!found)
        return found.takeError();
      data = *found;
    } else {
      data.bytes = getRawData(proto);
    }
    size_t need = *count * getElementSize(*type);
    if (data.bytes.size() != need)
      return makeError("shape " + formatShape(shape) + " of " +
                       getDataTypeName(proto.data_type()) + " needs " +
                       llvm::Twine(need) + " bytes, but " +
                       llvm::Twine(data.bytes.size()) + " are stored");
    return makeTensor(shape, *type, data.bytes, data.file);
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

/// Whether `path`, with links followed, lies in `directory` or below.
static bool liesInside(StringRef path, StringRef directory) {
  SmallString<128> realPath, realDirectory;
  if (llvm::sys::fs::real_path(path, realPath) ||
      llvm::sys::fs::real_path(directory.empty() ? "." : directory,
                               realDirectory))
    return false;
  if (realDirectory != "/")
    realDirectory += '/';
  return StringRef(realPath).starts_with(realDirectory);
}

llvm::Expected<std::shared_ptr<llvm::MemoryBuffer>>
Model::openExternal(StringRef location) {
  auto [entry, isNew] = externalFiles.try_emplace(location);
  if (entry->second)
    return entry->second;
  SmallString<128> directory = buffer.getBufferIdentifier();
  llvm::sys::path::remove_filename(directory);
  SmallString<128> path = directory;
  llvm::sys::path::append(path, location);
  if (llvm::sys::fs::exists(path) && !liesInside(path, directory))
    return makeError("external data '" + location +
                     "' is a link to a file that does not lie beside the "
                     "model; put the file there");
  // A pipe or a device would be read without end.
  if (!llvm::sys::fs::is_regular_file(path))
    return makeError("cannot read the external data '" + location +
                     "' beside the model");
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file)
    return makeError("cannot read the external data '" + location +
                     "' beside the model");
  return entry->second = std::move(*file);
}

llvm::Expected<Model::ExternalData>
Model::readExternal(const TensorProto &proto) {
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
  llvm::Expected<std::shared_ptr<llvm::MemoryBuffer>> file =
      openExternal(location);
  if (!file)
    return file.takeError();
  StringRef bytes = (*file)->getBuffer();
  if (offset > bytes.size() ||
      (length != UINT64_MAX && length > bytes.size() - offset))
    return makeError("external data '" + location + "' has " +
                     llvm::Twine(bytes.size()) + " bytes, too few for offset " +
                     llvm::Twine(offset));
  return ExternalData{bytes.substr(offset, length), *file};
}
