//===- Conv2D.cpp - two-dimensional cross-correlation ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"

using namespace spikeformer;
using namespace spikeformer::snn;

LogicalResult Conv2DAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> kernel,
                                 ArrayRef<int64_t> stride,
                                 ArrayRef<int64_t> pad,
                                 ArrayRef<int64_t> dilation, int64_t groups) {
  auto check = [&](StringRef name, ArrayRef<int64_t> values, size_t size,
                   int64_t minimum) -> LogicalResult {
    if (values.size() == size &&
        llvm::all_of(values, [&](int64_t v) { return v >= minimum; }))
      return success();
    return emitError() << "conv2d " << name << " needs " << size
                       << " numbers of at least " << minimum;
  };
  if (failed(check("kernel", kernel, 2, 1)) ||
      failed(check("stride", stride, 2, 1)) ||
      failed(check("pad", pad, 4, 0)) ||
      failed(check("dilation", dilation, 2, 1)))
    return failure();
  if (groups < 1)
    return emitError() << "conv2d groups needs at least 1, got " << groups;
  return success();
}

/// Output extent along axis 0 (height) or 1 (width).
static int64_t getOutputExtent(Conv2DAttr conv, int64_t extent, unsigned axis) {
  int64_t padded = extent + conv.getPad()[axis] + conv.getPad()[axis + 2];
  int64_t reach = conv.getDilation()[axis] * (conv.getKernel()[axis] - 1) + 1;
  return padded < reach ? 0 : (padded - reach) / conv.getStride()[axis] + 1;
}

LogicalResult
Conv2DAttr::verifyShapes(function_ref<InFlightDiagnostic()> emitError,
                         ArrayRef<int64_t> source,
                         ArrayRef<int64_t> target) const {
  if (source.size() != 3 || target.size() != 3)
    return emitError() << "conv2d needs a source and a target of shape CxHxW";
  if (source[0] % getGroups() || target[0] % getGroups())
    return emitError() << "conv2d needs channels that " << getGroups()
                       << " groups divide, got " << source[0] << " and "
                       << target[0];
  int64_t height = getOutputExtent(*this, source[1], 0);
  int64_t width = getOutputExtent(*this, source[2], 1);
  if (target[1] == height && target[2] == width)
    return success();
  return emitError() << "conv2d of this source needs a target of " << target[0]
                     << "x" << height << "x" << width << ", got " << target[0]
                     << "x" << target[1] << "x" << target[2];
}

SmallVector<int64_t>
Conv2DAttr::getWeightShape(ArrayRef<int64_t> source,
                           ArrayRef<int64_t> target) const {
  return {target[0], source[0] / getGroups(), getKernel()[0], getKernel()[1]};
}

namespace {
/// Enumerates what one source pixel reaches, output row-major.
class FanOut {
public:
  FanOut(Conv2DAttr conv, ArrayRef<int64_t> source, ArrayRef<int64_t> target)
      : conv(conv), source(source), target(target) {}

  void append(SynapseTable &table, int64_t channel, int64_t y, int64_t x) {
    int64_t inputs = source[0] / conv.getGroups();
    int64_t outputs = target[0] / conv.getGroups();
    int64_t group = channel / inputs;
    for (int64_t o = group * outputs; o < (group + 1) * outputs; ++o)
      for (int64_t outY = 0; outY < target[1]; ++outY) {
        int64_t kernelY = getTap(y, outY, 0);
        if (kernelY < 0)
          continue;
        for (int64_t outX = 0; outX < target[2]; ++outX) {
          int64_t kernelX = getTap(x, outX, 1);
          if (kernelX < 0)
            continue;
          table.targets.push_back((o * target[1] + outY) * target[2] + outX);
          table.weights.push_back(
              ((o * inputs + channel % inputs) * conv.getKernel()[0] +
               kernelY) *
                  conv.getKernel()[1] +
              kernelX);
        }
      }
  }

private:
  /// Kernel position that joins `in` and `out` along `axis`; -1 if none.
  int64_t getTap(int64_t in, int64_t out, unsigned axis) const {
    int64_t offset = in + conv.getPad()[axis] - out * conv.getStride()[axis];
    int64_t dilation = conv.getDilation()[axis];
    if (offset < 0 || offset % dilation ||
        offset / dilation >= conv.getKernel()[axis])
      return -1;
    return offset / dilation;
  }

  Conv2DAttr conv;
  ArrayRef<int64_t> source, target;
};
} // namespace

FailureOr<SynapseTable> Conv2DAttr::expand(Operation *,
                                           ArrayRef<int64_t> source,
                                           ArrayRef<int64_t> target) const {
  SynapseTable table;
  table.rows.push_back(0);
  FanOut fanOut(*this, source, target);
  for (int64_t channel = 0; channel < source[0]; ++channel)
    for (int64_t y = 0; y < source[1]; ++y)
      for (int64_t x = 0; x < source[2]; ++x) {
        fanOut.append(table, channel, y, x);
        table.rows.push_back(table.targets.size());
      }
  return table;
}
