//===- Convolutions.cpp - convolutions along one or two axes --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All four are one geometry over two axes: a signal C,L is an image of height
// 1. A transposed convolution exchanges the sides: there the kernel moves over
// the target.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/ConvolutionReach.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace spikeformer;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// Verification of the numbers
//===----------------------------------------------------------------------===//

namespace {
using EmitError = function_ref<InFlightDiagnostic()>;

/// Checks the numbers of one convolution and names it in the errors.
class NumberCheck {
public:
  NumberCheck(EmitError emitError, StringRef name)
      : emitError(emitError), name(name) {}

  NumberCheck &list(StringRef what, ArrayRef<int64_t> values, size_t size,
                    int64_t minimum) {
    if (ok && (values.size() != size ||
               llvm::any_of(values, [=](int64_t v) { return v < minimum; })))
      fail() << what << " needs " << size << " numbers of at least " << minimum;
    return *this;
  }
  NumberCheck &number(StringRef what, int64_t value, int64_t minimum) {
    if (ok && value < minimum)
      fail() << what << " needs at least " << minimum << ", got " << value;
    return *this;
  }
  /// More rows than a step of the kernel would hold no tap.
  NumberCheck &outputPad(int64_t value, int64_t stride, int64_t dilation) {
    int64_t limit = std::max(stride, dilation);
    if (ok && value >= limit)
      fail() << "output_pad needs less than the stride or the dilation, "
             << limit << ", got " << value;
    return *this;
  }
  operator LogicalResult() const { return success(ok); }

private:
  InFlightDiagnostic fail() {
    ok = false;
    return emitError() << name << " ";
  }

  EmitError emitError;
  StringRef name;
  bool ok = true;
};
} // namespace

LogicalResult Conv2DAttr::verify(EmitError emitError, ArrayRef<int64_t> kernel,
                                 ArrayRef<int64_t> stride,
                                 ArrayRef<int64_t> pad,
                                 ArrayRef<int64_t> dilation, int64_t groups) {
  return NumberCheck(emitError, "conv2d")
      .list("kernel", kernel, 2, 1)
      .list("stride", stride, 2, 1)
      .list("pad", pad, 4, 0)
      .list("dilation", dilation, 2, 1)
      .number("groups", groups, 1);
}

LogicalResult Conv1DAttr::verify(EmitError emitError, int64_t kernel,
                                 int64_t stride, ArrayRef<int64_t> pad,
                                 int64_t dilation, int64_t groups) {
  return NumberCheck(emitError, "conv1d")
      .number("kernel", kernel, 1)
      .number("stride", stride, 1)
      .list("pad", pad, 2, 0)
      .number("dilation", dilation, 1)
      .number("groups", groups, 1);
}

LogicalResult
ConvTranspose2DAttr::verify(EmitError emitError, ArrayRef<int64_t> kernel,
                            ArrayRef<int64_t> stride, ArrayRef<int64_t> pad,
                            ArrayRef<int64_t> outputPad,
                            ArrayRef<int64_t> dilation, int64_t groups) {
  NumberCheck check(emitError, "conv_transpose2d");
  check.list("kernel", kernel, 2, 1)
      .list("stride", stride, 2, 1)
      .list("pad", pad, 4, 0)
      .list("output_pad", outputPad, 2, 0)
      .list("dilation", dilation, 2, 1)
      .number("groups", groups, 1);
  if (failed(check))
    return failure();
  return check.outputPad(outputPad[0], stride[0], dilation[0])
      .outputPad(outputPad[1], stride[1], dilation[1]);
}

LogicalResult ConvTranspose1DAttr::verify(EmitError emitError, int64_t kernel,
                                          int64_t stride, ArrayRef<int64_t> pad,
                                          int64_t outputPad, int64_t dilation,
                                          int64_t groups) {
  return NumberCheck(emitError, "conv_transpose1d")
      .number("kernel", kernel, 1)
      .number("stride", stride, 1)
      .list("pad", pad, 2, 0)
      .number("output_pad", outputPad, 0)
      .number("dilation", dilation, 1)
      .number("groups", groups, 1)
      .outputPad(outputPad, stride, dilation);
}

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

namespace {
/// One axis of a convolution.
struct Axis {
  int64_t kernel, stride, padBegin, padEnd, outputPad, dilation;
};

struct Geometry {
  StringRef name;
  /// Number of axes of a signal behind the channels: 1 or 2.
  unsigned rank;
  Axis axes[2];
  int64_t groups;
  bool isTransposed;

  explicit Geometry(Conv2DAttr a)
      : name("conv2d"), rank(2), groups(a.getGroups()), isTransposed(false) {
    for (unsigned i = 0; i < 2; ++i)
      axes[i] = {a.getKernel()[i],
                 a.getStride()[i],
                 a.getPad()[i],
                 a.getPad()[i + 2],
                 0,
                 a.getDilation()[i]};
  }
  explicit Geometry(Conv1DAttr a)
      : name("conv1d"), rank(1),
        axes{{1, 1, 0, 0, 0, 1},
             {a.getKernel(), a.getStride(), a.getPad()[0], a.getPad()[1], 0,
              a.getDilation()}},
        groups(a.getGroups()), isTransposed(false) {}
  explicit Geometry(ConvTranspose2DAttr a)
      : name("conv_transpose2d"), rank(2), groups(a.getGroups()),
        isTransposed(true) {
    for (unsigned i = 0; i < 2; ++i)
      axes[i] = {a.getKernel()[i],  a.getStride()[i],    a.getPad()[i],
                 a.getPad()[i + 2], a.getOutputPad()[i], a.getDilation()[i]};
  }
  explicit Geometry(ConvTranspose1DAttr a)
      : name("conv_transpose1d"), rank(1),
        axes{{1, 1, 0, 0, 0, 1},
             {a.getKernel(), a.getStride(), a.getPad()[0], a.getPad()[1],
              a.getOutputPad(), a.getDilation()}},
        groups(a.getGroups()), isTransposed(true) {}

  int64_t getOutputExtent(int64_t extent, unsigned index) const {
    const Axis &axis = axes[index];
    int64_t reach = axis.dilation * (axis.kernel - 1) + 1;
    int64_t pads = axis.padBegin + axis.padEnd;
    if (isTransposed)
      return std::max<int64_t>(
          (extent - 1) * axis.stride - pads + reach + axis.outputPad, 0);
    int64_t room = extent + pads - reach;
    return room < 0 ? 0 : room / axis.stride + 1;
  }

  /// Kernel position that joins `in` and `out` along an axis; -1 if none.
  int64_t getTap(int64_t in, int64_t out, unsigned index) const {
    const Axis &axis = axes[index];
    int64_t offset = isTransposed ? out + axis.padBegin - in * axis.stride
                                  : in + axis.padBegin - out * axis.stride;
    if (offset < 0 || offset % axis.dilation ||
        offset / axis.dilation >= axis.kernel)
      return -1;
    return offset / axis.dilation;
  }
};

/// A shape C,H,W; a shape C,L as C,1,L.
SmallVector<int64_t, 3> asImage(ArrayRef<int64_t> shape) {
  if (shape.size() == 2)
    return {shape[0], 1, shape[1]};
  return SmallVector<int64_t, 3>(shape);
}

/// Enumerates what the source elements reach, output row-major.
class FanOut {
public:
  FanOut(const Geometry &geometry, ArrayRef<int64_t> source,
         ArrayRef<int64_t> target)
      : geometry(geometry), source(asImage(source)), target(asImage(target)),
        inputs(this->source[0] / geometry.groups),
        outputs(this->target[0] / geometry.groups) {
    for (unsigned axis = 0; axis < 2; ++axis)
      for (int64_t in = 0; in < this->source[axis + 1]; ++in)
        links[axis].push_back(listLinks(in, axis));
  }

  SynapseTable expand() const {
    SynapseTable table;
    table.rows.push_back(0);
    for (int64_t channel = 0; channel < source[0]; ++channel)
      for (int64_t y = 0; y < source[1]; ++y)
        for (int64_t x = 0; x < source[2]; ++x) {
          append(table, channel, y, x);
          table.rows.push_back(table.targets.size());
        }
    return table;
  }

  ConvolutionReach getReach() const {
    ConvolutionReach reach{source, target, geometry.groups, {}};
    for (unsigned axis = 0; axis < 2; ++axis)
      for (const SmallVector<Link> &list : links[axis]) {
        SmallVector<int64_t> &outs = reach.reached[axis].emplace_back();
        for (const Link &link : list)
          outs.push_back(link.out);
      }
    return reach;
  }

private:
  /// An output coordinate and the kernel position that leads there.
  struct Link {
    int64_t out, tap;
  };

  SmallVector<Link> listLinks(int64_t in, unsigned axis) const {
    SmallVector<Link> list;
    for (int64_t out = 0; out < target[axis + 1]; ++out)
      if (int64_t tap = geometry.getTap(in, out, axis); tap >= 0)
        list.push_back({out, tap});
    return list;
  }

  void append(SynapseTable &table, int64_t channel, int64_t y,
              int64_t x) const {
    int64_t group = channel / inputs;
    for (int64_t o = group * outputs; o < (group + 1) * outputs; ++o) {
      int64_t plane = o * inputs + channel % inputs;
      for (const Link &row : links[0][y])
        for (const Link &column : links[1][x]) {
          table.targets.push_back((o * target[1] + row.out) * target[2] +
                                  column.out);
          table.weights.push_back((plane * geometry.axes[0].kernel + row.tap) *
                                      geometry.axes[1].kernel +
                                  column.tap);
        }
    }
  }

  const Geometry &geometry;
  SmallVector<int64_t, 3> source, target;
  /// Channels of a group.
  int64_t inputs, outputs;
  /// By axis and source coordinate.
  SmallVector<SmallVector<Link>> links[2];
};

LogicalResult verifyShapesOf(const Geometry &geometry, EmitError emitError,
                             ArrayRef<int64_t> source,
                             ArrayRef<int64_t> target) {
  StringRef name = geometry.name;
  if (source.size() != geometry.rank + 1 || target.size() != geometry.rank + 1)
    return emitError() << name << " needs a source and a target of shape "
                       << (geometry.rank == 2 ? "CxHxW" : "CxL");
  if (source[0] % geometry.groups || target[0] % geometry.groups)
    return emitError() << name << " needs channels that " << geometry.groups
                       << " groups divide, got " << source[0] << " and "
                       << target[0];
  SmallVector<int64_t> need{target[0]};
  for (unsigned axis = 2 - geometry.rank; axis < 2; ++axis)
    need.push_back(geometry.getOutputExtent(source[need.size()], axis));
  if (ArrayRef<int64_t>(need) == target)
    return success();
  InFlightDiagnostic error = emitError();
  error << name << " of this source needs a target of ";
  llvm::interleave(need, error, "x");
  error << ", got ";
  llvm::interleave(target, error, "x");
  return error;
}

SmallVector<int64_t> getWeightShapeOf(const Geometry &geometry,
                                      ArrayRef<int64_t> source,
                                      ArrayRef<int64_t> target) {
  SmallVector<int64_t> shape{target[0], source[0] / geometry.groups};
  for (unsigned axis = 2 - geometry.rank; axis < 2; ++axis)
    shape.push_back(geometry.axes[axis].kernel);
  return shape;
}
} // namespace

std::optional<ConvolutionReach>
snn::getConvolutionReach(Attribute connectivity, ArrayRef<int64_t> source,
                         ArrayRef<int64_t> target) {
  return llvm::TypeSwitch<Attribute, std::optional<ConvolutionReach>>(
             connectivity)
      .Case<Conv1DAttr, Conv2DAttr, ConvTranspose1DAttr, ConvTranspose2DAttr>(
          [&](auto convolution) {
            Geometry geometry(convolution);
            return FanOut(geometry, source, target).getReach();
          })
      .Default([](Attribute) { return std::nullopt; });
}

//===----------------------------------------------------------------------===//
// The interface
//===----------------------------------------------------------------------===//

#define SF_CONVOLUTION(Attr)                                                   \
  LogicalResult Attr::verifyShapes(EmitError emitError,                        \
                                   ArrayRef<int64_t> source,                   \
                                   ArrayRef<int64_t> target) const {           \
    return verifyShapesOf(Geometry(*this), emitError, source, target);         \
  }                                                                            \
  SmallVector<int64_t> Attr::getWeightShape(ArrayRef<int64_t> source,          \
                                            ArrayRef<int64_t> target) const {  \
    return getWeightShapeOf(Geometry(*this), source, target);                  \
  }                                                                            \
  FailureOr<SynapseTable> Attr::expand(Operation *, ArrayRef<int64_t> source,  \
                                       ArrayRef<int64_t> target) const {       \
    Geometry geometry(*this);                                                  \
    return FanOut(geometry, source, target).expand();                          \
  }
SF_CONVOLUTION(Conv1DAttr)
SF_CONVOLUTION(Conv2DAttr)
SF_CONVOLUTION(ConvTranspose1DAttr)
SF_CONVOLUTION(ConvTranspose2DAttr)
#undef SF_CONVOLUTION
