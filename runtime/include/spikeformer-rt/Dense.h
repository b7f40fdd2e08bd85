//===- Dense.h - dense f32 linear algebra -------------------------*- C -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Matrix products, convolutions and poolings of f32 images (N, H, W, C).
//
// Every element of a product or convolution is one chain of fused
// multiply-adds that starts at the bias (or 0) and runs over the reduced index
// in ascending order. The result therefore depends neither on the machine's
// vector width nor on how the caller cuts a batch into calls.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_DENSE_H
#define SPIKEFORMER_RT_DENSE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Number of floats of a packed `depth` x `columns` matrix.
size_t sfrt_packed_size_f32(size_t depth, size_t columns);

/// Packs the matrix with element (k, j) at `b[k * depthStride + j *
/// columnStride]` into the order that `sfrt_gemm_f32` reads.
void sfrt_pack_f32(size_t depth, size_t columns, const float *b,
                   size_t depthStride, size_t columnStride, float *packed);

/// c[i * ldc + j] = bias[j] + sum over k of a[i * lda + k] * b(k, j), with b
/// packed; `bias` may be null.
void sfrt_gemm_f32(size_t rows, size_t columns, size_t depth, const float *a,
                   size_t lda, const float *packed, const float *bias, float *c,
                   size_t ldc);

/// A window that slides over images: a convolution or a pooling. The padding
/// below and to the right follows from the extent of the output.
typedef struct SfrtWindow {
  size_t images, height, width, channels;
  size_t outHeight, outWidth;
  size_t kernelHeight, kernelWidth;
  size_t strideY, strideX;
  size_t dilationY, dilationX;
  size_t padTop, padLeft;
} SfrtWindow;

/// Number of floats of the scratch memory of `sfrt_conv2d_f32`.
size_t sfrt_conv2d_scratch_f32(const SfrtWindow *window);

/// Convolution; `packed` is the packed matrix of depth (kernelHeight,
/// kernelWidth, channels) and `outChannels` columns; `bias` may be null.
void sfrt_conv2d_f32(const SfrtWindow *window, size_t outChannels,
                     const float *input, const float *packed, const float *bias,
                     float *scratch, float *output);

/// Convolution of each channel by itself; `weights` is (kernelHeight,
/// kernelWidth, channels, multiplier), the output has channels * multiplier
/// channels; `bias` may be null.
void sfrt_depthwise_conv2d_f32(const SfrtWindow *window, size_t multiplier,
                               const float *input, const float *weights,
                               const float *bias, float *output);

/// Largest element of each window; padding never wins. With `ignoreNan` a NaN
/// loses against every number, otherwise it wins.
void sfrt_max_pool2d_f32(const SfrtWindow *window, int ignoreNan,
                         const float *input, float *output);

/// Mean of each window over the elements that are not padding.
void sfrt_avg_pool2d_f32(const SfrtWindow *window, const float *input,
                         float *output);

#ifdef __cplusplus
}
#endif

#endif // SPIKEFORMER_RT_DENSE_H
