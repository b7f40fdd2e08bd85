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

static std::string getBlobKey(ArrayRef<char> bytes) {
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(
      {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
  return "data_" + llvm::utohexstr(hash.high64, /*LowerCase=*/true, 16) +
         llvm::utohexstr(hash.low64, /*LowerCase=*/true, 16);
}

/// The handle of a blob with these bytes: one that exists, or a new one.
static DenseResourceElementsHandle getBlobHandle(const Tensor &tensor,
                                                 MLIRContext *context) {
  ArrayRef<char> bytes(static_cast<const char *>(tensor.getBytes()),
                       tensor.getNumBytes());
  std::string key = getBlobKey(bytes);
  auto &manager = DenseResourceElementsHandle::getManagerInterface(context);
  auto *dialect = cast<BuiltinDialect>(manager.getDialect());
  if (auto *entry = manager.getBlobManager().lookup(key))
    if (entry->getBlob() && entry->getBlob()->getData() == bytes)
      return {entry, dialect};
  AsmResourceBlob blob(
      bytes, /*dataAlignment=*/64, [tensor](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
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
