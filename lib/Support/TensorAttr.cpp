//===- TensorAttr.cpp - tensors as constants of a module ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The hash is 128 bits wide but not cryptographic; that is why a blob found
// under the same key is compared before it is shared.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/TensorAttr.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"
#include <cstring>

using namespace spikeformer;

Type spikeformer::getBuiltinType(ElementType type, MLIRContext *context) {
  if (type == ElementType::f32)
    return Float32Type::get(context);
  if (type == ElementType::f64)
    return Float64Type::get(context);
  if (type == ElementType::boolean)
    return IntegerType::get(context, 1);
  return IntegerType::get(context, getElementSize(type) * 8);
}

static constexpr StringLiteral keyPrefix = "data_";
/// The prefix and the digits of 128 bits.
static constexpr size_t keySize = keyPrefix.size() + 32;

static std::string getBlobKey(ArrayRef<char> bytes) {
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(
      {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
  return keyPrefix.str() +
         llvm::utohexstr(hash.high64, /*LowerCase=*/true, 16) +
         llvm::utohexstr(hash.low64, /*LowerCase=*/true, 16);
}

/// Whether releaseBlobs() has emptied `entry`: blobs of no bytes are not made.
static bool isReleased(const DialectResourceBlobManager::BlobEntry &entry) {
  return entry.getBlob() && entry.getBlob()->getData().empty();
}

/// The handle of a blob with these bytes: one that exists, or a new one.
static DenseResourceElementsHandle getBlobHandle(const Tensor &tensor,
                                                 MLIRContext *context) {
  ArrayRef<char> bytes(static_cast<const char *>(tensor.getBytes()),
                       tensor.getNumBytes());
  std::string key = getBlobKey(bytes);
  auto &manager = DenseResourceElementsHandle::getManagerInterface(context);
  auto *dialect = cast<BuiltinDialect>(manager.getDialect());
  auto *entry = manager.getBlobManager().lookup(key);
  if (entry && entry->getBlob() && entry->getBlob()->getData() == bytes)
    return {entry, dialect};
  AsmResourceBlob blob(
      bytes, /*dataAlignment=*/64, [tensor](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  if (entry && isReleased(*entry)) {
    entry->setBlob(std::move(blob));
    return {entry, dialect};
  }
  return manager.getBlobManager().insert<DenseResourceElementsHandle>(
      dialect, key, std::move(blob));
}

ElementsAttr spikeformer::getElementsAttr(const Tensor &tensor,
                                          MLIRContext *context) {
  auto type = RankedTensorType::get(
      tensor.getShape(), getBuiltinType(tensor.getElementType(), context));
  if (tensor.getElementType() == ElementType::boolean) {
    SmallVector<bool> values;
    for (uint8_t value : tensor.data<uint8_t>())
      values.push_back(value != 0);
    return DenseElementsAttr::get(type, values);
  }
  if (tensor.getNumElements() <= maxInlineElements)
    return DenseElementsAttr::getFromRawBuffer(
        type, {static_cast<const char *>(tensor.getBytes()),
               static_cast<size_t>(tensor.getNumBytes())});
  return DenseResourceElementsAttr::get(type, getBlobHandle(tensor, context));
}

bool spikeformer::releaseBlobs(MLIRContext *context) {
  auto &manager = DenseResourceElementsHandle::getManagerInterface(context);
  SmallVector<StringRef> keys;
  bool isKnown = true;
  manager.getBlobManager().getBlobMap([&](const auto &blobs) {
    for (const auto &blob : blobs) {
      keys.push_back(blob.getKey());
      isKnown &=
          blob.getKey().starts_with(keyPrefix) && keys.back().size() == keySize;
    }
  });
  if (isKnown)
    for (StringRef key : keys)
      manager.getBlobManager().update(key, AsmResourceBlob());
  return isKnown;
}

std::optional<ElementType> spikeformer::getElementType(Type type) {
  if (type.isF32())
    return ElementType::f32;
  if (type.isF64())
    return ElementType::f64;
  if (type.isIndex())
    return ElementType::i64;
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return std::nullopt;
  switch (integer.getWidth()) {
  case 1:
    return ElementType::boolean;
  case 8:
    return integer.isUnsigned() ? ElementType::u8 : ElementType::i8;
  case 16:
    return integer.isUnsigned() ? ElementType::u16 : ElementType::i16;
  case 32:
    return integer.isUnsigned() ? ElementType::u32 : ElementType::i32;
  case 64:
    return integer.isUnsigned() ? ElementType::u64 : ElementType::i64;
  default:
    return std::nullopt;
  }
}

static FailureOr<Tensor>
getResource(DenseResourceElementsAttr attribute, ElementType type,
            function_ref<InFlightDiagnostic()> emitError) {
  auto handle = attribute.getRawHandle();
  AsmResourceBlob *blob = handle.getBlob();
  if (!blob)
    return emitError() << "has no data: resource '" << handle.getKey()
                       << "' is missing from the file";
  ArrayRef<char> data = blob->getData();
  ArrayRef<int64_t> shape = attribute.getType().getShape();
  size_t need = attribute.getNumElements() * getElementSize(type);
  if (data.size() != need)
    return emitError() << "needs " << need << " bytes of data, resource '"
                       << handle.getKey() << "' has " << data.size();
  auto *bytes = const_cast<char *>(data.data());
  if (reinterpret_cast<uintptr_t>(bytes) % 64 == 0)
    return Tensor(shape, type, bytes, nullptr);
  Tensor copy(shape, type);
  std::memcpy(copy.getBytes(), bytes, need);
  return copy;
}

/// Fills `tensor` with copies of its first element.
static void repeatFirst(Tensor &tensor) {
  unsigned size = getElementSize(tensor.getElementType());
  auto *bytes = static_cast<char *>(tensor.getBytes());
  for (int64_t i = 1, e = tensor.getNumElements(); i < e; ++i)
    std::memcpy(bytes + i * size, bytes, size);
}

static Tensor getDense(DenseElementsAttr attribute, ElementType type) {
  Tensor tensor(attribute.getType().getShape(), type);
  if (tensor.getNumElements() == 0)
    return tensor;
  if (type == ElementType::boolean) {
    for (auto [to, from] :
         llvm::zip_equal(tensor.data<uint8_t>(), attribute.getValues<bool>()))
      to = from;
    return tensor;
  }
  ArrayRef<char> raw = attribute.getRawData();
  std::memcpy(tensor.getBytes(), raw.data(), raw.size());
  if (attribute.isSplat())
    repeatFirst(tensor);
  return tensor;
}

FailureOr<Tensor>
spikeformer::getTensor(ElementsAttr attribute,
                       function_ref<InFlightDiagnostic()> emitError) {
  std::optional<ElementType> type = getElementType(attribute.getElementType());
  if (!type)
    return emitError() << "has element type " << attribute.getElementType()
                       << ", which has no form in host memory";
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute))
    return getResource(resource, *type, emitError);
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute))
    return getDense(dense, *type);
  return emitError() << "holds its value in an attribute that is neither dense "
                        "nor dense_resource";
}
