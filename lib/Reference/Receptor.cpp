//===- Receptor.cpp - accumulators in the interpreter ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One rule per accumulator and kind of source, as section 3 of
// docs/Semantics.md tabulates them.
//
//===----------------------------------------------------------------------===//

#include "Receptor.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::reference;
using namespace spikeformer::snn;

Receptor::Receptor(ReceptorAttr attribute, NumberColumn bias, Type modelType,
                   ArrayRef<const Projection *> projections)
    : attribute(attribute), bias(std::move(bias)),
      modelCarrier(getCarrier(modelType)),
      width(attribute.getType().getIntOrFloatBitWidth()) {
  for (const Projection *projection : projections) {
    std::vector<Scalar> &rounded = weights.emplace_back();
    for (double weight : projection->weights)
      rounded.push_back(roundToAccumulator(weight, attribute));
  }
}

//===----------------------------------------------------------------------===//
// ordered
//===----------------------------------------------------------------------===//

static float &get(Scalar &scalar, float) { return scalar.f32; }
static double &get(Scalar &scalar, double) { return scalar.f64; }

/// Adds in T; a product with 1 is exact, so spikes need no rule of their own.
template <typename T>
static void addOrdered(const Current &current, ArrayRef<Scalar> weights,
                       MutableArrayRef<Scalar> sums) {
  Carrier carrier = current.projection->carrier;
  current.forEach([&](Scalar value) { return convert<T>(value, carrier); },
                  [&](uint32_t target, uint64_t weight, T value) {
                    Scalar w = weights[weight];
                    get(sums[target], T()) += value * get(w, T());
                  });
}

//===----------------------------------------------------------------------===//
// exact and saturating
//===----------------------------------------------------------------------===//

/// a + b, stopping at the ends of `width` bits; both are in that range.
static int64_t addSaturated(int64_t a, int64_t b, unsigned width) {
  int64_t sum;
  if (llvm::AddOverflow(a, b, sum))
    return a < 0 ? llvm::minIntN(width) : llvm::maxIntN(width);
  return std::clamp(sum, llvm::minIntN(width), llvm::maxIntN(width));
}

/// Adds integers: `contribution(weight index, value)` modulo 2^width.
template <typename Contribution>
void Receptor::addExact(const Current &current, MutableArrayRef<Scalar> sums,
                        Contribution contribution) const {
  bool saturates = attribute.getAccumulator() == AccumulatorKind::saturating;
  current.forEach(
      [](Scalar value) { return value; },
      [&](uint32_t target, uint64_t weight, Scalar value) {
        int64_t &sum = sums[target].integer;
        int64_t added = llvm::SignExtend64(contribution(weight, value), width);
        if (saturates)
          sum = addSaturated(sum, added, width);
        else
          sum = llvm::SignExtend64(static_cast<uint64_t>(sum) + added, width);
      });
}

void Receptor::addInteger(const Current &current, ArrayRef<Scalar> rounded,
                          MutableArrayRef<Scalar> sums) const {
  addExact(current, sums, [&](uint64_t weight, Scalar value) {
    return static_cast<uint64_t>(value.integer) * rounded[weight].integer;
  });
}

void Receptor::addFloat(const Current &current,
                        MutableArrayRef<Scalar> sums) const {
  const Projection &projection = *current.projection;
  addExact(current, sums, [&](uint64_t weight, Scalar value) -> uint64_t {
    double product =
        convert<double>(value, projection.carrier) * projection.weights[weight];
    return roundToAccumulator(product, attribute).integer;
  });
}

//===----------------------------------------------------------------------===//
// One step
//===----------------------------------------------------------------------===//

/// A float model sees the integer, rounded once, in units of 2^-fraction.
void Receptor::convertToModel(MutableArrayRef<Scalar> sums) const {
  if (attribute.getAccumulator() == AccumulatorKind::ordered ||
      modelCarrier == Carrier::integer)
    return;
  double unit = std::ldexp(1.0, -static_cast<int>(attribute.getFraction()));
  for (Scalar &sum : sums)
    if (modelCarrier == Carrier::f32)
      sum = Scalar::of(static_cast<float>(sum.integer) *
                       static_cast<float>(unit));
    else
      sum = Scalar::of(static_cast<double>(sum.integer) * unit);
}

void Receptor::accumulate(ArrayRef<const Current *> currents, bool biasActs,
                          MutableArrayRef<Scalar> sums) const {
  for (size_t n = 0; n < sums.size(); ++n)
    sums[n] = biasActs ? bias[n] : Scalar();
  for (auto [current, rounded] : llvm::zip_equal(currents, weights)) {
    if (attribute.getType().isF32())
      addOrdered<float>(*current, rounded, sums);
    else if (attribute.getType().isF64())
      addOrdered<double>(*current, rounded, sums);
    else if (current->projection->carrier == Carrier::integer)
      addInteger(*current, rounded, sums);
    else
      addFloat(*current, sums);
  }
  convertToModel(sums);
}
