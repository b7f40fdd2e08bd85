//===- Dense.cpp - matrix product and convolution of f32 ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The packed matrix is a sequence of panels of 16 columns, padded with zeros.
// A tile of rows x panels stays in registers over the whole depth, which keeps
// the chain of every element unbroken. Convolutions gather the patches of a
// block of output pixels into rows and multiply.
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Dense.h"
#include "TargetClones.h"
#include <algorithm>
#include <cstring>

namespace {

/// Columns of a panel.
constexpr size_t kPanel = 16;
/// Rows of the largest tile: 12 of the 16 registers of 8 floats hold sums.
constexpr size_t kRows = 6;
/// Rows that go through all panels together, so that they stay in the cache.
constexpr size_t kRowBlock = 48;

/// Operands of one product; element (i, k) of the left one is at `a[i *
/// rowStride + k * depthStride]`.
struct Product {
  size_t columns, depth;
  const float *a;
  size_t rowStride, depthStride;
  const float *packed;
  const float *bias;
  float *c;
  size_t ldc;
};

template <size_t rows, size_t panels>
SFRT_INLINE void multiplyTile(const Product &p, size_t row, size_t column) {
  float sums[rows][panels * kPanel];
  size_t valid = std::min(panels * kPanel, p.columns - column);
  float start[panels * kPanel] = {};
  if (p.bias)
    std::memcpy(start, p.bias + column, valid * sizeof(float));
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < panels * kPanel; ++j)
      sums[i][j] = start[j];

  const float *a = p.a + row * p.rowStride;
  const float *b = p.packed + column * p.depth;
  for (size_t k = 0; k < p.depth; ++k)
    for (size_t i = 0; i < rows; ++i)
      for (size_t panel = 0; panel < panels; ++panel)
        for (size_t j = 0; j < kPanel; ++j)
          sums[i][panel * kPanel + j] =
              __builtin_fmaf(a[i * p.rowStride + k * p.depthStride],
                             b[panel * p.depth * kPanel + k * kPanel + j],
                             sums[i][panel * kPanel + j]);

  for (size_t i = 0; i < rows; ++i) {
    float *c = p.c + (row + i) * p.ldc + column;
    if (valid == panels * kPanel)
      std::memcpy(c, sums[i], sizeof(sums[i]));
    else
      std::memcpy(c, sums[i], valid * sizeof(float));
  }
}

/// Few rows leave registers free: they take several panels at once, because
/// one chain alone would wait for its own additions.
template <size_t rows, size_t panels>
SFRT_INLINE void multiplyRows(const Product &p, size_t row) {
  size_t column = 0;
  for (; column + (panels - 1) * kPanel < p.columns; column += panels * kPanel)
    multiplyTile<rows, panels>(p, row, column);
  for (; column < p.columns; column += kPanel)
    multiplyTile<rows, 1>(p, row, column);
}

SFRT_INLINE void multiplyRest(const Product &p, size_t row, size_t rows) {
  switch (rows) {
  case 1:
    return multiplyRows<1, 4>(p, row);
  case 2:
    return multiplyRows<2, 3>(p, row);
  case 3:
    return multiplyRows<3, 2>(p, row);
  case 4:
    return multiplyRows<4, 1>(p, row);
  case 5:
    return multiplyRows<5, 1>(p, row);
  default:
    return;
  }
}

SFRT_INLINE void multiply(const Product &p, size_t rows) {
  for (size_t begin = 0; begin < rows; begin += kRowBlock) {
    size_t end = std::min(rows, begin + kRowBlock);
    size_t full = begin + (end - begin) / kRows * kRows;
    for (size_t column = 0; column < p.columns; column += kPanel)
      for (size_t row = begin; row < full; row += kRows)
        multiplyTile<kRows, 1>(p, row, column);
    multiplyRest(p, full, end - full);
  }
}

/// Copies the patch of output pixel (y, x) of one image; padding reads as 0.
SFRT_INLINE void gatherPatch(const SfrtWindow &w, const float *image,
                             ptrdiff_t y, ptrdiff_t x, float *patch) {
  ptrdiff_t top = y * w.strideY - w.padTop, left = x * w.strideX - w.padLeft;
  bool contiguous =
      w.dilationX == 1 && left >= 0 && left + w.kernelWidth <= w.width;
  size_t rowSize = w.kernelWidth * w.channels;
  for (size_t ky = 0; ky < w.kernelHeight; ++ky, patch += rowSize) {
    ptrdiff_t inY = top + static_cast<ptrdiff_t>(ky * w.dilationY);
    if (inY < 0 || inY >= static_cast<ptrdiff_t>(w.height)) {
      std::memset(patch, 0, rowSize * sizeof(float));
      continue;
    }
    const float *line = image + inY * w.width * w.channels;
    if (contiguous) {
      std::memcpy(patch, line + left * w.channels, rowSize * sizeof(float));
      continue;
    }
    for (size_t kx = 0; kx < w.kernelWidth; ++kx) {
      ptrdiff_t inX = left + static_cast<ptrdiff_t>(kx * w.dilationX);
      float *to = patch + kx * w.channels;
      if (inX < 0 || inX >= static_cast<ptrdiff_t>(w.width))
        std::memset(to, 0, w.channels * sizeof(float));
      else
        std::memcpy(to, line + inX * w.channels, w.channels * sizeof(float));
    }
  }
}

/// One line of output pixels of one image.
struct Line {
  const float *image;
  size_t y, beginX, endX;
};

/// Copies element (ky, kx) of the windows of `line`; padding reads as 0.
SFRT_INLINE void gatherElement(const SfrtWindow &w, const Line &line,
                               ptrdiff_t ky, ptrdiff_t kx, float *to) {
  ptrdiff_t count = line.endX - line.beginX, step = w.strideX;
  ptrdiff_t inY = line.y * w.strideY + ky * w.dilationY - w.padTop;
  ptrdiff_t inX = line.beginX * step + kx * w.dilationX - w.padLeft;
  ptrdiff_t width = w.width;
  // Pixels [first, last) of the line are inside the image.
  ptrdiff_t first = inX < 0 ? (-inX + step - 1) / step : 0;
  ptrdiff_t last = inX < width ? (width - inX + step - 1) / step : 0;
  if (inY < 0 || inY >= static_cast<ptrdiff_t>(w.height))
    first = last = 0;
  first = std::min(first, count);
  last = std::max(first, std::min(last, count));
  const float *from = line.image + inY * width + inX;
  for (ptrdiff_t i = 0; i < first; ++i)
    to[i] = 0.0f;
  if (step == 1)
    for (ptrdiff_t i = first; i < last; ++i)
      to[i] = from[i];
  else
    for (ptrdiff_t i = first; i < last; ++i)
      to[i] = from[i * step];
  for (ptrdiff_t i = last; i < count; ++i)
    to[i] = 0.0f;
}

/// Gathers the windows of output pixels [begin, begin + rows) of a batch of one
/// channel: element k of pixel i goes to `to[k * kRowBlock + i]`. Runs along a
/// line of pixels are longer than runs along a line of the window.
SFRT_INLINE void gatherElements(const SfrtWindow &w, const float *input,
                                size_t begin, size_t rows, float *to) {
  for (size_t i = 0; i < rows;) {
    size_t y = (begin + i) / w.outWidth, x = (begin + i) % w.outWidth;
    size_t count = std::min(rows - i, w.outWidth - x);
    const float *image = input + y / w.outHeight * w.height * w.width;
    Line line = {image, y % w.outHeight, x, x + count};
    float *element = to + i;
    for (size_t ky = 0; ky < w.kernelHeight; ++ky)
      for (size_t kx = 0; kx < w.kernelWidth; ++kx, element += kRowBlock)
        gatherElement(w, line, ky, kx, element);
    i += count;
  }
}

/// Gathers the patches of output pixels [begin, begin + rows) of the batch.
SFRT_INLINE void gatherPatches(const SfrtWindow &w, const float *input,
                               size_t begin, size_t rows, float *to) {
  size_t depth = w.kernelHeight * w.kernelWidth * w.channels;
  for (size_t i = 0; i < rows; ++i) {
    size_t y = (begin + i) / w.outWidth;
    const float *image =
        input + y / w.outHeight * w.height * w.width * w.channels;
    gatherPatch(w, image, y % w.outHeight, (begin + i) % w.outWidth,
                to + i * depth);
  }
}

/// True if the patches of a convolution are the pixels themselves.
bool isPointwise(const SfrtWindow &w) {
  return w.kernelHeight == 1 && w.kernelWidth == 1 && w.strideY == 1 &&
         w.strideX == 1 && w.padTop == 0 && w.padLeft == 0 &&
         w.outHeight == w.height && w.outWidth == w.width;
}

} // namespace

size_t sfrt_packed_size_f32(size_t depth, size_t columns) {
  return (columns + kPanel - 1) / kPanel * kPanel * depth;
}

void sfrt_pack_f32(size_t depth, size_t columns, const float *b,
                   size_t depthStride, size_t columnStride, float *packed) {
  for (size_t column = 0; column < columns; column += kPanel) {
    size_t valid = std::min(kPanel, columns - column);
    for (size_t k = 0; k < depth; ++k, packed += kPanel) {
      for (size_t j = 0; j < valid; ++j)
        packed[j] = b[k * depthStride + (column + j) * columnStride];
      std::fill(packed + valid, packed + kPanel, 0.0f);
    }
  }
}

SFRT_TARGET_CLONES
void sfrt_gemm_f32(size_t rows, size_t columns, size_t depth, const float *a,
                   size_t lda, const float *packed, const float *bias, float *c,
                   size_t ldc) {
  multiply({columns, depth, a, lda, 1, packed, bias, c, ldc}, rows);
}

size_t sfrt_conv2d_scratch_f32(const SfrtWindow *window) {
  if (isPointwise(*window))
    return 0;
  return kRowBlock * window->kernelHeight * window->kernelWidth *
         window->channels;
}

SFRT_TARGET_CLONES
void sfrt_conv2d_f32(const SfrtWindow *window, size_t outChannels,
                     const float *input, const float *packed, const float *bias,
                     float *scratch, float *output) {
  const SfrtWindow &w = *window;
  size_t depth = w.kernelHeight * w.kernelWidth * w.channels;
  size_t pixels = w.images * w.outHeight * w.outWidth;
  if (isPointwise(w)) {
    multiply({outChannels, depth, input, depth, 1, packed, bias, output,
              outChannels},
             pixels);
    return;
  }
  bool byElement = w.channels == 1;
  for (size_t begin = 0; begin < pixels; begin += kRowBlock) {
    size_t rows = std::min(kRowBlock, pixels - begin);
    if (byElement)
      gatherElements(w, input, begin, rows, scratch);
    else
      gatherPatches(w, input, begin, rows, scratch);
    multiply({outChannels, depth, scratch, byElement ? 1 : depth,
              byElement ? kRowBlock : 1, packed, bias,
              output + begin * outChannels, outChannels},
             rows);
  }
}
