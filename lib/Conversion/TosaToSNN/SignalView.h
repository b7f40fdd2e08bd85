//===- SignalView.h - how a TOSA value lies in a signal ---------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A signal is C, H, W; the TOSA value that it stands for is N, H, W, C, or some
// transpose or reshape of that. The conversion follows the order of the
// elements with this class, so that transposes and reshapes vanish and weights
// can be put into the order of the signal.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_TOSATOSNN_SIGNALVIEW_H
#define LIB_CONVERSION_TOSATOSNN_SIGNALVIEW_H

#include "spikeformer/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace spikeformer::tosatosnn {

/// Maps the elements of a TOSA value (row-major) to the elements of a signal
/// (row-major). Each axis of the value is a list of factors, outermost first: a
/// range of indices that walk over the signal with a stride. An axis of extent
/// 1, such as the batch axis, has no factors.
class SignalView {
public:
  struct Factor {
    int64_t extent, stride;
    bool operator==(const Factor &other) const {
      return extent == other.extent && stride == other.stride;
    }
  };
  using Axis = SmallVector<Factor, 2>;

  /// A value of `shape` whose elements have the order of the signal.
  static SignalView getRowMajor(ArrayRef<int64_t> shape);

  int64_t getRank() const { return axes.size(); }
  SmallVector<int64_t> getShape() const;
  int64_t getNumElements() const;
  /// Index in the signal of the value's first element.
  int64_t getOffset() const { return offset; }

  /// Axis `i` of the result is axis `permutation[i]`.
  SignalView transpose(ArrayRef<int32_t> permutation) const;
  /// None if an axis of `shape` would cut through a factor.
  std::optional<SignalView> reshape(ArrayRef<int64_t> shape) const;
  /// `size` elements from `start` on along each axis; none if an axis that is
  /// cut has several factors.
  std::optional<SignalView> slice(ArrayRef<int64_t> start,
                                  ArrayRef<int64_t> size) const;

  /// The distance in the signal of neighbours along `axis`; `whenSingle` for an
  /// extent of 1, none for several factors.
  std::optional<int64_t> getStride(unsigned axis, int64_t whenSingle) const;

  /// The index in the signal of each element of the value.
  SmallVector<int64_t> getIndices() const;

  /// The extents and permutation by which the elements of a signal, reshaped to
  /// `extents` and transposed by `permutation`, get the order of the value.
  /// Only for a view of all elements of the signal.
  void getTransposition(SmallVectorImpl<int64_t> &extents,
                        SmallVectorImpl<int32_t> &permutation) const;

  bool operator==(const SignalView &other) const {
    return offset == other.offset && axes == other.axes;
  }

private:
  SmallVector<Factor> getFactors() const;

  SmallVector<Axis, 4> axes;
  int64_t offset = 0;
};

} // namespace spikeformer::tosatosnn

#endif // LIB_CONVERSION_TOSATOSNN_SIGNALVIEW_H
