//===- SignalView.cpp - how a TOSA value lies in a signal -----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every list of factors is kept merged: two neighbours that walk as one are one
// factor. Equal maps therefore have equal factors, and a reshape can undo
// another.
//
//===----------------------------------------------------------------------===//

#include "SignalView.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SmallVectorExtras.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

using Factor = SignalView::Factor;

/// Appends `factor`, merged with the one before it if they walk as one.
template <typename Factors>
static void append(Factors &factors, Factor factor) {
  if (factor.extent == 1)
    return;
  if (!factors.empty() &&
      factors.back().stride == factor.stride * factor.extent) {
    factors.back() = {factors.back().extent * factor.extent, factor.stride};
    return;
  }
  factors.push_back(factor);
}

SignalView SignalView::getRowMajor(ArrayRef<int64_t> shape) {
  SignalView view;
  view.axes.resize(shape.size());
  int64_t stride = 1;
  for (int64_t axis = shape.size() - 1; axis >= 0; --axis) {
    append(view.axes[axis], {shape[axis], stride});
    stride *= shape[axis];
  }
  return view;
}

static int64_t getExtent(ArrayRef<Factor> axis) {
  int64_t extent = 1;
  for (const Factor &factor : axis)
    extent *= factor.extent;
  return extent;
}

SmallVector<int64_t> SignalView::getShape() const {
  return llvm::map_to_vector(axes,
                             [](const Axis &axis) { return getExtent(axis); });
}

int64_t SignalView::getNumElements() const { return getExtent(getFactors()); }

SmallVector<Factor> SignalView::getFactors() const {
  SmallVector<Factor> factors;
  for (const Axis &axis : axes)
    for (const Factor &factor : axis)
      append(factors, factor);
  return factors;
}

SignalView SignalView::transpose(ArrayRef<int32_t> permutation) const {
  SignalView view;
  view.offset = offset;
  for (int32_t axis : permutation)
    view.axes.push_back(axes[axis]);
  return view;
}

std::optional<SignalView> SignalView::reshape(ArrayRef<int64_t> shape) const {
  SmallVector<Factor> rest = getFactors();
  std::reverse(rest.begin(), rest.end());
  SignalView view;
  view.offset = offset;
  for (int64_t extent : shape) {
    Axis &axis = view.axes.emplace_back();
    while (extent != 1) {
      if (rest.empty())
        return std::nullopt;
      Factor &factor = rest.back();
      if (extent % factor.extent == 0) {
        append(axis, factor);
        extent /= factor.extent;
        rest.pop_back();
        continue;
      }
      if (factor.extent % extent != 0)
        return std::nullopt;
      factor.extent /= extent;
      append(axis, {extent, factor.stride * factor.extent});
      extent = 1;
    }
  }
  return view;
}

std::optional<SignalView> SignalView::slice(ArrayRef<int64_t> start,
                                            ArrayRef<int64_t> size) const {
  SignalView view = *this;
  for (auto [axis, begin, extent] : llvm::zip_equal(view.axes, start, size)) {
    if (extent == getExtent(axis))
      continue;
    if (axis.size() != 1)
      return std::nullopt;
    view.offset += begin * axis.front().stride;
    axis.front().extent = extent;
    if (extent == 1)
      axis.clear();
  }
  return view;
}

std::optional<int64_t> SignalView::getStride(unsigned axis,
                                             int64_t whenSingle) const {
  if (axes[axis].empty())
    return whenSingle;
  if (axes[axis].size() > 1)
    return std::nullopt;
  return axes[axis].front().stride;
}

SmallVector<int64_t> SignalView::getIndices() const {
  SmallVector<int64_t> indices{offset};
  for (const Factor &factor : llvm::reverse(getFactors())) {
    size_t inner = indices.size();
    indices.resize_for_overwrite(inner * factor.extent);
    for (int64_t i = 1; i < factor.extent; ++i)
      for (size_t k = 0; k < inner; ++k)
        indices[i * inner + k] = indices[k] + i * factor.stride;
  }
  return indices;
}

void SignalView::getTransposition(SmallVectorImpl<int64_t> &extents,
                                  SmallVectorImpl<int32_t> &permutation) const {
  SmallVector<Factor> factors = getFactors();
  SmallVector<int32_t> order =
      llvm::to_vector(llvm::seq<int32_t>(0, factors.size()));
  llvm::sort(order, [&](int32_t a, int32_t b) {
    return factors[a].stride > factors[b].stride;
  });
  permutation.resize(factors.size());
  for (auto [position, index] : llvm::enumerate(order)) {
    extents.push_back(factors[index].extent);
    permutation[index] = position;
  }
}
