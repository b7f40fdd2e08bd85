//===- Window.cpp - sliding windows of convolutions and pools -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Window.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace spikeformer;
using namespace spikeformer::onnximport;

Window::Window(Node &node) : node(node) {
  kernel = node.getIntegers("kernel_shape");
  strides = node.getIntegers("strides");
  dilations = node.getIntegers("dilations");
  pads = node.getIntegers("pads");
  ceilMode = node.getInteger("ceil_mode", 0) != 0;
  std::string mode = node.getString("auto_pad", "NOTSET");
  auto known = llvm::StringSwitch<std::optional<AutoPad>>(mode)
                   .Cases({"NOTSET", ""}, AutoPad::NotSet)
                   .Case("VALID", AutoPad::Valid)
                   .Case("SAME_UPPER", AutoPad::SameUpper)
                   .Case("SAME_LOWER", AutoPad::SameLower)
                   .Default(std::nullopt);
  if (known)
    autoPad = *known;
  else
    node.error("auto_pad is '" + mode +
               "', need NOTSET, VALID, SAME_UPPER or SAME_LOWER");
  auto isBad = [](int64_t lowest) {
    return [lowest](int64_t value) {
      return value < lowest || value > maxElements;
    };
  };
  if (llvm::any_of(kernel, isBad(1)) || llvm::any_of(strides, isBad(1)) ||
      llvm::any_of(dilations, isBad(1)))
    node.error("kernel_shape, strides and dilations must be positive");
  if (llvm::any_of(pads, isBad(0)))
    node.error("negative padding is not supported; slice the input");
}

void Window::setKernel(ArrayRef<int64_t> extents) {
  if (!kernel.empty() && ArrayRef<int64_t>(kernel) != extents)
    node.error("kernel_shape is " + formatShape(kernel) +
               ", but the weights have " + formatShape(extents));
  kernel.assign(extents.begin(), extents.end());
}

bool Window::checkRank(size_t rank) {
  if (strides.empty())
    strides.assign(rank, 1);
  if (dilations.empty())
    dilations.assign(rank, 1);
  if (pads.empty())
    pads.assign(2 * rank, 0);
  if (kernel.size() == rank && strides.size() == rank &&
      dilations.size() == rank && pads.size() == 2 * rank)
    return true;
  node.error("kernel_shape, strides, dilations or pads do not have one entry "
             "per spatial axis; the input has " +
             llvm::Twine(rank));
  return false;
}

bool Window::placeSame(WindowAxis &axis, int64_t extent, int64_t reach) {
  axis.output = llvm::divideCeil(extent, axis.stride);
  int64_t total = (axis.output - 1) * axis.stride + reach - extent;
  if (total < -1) {
    node.error("auto_pad is SAME with a stride of " + llvm::Twine(axis.stride) +
               " over a window of " + llvm::Twine(reach) +
               ", where runtimes disagree on the position of the windows; "
               "state pads");
    return false;
  }
  total = std::max<int64_t>(total, 0);
  axis.before = (total + (autoPad == AutoPad::SameLower)) / 2;
  axis.after = total - axis.before;
  return true;
}

bool Window::placeExplicit(WindowAxis &axis, int64_t extent, int64_t reach) {
  int64_t room = axis.before + extent + axis.after - reach;
  if (room < 0) {
    node.error("a window of " + llvm::Twine(reach) +
               " does not fit an extent of " + llvm::Twine(extent) +
               " with a padding of " + llvm::Twine(axis.before + axis.after));
    return false;
  }
  axis.output =
      (ceilMode ? llvm::divideCeil(room, axis.stride) : room / axis.stride) + 1;
  // A window that would start in the padding behind the input is not used.
  if (ceilMode && (axis.output - 1) * axis.stride >= extent + axis.before)
    --axis.output;
  return true;
}

bool Window::placeAxis(WindowAxis &axis, int64_t extent) {
  int64_t reach = (axis.kernel - 1) * axis.dilation + 1;
  if (autoPad == AutoPad::Valid)
    axis.before = axis.after = 0;
  bool isSame = autoPad == AutoPad::SameUpper || autoPad == AutoPad::SameLower;
  if (!(isSame ? placeSame(axis, extent, reach)
               : placeExplicit(axis, extent, reach)))
    return false;
  int64_t surplus = axis.before + extent + axis.after -
                    ((axis.output - 1) * axis.stride + reach);
  axis.overhang = std::max<int64_t>(-surplus, 0);
  surplus = std::max<int64_t>(surplus, 0);
  int64_t fromPadding = std::min(surplus, axis.after);
  axis.after -= fromPadding;
  axis.covered = extent - (surplus - fromPadding);
  if (axis.covered > 0)
    return true;
  node.error("no window covers any of the input: strides of " +
             llvm::Twine(axis.stride) + " leave it all in the padding");
  return false;
}

std::optional<WindowAxes> Window::place(ArrayRef<int64_t> extents) {
  size_t rank = extents.size();
  if (!checkRank(rank))
    return std::nullopt;
  WindowAxes axes(std::max<size_t>(rank, 2));
  axes[0].covered = axes[0].output = 1;
  for (size_t i = 0; i < rank; ++i) {
    WindowAxis &axis = axes[axes.size() - rank + i];
    axis.kernel = kernel[i];
    axis.stride = strides[i];
    axis.dilation = dilations[i];
    axis.before = pads[i];
    axis.after = pads[i + rank];
    if (!placeAxis(axis, extents[i]))
      return std::nullopt;
  }
  return axes;
}

Value onnximport::getImage(Node &node) {
  ArrayRef<int64_t> shape = node.getShape(0);
  if (shape.size() == 4)
    return node.getValue(0, Layout::ChannelsLast);
  Value image =
      node.emit().reshape(node.getValue(0), {shape[0], shape[1], 1, shape[2]});
  return node.emit().transpose(image, toChannelsLast);
}

void onnximport::setImage(Node &node, Value value) {
  if (node.getShape(0).size() == 4)
    return node.setValue(value, Layout::ChannelsLast);
  Value image = node.emit().transpose(value, fromChannelsLast);
  ArrayRef<int64_t> shape = getShape(image);
  node.setValue(node.emit().reshape(image, {shape[0], shape[1], shape[3]}));
}

Value onnximport::sliceToCovered(Node &node, Value image,
                                 const WindowAxes &axes) {
  ArrayRef<int64_t> shape = getShape(image);
  return node.emit().slice(
      image, {0, 0, 0, 0},
      {shape[0], axes[0].covered, axes[1].covered, shape[3]});
}

DenseI64ArrayAttr onnximport::getPadAttr(Builder &builder,
                                         const WindowAxes &axes) {
  SmallVector<int64_t> pad;
  for (const WindowAxis &axis : axes)
    pad.append({axis.before, axis.after + axis.overhang});
  return builder.getDenseI64ArrayAttr(pad);
}

DenseI64ArrayAttr onnximport::getAxesAttr(Builder &builder,
                                          const WindowAxes &axes,
                                          int64_t WindowAxis::*member) {
  return builder.getDenseI64ArrayAttr({axes[0].*member, axes[1].*member});
}
