//===- Window.cpp - depthwise convolution and pooling of f32 --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels that visit every element of a window on its own channel. The output
// pixel is the accumulator and the loop over channels is the vector loop.
//
//===----------------------------------------------------------------------===//

#include "TargetClones.h"
#include "spikeformer-rt/Dense.h"
#include <algorithm>
#include <limits>

namespace {

/// Elements of a window along one axis that lie inside the image.
struct Taps {
  size_t begin, end;
};

SFRT_INLINE Taps getTaps(size_t out, size_t stride, size_t pad, size_t dilation,
                         size_t kernel, size_t extent) {
  size_t start = out * stride;
  size_t begin = start < pad ? (pad - start + dilation - 1) / dilation : 0;
  // Position of element k is start + k * dilation - pad, below extent.
  size_t limit = extent + pad;
  size_t end = start < limit ? (limit - start + dilation - 1) / dilation : 0;
  return {std::min(begin, kernel), std::min(end, kernel)};
}

/// Calls `begin(out)` for each output pixel, `tap(out, in, k)` for each element
/// k (row-major in the window) that is not padding, then `end(out, count)`.
template <typename Begin, typename Tap, typename End>
SFRT_INLINE void visitWindows(const SfrtWindow &w, size_t outChannels,
                              const float *input, float *output, Begin begin,
                              Tap tap, End end) {
  for (size_t image = 0; image < w.images; ++image) {
    const float *in = input + image * w.height * w.width * w.channels;
    for (size_t y = 0; y < w.outHeight; ++y) {
      Taps rows = getTaps(y, w.strideY, w.padTop, w.dilationY, w.kernelHeight,
                          w.height);
      for (size_t x = 0; x < w.outWidth; ++x, output += outChannels) {
        Taps columns = getTaps(x, w.strideX, w.padLeft, w.dilationX,
                               w.kernelWidth, w.width);
        begin(output);
        for (size_t ky = rows.begin; ky < rows.end; ++ky)
          for (size_t kx = columns.begin; kx < columns.end; ++kx) {
            size_t inY = y * w.strideY + ky * w.dilationY - w.padTop;
            size_t inX = x * w.strideX + kx * w.dilationX - w.padLeft;
            tap(output, in + (inY * w.width + inX) * w.channels,
                ky * w.kernelWidth + kx);
          }
        size_t height = rows.end > rows.begin ? rows.end - rows.begin : 0;
        size_t width =
            columns.end > columns.begin ? columns.end - columns.begin : 0;
        end(output, height * width);
      }
    }
  }
}

} // namespace

SFRT_TARGET_CLONES
void sfrt_depthwise_conv2d_f32(const SfrtWindow *window, size_t multiplier,
                               const float *input, const float *weights,
                               const float *bias, float *output) {
  size_t channels = window->channels, outChannels = channels * multiplier;
  auto begin = [=](float *out) __attribute__((always_inline)) {
    for (size_t c = 0; c < outChannels; ++c)
      out[c] = bias ? bias[c] : 0.0f;
  };
  auto tap = [=](float *__restrict out, const float *__restrict in,
                 size_t k) __attribute__((always_inline)) {
    const float *__restrict weight = weights + k * outChannels;
    if (multiplier == 1) {
      for (size_t c = 0; c < channels; ++c)
        out[c] = __builtin_fmaf(in[c], weight[c], out[c]);
      return;
    }
    for (size_t c = 0; c < channels; ++c)
      for (size_t m = c * multiplier; m < (c + 1) * multiplier; ++m)
        out[m] = __builtin_fmaf(in[c], weight[m], out[m]);
  };
  visitWindows(*window, outChannels, input, output, begin, tap,
               [](float *, size_t) {});
}

SFRT_TARGET_CLONES
void sfrt_max_pool2d_f32(const SfrtWindow *window, int ignoreNan,
                         const float *input, float *output) {
  size_t channels = window->channels;
  auto begin = [=](float *out) __attribute__((always_inline)) {
    for (size_t c = 0; c < channels; ++c)
      out[c] = -std::numeric_limits<float>::infinity();
  };
  auto propagate = [=](float *__restrict out, const float *__restrict in,
                       size_t) __attribute__((always_inline)) {
    for (size_t c = 0; c < channels; ++c)
      out[c] = in[c] > out[c] || in[c] != in[c] ? in[c] : out[c];
  };
  auto ignore = [=](float *__restrict out, const float *__restrict in, size_t)
                    __attribute__((always_inline)) {
                      for (size_t c = 0; c < channels; ++c)
                        out[c] = in[c] > out[c] ? in[c] : out[c];
                    };
  auto end = [](float *, size_t) {};
  if (ignoreNan)
    visitWindows(*window, channels, input, output, begin, ignore, end);
  else
    visitWindows(*window, channels, input, output, begin, propagate, end);
}

SFRT_TARGET_CLONES
void sfrt_avg_pool2d_f32(const SfrtWindow *window, const float *input,
                         float *output) {
  size_t channels = window->channels;
  auto begin = [=](float *out) __attribute__((always_inline)) {
    for (size_t c = 0; c < channels; ++c)
      out[c] = 0.0f;
  };
  auto tap = [=](float *__restrict out, const float *__restrict in, size_t)
                 __attribute__((always_inline)) {
                   for (size_t c = 0; c < channels; ++c)
                     out[c] += in[c];
                 };
  auto end = [=](float *out, size_t count) __attribute__((always_inline)) {
    float number = static_cast<float>(count);
    for (size_t c = 0; c < channels; ++c)
      out[c] /= number;
  };
  visitWindows(*window, channels, input, output, begin, tap, end);
}
