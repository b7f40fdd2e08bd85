//===- TensorLoops.h - loops over strided and broadcast tensors -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Axes that are adjacent in every operand are merged first, so that the inner
// loop is long and its strides are 0 or 1 wherever the op allows it.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORLOOPS_H
#define SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORLOOPS_H

#include "TensorProgram.h"
#include "spikeformer/Support/VisitElements.h"
#include <array>

namespace spikeformer::evaluator {

/// Row-major strides in elements.
SmallVector<int64_t, 4> getStrides(ArrayRef<int64_t> shape);

/// Strides with which an operand of shape `from` is read as one of shape `to`:
/// 0 where it is broadcast; missing leading axes are broadcast.
SmallVector<int64_t, 4> getBroadcastStrides(ArrayRef<int64_t> from,
                                            ArrayRef<int64_t> to);

/// A nest of loops over `count` arrays at once, outermost first.
template <size_t count>
struct LoopNest {
  struct Axis {
    int64_t extent;
    std::array<int64_t, count> strides;
  };
  SmallVector<Axis, 4> axes;
  bool empty = false;

  /// Adds the next inner loop; merges it with the one before if it continues
  /// it in every array.
  void addInner(int64_t extent, std::array<int64_t, count> strides) {
    empty |= extent == 0;
    if (extent == 1)
      return;
    if (!axes.empty()) {
      Axis &outer = axes.back();
      bool continues = true;
      for (size_t i = 0; i < count; ++i)
        continues &= outer.strides[i] == strides[i] * extent;
      if (continues) {
        outer = {outer.extent * extent, strides};
        return;
      }
    }
    axes.push_back({extent, strides});
  }

  /// Calls `body(offsets, inner)` for each iteration of the outer loops, where
  /// `inner` is the innermost loop.
  template <typename Body>
  void run(Body body) const {
    Axis inner = {1, {}};
    if (!axes.empty())
      inner = axes.back();
    if (!empty)
      runAxis(0, {}, inner, body);
  }

private:
  template <typename Body>
  void runAxis(size_t depth, std::array<int64_t, count> offsets,
               const Axis &inner, Body &body) const {
    if (depth + 1 >= axes.size()) {
      body(offsets, inner);
      return;
    }
    for (int64_t i = 0; i < axes[depth].extent; ++i) {
      runAxis(depth + 1, offsets, inner, body);
      for (size_t k = 0; k < count; ++k)
        offsets[k] += axes[depth].strides[k];
    }
  }
};

/// Copies elements of `elementSize` bytes over a box of `extents`; strides and
/// offsets are in elements.
void copyBox(unsigned elementSize, ArrayRef<int64_t> extents, const void *from,
             ArrayRef<int64_t> fromStrides, void *to,
             ArrayRef<int64_t> toStrides);

/// Calls `visit` with a zero of the C++ type that stores `type`; booleans are
/// visited as uint8_t.
template <typename Visitor>
auto visitType(ElementType type, Visitor visit) {
  return visitElementType(type, visit);
}

template <typename T>
const T *read(const Tensor &tensor) {
  return static_cast<const T *>(tensor.getBytes());
}
template <typename T>
T *write(Tensor &tensor) {
  return static_cast<T *>(tensor.getBytes());
}

} // namespace spikeformer::evaluator

#endif // SPIKEFORMER_LIB_EXECUTIONENGINE_TENSORLOOPS_H
