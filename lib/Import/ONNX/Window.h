//===- Window.h - sliding windows of convolutions and pools -----*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where ONNX lets a window run past the end or stop short of it, TOSA demands
// that windows and padding divide exactly. This file translates the one rule
// into the other. Windows over one axis are windows over two of which the first
// has extent 1.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_ONNX_WINDOW_H
#define LIB_IMPORT_ONNX_WINDOW_H

#include "Node.h"

namespace spikeformer::onnximport {

/// Names of the attributes that `Window` reads; pools have `ceil_mode` as well.
constexpr StringRef windowAttributes[] = {"auto_pad", "dilations",
                                          "kernel_shape", "pads", "strides"};

/// One axis of a window that was laid over an input.
struct WindowAxis {
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  /// Elements of the input that any window covers, from the first.
  int64_t covered = 0;
  /// Padding that the model asks for, less what no window covers.
  int64_t before = 0;
  int64_t after = 0;
  /// How far the last window runs past the padding (ceil mode).
  int64_t overhang = 0;
  /// Number of windows.
  int64_t output = 0;
};

using WindowAxes = SmallVector<WindowAxis, 2>;

class Window {
public:
  /// Reads the attributes of a convolution or pool; errors go to `node`.
  explicit Window(Node &node);

  /// Takes the kernel's extents from the weights and checks `kernel_shape`.
  void setKernel(ArrayRef<int64_t> extents);

  /// Lays the window over an input of spatial shape `extents`; none after an
  /// error at the node. One axis becomes the second of two.
  std::optional<WindowAxes> place(ArrayRef<int64_t> extents);

private:
  enum class AutoPad { NotSet, Valid, SameUpper, SameLower };

  bool checkRank(size_t rank);
  /// These set the number of windows and the padding; `reach` is what a window
  /// spans with its dilation. False after an error.
  bool placeSame(WindowAxis &axis, int64_t extent, int64_t reach);
  bool placeExplicit(WindowAxis &axis, int64_t extent, int64_t reach);
  bool placeAxis(WindowAxis &axis, int64_t extent);

  Node &node;
  AutoPad autoPad = AutoPad::NotSet;
  bool ceilMode = false;
  SmallVector<int64_t> kernel, strides, dilations, pads;
};

/// The first input (N, C, W or N, C, H, W) as N, H, W, C.
Value getImage(Node &node);
/// Sets the result to the image `value`, in as many axes as the first input
/// has.
void setImage(Node &node, Value value);

/// Cuts off what no window covers.
Value sliceToCovered(Node &node, Value image, const WindowAxes &axes);

/// The mean of a whole image, as an image of one pixel.
Value buildGlobalAverage(Node &node);

/// Padding in the order of TOSA: top, bottom, left, right.
DenseI64ArrayAttr getPadAttr(Builder &builder, const WindowAxes &axes);
/// One member of both axes.
DenseI64ArrayAttr getAxesAttr(Builder &builder, const WindowAxes &axes,
                              int64_t WindowAxis::*member);

} // namespace spikeformer::onnximport

#endif // LIB_IMPORT_ONNX_WINDOW_H
