//===- TensorOps.cpp - moving the elements of tensors ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/TensorOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace spikeformer;

std::optional<uint64_t>
spikeformer::getCheckedNumBytes(llvm::ArrayRef<int64_t> shape,
                                ElementType type) {
  int64_t bytes = getElementSize(type);
  bool empty = false;
  for (int64_t extent : shape) {
    empty |= extent == 0;
    if (extent < 0 || (extent != 0 && llvm::MulOverflow(bytes, extent, bytes)))
      return std::nullopt;
  }
  return empty ? 0 : static_cast<uint64_t>(bytes);
}

/// True if the axes longer than 1 keep their order.
static bool keepsOrder(llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<int64_t> axes) {
  int64_t last = -1;
  for (int64_t axis : axes) {
    if (shape[axis] == 1)
      continue;
    if (axis < last)
      return false;
    last = axis;
  }
  return true;
}

/// Copies into `to`, in its order, elements that lie `strides` apart.
template <typename T>
static void copyStrided(const T *from, T *to, llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<int64_t> strides) {
  size_t inner = shape.size() - 1;
  llvm::SmallVector<int64_t, 6> index(shape.size(), 0);
  const T *row = from;
  while (true) {
    for (int64_t i = 0; i < shape[inner]; ++i)
      *to++ = row[i * strides[inner]];
    size_t axis = inner;
    while (axis-- > 0) {
      row += strides[axis];
      if (++index[axis] < shape[axis])
        break;
      row -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
    if (axis == size_t(-1))
      return;
  }
}

Tensor spikeformer::permute(const Tensor &tensor,
                            llvm::ArrayRef<int64_t> axes) {
  llvm::ArrayRef<int64_t> shape = tensor.getShape();
  assert(axes.size() == shape.size() && "not a permutation");
  llvm::SmallVector<int64_t, 6> strides(shape.size(), 1), newShape, newStrides;
  for (size_t axis = shape.size(); axis-- > 1;)
    strides[axis - 1] = strides[axis] * shape[axis];
  for (int64_t axis : axes) {
    newShape.push_back(shape[axis]);
    newStrides.push_back(strides[axis]);
  }
  if (tensor.getNumElements() == 0 || keepsOrder(shape, axes))
    return tensor.reshape(newShape);

  Tensor result(newShape, tensor.getElementType());
  auto copy = [&](auto zero) {
    using T = decltype(zero);
    copyStrided(static_cast<const T *>(tensor.getBytes()),
                static_cast<T *>(result.getBytes()), newShape, newStrides);
  };
  switch (getElementSize(tensor.getElementType())) {
  case 1:
    copy(uint8_t());
    break;
  case 2:
    copy(uint16_t());
    break;
  case 4:
    copy(uint32_t());
    break;
  case 8:
    copy(uint64_t());
    break;
  }
  return result;
}
