//===- Comparison.cpp - where two runs differ -----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rows that are equal byte by byte, nearly all of them, are only counted.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Pipelines/Comparison.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/VisitElements.h"
#include <cmath>
#include <cstring>

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

static JsonValue orNull(std::optional<double> value) {
  return value ? JsonValue(*value) : JsonValue();
}

JsonValue Divergence::toJson() const {
  return JsonValue::object()
      .set("population", population)
      .set("neuron", neuron)
      .set("sample", sample)
      .set("step", step)
      .set("a", a)
      .set("b", b)
      .set("margin_a", orNull(marginA))
      .set("margin_b", orNull(marginB))
      .set("cause", cause.empty() ? JsonValue() : JsonValue(cause));
}

JsonValue Comparison::toJson() const {
  return JsonValue::object()
      .set("equal", isEqual())
      .set("first", first ? first->toJson() : JsonValue())
      .set("mismatches", mismatches)
      .set("spikes_a", spikesA)
      .set("spikes_b", spikesB)
      .set("max_abs_error", maxAbsError);
}

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

bool Comparison::accepts(double a, double b, bool exact) const {
  if (a == b || (std::isnan(a) && std::isnan(b)))
    return true;
  return !exact && std::abs(a - b) <=
                       tolerance.absolute + tolerance.relative * std::abs(b);
}

static int64_t countSpikes(const Tensor &tensor, int64_t begin, int64_t size) {
  return visitElementType(tensor.getElementType(), [&](auto zero) -> int64_t {
    using T = decltype(zero);
    llvm::ArrayRef<T> row = tensor.data<T>().slice(begin, size);
    return size - std::count(row.begin(), row.end(), zero);
  });
}

void Comparison::compareRow(const Divergence &place, const Alignment &alignment,
                            const Tensor &a, const Tensor &b, int64_t rowA,
                            int64_t rowB, int64_t size) {
  int64_t beginA = rowA * size, beginB = rowB * size;
  // Analogue values are no spikes, but other software writes spikes as floats.
  if (!isFloat(a.getElementType()) || !isFloat(b.getElementType())) {
    spikesA += countSpikes(a, beginA, size);
    spikesB += countSpikes(b, beginB, size);
  }
  int64_t bytes = getElementSize(a.getElementType());
  bool sameType = a.getElementType() == b.getElementType();
  if (sameType && alignment.factor == 1 &&
      std::memcmp(static_cast<const char *>(a.getBytes()) + beginA * bytes,
                  static_cast<const char *>(b.getBytes()) + beginB * bytes,
                  size * bytes) == 0)
    return;
  bool exact = !isFloat(a.getElementType()) && !isFloat(b.getElementType());
  auto rank = [](const Divergence &d) {
    return std::make_tuple(d.sample, d.step, d.order, d.neuron);
  };
  for (int64_t neuron = 0; neuron < size; ++neuron) {
    double x = a.getAsDouble(beginA + neuron);
    if (!exact)
      x *= alignment.factor;
    double y = b.getAsDouble(beginB + neuron);
    double error = std::abs(x - y);
    if (error > maxAbsError)
      maxAbsError = error;
    if (accepts(x, y, exact))
      continue;
    ++mismatches;
    Divergence found = place;
    found.neuron = alignment.firstNeuron + neuron;
    found.a = x;
    found.b = y;
    if (!first || rank(found) < rank(*first))
      first = std::move(found);
  }
}

llvm::Error Comparison::compare(llvm::StringRef population,
                                const Alignment &alignment, const Tensor &a,
                                const Tensor &b, int64_t firstSample) {
  llvm::ArrayRef<int64_t> shapeA = a.getShape(), shapeB = b.getShape();
  if (shapeA.size() < 2 || shapeB.size() < 2 || shapeA[0] != shapeB[0] ||
      shapeA.drop_front(2) != shapeB.drop_front(2))
    return llvm::createStringError(
        "'" + population + "' cannot be compared: A has " +
        formatShape(shapeA) + ", B has " + formatShape(shapeB) +
        "; both need [sample, step, ...] of the same population");
  int64_t rows = shapeA[0] * shapeA[1], shift = alignment.shift;
  int64_t size = rows ? a.getNumElements() / rows : 0;
  for (int64_t sample = 0; sample < shapeA[0]; ++sample)
    for (int64_t step = std::max<int64_t>(0, -shift); step < shapeA[1];
         ++step) {
      if (step + shift >= shapeB[1])
        break;
      Divergence place;
      place.population = population.str();
      place.order = alignment.order;
      place.sample = firstSample + sample;
      place.step = step;
      compareRow(place, alignment, a, b, sample * shapeA[1] + step,
                 sample * shapeB[1] + step + shift, size);
    }
  return llvm::Error::success();
}

/// `tensor` with an axis of one step behind that of samples.
static Tensor addStepAxis(const Tensor &tensor) {
  llvm::SmallVector<int64_t, 5> shape(tensor.getShape());
  shape.insert(shape.begin() + 1, 1);
  return tensor.reshape(shape);
}

llvm::Error Comparison::compareResults(llvm::StringRef name, int64_t order,
                                       const Tensor &a, const Tensor &b,
                                       int64_t firstSample) {
  Alignment alignment;
  alignment.order = order;
  return compare(name, alignment, addStepAxis(a), addStepAxis(b), firstSample);
}
