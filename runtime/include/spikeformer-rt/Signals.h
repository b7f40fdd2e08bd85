//===- Signals.h - calls that move and change signals -------------*- C -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls of a schedule that read inputs, turn signals into signals, check
// alphabets and record.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_SIGNALS_H
#define SPIKEFORMER_RT_SIGNALS_H

#include "spikeformer-rt/Schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The values of network input `input` in this step; 0 after the last step of
/// the input. Bits are read from bytes, the other formats as they are.
typedef struct SfrtImport {
  SfrtSignal signal; ///< row-major
  uint32_t input;
} SfrtImport;
void sfrtImport(const void *arguments, SfrtFrame *frame);

/// Writes an array row-major to output `output`, in steps first .. first +
/// count - 1, each behind the step before. Bits become bytes of 0 and 1; with
/// `widen` a byte (0 or 1, or I8) or I16 becomes an I32.
typedef struct SfrtExport {
  SfrtSignal signal;
  uint32_t output;
  int64_t first, count;
  uint32_t widen;
} SfrtExport;
void sfrtExport(const void *arguments, SfrtFrame *frame);

/// Elements sourceBegin .. sourceBegin + count - 1 of `source` become those of
/// `target` from `targetBegin`; formats are equal.
typedef struct SfrtMove {
  SfrtSignal source, target;
  uint32_t sourceBegin, targetBegin, count;
} SfrtMove;
void sfrtMove(const void *arguments, SfrtFrame *frame);

/// Pooling of a channel-last signal. A maximum keeps the format and, in bits,
/// is an `or`; a sum of bits is an I32.
typedef struct SfrtPool {
  SfrtSignal source, target;
  uint32_t width, targetWidth; ///< pixels of a line
  uint32_t kernelHeight, kernelWidth, strideHeight, strideWidth;
} SfrtPool;
void sfrtPoolMax(const void *arguments, SfrtFrame *frame);
void sfrtPoolSum(const void *arguments, SfrtFrame *frame);

/// A delay line of `steps` slots of `size` bytes at `ring`: the front is what
/// was pushed `steps` steps ago. Push comes after front in a step.
typedef struct SfrtDelay {
  size_t signal, ring, size;
  int64_t steps;
} SfrtDelay;
void sfrtDelayFront(const void *arguments, SfrtFrame *frame);
void sfrtDelayPush(const void *arguments, SfrtFrame *frame);

/// Fails where an element of an integer signal is outside low .. high.
typedef struct SfrtCheck {
  SfrtSignal signal;
  int64_t low, high;
} SfrtCheck;
void sfrtCheck(const void *arguments, SfrtFrame *frame);

#ifdef __cplusplus
}
#endif

#endif // SPIKEFORMER_RT_SIGNALS_H
