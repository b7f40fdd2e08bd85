//===- DenseTest.cpp - dense kernels against plain loops ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products and convolutions must equal the loops bit by bit: the header states
// the order of their sums.
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Dense.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace {

using Floats = std::vector<float>;

class DenseTest : public testing::Test {
protected:
  Floats draw(size_t count) {
    Floats values(count);
    for (float &value : values)
      value = std::uniform_real_distribution<float>(-1, 1)(engine);
    return values;
  }
  size_t pick(size_t low, size_t high) {
    return std::uniform_int_distribution<size_t>(low, high)(engine);
  }
  /// A window of odd sizes that lies at least partly inside the image.
  SfrtWindow drawWindow(size_t maxDilation) {
    SfrtWindow w;
    w.images = pick(1, 3);
    w.channels = pick(0, 2) ? pick(1, 19) : 1;
    w.kernelHeight = pick(1, 4);
    w.kernelWidth = pick(1, 4);
    w.strideY = pick(1, 3);
    w.strideX = pick(1, 3);
    w.dilationY = pick(1, maxDilation);
    w.dilationX = pick(1, maxDilation);
    w.padTop = pick(0, w.kernelHeight - 1);
    w.padLeft = pick(0, w.kernelWidth - 1);
    w.height = pick(1, 4) + (w.kernelHeight - 1) * w.dilationY;
    w.width = pick(1, 4) + (w.kernelWidth - 1) * w.dilationX;
    size_t bottom = pick(0, w.kernelHeight - 1);
    size_t right = pick(0, w.kernelWidth - 1);
    w.outHeight = (w.height + w.padTop + bottom - 1 -
                   (w.kernelHeight - 1) * w.dilationY) /
                      w.strideY +
                  1;
    w.outWidth =
        (w.width + w.padLeft + right - 1 - (w.kernelWidth - 1) * w.dilationX) /
            w.strideX +
        1;
    return w;
  }

  std::mt19937 engine{42};
};

/// Calls `body(image, y, x)` for each output pixel in the order of memory.
template <typename Body>
void forEachPixel(const SfrtWindow &w, Body body) {
  for (size_t image = 0; image < w.images; ++image)
    for (size_t y = 0; y < w.outHeight; ++y)
      for (size_t x = 0; x < w.outWidth; ++x)
        body(image, y, x);
}

/// Calls `body(tap, pixel)` for each element of the window of output pixel
/// (y, x); `pixel` is the input pixel or -1 for padding.
template <typename Body>
void forEachTap(const SfrtWindow &w, size_t image, size_t y, size_t x,
                Body body) {
  for (size_t ky = 0; ky < w.kernelHeight; ++ky)
    for (size_t kx = 0; kx < w.kernelWidth; ++kx) {
      long inY = long(y * w.strideY + ky * w.dilationY) - long(w.padTop);
      long inX = long(x * w.strideX + kx * w.dilationX) - long(w.padLeft);
      bool inside =
          inY >= 0 && inY < long(w.height) && inX >= 0 && inX < long(w.width);
      long pixel = (long(image) * long(w.height) + inY) * long(w.width) + inX;
      body(ky * w.kernelWidth + kx, inside ? pixel : -1);
    }
}

Floats naiveConv(const SfrtWindow &w, size_t outChannels, const Floats &input,
                 const Floats &weights, const Floats &bias) {
  Floats output;
  size_t taps = w.kernelHeight * w.kernelWidth;
  forEachPixel(w, [&](size_t image, size_t y, size_t x) {
    for (size_t o = 0; o < outChannels; ++o) {
      float sum = bias.empty() ? 0 : bias[o];
      forEachTap(w, image, y, x, [&](size_t tap, long pixel) {
        for (size_t c = 0; c < w.channels; ++c)
          sum = std::fma(pixel < 0 ? 0 : input[pixel * w.channels + c],
                         weights[(o * taps + tap) * w.channels + c], sum);
      });
      output.push_back(sum);
    }
  });
  return output;
}

size_t inputSize(const SfrtWindow &w) {
  return w.images * w.height * w.width * w.channels;
}

} // namespace

TEST_F(DenseTest, GemmEqualsLoops) {
  for (int round = 0; round < 60; ++round) {
    size_t rows = pick(0, 61), columns = pick(1, 83), depth = pick(0, 37);
    size_t lda = depth + pick(0, 3), ldc = columns + pick(0, 3);
    Floats a = draw(rows * lda + 1), b = draw(depth * columns);
    Floats bias = draw(columns), packed(sfrt_packed_size_f32(depth, columns));
    bool transposed = round % 2, withBias = round % 3;
    size_t depthStride = transposed ? 1 : columns;
    size_t columnStride = transposed ? depth : 1;
    sfrt_pack_f32(depth, columns, b.data(), depthStride, columnStride,
                  packed.data());
    Floats c(rows * ldc + 1, 7.0f);
    sfrt_gemm_f32(rows, columns, depth, a.data(), lda, packed.data(),
                  withBias ? bias.data() : nullptr, c.data(), ldc);
    for (size_t i = 0; i < rows; ++i)
      for (size_t j = 0; j < ldc; ++j) {
        float sum = withBias && j < columns ? bias[j] : 0;
        for (size_t k = 0; k < depth && j < columns; ++k)
          sum = std::fma(a[i * lda + k], b[k * depthStride + j * columnStride],
                         sum);
        ASSERT_EQ(c[i * ldc + j], j < columns ? sum : 7.0f)
            << rows << "x" << columns << "x" << depth << " at " << i << ","
            << j;
      }
    ASSERT_EQ(c[rows * ldc], 7.0f);
  }
}

TEST_F(DenseTest, Conv2DEqualsLoops) {
  for (int round = 0; round < 60; ++round) {
    SfrtWindow w = drawWindow(2);
    size_t outChannels = pick(1, 35);
    size_t taps = w.kernelHeight * w.kernelWidth, depth = taps * w.channels;
    Floats input = draw(inputSize(w)), weights = draw(outChannels * depth);
    Floats bias = round % 3 ? draw(outChannels) : Floats();
    Floats packed(sfrt_packed_size_f32(depth, outChannels));
    sfrt_pack_f32(depth, outChannels, weights.data(), 1, depth, packed.data());
    Floats scratch(sfrt_conv2d_scratch_f32(&w));
    Floats output(w.images * w.outHeight * w.outWidth * outChannels);
    sfrt_conv2d_f32(&w, outChannels, input.data(), packed.data(),
                    bias.empty() ? nullptr : bias.data(), scratch.data(),
                    output.data());
    ASSERT_EQ(output, naiveConv(w, outChannels, input, weights, bias));
  }
}

TEST_F(DenseTest, DepthwiseEqualsLoops) {
  for (int round = 0; round < 60; ++round) {
    SfrtWindow w = drawWindow(2);
    size_t multiplier = pick(1, 3), outChannels = w.channels * multiplier;
    size_t taps = w.kernelHeight * w.kernelWidth;
    Floats input = draw(inputSize(w)), weights = draw(taps * outChannels);
    Floats bias = draw(outChannels), want;
    forEachPixel(w, [&](size_t image, size_t y, size_t x) {
      for (size_t o = 0; o < outChannels; ++o) {
        float sum = round % 3 ? bias[o] : 0;
        forEachTap(w, image, y, x, [&](size_t tap, long pixel) {
          if (pixel >= 0)
            sum = std::fma(input[pixel * w.channels + o / multiplier],
                           weights[tap * outChannels + o], sum);
        });
        want.push_back(sum);
      }
    });
    Floats output(want.size());
    sfrt_depthwise_conv2d_f32(&w, multiplier, input.data(), weights.data(),
                              round % 3 ? bias.data() : nullptr, output.data());
    ASSERT_EQ(output, want);
  }
}

TEST_F(DenseTest, PoolsEqualLoops) {
  for (int round = 0; round < 60; ++round) {
    SfrtWindow w = drawWindow(1);
    Floats input = draw(inputSize(w)), wantMax, wantMean;
    forEachPixel(w, [&](size_t image, size_t y, size_t x) {
      for (size_t c = 0; c < w.channels; ++c) {
        float top = -std::numeric_limits<float>::infinity(), sum = 0;
        int count = 0;
        forEachTap(w, image, y, x, [&](size_t, long pixel) {
          if (pixel < 0)
            return;
          top = std::max(top, input[pixel * w.channels + c]);
          sum += input[pixel * w.channels + c];
          ++count;
        });
        wantMax.push_back(top);
        wantMean.push_back(sum / static_cast<float>(count));
      }
    });
    Floats output(wantMax.size());
    sfrt_max_pool2d_f32(&w, round % 2, input.data(), output.data());
    ASSERT_EQ(output, wantMax);
    sfrt_avg_pool2d_f32(&w, input.data(), output.data());
    ASSERT_EQ(output, wantMean);
  }
}

TEST_F(DenseTest, MaxPoolTreatsNanAsAsked) {
  SfrtWindow w = {1, 1, 3, 1, 1, 1, 1, 3, 1, 1, 1, 1, 0, 0};
  Floats input = {1, std::nanf(""), 2}, output(1);
  sfrt_max_pool2d_f32(&w, /*ignoreNan=*/0, input.data(), output.data());
  EXPECT_TRUE(std::isnan(output[0]));
  sfrt_max_pool2d_f32(&w, /*ignoreNan=*/1, input.data(), output.data());
  EXPECT_EQ(output[0], 2.0f);
}
