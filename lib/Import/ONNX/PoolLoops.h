//===- PoolLoops.h - pools that TOSA has not --------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pools over three axes, with dilation, of other elements than float32, and the
// places of maxima, as loops over N, C and the spatial axes.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_POOLLOOPS_H
#define LIB_IMPORT_ONNX_POOLLOOPS_H

#include "Loops.h"
#include "Window.h"

namespace spikeformer::onnximport {

/// A pool over the first input of `node`.
class PoolLoops {
public:
  PoolLoops(Node &node, const WindowAxes &axes);

  Value buildMaximum();
  /// Where in the whole input, flattened, the first maximum lies that
  /// `buildMaximum` found; `columnsFirst` counts the spatial axes from the
  /// first one.
  Value buildMaximumIndex(bool columnsFirst);
  /// Of float32; padding counts if `countPadding`, an overhang never.
  Value buildAverage(bool countPadding);

private:
  Value getPadded(double filler);
  AffineMap getInputMap(unsigned leading);
  AffineMap getOutputMap();
  SmallVector<int64_t> getOutputShape() const;
  Value fold(ArrayRef<LoopInput> inputs, Value initial, LoopBody body);
  Tensor getPositions() const;
  Tensor getCounts(bool countPadding) const;
  Value addImageOffset(Value positions, bool columnsFirst);

  Node &node;
  Emitter &emit;
  ElementType type;
  /// One per spatial axis.
  WindowAxes axes;
  SmallVector<int64_t> shape;
  /// Only its shape is read: that of the window.
  Value kernel;
  Value padded, maximum;
};

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_POOLLOOPS_H
