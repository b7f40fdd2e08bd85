//===- Encoders.cpp - values become signals -------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All is computed in f64, in the order of docs/Semantics.md section 6.
//
//===----------------------------------------------------------------------===//

#include "spikeformer-rt/Encoders.h"
#include "Elements.h"
#include "spikeformer-rt/Math.h"
#include <cmath>

using namespace sfrt;

namespace {

double valueOf(const SfrtSignal &source, const SfrtFrame *frame,
               uint32_t element) {
  const unsigned char *values = frame->memory + source.offset;
  size_t position = positionOf(source, element);
  if (source.format == SFRT_F32)
    return static_cast<double>(
        reinterpret_cast<const float *>(values)[position]);
  return reinterpret_cast<const double *>(values)[position];
}

/// Calls `visit(element, x)`, which is false where x cannot be encoded.
template <typename Visit>
void forEachValue(const SfrtSignal &source, const void *arguments,
                  SfrtFrame *frame, Visit visit) {
  uint32_t count = source.channels * source.pixels;
  for (uint32_t element = 0; element < count; ++element) {
    double x = valueOf(source, frame, element);
    if (visit(element, x))
      continue;
    frame->failed = arguments;
    frame->failedElement = element;
    frame->failedValue = x;
    return;
  }
}

void writeBit(const SfrtSignal &target, SfrtFrame *frame, uint32_t element,
              bool isSet) {
  unsigned char &byte = frame->memory[target.offset + element / 8];
  auto mask = static_cast<unsigned char>(1u << element % 8);
  byte = static_cast<unsigned char>(isSet ? byte | mask : byte & ~mask);
}

template <typename T>
T *arrayAt(SfrtFrame *frame, size_t offset) {
  return reinterpret_cast<T *>(frame->memory + offset);
}

bool isFraction(double x) { return !(x < 0) && x <= 1; }

} // namespace

void sfrtEncodeRate(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtEncodeRate *>(arguments);
  auto now = static_cast<double>(frame->step);
  forEachValue(a.source, arguments, frame, [&](uint32_t element, double x) {
    double p = x * a.rate;
    if (!isFraction(p))
      return false;
    double before = std::floor(now * p), after = std::floor((now + 1.0) * p);
    writeBit(a.target, frame, element, before < after);
    return true;
  });
}

void sfrtLatency(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtLatency *>(arguments);
  auto *trains = arrayAt<SfrtTrain>(frame, a.trains);
  double last = static_cast<double>(a.window) - 1.0;
  forEachValue(a.source, arguments, frame, [&](uint32_t element, double x) {
    if (!isFraction(x))
      return false;
    auto first = static_cast<uint32_t>(std::nearbyint((1.0 - x) * last));
    trains[element] = {first, 1, x < a.threshold ? 0u : 1u};
    return true;
  });
}

void sfrtLatencyRC(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtLatencyRC *>(arguments);
  auto *trains = arrayAt<SfrtTrain>(frame, a.trains);
  forEachValue(a.source, arguments, frame, [&](uint32_t element, double x) {
    if (!(x >= 0) || std::isinf(x))
      return false;
    trains[element] = {0, 1, 0};
    if (x > a.threshold) {
      double charge = sfrt_log_f64_v1(x / (x - a.threshold));
      double first = std::nearbyint(a.tau * charge);
      if (first < a.window)
        trains[element] = {static_cast<uint32_t>(first), 1, 1};
    }
    return true;
  });
}

void sfrtBurst(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtBurst *>(arguments);
  auto *trains = arrayAt<SfrtTrain>(frame, a.trains);
  double longest = a.longest, span = longest - a.shortest;
  forEachValue(a.source, arguments, frame, [&](uint32_t element, double x) {
    if (!isFraction(x))
      return false;
    auto count = static_cast<uint32_t>(std::ceil(a.spikes * x));
    auto interval = static_cast<uint32_t>(std::ceil(longest - span * x));
    trains[element] = {0, count > 1 ? interval : a.longest, count};
    return true;
  });
}

void sfrtEncodeTrains(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtEncodeTrains *>(arguments);
  const auto *trains = arrayAt<SfrtTrain>(frame, a.trains);
  for (uint32_t element = 0; element < a.target.pixels; ++element) {
    const SfrtTrain &train = trains[element];
    int64_t since = frame->step - train.first;
    bool isDue = since >= 0 && since % train.interval == 0 &&
                 since / train.interval < train.count;
    writeBit(a.target, frame, element, isDue);
  }
}

void sfrtEncodeDelta(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtEncodeDelta *>(arguments);
  auto *previous = arrayAt<double>(frame, a.previous);
  auto *signs = arrayAt<int8_t>(frame, a.target.offset);
  bool isBinary = a.target.format == SFRT_BITS;
  forEachValue(a.source, arguments, frame, [&](uint32_t element, double x) {
    if (!std::isfinite(x))
      return false;
    double before = previous[element];
    if (frame->step == 0)
      before = a.fromZero ? 0.0 : x;
    previous[element] = x;
    double change = x - before;
    bool rises = change >= a.threshold, falls = change <= -a.threshold;
    if (isBinary)
      writeBit(a.target, frame, element, rises);
    else
      signs[element] = static_cast<int8_t>(rises - falls);
    return true;
  });
}

void sfrtEncodePhase(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtEncodePhase *>(arguments);
  auto *payloads = arrayAt<uint32_t>(frame, a.target.offset);
  double largest = (1u << a.period) - 1u;
  uint32_t phase = static_cast<uint32_t>(frame->step % a.period);
  uint32_t shift = a.period - 1 - phase;
  forEachValue(a.source, arguments, frame, [&](uint32_t element, double x) {
    if (!isFraction(x))
      return false;
    auto bits = static_cast<uint32_t>(std::nearbyint(x * largest));
    payloads[element] = (bits >> shift & 1u) << shift;
    return true;
  });
}

void sfrtTuning(const void *arguments, SfrtFrame *frame) {
  const auto &a = *static_cast<const SfrtTuning *>(arguments);
  double scale = 2.0 * (a.width * a.width), range = a.high - a.low;
  double intervals = static_cast<double>(a.neurons) - 1.0;
  forEachValue(a.source, arguments, frame, [&](uint32_t element, double x) {
    if (!std::isfinite(x))
      return false;
    for (uint32_t k = 0; k < a.neurons; ++k) {
      double away = x - (a.low + k * range / intervals);
      double activity = sfrt_exp_f64_v1(-(away * away / scale));
      size_t position = size_t(element) * a.neurons + k;
      if (a.target.format == SFRT_F32)
        arrayAt<float>(frame, a.target.offset)[position] =
            static_cast<float>(activity);
      else
        arrayAt<double>(frame, a.target.offset)[position] = activity;
    }
    return true;
  });
}
