//===- DatasetReader.cpp - datasets to values -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/HDF5/DatasetReader.h"
#include "ChunkReader.h"
#include "DatasetStorage.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/MathExtras.h"

using namespace spikeformer;
using namespace spikeformer::hdf5;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static std::optional<ElementType> getIntegerType(hid_t type) {
  bool isSigned = H5Tget_sign(type) == H5T_SGN_2;
  switch (H5Tget_size(type)) {
  case 1:
    return isSigned ? ElementType::i8 : ElementType::u8;
  case 2:
    return isSigned ? ElementType::i16 : ElementType::u16;
  case 4:
    return isSigned ? ElementType::i32 : ElementType::u32;
  case 8:
    return isSigned ? ElementType::i64 : ElementType::u64;
  }
  return std::nullopt;
}

/// What numbers of the HDF5 type become, if they can.
static std::optional<ElementType> getNumberType(hid_t type) {
  switch (H5Tget_class(type)) {
  case H5T_INTEGER:
    return getIntegerType(type);
  case H5T_FLOAT:
    if (H5Tget_size(type) <= 4)
      return ElementType::f32;
    if (H5Tget_size(type) <= 8)
      return ElementType::f64;
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

/// The HDF5 type of elements in memory.
static hid_t getMemoryType(ElementType type) {
  switch (type) {
  case ElementType::boolean:
  case ElementType::u8:
    return H5T_NATIVE_UINT8;
  case ElementType::i8:
    return H5T_NATIVE_INT8;
  case ElementType::u16:
    return H5T_NATIVE_UINT16;
  case ElementType::i16:
    return H5T_NATIVE_INT16;
  case ElementType::u32:
    return H5T_NATIVE_UINT32;
  case ElementType::i32:
    return H5T_NATIVE_INT32;
  case ElementType::u64:
    return H5T_NATIVE_UINT64;
  case ElementType::i64:
    return H5T_NATIVE_INT64;
  case ElementType::f32:
    return H5T_NATIVE_FLOAT;
  case ElementType::f64:
    return H5T_NATIVE_DOUBLE;
  }
  return -1;
}

/// A type that no parameter can have, for messages.
static std::string describeType(hid_t type) {
  switch (H5Tget_class(type)) {
  case H5T_COMPOUND:
    return "a compound type";
  case H5T_REFERENCE:
    return "object references";
  case H5T_ENUM:
    return "an enumeration (as h5py stores booleans)";
  case H5T_VLEN:
    return "lists of variable length";
  case H5T_ARRAY:
    return "an array type";
  case H5T_OPAQUE:
    return "an opaque type";
  case H5T_BITFIELD:
    return "a bit field";
  case H5T_INTEGER:
    return "integers of " + std::to_string(H5Tget_size(type)) + " bytes";
  case H5T_FLOAT:
    return "floats of " + std::to_string(H5Tget_size(type)) + " bytes";
  default:
    return "an unknown type";
  }
}

//===----------------------------------------------------------------------===//
// Shape and size
//===----------------------------------------------------------------------===//

/// The extents of a dataspace; none for a null dataspace.
static std::optional<SmallVector<int64_t>> getExtents(hid_t dataset) {
  Handle space(H5Dget_space(dataset));
  if (H5Sget_simple_extent_type(space) == H5S_NULL)
    return std::nullopt;
  hsize_t extents[H5S_MAX_RANK];
  int rank = H5Sget_simple_extent_dims(space, extents, nullptr);
  SmallVector<int64_t> shape;
  for (int i = 0; i < rank; ++i)
    shape.push_back(static_cast<int64_t>(
        std::min<hsize_t>(extents[i], uint64_t(INT64_MAX))));
  return shape;
}

/// "931 GiB".
static std::string formatBytes(uint64_t bytes) {
  static constexpr StringRef units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  unsigned unit = 0;
  for (; unit < 4 && bytes >= 1024; ++unit)
    bytes >>= 10;
  return std::to_string(bytes) + " " + units[unit].str();
}

llvm::Error DatasetReader::charge(hid_t type, ArrayRef<int64_t> shape,
                                  StringRef description) {
  uint64_t bytes = H5Tget_size(type);
  for (int64_t extent : shape)
    bytes = llvm::SaturatingMultiply<uint64_t>(bytes, extent);
  // Text takes more in memory than a short string in the file.
  bool isText = H5Tget_class(type) == H5T_STRING;
  uint64_t cost = llvm::SaturatingMultiply<uint64_t>(bytes, isText ? 64 : 1);
  if (cost <= budget) {
    budget -= cost;
    return llvm::Error::success();
  }
  auto extents = llvm::map_range(
      shape, [](int64_t extent) { return std::to_string(extent); });
  return llvm::createStringError(
      "declares " + llvm::join(extents, " x ") + " " + description + " (" +
      formatBytes(bytes) + "), more than a file of " + formatBytes(fileBytes) +
      " can hold; is the file damaged?");
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

llvm::Expected<std::optional<Value>> DatasetReader::read(hid_t dataset) {
  if (llvm::Error error = checkStorage(dataset))
    return std::move(error);
  auto shape = getExtents(dataset);
  if (!shape)
    return std::optional<Value>();
  Handle type(H5Dget_type(dataset));
  if (!type.isValid())
    return llvm::createStringError("cannot be read: " + takeHDF5Error());
  std::optional<ElementType> numbers = getNumberType(type);
  bool isText = H5Tget_class(type) == H5T_STRING;
  Value value;
  value.description = describeType(type);
  if (!numbers && !isText)
    return std::optional<Value>(std::move(value));
  if (llvm::Error error = charge(
          type, *shape, numbers ? getElementTypeName(*numbers) : "strings"))
    return std::move(error);
  auto result = numbers ? readNumbers(dataset, *numbers, *shape)
                        : readTexts(dataset, type, *shape);
  if (!result)
    return result.takeError();
  return std::optional<Value>(std::move(*result));
}

llvm::Expected<Value> DatasetReader::readNumbers(hid_t dataset,
                                                 ElementType type,
                                                 ArrayRef<int64_t> shape) {
  uint64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  auto block = output.allocate(count * getElementSize(type));
  if (!block)
    return llvm::createStringError(
        "has " + formatBytes(count * getElementSize(type)) +
        ", more than is left of the limit for all arrays of a file");
  hid_t memoryType = getMemoryType(type);
  if (count &&
      !readCompressedChunks(dataset, memoryType, shape, block->bytes) &&
      H5Dread(dataset, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT,
              block->bytes) < 0)
    return llvm::createStringError(explainReadFailure(dataset));
  Value value;
  value.kind = Value::Kind::number;
  value.tensor = Tensor(shape, type, block->bytes, nullptr);
  return value;
}

/// Turns a text array that is not UTF-8 into a value that says so.
static Value checkUTF8(Value value) {
  for (auto [index, text] : llvm::enumerate(value.texts)) {
    const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
    const llvm::UTF8 *at = begin, *end = begin + text.size();
    if (llvm::isLegalUTF8String(&at, end))
      continue;
    Value other;
    other.description = "not valid UTF-8 (byte 0x" +
                        llvm::utohexstr(*at, true) + " at " +
                        std::to_string(at - begin);
    if (!value.textShape.empty())
      other.description += " of string " + std::to_string(index);
    other.description += ")";
    return other;
  }
  return value;
}

llvm::Expected<Value> DatasetReader::readTexts(hid_t dataset, hid_t type,
                                               ArrayRef<int64_t> shape) {
  Value value;
  value.kind = Value::Kind::text;
  value.textShape.assign(shape.begin(), shape.end());
  uint64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  value.texts.resize(count);
  if (!count)
    return value;
  llvm::Error error = H5Tis_variable_str(type) > 0
                          ? readVariableTexts(dataset, type, value)
                          : readFixedTexts(dataset, type, value);
  if (error)
    return std::move(error);
  return checkUTF8(std::move(value));
}

llvm::Error DatasetReader::readVariableTexts(hid_t dataset, hid_t type,
                                             Value &value) {
  Handle memoryType(H5Tcopy(H5T_C_S1));
  H5Tset_size(memoryType, H5T_VARIABLE);
  H5Tset_cset(memoryType, H5Tget_cset(type));
  std::vector<char *> pointers(value.texts.size());
  if (H5Dread(dataset, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT,
              pointers.data()) < 0)
    return llvm::createStringError(explainReadFailure(dataset));
  for (auto [text, pointer] : llvm::zip(value.texts, pointers))
    if (pointer)
      text = pointer;
  Handle space(H5Dget_space(dataset));
  H5Dvlen_reclaim(memoryType, space, H5P_DEFAULT, pointers.data());
  return llvm::Error::success();
}

llvm::Error DatasetReader::readFixedTexts(hid_t dataset, hid_t type,
                                          Value &value) {
  size_t size = H5Tget_size(type);
  std::vector<char> bytes(value.texts.size() * size);
  if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0)
    return llvm::createStringError(explainReadFailure(dataset));
  bool isSpaced = H5Tget_strpad(type) == H5T_STR_SPACEPAD;
  for (auto [index, text] : llvm::enumerate(value.texts)) {
    StringRef padded(bytes.data() + index * size, size);
    text = (isSpaced ? padded.rtrim(' ') : padded.split('\0').first).str();
  }
  return llvm::Error::success();
}
