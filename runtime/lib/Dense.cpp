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
// the chain of every element unbroken. Convolutions multiply the patches where
// they lie in the image; only an image with padding is copied, once.
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

/// One row of a panel, at any address of floats. A vector, because compilers
/// keep an array of sums in memory when its loops are nested deeply.
typedef float Panel __attribute__((vector_size(kPanel * sizeof(float)),
                                   aligned(sizeof(float)), may_alias));

/// Adds a * b to each element of `sum`, rounded once.
SFRT_INLINE void multiplyAdd(float a, const Panel &b, Panel &sum) {
#if __has_builtin(__builtin_elementwise_fma)
  sum = __builtin_elementwise_fma(a - Panel{}, b, sum);
#else
  for (size_t j = 0; j < kPanel; ++j)
    sum[j] = __builtin_fmaf(a, b[j], sum[j]);
#endif
}

/// How the elements of a row of the left operand lie in memory, the same for
/// all rows: `lines` lines, each of `runs` runs of `length` elements.
struct Layout {
  size_t lines, lineStride;
  size_t runs, runStride;
  size_t length;

  size_t getDepth() const { return lines * runs * length; }
};

/// A product of up to kRowBlock rows.
struct Product {
  Layout layout;
  size_t columns;
  /// Where each row of the left operand begins.
  const float *starts[kRowBlock];
  const float *packed;
  const float *bias;
  float *c;
  size_t ldc;
};

/// Writes the columns of a row of a tile that the result has.
template <size_t panels>
SFRT_INLINE void storeRow(const Panel (&sums)[panels], size_t valid, float *c) {
  float values[panels * kPanel];
  for (size_t panel = 0; panel < panels; ++panel)
    std::memcpy(values + panel * kPanel, &sums[panel], sizeof(Panel));
  if (valid == panels * kPanel)
    std::memcpy(c, values, sizeof(values));
  else
    std::memcpy(c, values, valid * sizeof(float));
}

template <size_t rows, size_t panels>
SFRT_INLINE void multiplyTile(const Product &p, size_t row, size_t column) {
  size_t valid = std::min(panels * kPanel, p.columns - column);
  float start[panels * kPanel] = {};
  if (p.bias)
    std::memcpy(start, p.bias + column, valid * sizeof(float));
  Panel sums[rows][panels];
  for (size_t i = 0; i < rows; ++i)
    for (size_t panel = 0; panel < panels; ++panel)
      std::memcpy(&sums[i][panel], start + panel * kPanel, sizeof(Panel));

  size_t panelSize = p.layout.getDepth() * kPanel;
  const float *b = p.packed + column / kPanel * panelSize;
  for (size_t line = 0; line < p.layout.lines; ++line)
    for (size_t run = 0; run < p.layout.runs; ++run) {
      size_t offset = line * p.layout.lineStride + run * p.layout.runStride;
      const float *a[rows];
      for (size_t i = 0; i < rows; ++i)
        a[i] = p.starts[row + i] + offset;
      for (size_t k = 0; k < p.layout.length; ++k, b += kPanel)
        for (size_t panel = 0; panel < panels; ++panel) {
          auto *right = reinterpret_cast<const Panel *>(b + panel * panelSize);
          for (size_t i = 0; i < rows; ++i)
            multiplyAdd(a[i][k], *right, sums[i][panel]);
        }
    }

  for (size_t i = 0; i < rows; ++i)
    storeRow(sums[i], valid, p.c + (row + i) * p.ldc + column);
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

SFRT_INLINE void multiplyBlock(const Product &p, size_t rows) {
  size_t full = rows / kRows * kRows;
  for (size_t column = 0; column < p.columns; column += kPanel)
    for (size_t row = 0; row < full; row += kRows)
      multiplyTile<kRows, 1>(p, row, column);
  multiplyRest(p, full, rows - full);
}

/// Multiplies `rows` rows; `getStart(row)`, asked in ascending order, is where
/// a row begins.
template <typename GetStart>
SFRT_INLINE void multiply(Product &p, size_t rows, GetStart getStart) {
  for (size_t begin = 0; begin < rows; begin += kRowBlock) {
    size_t count = std::min(rows - begin, kRowBlock);
    for (size_t i = 0; i < count; ++i)
      p.starts[i] = getStart(begin + i);
    multiplyBlock(p, count);
    p.c += count * p.ldc;
  }
}

/// Extents of the image that the windows cover, padding included.
struct Covered {
  size_t height, width;
};

Covered getCovered(const SfrtWindow &w) {
  return {(w.outHeight - 1) * w.strideY + (w.kernelHeight - 1) * w.dilationY +
              1,
          (w.outWidth - 1) * w.strideX + (w.kernelWidth - 1) * w.dilationX + 1};
}

/// Whether windows reach beyond the image; there is at least one window.
bool isPadded(const SfrtWindow &w) {
  Covered covered = getCovered(w);
  return w.padTop || w.padLeft || covered.height > w.height ||
         covered.width > w.width;
}

/// Copies what is covered of an image into the middle of `to`, whose border
/// keeps what it has.
void copyImage(const SfrtWindow &w, const float *image, float *to) {
  Covered covered = getCovered(w);
  if (covered.height <= w.padTop || covered.width <= w.padLeft)
    return;
  size_t height = std::min(w.height, covered.height - w.padTop);
  size_t width = std::min(w.width, covered.width - w.padLeft);
  to += (w.padTop * covered.width + w.padLeft) * w.channels;
  for (size_t y = 0; y < height; ++y)
    std::memcpy(to + y * covered.width * w.channels,
                image + y * w.width * w.channels,
                width * w.channels * sizeof(float));
}

/// Where the output pixels of a batch of images have their windows; images lie
/// one after the other and need no padding.
class WindowStarts {
public:
  WindowStarts(const SfrtWindow &w, const float *images, size_t height,
               size_t width)
      : outHeight(w.outHeight), outWidth(w.outWidth),
        stepX(w.strideX * w.channels), stepY(w.strideY * width * w.channels),
        imageSize(height * width * w.channels), image(images), line(images) {}

  SFRT_INLINE_MEMBER const float *operator()(size_t) {
    if (x == outWidth) {
      x = 0;
      line += stepY;
      if (++y == outHeight) {
        y = 0;
        line = image += imageSize;
      }
    }
    return line + x++ * stepX;
  }

private:
  size_t outHeight, outWidth, stepX, stepY, imageSize;
  const float *image, *line;
  size_t x = 0, y = 0;
};

/// Elements of a window in images of lines of `width` pixels. Without dilation
/// a line of a window is one run.
Layout getWindowLayout(const SfrtWindow &w, size_t width) {
  size_t lineStride = w.dilationY * width * w.channels;
  if (w.dilationX == 1)
    return {w.kernelHeight, lineStride, 1, 0, w.kernelWidth * w.channels};
  return {w.kernelHeight, lineStride, w.kernelWidth, w.dilationX * w.channels,
          w.channels};
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
  Product p = {{1, 0, 1, 0, depth}, columns, {}, packed, bias, c, ldc};
  multiply(p, rows, [=](size_t row) { return a + row * lda; });
}

size_t sfrt_conv2d_scratch_f32(const SfrtWindow *window) {
  if (window->outHeight == 0 || window->outWidth == 0 || !isPadded(*window))
    return 0;
  Covered covered = getCovered(*window);
  return covered.height * covered.width * window->channels;
}

SFRT_TARGET_CLONES
void sfrt_conv2d_f32(const SfrtWindow *window, size_t outChannels,
                     const float *input, const float *packed, const float *bias,
                     float *scratch, float *output) {
  const SfrtWindow &w = *window;
  size_t pixels = w.outHeight * w.outWidth;
  if (pixels == 0)
    return;
  Product p = {{}, outChannels, {}, packed, bias, output, outChannels};
  if (!isPadded(w)) {
    p.layout = getWindowLayout(w, w.width);
    multiply(p, w.images * pixels, WindowStarts(w, input, w.height, w.width));
    return;
  }
  Covered covered = getCovered(w);
  p.layout = getWindowLayout(w, covered.width);
  std::memset(scratch, 0,
              covered.height * covered.width * w.channels * sizeof(float));
  for (size_t image = 0; image < w.images; ++image) {
    copyImage(w, input + image * w.height * w.width * w.channels, scratch);
    multiply(p, pixels,
             WindowStarts(w, scratch, covered.height, covered.width));
  }
}
