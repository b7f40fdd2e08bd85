//===- Schedule.h - a network as a table of calls -----------------*- C -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compiled network is a table of calls that is walked once per timestep. A
// call is a function of the runtime, its constant arguments, and the frame of
// the worker that runs it. Tables and arguments are immutable and shared by all
// workers; everything that changes lies in the memory of a frame, at offsets
// that the arguments give. See docs/Design/KernelABI.md.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_SCHEDULE_H
#define SPIKEFORMER_RT_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Type of one element. Bits lie in 64-bit words, the lowest bit first.
enum {
  SFRT_BITS,
  SFRT_I8,
  SFRT_I16,
  SFRT_I32,
  SFRT_U32,
  SFRT_I64,
  SFRT_F32,
  SFRT_F64
};

/// An array in the memory of a frame: element c * pixels + p is at position
/// p * pitch + c. So `channels` = `pitch` = 1 is row-major order, and an image
/// with more channels lies channel-last. What lies between `channels` and
/// `pitch` is 0 in a signal.
typedef struct SfrtSignal {
  size_t offset; ///< in bytes, a multiple of 64
  uint32_t format;
  uint32_t channels, pixels, pitch;
} SfrtSignal;

/// Values of one network input in the present sample.
typedef struct SfrtInput {
  const void *values; ///< row-major
  size_t stepBytes;   ///< from one step to the next; 0 for a held input
} SfrtInput;

/// Where one worker stands in one sample.
typedef struct SfrtFrame {
  unsigned char *memory; ///< aligned to 64 bytes
  int64_t step;          ///< of the sample, from 0
  int64_t steps;         ///< for which the input is presented
  int64_t clock;         ///< steps since the delay lines were empty
  uint32_t sample;       ///< index in the data set
  const SfrtInput *inputs;
  unsigned char *const *outputs; ///< where recordings of this sample go
  int64_t *counters;
  /// The call that failed, or null; then also the element and its value.
  const void *failed;
  uint64_t failedElement;
  double failedValue;
} SfrtFrame;

typedef void (*SfrtFunction)(const void *arguments, SfrtFrame *frame);

typedef struct SfrtCall {
  SfrtFunction function;
  const void *arguments;
} SfrtCall;

typedef struct SfrtCallTable {
  const SfrtCall *calls;
  size_t count;
} SfrtCallTable;

typedef struct SfrtSchedule {
  /// Puts states and delay lines into their initial state.
  SfrtCallTable reset;
  /// One step, complete: for the first step, and the first without input.
  SfrtCallTable full;
  /// One step without what gives the same results as in the step before.
  SfrtCallTable steady;
  /// Steps of one sample.
  int64_t totalSteps;
} SfrtSchedule;

/// Runs one sample; stops after the call that fails.
void sfrtRunSample(const SfrtSchedule *schedule, int reset, SfrtFrame *frame);

//===----------------------------------------------------------------------===//
// Functions of a schedule. Each takes the struct of its name.
//===----------------------------------------------------------------------===//

/// Bytes [offset, offset + size) become the repeated 8 bytes of `pattern`;
/// `size` is a multiple of 8.
typedef struct SfrtFill {
  size_t offset, size;
  uint64_t pattern;
} SfrtFill;
void sfrtFill(const void *arguments, SfrtFrame *frame);

/// Copies `size` bytes from `source`, or from the memory where it is null.
typedef struct SfrtCopy {
  size_t offset, size;
  const void *source;
  size_t sourceOffset;
} SfrtCopy;
void sfrtCopy(const void *arguments, SfrtFrame *frame);

/// The start of an accumulator: the bias in steps onset .. onset + steps - 1,
/// else 0. `bias` holds `size` bytes; where it is null, `pattern` is repeated.
typedef struct SfrtStart {
  size_t offset, size;
  const void *bias;
  uint64_t pattern;
  int64_t onset;
} SfrtStart;
void sfrtStart(const void *arguments, SfrtFrame *frame);

/// An array that a generated kernel takes: at `address`, or in the memory at
/// `offset` where that is null.
typedef struct SfrtArray {
  const void *address;
  size_t offset;
} SfrtArray;

/// A generated kernel: `arrays` in the order that its builder states; `count`
/// positions, a multiple of the lanes.
typedef void (*SfrtKernel)(void *const *arrays, int64_t count);

/// Updates a population from step `onset` on. Before, and in the positions
/// that hold no neuron, `emitted` is silent.
typedef struct SfrtUpdate {
  SfrtKernel kernel;
  const SfrtArray *arrays;
  size_t numArrays;
  size_t scratch; ///< room for `numArrays` pointers in the memory
  int64_t count;
  int64_t onset;
  SfrtSignal emitted;
  size_t emittedBytes;
} SfrtUpdate;
void sfrtUpdate(const void *arguments, SfrtFrame *frame);

#ifdef __cplusplus
}
#endif

#endif // SPIKEFORMER_RT_SCHEDULE_H
