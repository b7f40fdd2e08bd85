//===- TensorLoops.cpp - loops over strided and broadcast tensors ---------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorLoops.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::evaluator;

SmallVector<int64_t, 4> evaluator::getStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t, 4> strides(shape.size(), 1);
  for (int64_t axis = static_cast<int64_t>(shape.size()) - 2; axis >= 0; --axis)
    strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

SmallVector<int64_t, 4> evaluator::getBroadcastStrides(ArrayRef<int64_t> from,
                                                       ArrayRef<int64_t> to) {
  assert(from.size() <= to.size() && "operand has more axes than the result");
  SmallVector<int64_t, 4> strides(to.size() - from.size(), 0);
  SmallVector<int64_t, 4> own = getStrides(from);
  for (auto [axis, extent] : llvm::enumerate(from))
    strides.push_back(extent == 1 ? 0 : own[axis]);
  return strides;
}

/// Copies a matrix between transposed orders tile by tile, so that a line of
/// the cache is used up before it is dropped.
template <typename T>
static void copyTransposed(int64_t rows, int64_t columns, const T *from,
                           int64_t fromStride, T *to, int64_t toStride) {
  constexpr int64_t tile = 16;
  for (int64_t row = 0; row < rows; row += tile)
    for (int64_t column = 0; column < columns; column += tile)
      for (int64_t i = row, e = std::min(rows, row + tile); i < e; ++i)
        for (int64_t j = column, f = std::min(columns, column + tile); j < f;
             ++j)
          to[i * toStride + j] = from[j * fromStride + i];
}

template <typename T>
static void copyNest(LoopNest<2> nest, const T *from, T *to) {
  size_t depth = nest.axes.size();
  if (depth >= 2 && nest.axes[depth - 1].strides[1] == 1 &&
      nest.axes[depth - 2].strides[0] == 1) {
    LoopNest<2>::Axis column = nest.axes.pop_back_val();
    // The row becomes the innermost loop of the rest, which is run whole.
    return nest.run([&](std::array<int64_t, 2> at, LoopNest<2>::Axis row) {
      copyTransposed(row.extent, column.extent, from + at[0], column.strides[0],
                     to + at[1], row.strides[1]);
    });
  }
  nest.run([&](std::array<int64_t, 2> at, LoopNest<2>::Axis axis) {
    const T *source = from + at[0];
    T *target = to + at[1];
    if (axis.extent == 1 || (axis.strides[0] == 1 && axis.strides[1] == 1)) {
      std::memcpy(target, source, axis.extent * sizeof(T));
      return;
    }
    for (int64_t i = 0; i < axis.extent; ++i)
      target[i * axis.strides[1]] = source[i * axis.strides[0]];
  });
}

void evaluator::copyBox(unsigned elementSize, ArrayRef<int64_t> extents,
                        const void *from, ArrayRef<int64_t> fromStrides,
                        void *to, ArrayRef<int64_t> toStrides) {
  LoopNest<2> nest;
  for (auto [extent, fromStride, toStride] :
       llvm::zip_equal(extents, fromStrides, toStrides))
    nest.addInner(extent, {fromStride, toStride});
  auto copy = [&](auto zero) {
    using T = decltype(zero);
    copyNest<T>(nest, static_cast<const T *>(from), static_cast<T *>(to));
  };
  switch (elementSize) {
  case 1:
    return copy(uint8_t());
  case 2:
    return copy(uint16_t());
  case 4:
    return copy(uint32_t());
  default:
    return copy(uint64_t());
  }
}
