//===- Schedule.cpp - walking the table of calls --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loop over the steps of a sample, and the calls that move bytes or enter a
// generated kernel.
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Schedule.h"
#include <cstring>

namespace {

void runTable(const SfrtCallTable &table, SfrtFrame *frame) {
  for (size_t i = 0; i < table.count && !frame->failed; ++i)
    table.calls[i].function(table.calls[i].arguments, frame);
}

void fill(unsigned char *bytes, size_t size, uint64_t pattern) {
  if (pattern == 0) {
    std::memset(bytes, 0, size);
    return;
  }
  auto *words = reinterpret_cast<uint64_t *>(bytes);
  for (size_t i = 0; i < size / 8; ++i)
    words[i] = pattern;
}

/// Silences the positions between `channels` and `pitch`, and those behind the
/// last pixel of a row-major signal.
void silencePadding(const SfrtSignal &signal, unsigned char *memory,
                    int64_t count) {
  auto *bytes = memory + signal.offset;
  size_t used = signal.pitch == 1 ? size_t(signal.pixels) : signal.channels;
  size_t period = signal.pitch == 1 ? size_t(count) : signal.pitch;
  if (used == period)
    return;
  size_t bits = signal.format == SFRT_BITS  ? 1
                : signal.format == SFRT_I8  ? 8
                : signal.format == SFRT_F64 ? 64
                                            : 32;
  for (size_t begin = 0; begin < size_t(count); begin += period) {
    size_t first = (begin + used) * bits, last = (begin + period) * bits;
    if (first % 8) {
      bytes[first / 8] &= static_cast<unsigned char>((1u << first % 8) - 1);
      first += 8 - first % 8;
    }
    if (first < last)
      std::memset(bytes + first / 8, 0, (last - first) / 8);
  }
}

} // namespace

void sfrtRunSample(const SfrtSchedule *schedule, int reset, SfrtFrame *frame) {
  if (reset) {
    frame->clock = 0;
    runTable(schedule->reset, frame);
  }
  for (int64_t step = 0; step < schedule->totalSteps && !frame->failed;
       ++step) {
    frame->step = step;
    bool complete = step == 0 || step == frame->steps;
    runTable(complete ? schedule->full : schedule->steady, frame);
    ++frame->clock;
  }
}

void sfrtFill(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtFill *>(arguments);
  fill(frame->memory + a.offset, a.size, a.pattern);
}

void sfrtCopy(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtCopy *>(arguments);
  std::memcpy(frame->memory + a.offset,
              a.source ? a.source : frame->memory + a.sourceOffset, a.size);
}

void sfrtStart(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtStart *>(arguments);
  bool inside = frame->step >= a.onset && frame->step < a.onset + frame->steps;
  if (inside && a.bias)
    std::memcpy(frame->memory + a.offset, a.bias, a.size);
  else
    fill(frame->memory + a.offset, a.size, inside ? a.pattern : 0);
}

void sfrtUpdate(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtUpdate *>(arguments);
  if (frame->step < a.onset) {
    std::memset(frame->memory + a.emitted.offset, 0, a.emittedBytes);
    return;
  }
  auto *arrays = reinterpret_cast<void **>(frame->memory + a.scratch);
  for (size_t i = 0; i < a.numArrays; ++i)
    arrays[i] = a.arrays[i].address ? const_cast<void *>(a.arrays[i].address)
                                    : frame->memory + a.arrays[i].offset;
  a.kernel(arrays, a.count);
  silencePadding(a.emitted, frame->memory, a.count);
}
