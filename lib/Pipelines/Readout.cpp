//===- Readout.cpp - what is read from an output --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Readout.h"
#include "spikeformer/Support/VisitElements.h"
#include <cmath>
#include <limits>
#include <optional>

using namespace spikeformer;
using snn::Readout;

namespace {
struct Best {
  int32_t index = 0;
  /// Whether another value is as good.
  bool isTie = false;
  /// How far the second best is behind; NaN if nothing is.
  double lead = std::numeric_limits<double>::quiet_NaN();
};
} // namespace

/// The best of `values`; NaN is never best.
template <typename T>
static Best findBest(ArrayRef<T> values, bool smallest) {
  auto isBetter = [&](T a, T b) {
    return (smallest ? a < b : a > b) || (b != b && a == a);
  };
  size_t best = 0;
  std::optional<T> second;
  Best result;
  for (size_t i = 1; i < values.size(); ++i) {
    if (isBetter(values[i], values[best])) {
      second = values[best];
      best = i;
      result.isTie = false;
      continue;
    }
    result.isTie |= values[i] == values[best];
    if (!second || isBetter(values[i], *second))
      second = values[i];
  }
  result.index = static_cast<int32_t>(best);
  if (second)
    result.lead = std::abs(static_cast<double>(values[best]) -
                           static_cast<double>(*second));
  return result;
}

/// Writes down what `values` say after `step` of `sample`.
template <typename T>
static void recordStep(ArrayRef<T> values, Readout readout, int64_t sample,
                       int64_t step, ReadoutResult &result) {
  Best best = findBest<T>(values, readout == Readout::first_spike);
  bool isSum = readout == Readout::count || readout == Readout::current_sum;
  int64_t place = sample * result.predictionByStep.getShape()[1] + step;
  result.predictionByStep.data<int32_t>()[place] = best.index;
  result.marginByStep.data<double>()[place] =
      isSum ? best.lead / static_cast<double>(step + 1) : best.lead;
}

/// Moves the readout of one neuron by the value `x` of step `step`.
template <typename T, typename Value>
static void advance(Readout readout, int64_t step, T x, Value &value) {
  switch (readout) {
  case Readout::count:
  case Readout::current_sum:
    if constexpr (std::is_integral_v<Value>)
      value = static_cast<Value>(static_cast<uint64_t>(value) +
                                 static_cast<uint64_t>(x));
    else
      value = value + static_cast<Value>(x);
    return;
  case Readout::membrane_last:
    value = static_cast<Value>(x);
    return;
  case Readout::membrane_max:
    if (step == 0 || static_cast<Value>(x) > value)
      value = static_cast<Value>(x);
    return;
  case Readout::first_spike:
    // Silent so far: the first step after those seen.
    if (value == static_cast<Value>(step) && x == T())
      value = static_cast<Value>(step + 1);
    return;
  case Readout::rate:
  case Readout::population_vector:
    llvm_unreachable("decoded from counts");
  }
}

template <typename T, typename Value>
static ReadoutResult readAs(const Tensor &signal, Readout readout,
                            ElementType type) {
  ArrayRef<int64_t> shape = signal.getShape();
  int64_t samples = shape[0], steps = shape[1];
  SmallVector<int64_t, 4> valueShape{samples};
  llvm::append_range(valueShape, shape.drop_front(2));
  ReadoutResult result{Tensor(valueShape, type),
                       Tensor({samples, steps}, ElementType::i32),
                       Tensor({samples, steps}, ElementType::f64)};
  int64_t neurons = samples ? result.values.getNumElements() / samples : 0;
  ArrayRef<T> input = signal.data<T>();
  for (int64_t sample = 0; sample < samples; ++sample) {
    auto values = result.values.data<Value>().slice(sample * neurons, neurons);
    for (int64_t step = 0; step < steps; ++step) {
      ArrayRef<T> row = input.slice((sample * steps + step) * neurons, neurons);
      for (int64_t k = 0; k < neurons; ++k)
        advance(readout, step, row[k], values[k]);
      recordStep<Value>(values, readout, sample, step, result);
    }
  }
  return result;
}

/// Where the spikes of `counts` lie on the way from the first to the last; in
/// the middle where there are none.
static float findCentre(ArrayRef<int64_t> counts) {
  int64_t total = 0, moment = 0;
  for (auto [k, count] : llvm::enumerate(counts)) {
    total += count;
    moment += count * static_cast<int64_t>(k);
  }
  if (total == 0)
    return 0.5f;
  double range = static_cast<double>(counts.size() - 1);
  return static_cast<float>(static_cast<double>(moment) /
                            (static_cast<double>(total) * range));
}

/// Decodes counts: rates by element, or population vectors by row.
template <typename T>
static ReadoutResult decodeCounts(const Tensor &signal, Readout readout,
                                  double stepLength) {
  ArrayRef<int64_t> shape = signal.getShape();
  int64_t samples = shape[0], steps = shape[1];
  int64_t width = readout == Readout::population_vector ? shape.back() : 1;
  SmallVector<int64_t, 4> valueShape{samples};
  llvm::append_range(valueShape,
                     shape.drop_front(2).drop_back(width > 1 ? 1 : 0));
  ReadoutResult result{Tensor(valueShape, ElementType::f32),
                       Tensor({samples, steps}, ElementType::i32),
                       Tensor({samples, steps}, ElementType::f64)};
  int64_t size = samples ? result.values.getNumElements() / samples : 0;
  ArrayRef<T> input = signal.data<T>();
  for (int64_t sample = 0; sample < samples; ++sample) {
    std::vector<int64_t> counts(size * width);
    auto values = result.values.data<float>().slice(sample * size, size);
    for (int64_t step = 0; step < steps; ++step) {
      for (int64_t &count : counts) {
        count += static_cast<int64_t>(input.front());
        input = input.drop_front();
      }
      double time = static_cast<double>(step + 1) * stepLength;
      for (int64_t k = 0; k < size; ++k)
        values[k] =
            width > 1
                ? findCentre(ArrayRef(counts).slice(k * width, width))
                : static_cast<float>(static_cast<double>(counts[k]) / time);
      recordStep<float>(values, readout, sample, step, result);
    }
  }
  return result;
}

template <typename T>
static ReadoutResult readElements(const Tensor &signal, Readout readout,
                                  double stepLength) {
  if (readout == Readout::rate || readout == Readout::population_vector)
    return decodeCounts<T>(signal, readout, stepLength);
  if (readout == Readout::count || readout == Readout::first_spike)
    return readAs<T, int32_t>(signal, readout, ElementType::i32);
  return readAs<T, T>(signal, readout, signal.getElementType());
}

ReadoutResult spikeformer::read(const Tensor &signal, Readout readout,
                                double stepLength) {
  return visitElementType(signal.getElementType(), [&](auto zero) {
    return readElements<decltype(zero)>(signal, readout, stepLength);
  });
}

Predictions spikeformer::predict(const Tensor &values, bool smallest) {
  int64_t samples = values.getShape().front();
  Predictions result{Tensor({samples}, ElementType::i32)};
  visitElementType(values.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    int64_t size = samples ? values.getNumElements() / samples : 0;
    for (int64_t sample = 0; sample < samples; ++sample) {
      Best best =
          findBest<T>(values.data<T>().slice(sample * size, size), smallest);
      result.classes.data<int32_t>()[sample] = best.index;
      result.ties += best.isTie;
    }
  });
  return result;
}
